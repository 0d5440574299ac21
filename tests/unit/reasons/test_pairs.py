"""Why these two, in sentences that are true."""

from dataclasses import replace

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher import Settings
from matcher.plan import study_community
from matcher.reasons.known import Known
from matcher.reasons.pairs import account_introductions
from matcher.tables.community import Community
from matcher.tables.geography import Towns, Travel
from matcher.tables.pairs import PARTS, USES, Affinities
from matcher.tables.proposals import Account, Introductions
from tests.worlds import ENGINES, Person, Said, talk, world

POTSDAM = {"town": [0], "name": ["Potsdam, Germany"], "lat": [52.4], "lon": [13.1], "population": [180_000],
           "time_zone": ["Europe/Berlin"], "capacity": [None]}  # fmt: skip


def known_of(community: Community, **parts: float) -> Known:
    """What is known of a world in which every pair scores the same parts."""
    a, b = np.triu_indices(len(community.index), k=1)
    scores = dict.fromkeys(("a_to_b", "b_to_a", "mutual"), 0.5)
    scores |= {f"{part}_{way}": parts.get(f"{part}_{way}", 0.0) for way in ("a_to_b", "b_to_a") for part in PARTS}
    pairs = pl.DataFrame({"member_a": community.index.column(a), "member_b": community.index.column(b)})
    travel = Travel(
        towns=Towns(pl.DataFrame(POTSDAM, schema=Towns.schema())),
        km=csr_array(np.ones((len(community.index), 1))),
        index=community.index,
    )
    return Known(
        picture=replace(study_community(community, ENGINES, Settings()), travel=travel),
        affinities=Affinities.sorted(
            pairs.with_columns(
                pl.lit("introduce", pl.Enum(USES)).alias("use"),
                *(pl.lit(value).alias(name) for name, value in scores.items()),
            )
        ),
    )


def _account(
    community: Community, *, kind: str, via: str | None = None, km: float | None = None, **parts: float
) -> Account:
    enum = community.index.enum
    row = {
        "member_a": ["ana"], "member_b": ["ben"], "a_to_b": [0.5], "b_to_a": [0.5], "mutual": [0.5], "kind": [kind],
        "via": [via], "town": [None if km is None else 0], "travel_km_a": [km], "travel_km_b": [km],
    }  # fmt: skip
    schema = {name: enum if isinstance(one.dtype, type) else one.dtype for name, one in Introductions.columns.items()}
    (account,) = account_introductions(Introductions(pl.DataFrame(row, schema=schema)), known_of(community, **parts))
    return account


PEOPLE = [Person(id="ana", name="Ana"), Person(id="ben", name="Ben"), Person(id="cat", name="Cat")]


def test_a_reunion_speaks_of_what_was_said() -> None:
    """Counted, dated, and quoted from both sides."""
    account = _account(world(talk("ana", "ben", turns=6), PEOPLE), kind="reunite", km=12.0)

    assert account.reasons == (
        "Ana and Ben have answered each other in 1 conversation (2 and 3 messages), last in January 2026.",
        "Both care about bread.",
        "Both live within about 10 km of Potsdam, Germany.",
    )
    assert {message.rpartition(".")[0] for message in account.evidence} == {"ana-ben"}
    assert len(account.evidence) == 4
    assert account.starter == "Ana and Ben, you talked about bread in January 2026. Carry on over a coffee?"


def test_one_sided_talk_is_called_one_sided() -> None:
    """Nobody is told of a friendship that is not there."""
    said = [Said(by="ana", id="q"), Said(by="ben", id="a", to="q")]

    reasons = _account(world(said, PEOPLE), kind="introduce").reasons

    assert "Ben has answered Ana once, last in February 2026; Ana has not written back yet." in reasons


def test_what_is_only_inferred_is_said_as_a_guess() -> None:
    """A chat without links: nobody stated that Ben answered Ana."""
    said = [
        Said(by="ana", id="q", text="ben: does the starter smell of acetone?", days_ago=9.002),
        Said(by="ben", id="a", text="yes, the starter does smell of acetone", days_ago=9.001),
    ]

    reasons = _account(world(said, PEOPLE), kind="introduce").reasons

    assert any(reason.startswith("Ben seems to have answered Ana once") for reason in reasons)


def test_the_strongest_reason_comes_first() -> None:
    """Ranked by the parts of the very score it explains."""
    community = world(talk("ana", "ben", turns=6), PEOPLE)

    by_topic = _account(community, kind="reunite", interests_a_to_b=2.0)
    by_talk = _account(community, kind="reunite", wrote_b_to_a=2.0)

    assert by_topic.reasons[0] == "Both care about bread."
    assert by_talk.reasons[0].startswith("Ana and Ben have answered each other")


def test_strangers_are_shown_what_each_says_and_who_links_them() -> None:
    """An introduction of two who never talked still has evidence to check."""
    said = [*talk("ana", "cat", turns=3), *talk("ben", "cat", turns=3)]

    account = _account(world(said, PEOPLE), kind="introduce", via="cat")

    assert "Both talk with Cat." in account.reasons
    assert account.evidence == ("ana-cat.002", "ben-cat.002")


def test_help_is_named_with_its_topic() -> None:
    """Ben answers what Ana asks."""
    said = [
        Said(by="cat", id="q0", text="How much rye?", topics=["rye"]),
        Said(by="ben", id="a0", to="q0", topics=["rye"]),
        Said(by="ana", id="q1", text="How long does rye rise?", topics=["rye"]),
    ]

    account = _account(world(said, PEOPLE), kind="introduce")

    assert "Ben answers what Ana asks about rye." in account.reasons
    assert account.starter == "Ana, you have asked about rye; Ben has good answers. Meet in a short call?"


def _side_by_side(thread: str) -> Community:
    """Ana and Ben write in one thread, of different things; whoever answers in this channel says so, they do not."""
    said = [Said(by="ana", thread=thread, topics=["rye"]), Said(by="ben", thread=thread, topics=["oats"])]
    return world([*said, *talk("cat", "dan", turns=8)], PEOPLE)


def test_company_is_told_as_far_as_it_is_known() -> None:
    """Chats without links do not tell whom a message answers."""
    account = _account(_side_by_side("t"), kind="introduce")

    assert account.reasons == ("Both took part in 1 conversation; that they answered each other is not on record.",)
    assert account.starter == "Ana, meet Ben: you move in the same conversations. Say hello in a short call?"


def test_a_shared_channel_is_no_company() -> None:
    """Where nothing is known of two, nothing is said."""
    account = _account(_side_by_side("kitchen"), kind="introduce")

    assert account.reasons == ()
    assert account.starter == "Ana, meet Ben. Say hello in a short call?"


def test_the_starter_says_the_best_that_is_true() -> None:
    """Closeness in meaning only where there is some; else who links them."""
    community = _side_by_side("t")

    close = _account(community, kind="introduce", via="cat", interests_a_to_b=0.2)
    hardly = _account(community, kind="introduce", via="cat", interests_a_to_b=0.1)

    assert close.starter == "Ana, meet Ben: what you write is close in meaning. Say hello in a short call?"
    assert hardly.starter == "Ana, meet Ben: you both talk with Cat. Say hello in a short call?"
    assert not [reason for reason in hardly.reasons if "meaning" in reason]


def test_who_meets_online_is_told_when_both_are_awake() -> None:
    """By either clock, naming neither place; who shares a clock, or meets in person, is told nothing."""
    far = [Person(id="ana", name="Ana", place="Berlin, Germany"), Person(id="ben", name="Ben", place="New York, NY")]
    near = [far[0], Person(id="ben", name="Ben", place="Lyon, France")]
    said = talk("ana", "ben", turns=6)

    online, in_person = (_account(world(said, far), kind="reunite", km=km).reasons for km in (None, 12.0))

    hours = "They are 5 hours apart: 14:00-21:00 for Ana is 9:00-16:00 for Ben."
    assert online[-1] == hours
    assert hours not in in_person
    assert not [why for why in _account(world(said, near), kind="reunite").reasons if "apart" in why]


def test_private_talk_gives_neither_topic_nor_evidence() -> None:
    """What was said in private is never shown, nor hinted at by its topic."""
    account = _account(world(talk("ana", "ben", turns=6, is_public=False, topics=["divorce"]), PEOPLE), kind="reunite")

    assert account.evidence == ()
    assert account.shared_topics == ()
    assert "divorce" not in " ".join((*account.reasons, account.starter))
