"""Gatherings: nobody pays for everybody else, and no plan is better than the bound; small worlds try all plans."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.special import expit, logit

from matcher.arrangement.gatherings import GatheringOptions, plan_gatherings
from matcher.arrangement.means import Means
from matcher.engines.highs_programs import HighsPrograms
from matcher.errors import SettingsError
from matcher.tables.community import PastMeetings
from matcher.tables.geography import Journeys, Towns
from matcher.tables.pairs import Affinities
from matcher.tables.picture import Picture
from matcher.tables.proposals import Attendances, HubChoices, Objective
from tests.unit.arrangement.worlds import (
    AS_OF,
    affinities_of,
    index_of,
    picture_of,
    ties_of,
    travel_of,
    vetoes_of,
)

Pair = tuple[str, str]
Answer = tuple[Attendances, HubChoices, Objective]

STRANGERS = 0.001
SMALL = GatheringOptions(
    min_size=3, max_size=4, n_company=2, min_ties=1, min_gain=0.25, opening_cost=0.5, max_per_night=2
)
CLOSE = 3.0
"""Log-odds above strangers: a good friend."""


def world(
    worth: Mapping[Pair, float],
    effort: Mapping[str, Mapping[str, float]],
    *,
    never: Sequence[Pair] = (),
    at_home: Mapping[str, str] | None = None,
    capacity: Mapping[str, int] | None = None,
) -> tuple[Affinities, Picture]:
    """Who is worth how much to whom, what each city's way costs each, in log-odds, and who shares a town."""
    index = index_of(effort)
    shares = {pair: float(expit(logit(STRANGERS) + log_odds)) for pair, log_odds in worth.items()}
    travel = travel_of(index, {member: {town: 1.0} for member, town in (at_home or {}).items()})
    blank = picture_of(travel, ties_of(index, {}), vetoes_of(index, never))
    picture = replace(blank, journeys=_journeys(blank, effort, capacity or {}), is_open=np.ones(len(index), np.bool_))
    return affinities_of(index, shares), picture


def _journeys(picture: Picture, effort: Mapping[str, Mapping[str, float]], capacity: Mapping[str, int]) -> Journeys:
    names = sorted({hub for ways in effort.values() for hub in ways})
    dense = np.zeros((len(picture.index), len(names)))
    for row, member in enumerate(picture.index.ids):
        for hub, cost in effort[member].items():
            dense[row, names.index(hub)] = cost
    rows = [(row, name, 0.0, 0.0, 1_000_000, "", capacity.get(name)) for row, name in enumerate(names)]
    hubs = pl.DataFrame(rows, schema=Towns.schema(), orient="row")
    km = csr_array(dense * 100)
    return Journeys(hubs=Towns.sorted(hubs), km=km, effort=csr_array(dense), index=picture.index)


def planned(night: tuple[Affinities, Picture], options: GatheringOptions = SMALL) -> Answer:
    """What is planned for this night."""
    affinities, picture = night
    means = Means(programs=HighsPrograms(), rng=np.random.default_rng(1))
    return plan_gatherings(affinities, picture, options, means, stranger_chance=STRANGERS)


def asked(answer: Answer) -> list[tuple[int, str]]:
    """Hub and members, in a word, of each gathering."""
    tables = answer[0].frame.with_columns(pl.col("member").cast(pl.String)).partition_by("gathering")
    return [(table.item(0, "hub"), "".join(table.get_column("member"))) for table in tables]


def friends(members: str, log_odds: float = CLOSE) -> dict[Pair, float]:
    """Everyone is worth so much to everyone."""
    return dict.fromkeys(combinations(members, 2), log_odds)


def test_friends_from_far_apart_meet_where_the_ways_are_shortest_in_all() -> None:
    """City 1 is nearer for most, city 0 for one."""
    ways = {"a": {"0": 0.1, "1": 1.5}, "b": {"0": 2.0, "1": 0.5}, "c": {"0": 2.0, "1": 0.5}}

    answer = planned(world(friends("abc"), ways))

    assert asked(answer) == [(1, "abc")]
    assert answer[1].frame.select("rank", "hub", "n_within").rows() == [(0, 1, 3), (1, 0, 3)]
    assert answer[2].value == pytest.approx(3 * CLOSE - 2.5 - SMALL.opening_cost)
    assert answer[2].gap == pytest.approx(0, abs=1e-6)


def test_nobody_pays_for_everybody_else() -> None:
    """D would add to the others' joy, but the way would cost D more than the company is worth."""
    ways = {member: {"0": 0.1} for member in "abc"} | {"d": {"0": CLOSE}}

    assert asked(planned(world(friends("abcd"), ways))) == [(0, "abc")]


def test_who_can_meet_at_home_is_no_reason_to_travel() -> None:
    """The same friends, all of one town: they need no journey."""
    ways = {member: {"0": 0.1} for member in "abc"}

    assert asked(planned(world(friends("abc"), ways))) == [(0, "abc")]
    assert asked(planned(world(friends("abc"), ways, at_home=dict.fromkeys("abc", "Bonn")))) == []


def test_two_who_must_not_meet_are_never_at_one_gathering() -> None:
    """Five friends of whom two block each other: at most one of the two is asked."""
    ways = {member: {"0": 0.1} for member in "abcde"}

    ((_, members),) = asked(planned(world(friends("abcde"), ways, never=[("a", "b")])))

    assert not {"a", "b"} <= set(members)


def test_a_hall_holds_no_more_than_it_holds() -> None:
    """Of four friends three fit in."""
    ways = {member: {"0": 0.1 * number} for number, member in enumerate("abcd", start=1)}

    ((_, members),) = asked(planned(world(friends("abcd"), ways, capacity={"0": 3})))

    assert members == "abc"


def test_who_was_asked_lately_rests() -> None:
    """Asked a month ago, one of three stays away and the others are too few; after a season all are asked again."""
    affinities, picture = world(friends("abc"), {member: {"0": 0.1} for member in "abc"})

    def asked_before(days: float) -> list[tuple[int, str]]:
        row = {"round_at": AS_OF - timedelta(days=days), "member": "a", "meeting": "gathering 0"}
        past = PastMeetings.sorted(pl.DataFrame([row], schema=PastMeetings.schema()))
        return asked(planned((affinities, replace(picture, community=replace(picture.community, meetings=past)))))

    assert asked_before(30) == []
    assert asked_before(91) == [(0, "abc")]


def test_none_are_looked_for_where_none_are_wanted() -> None:
    """An organizer who wants no gatherings gets none, and the sizes must be possible."""
    night = world(friends("abc"), {member: {"0": 0.1} for member in "abc"})

    assert asked(planned(night, replace(SMALL, max_per_night=0))) == []
    with pytest.raises(SettingsError, match="impossible sizes"):
        GatheringOptions(min_size=9, max_size=8)


def test_an_empty_night_has_none() -> None:
    """Nobody is tied to anybody."""
    answer = planned(world({}, {"a": {"0": 1.0}, "b": {"0": 1.0}}))

    assert asked(answer) == []
    assert (answer[2].value, answer[2].upper_bound) == (0.0, 0.0)


costs = st.one_of(st.none(), st.sampled_from([0.1, 0.5, 1.0, 2.0, 3.5]))
weights = st.sampled_from([0.0, 0.0, 1.6, 2.0, 3.0, 4.0])


@st.composite
def nights(draw: st.DrawFn) -> tuple[dict[Pair, float], dict[str, dict[str, float]], list[Pair]]:
    """Up to seven members, up to three cities."""
    members = "abcdefg"[: draw(st.integers(3, 7))]
    worth = {pair: draw(weights) for pair in combinations(members, 2)}
    hubs = "012"[: draw(st.integers(1, 3))]
    ways = {member: {hub: cost for hub in hubs if (cost := draw(costs)) is not None} for member in members}
    pairs = list(combinations(members, 2))
    return {pair: one for pair, one in worth.items() if one}, ways, draw(st.lists(st.sampled_from(pairs), max_size=2))


@given(night=nights())
@settings(max_examples=60)
def test_no_legal_plan_is_worth_more_than_the_bound(
    night: tuple[dict[Pair, float], dict[str, dict[str, float]], list[Pair]],
) -> None:
    """All legal plans are tried: ours is among them, its value is told truly, and none exceeds the bound."""
    worth, ways, never = night
    legal = list(legal_gatherings(worth, ways, never))

    answer = planned(world(worth, ways, never=never))

    ours, objective = asked(answer), answer[2]
    values = {(hub, members): value for hub, members, value in legal}
    assert set(ours) <= values.keys()
    assert objective.value == pytest.approx(sum(values[one] for one in ours), abs=1e-9)
    best = best_plan(legal)
    assert objective.value <= best + 1e-9
    assert objective.upper_bound is not None
    assert best <= objective.upper_bound + 1e-6


def legal_gatherings(
    worth: Mapping[Pair, float], ways: Mapping[str, Mapping[str, float]], never: Sequence[Pair]
) -> Iterator[tuple[int, str, float]]:
    """Every set of members that could meet in some city, by the words of `gatherings.py`, with its value."""
    hubs = sorted({hub for of_one in ways.values() for hub in of_one})
    apart = {frozenset(pair) for pair in never}
    ties = {frozenset(pair): one for pair, one in worth.items() if one >= np.log(SMALL.tie_lift)}
    ties = {pair: one for pair, one in ties.items() if pair not in apart}
    for hub, size in product(hubs, range(SMALL.min_size, SMALL.max_size + 1)):
        for members in combinations(sorted(ways), size):
            if any(hub not in ways[member] for member in members):
                continue
            if any(frozenset(pair) in apart for pair in combinations(members, 2)):
                continue
            gains = [_gain(member, members, ties) - ways[member][hub] for member in members]
            if min(gains) >= SMALL.min_gain and _connected(members, ties):
                value = sum(gains) - SMALL.opening_cost
                if value > 0:
                    yield hubs.index(hub), "".join(members), value


def _gain(member: str, members: Sequence[str], ties: Mapping[frozenset[str], float]) -> float:
    found = sorted((ties.get(frozenset((member, other)), 0.0) for other in members if other != member), reverse=True)
    return sum(found[: SMALL.n_company]) / SMALL.n_company if found[SMALL.min_ties - 1] > 0 else -np.inf


def _connected(members: Sequence[str], ties: Mapping[frozenset[str], float]) -> bool:
    reached, new = {members[0]}, {members[0]}
    while new:
        new = {b for a in new for b in members if b not in reached and frozenset((a, b)) in ties}
        reached |= new
    return len(reached) == len(members)


def best_plan(legal: Sequence[tuple[int, str, float]]) -> float:
    """The most that at most two gatherings in different cities without a common member are worth."""
    best = max((value for *_, value in legal), default=0.0)
    for (hub, members, value), (other_hub, others, other_value) in combinations(legal, 2):
        if hub != other_hub and not set(members) & set(others):
            best = max(best, value + other_value)
    return best
