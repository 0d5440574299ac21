"""Introductions as laws, and in small worlds whose right answer is plain."""

from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.introductions import GreedyMatcher, IntroductionOptions, introduce
from matcher.tables.proposals import Introductions
from tests.unit.arrangement.worlds import (
    affinities_of,
    index_of,
    one_town,
    picture_of,
    seats_of,
    ties_of,
    travel_of,
    vetoes_of,
)

Pair = tuple[str, str]
Shares = dict[Pair, float | tuple[float, float]]
MEMBERS = list("abcdefg")
PAIRS = list(combinations(MEMBERS, 2))


def pair_up(
    shares: Shares,
    *,
    seated: str = "",
    vetoed: set[Pair] | None = None,
    ties: dict[Pair, tuple[int, int]] | None = None,
    ways: dict[str, dict[str, float]] | None = None,
    may_begin_online: bool = True,
) -> Introductions:
    """Introduce the seven members by the greedy reference; all in one town unless told otherwise."""
    index = index_of(MEMBERS)
    picture = picture_of(
        one_town(index) if ways is None else travel_of(index, ways),
        ties_of(index, ties or {}),
        vetoes_of(index, vetoed or set()),
    )
    seats = seats_of(index, [seated] if seated else [])
    options = IntroductionOptions(min_introduce_lift=3 / 7, min_reunite_lift=3 / 7, may_begin_online=may_begin_online)
    reunited = [pair for pair, (there, back) in (ties or {}).items() if there and back]
    return introduce(affinities_of(index, shares, reunited=reunited), seats, picture, GreedyMatcher(), options)


def pairs_in(introductions: Introductions) -> list[Pair]:
    """Ids of both members of each introduction."""
    both = introductions.frame.select(pl.col("member_a", "member_b").cast(pl.String))
    return [(a, b) for a, b in both.iter_rows()]


@given(
    shares=st.dictionaries(st.sampled_from(PAIRS), st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=15),
    seated=st.sets(st.sampled_from(MEMBERS), max_size=3),
    vetoed=st.sets(st.sampled_from(PAIRS), max_size=5),
)
def test_nobody_twice_no_veto_and_nobody_from_a_group(shares: Shares, seated: set[str], vetoed: set[Pair]) -> None:
    """Every rule holds in every introduction, and mutual is never above twice the weaker side."""
    introductions = pair_up(shares, seated="".join(sorted(seated)), vetoed=vetoed)

    pairs = pairs_in(introductions)
    members = [member for pair in pairs for member in pair]
    assert len(members) == len(set(members))
    assert not set(members) & seated
    assert not set(pairs) & vetoed
    for a_to_b, b_to_a, mutual in introductions.frame.select("a_to_b", "b_to_a", "mutual").iter_rows():
        assert 0.3 <= mutual <= 2 * min(a_to_b, b_to_a) + 1e-9


def test_both_directions_arrive_as_they_were_scored() -> None:
    """What A would gain is not what B would gain."""
    introductions = pair_up({("b", "a"): (0.9, 0.4)})

    assert introductions.frame.select("a_to_b", "b_to_a").row(0) == (0.4, 0.9)


def test_one_sided_interest_is_not_introduced() -> None:
    """Enthusiasm does not make up for indifference."""
    introductions = pair_up({("a", "b"): (1.0, 0.1)})

    assert len(introductions) == 0


@pytest.mark.parametrize(
    ("ties", "kind"),
    [
        pytest.param({("a", "b"): (2, 1)}, "reunite", id="both-wrote"),
        pytest.param({("a", "b"): (5, 0)}, "introduce", id="one-wrote"),
        pytest.param({}, "introduce", id="neither-wrote"),
    ],
)
def test_only_those_who_both_wrote_are_reunited(ties: dict[Pair, tuple[int, int]], kind: str) -> None:
    """One who wrote in vain has not met the other."""
    introductions = pair_up({("a", "b"): 0.8}, ties=ties)

    assert introductions.frame.get_column("kind").to_list() == [kind]


def test_the_go_between_is_warm_with_both() -> None:
    """D is very close to A but hardly knows B; E is well known to both; F never got an answer from B."""
    ties = {("a", "d"): (9, 9), ("b", "d"): (1, 1), ("a", "e"): (4, 3), ("b", "e"): (3, 3), ("a", "f"): (9, 9)}

    introductions = pair_up({("a", "b"): 0.8}, ties=ties | {("b", "f"): (0, 9)})

    assert introductions.frame.get_column("via").cast(pl.String).to_list() == ["e"]


@pytest.mark.parametrize("veto", [pytest.param(("a", "e"), id="first"), pytest.param(("b", "e"), id="second")])
def test_a_go_between_is_vetoed_with_neither(veto: Pair) -> None:
    """Nobody is asked to go through somebody whom they must not meet."""
    ties = {("a", "e"): (4, 3), ("b", "e"): (3, 3), ("a", "d"): (1, 1), ("b", "d"): (1, 1)}

    introductions = pair_up({("a", "b"): 0.8}, ties=ties, vetoed={veto})

    assert introductions.frame.get_column("via").cast(pl.String).to_list() == ["d"]


def test_friends_need_no_go_between() -> None:
    """Who talks already is not introduced by a third."""
    introductions = pair_up({("a", "b"): 0.8}, ties={("a", "b"): (1, 1), ("a", "e"): (4, 3), ("b", "e"): (3, 3)})

    assert introductions.frame.get_column("via").to_list() == [None]


def test_they_meet_where_nobody_pays_for_both() -> None:
    """Ways are each member's own: A goes 12 km and B 15, not the other way round."""
    ways = {"a": {"Far": 1.0, "Mid": 12.0}, "b": {"Far": 40.0, "Mid": 15.0}}

    introductions = pair_up({("a", "b"): 0.8}, ways=ways)

    assert introductions.frame.select("town", "travel_km_a", "travel_km_b").row(0) == (1, 12.0, 15.0)


def test_two_without_a_common_town_begin_online_if_they_may() -> None:
    """No town is stated, and none is invented."""
    ways = {"a": {"East": 1.0}, "b": {"West": 1.0}, "c": {"West": 2.0}}
    shares: Shares = {("a", "b"): 0.8, ("b", "c"): 0.5}

    online, in_person = (pair_up(shares, ways=ways, may_begin_online=may) for may in (True, False))

    assert pairs_in(online) == [("a", "b")]
    assert online.frame.select("town", "travel_km_a", "travel_km_b").row(0) == (None, None, None)
    assert pairs_in(in_person) == [("b", "c")]


@pytest.mark.parametrize(
    ("mutual", "reunited", "is_proposed"),
    [(0.9, False, False), (0.92, False, True), (0.9, True, True), (0.7, True, False)],
    ids=["nine-times", "more-than-ten-times", "old-friends", "twice"],
)
def test_each_use_has_its_own_bar_in_multiples_of_the_odds(mutual: float, *, reunited: bool, is_proposed: bool) -> None:
    """Ten times one to one for strangers, three times for those who have written; never more than certainty."""
    index = index_of(MEMBERS)
    scored = affinities_of(index, {("a", "b"): mutual}, reunited=[("a", "b")] if reunited else [])
    picture = picture_of(one_town(index), ties_of(index, {}), vetoes_of(index))

    found = introduce(scored, seats_of(index), picture, GreedyMatcher(), IntroductionOptions())

    assert len(found) == is_proposed


def test_an_empty_night_has_no_introductions() -> None:
    """Nothing to introduce is an answer, not an error."""
    introductions = pair_up({}, may_begin_online=False)

    assert len(introductions) == 0
