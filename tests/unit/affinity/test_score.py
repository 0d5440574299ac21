"""How well a pair would get on, each way, as a sum that anybody can check."""

from collections.abc import Iterable

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from matcher import Settings
from matcher.affinity.options import AffinityOptions
from matcher.affinity.score import score_pairs
from matcher.candidates.propose import CandidateOptions
from matcher.plan import study_community
from matcher.tables.pairs import PARTS, Affinities, Candidates
from tests.worlds import ENGINES, LONG, Person, Said, talk, world

STRANGERS_TOO = Settings(candidates=CandidateOptions(min_heard=0.0, min_standing=0.0))
BERLIN, POTSDAM, LYON = (52.52, 13.40), (52.39, 13.06), (45.76, 4.84)

LOPSIDED = [
    *talk("ana", "ben", turns=8),
    *(Said(by="ana", id=f"more{n}", to="ana-ben.001", thread=f"m{n}") for n in range(4)),
    *talk("ben", "cat", turns=4, topics=["rye"]),
    Said(by="dan", id="q", text="Which flour for rye bread?", topics=["rye"]),
    Said(by="cat", id="a", to="q", topics=["rye"]),
]
PEOPLE = [
    Person(id="ana", at=BERLIN, reach_km=60),
    Person(id="ben", at=POTSDAM, reach_km=60),
    Person(id="cat", at=LYON, reach_km=60),
    Person(id="dan"),
]


def score(said: Iterable[Said], people: Iterable[Person] = PEOPLE) -> Affinities:
    """Score every pair of a world."""
    community = world(said, people)
    rows = np.array(np.triu_indices(len(community.index), k=1))
    every_pair = pl.DataFrame(
        {"member_a": community.index.column(rows[0]), "member_b": community.index.column(rows[1])}
    ).with_columns(found_by=pl.lit("test"), n_rules=pl.lit(1, pl.UInt8))
    return score_pairs(Candidates(every_pair), study_community(community, ENGINES, STRANGERS_TOO), AffinityOptions())


def part(scored: Affinities, name: str, one: str, other: str) -> float:
    """One part of what `one` would gain from `other`, or the share of it all."""
    direction = "a_to_b" if one < other else "b_to_a"
    pair = scored.frame.filter(
        (pl.col("member_a").cast(pl.String) == min(one, other))
        & (pl.col("member_b").cast(pl.String) == max(one, other))
    )
    return float(pair.item(0, f"{name}_{direction}" if name in PARTS else direction))


def test_parts_add_up_to_the_score() -> None:
    """What the organizer reads is the score itself, not a story about it."""
    frame = score(LOPSIDED).frame

    for direction in ("a_to_b", "b_to_a"):
        total = frame.select(pl.sum_horizontal(f"{name}_{direction}" for name in PARTS)).to_series().to_numpy()
        assert frame[direction].to_numpy() == pytest.approx(expit(total), abs=1e-12)


def test_mutual_is_the_harmonic_mean_of_the_two_sides() -> None:
    """The weaker side dominates: never more than twice the smaller, never above the larger."""
    frame = score(LOPSIDED).frame
    small, large = frame["a_to_b"].to_numpy(), frame["b_to_a"].to_numpy()
    small, large = np.minimum(small, large), np.maximum(small, large)
    mutual = frame["mutual"].to_numpy()

    assert (mutual >= small - 1e-12).all()
    assert (mutual <= np.minimum(large, 2 * small) + 1e-12).all()


def test_the_two_directions_are_told_apart() -> None:
    """Ana wrote far more to Ben than he to her: to be answered counts more, says history."""
    scored = score(LOPSIDED)

    assert part(scored, "wrote", "ana", "ben") > part(scored, "wrote", "ben", "ana")
    assert part(scored, "was_answered", "ana", "ben") < part(scored, "was_answered", "ben", "ana")
    assert part(scored, "share", "ben", "ana") > part(scored, "share", "ana", "ben")


@given(names=st.permutations(["ana", "ben", "cat", "dan"]))
def test_a_score_does_not_depend_on_names(names: list[str]) -> None:
    """Renaming everybody, and so turning pairs around, renames the scores and changes none."""
    new = dict(zip(["ana", "ben", "cat", "dan"], names, strict=True))
    renamed = [
        Said(
            by=new[one.by],
            id=one.id,
            to=one.to,
            thread=one.thread,
            topics=one.topics,
            text=one.text,
            days_ago=one.days_ago,
        )
        for one in LOPSIDED
    ]
    people = [Person(id=new[one.id], at=one.at, reach_km=one.reach_km) for one in PEOPLE]

    before, after = score(LOPSIDED), score(renamed, people)

    for one, other in (("ana", "ben"), ("ben", "ana"), ("cat", "dan"), ("dan", "cat"), ("ana", "dan")):
        for name in ("wrote", "was_answered", "people", "reach", "standing"):
            assert part(after, name, new[one], new[other]) == pytest.approx(part(before, name, one, other), abs=1e-9)


def test_company_speaks_for_a_pair_that_never_answered_each_other() -> None:
    """Eva and Fay spoke in one conversation; Gil alone, in another."""
    scored = score([Said(by="eva", thread="x"), Said(by="fay", thread="x"), Said(by="gil", thread="y")], [])

    assert part(scored, "company", "eva", "fay") == part(scored, "company", "fay", "eva") > 0
    assert part(scored, "company", "eva", "gil") == 0


def test_partners_who_keep_company_with_the_other_speak_for_a_pair() -> None:
    """Ana talks with Ben, who spoke where Hal did; Hal talks with nobody whom Ana ever met."""
    hall = [Said(by="ben", thread="hall", id="h1"), Said(by="hal", thread="hall", id="h2")]
    scored = score([*talk("ana", "ben", turns=6), *hall], [])

    assert part(scored, "people", "ana", "hal") > 0
    assert part(scored, "people", "hal", "ana") == 0


def test_a_hall_full_of_people_is_no_company() -> None:
    """To have said hello where everybody does says nothing about two of them."""
    crowd = [Said(by=f"m{n:03d}", id=f"w{n}", thread="welcome") for n in range(201)]

    assert score(crowd, []).frame["company_a_to_b"].max() == 0


def test_near_speaks_for_a_pair_and_far_and_unknown_say_nothing() -> None:
    """Someone without a place is neither next door nor nowhere; a friend far away is a friend."""
    scored = score(LOPSIDED)

    assert part(scored, "reach", "ana", "ben") > 0.5
    assert part(scored, "reach", "ana", "cat") < 0.001
    assert part(scored, "reach", "ana", "dan") == 0


def test_a_country_is_neither_next_door_nor_nowhere() -> None:
    """Somebody of Germany may live in Berlin: a little speaks for it, far less than for Potsdam, more than for Lyon."""
    scored = score(LOPSIDED, [*PEOPLE[:3], Person(id="dan", place="Germany")])

    assert 0.01 < part(scored, "reach", "ana", "dan") < 0.3
    assert part(scored, "reach", "ana", "ben") > 3 * part(scored, "reach", "ana", "dan")
    assert part(scored, "reach", "dan", "ana") == part(scored, "reach", "ana", "dan")
    assert part(scored, "reach", "cat", "dan") < 0.5 * part(scored, "reach", "ana", "dan")


def test_a_quarrel_is_no_affinity() -> None:
    """However long and two-way it is."""
    others = [Said(by="dan", id=f"d{n}", text=f"something else {n}", thread=f"d{n}") for n in range(40)]
    friends = score([*others, *talk("ana", "ben", turns=20)])
    enemies = score([*others, *talk("ana", "ben", turns=20, text=f"You are an idiot. {LONG}")])

    assert part(friends, "share", "ana", "ben") > 100 * part(enemies, "share", "ana", "ben")


def test_broadcasting_lowers_only_what_others_gain() -> None:
    """A loudspeaker may still gain by meeting somebody; others gain little by meeting them."""
    scored = score([*LOPSIDED, *(Said(by="dan", id=f"s{n}", text=f"Buy now {n}", n_links=1) for n in range(20))])

    assert part(scored, "standing", "ana", "dan") < -4
    assert part(scored, "standing", "dan", "ana") == 0


def test_nobody_to_score_is_no_error() -> None:
    """An empty night is a night."""
    assert len(score([Said(by="ana")], [])) == 0
