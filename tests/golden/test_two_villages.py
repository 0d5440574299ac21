"""A whole night on a world small enough to read; its plan is kept as text.

Two villages, Potsdam and Lyon. Potsdam's four friends talk with each other about bread; three of Lyon's
four do. Ida in Lyon asks about rye, which Ben in Potsdam answers. Max sells ovens to everybody. Uma, in
Potsdam, quarrels with Ana. Zoe has blocked Ben. Ole has said nothing, and Eva once, long ago.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matcher import Settings, plan_meetups
from matcher.arrangement.introductions import IntroductionOptions
from matcher.arrangement.rotation import RotationOptions
from matcher.publish.plan_json import plan_json
from matcher.tables.community import Community
from matcher.tables.proposals import RunFacts
from tests.worlds import ENGINES, LONG, Person, Said, talk, world

GOLDEN = Path(__file__).parent / "two_villages.json"
FACTS = RunFacts(
    run_id="golden", seed=1, model="word-hash", input_fingerprint="of-the-world", settings_fingerprint="default"
)

PEOPLE = [
    *(Person(id=name, name=name.title(), place="Potsdam, Germany") for name in ("ana", "ben", "cem", "dora", "uma")),
    *(Person(id=name, name=name.title(), place="Lyon, France") for name in ("ida", "jan", "kim", "lea", "zoe")),
    Person(id="max", name="Max", place="Lyon, France"),
    Person(id="ole", name="Ole", place="Lyon, France"),
    Person(id="eva", name="Eva", place="the internet"),
]


def two_villages() -> Community:
    """The world of this file."""
    potsdam = ["ana", "ben", "cem", "dora"]
    lyon = ["jan", "kim", "lea", "zoe"]
    said = [
        *(one for a, b in zip(potsdam, [*potsdam[1:], "ana"], strict=True) for one in talk(a, b, turns=7)),
        *(one for a, b in (("ana", "cem"), ("ben", "dora")) for one in talk(a, b, turns=5, topics=("rye",))),
        *(one for a, b in zip(lyon, [*lyon[1:], "jan"], strict=True) for one in talk(a, b, turns=6, topics=("jazz",))),
        Said(by="ida", id="q1", text="How long should rye dough rest in a cold cellar?", topics=["rye"], thread="q1"),
        Said(by="ben", id="a1", to="q1", topics=["rye"], thread="q1"),
        Said(
            by="ida", id="q2", text="And which flour would you add to that rye?", to="a1", topics=["rye"], thread="q1"
        ),
        *talk("uma", "ana", turns=8, text="You are an idiot, and your crust is a disgrace to all ovens"),
        *(Said(by="max", id=f"o{n}", text=f"Ovens {n} % off https://ovens.example", n_links=1) for n in range(9)),
        Said(by="eva", id="e1", days_ago=2_000, text=LONG, topics=["bread"], thread="e1"),
        *(
            Said(
                by="zoe",
                id=f"z{n}",
                text=f"hum {chr(97 + n) * 3} la {chr(110 + n) * 4}",
                topics=["jazz"],
                thread=f"z{n}",
            )
            for n in range(9)
        ),
    ]
    return world(said, PEOPLE, blocked=[("zoe", "ben")])


def plan_text(community: Community, settings: Settings | None = None) -> str:
    """The night's plan as it is written."""
    plan = plan_meetups(community, ENGINES, settings or Settings(), rng=np.random.default_rng(1))
    return plan_json(plan, community, FACTS)


def test_the_night_of_two_villages(*, update_golden: bool) -> None:
    """Anything that changes here is something organizers will notice: the diff is the review."""
    text = plan_text(two_villages())

    if update_golden:
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_the_same_night_twice_is_the_same_to_the_byte() -> None:
    """Chance and time are inputs."""
    assert plan_text(two_villages()) == plan_text(two_villages())


def test_another_order_of_rows_is_the_same_night() -> None:
    """However the export was sorted: the tables sort, so the villagers are written down backwards."""
    community = two_villages()
    backwards = replace(community, messages=type(community.messages).sorted(community.messages.frame.reverse()))

    assert plan_text(backwards) == plan_text(community)


@pytest.mark.parametrize(
    ("settings", "are_forced"),
    [
        pytest.param(Settings(), True, id="by-law"),
        pytest.param(Settings(introductions=IntroductionOptions(prefer="stable")), False, id="by-wishes"),
        pytest.param(Settings(rotation=RotationOptions(repeat_weight=0.5)), False, id="repeats-shunned"),
        pytest.param(Settings(rotation=RotationOptions(overdue_weight=0.5)), False, id="waits-counted"),
    ],
)
def test_repeats_are_called_forced_only_by_law(settings: Settings, are_forced: bool) -> None:
    """What is only a wish may have brought two together for less."""
    plan = plan_meetups(two_villages(), ENGINES, settings, rng=np.random.default_rng(1))

    assert plan.are_repeats_forced == are_forced


@pytest.mark.parametrize("n_said", [0, 1])
def test_an_empty_night_is_a_night(n_said: int) -> None:
    """Nobody at all, and one who talks to nobody."""
    text = plan_text(world([Said(by="ana")] * n_said))

    assert '"groups": []' in text
    assert text.count('"member":') == n_said
