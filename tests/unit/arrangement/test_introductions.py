"""Introductions as laws, and in small worlds whose right answer is plain."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.introductions import IntroductionOptions, introduce
from matcher.errors import SettingsError
from matcher.tables.proposals import Introductions, Matching
from tests.unit.arrangement.worlds import (
    affinities_of,
    index_of,
    one_town,
    picture_of,
    rotation_of,
    seats_of,
    ties_of,
    travel_of,
    vetoes_of,
)

Pair = tuple[str, str]
Shares = dict[Pair, float | tuple[float, float]]
MEMBERS = list("abcdefg")
PAIRS = list(combinations(MEMBERS, 2))
EASY = IntroductionOptions(min_introduce_lift=3 / 7, min_reunite_lift=3 / 7)
TWICE = replace(EASY, max_per_member=2)


def pair_up(
    shares: Shares,
    *,
    seated: str = "",
    vetoed: set[Pair] | None = None,
    ties: dict[Pair, tuple[int, int]] | None = None,
    ways: dict[str, dict[str, float]] | None = None,
    options: IntroductionOptions = EASY,
) -> Introductions:
    """Introduce the seven members; all in one town unless told otherwise."""
    return matched(shares, seated=seated, vetoed=vetoed, ties=ties, ways=ways, options=options)[0]


def matched(
    shares: Shares,
    *,
    seated: str = "",
    vetoed: set[Pair] | None = None,
    ties: dict[Pair, tuple[int, int]] | None = None,
    ways: dict[str, dict[str, float]] | None = None,
    options: IntroductionOptions = EASY,
) -> tuple[Introductions, Matching]:
    """The introductions, and what is said of them."""
    index = index_of(MEMBERS)
    picture = picture_of(
        one_town(index) if ways is None else travel_of(index, ways),
        ties_of(index, ties or {}),
        vetoes_of(index, vetoed or set()),
    )
    reunited = [pair for pair, (there, back) in (ties or {}).items() if there and back]
    scored = affinities_of(index, shares, reunited=reunited)
    seats = seats_of(index, [seated] if seated else [])
    return introduce(scored, seats, picture, rotation_of(picture, scored), options)


def pairs_in(introductions: Introductions) -> list[Pair]:
    """Ids of both members of each introduction."""
    both = introductions.frame.select(pl.col("member_a", "member_b").cast(pl.String))
    return [(a, b) for a, b in both.iter_rows()]


@given(
    shares=st.dictionaries(st.sampled_from(PAIRS), st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=15),
    seated=st.sets(st.sampled_from(MEMBERS), max_size=3),
    vetoed=st.sets(st.sampled_from(PAIRS), max_size=5),
    prefer=st.sampled_from(["total", "stable"]),
    max_per_member=st.integers(0, 3),
)
def test_nobody_above_their_limit_no_veto_and_nobody_from_a_group(
    shares: Shares, seated: set[str], vetoed: set[Pair], prefer: str, max_per_member: int
) -> None:
    """Every rule holds in every introduction, whatever is preferred, and no more is claimed than is there."""
    options = replace(EASY, prefer=prefer, max_per_member=max_per_member)

    introductions, matching = matched(shares, seated="".join(sorted(seated)), vetoed=vetoed, options=options)

    pairs = pairs_in(introductions)
    members = [member for pair in pairs for member in pair]
    assert max(Counter(members).values(), default=0) <= max_per_member
    assert not set(members) & seated
    assert not set(pairs) & vetoed
    for a_to_b, b_to_a, mutual in introductions.frame.select("a_to_b", "b_to_a", "mutual").iter_rows():
        assert 0.3 <= mutual <= 2 * min(a_to_b, b_to_a) + 1e-9
    assert matching.value == pytest.approx(introductions.frame.get_column("mutual").sum())
    assert matching.value <= matching.upper_bound


def test_who_may_be_introduced_twice_is() -> None:
    """A meets two of the three who care for A; who is left over meets whom A met already."""
    shares: Shares = {("a", "b"): 0.8, ("a", "c"): 0.6, ("b", "c"): 0.4, ("a", "d"): 0.7}

    once, twice = (pairs_in(pair_up(shares, options=options)) for options in (EASY, TWICE))

    assert once == [("a", "d"), ("b", "c")]
    assert twice == [("a", "b"), ("a", "d"), ("b", "c")]


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

    online, in_person = (
        pair_up(shares, ways=ways, options=replace(EASY, may_begin_online=may)) for may in (True, False)
    )

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

    found, _ = introduce(scored, seats_of(index), picture, rotation_of(picture, scored), IntroductionOptions())

    assert len(found) == is_proposed


def test_the_largest_total_may_part_two_who_would_rather_have_each_other() -> None:
    """B and C are each other's dearest; apart, they leave nobody alone. The organizer chooses."""
    shares: Shares = {("a", "b"): 0.6, ("b", "c"): 0.7, ("c", "d"): 0.6}

    total, apart = matched(shares)
    stable, together = matched(shares, options=replace(EASY, prefer="stable"))

    assert (pairs_in(total), apart.n_blocking_pairs) == ([("a", "b"), ("c", "d")], 1)
    assert apart.gap == pytest.approx(0, abs=1e-6)
    assert (pairs_in(stable), together.n_blocking_pairs) == ([("b", "c")], 0)
    assert together.upper_bound == apart.upper_bound == pytest.approx(1.2)


def test_wishes_are_each_members_own() -> None:
    """B gains more from C than from A, but C less from B than from D: nobody is to be asked to break up."""
    shares: Shares = {("a", "b"): (0.9, 0.5), ("b", "c"): (0.7, 0.5), ("c", "d"): (0.6, 0.9)}

    pairs, matching = matched(shares)

    assert pairs_in(pairs) == [("a", "b"), ("c", "d")]
    assert matching.n_blocking_pairs == 0


@pytest.mark.parametrize(
    "wrong", [pytest.param({"prefer": "best"}, id="no-such"), pytest.param({"max_per_member": -1}, id="negative")]
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    """A misspelt preference must not pass for another."""
    with pytest.raises(SettingsError, match=f"introductions.{next(iter(wrong))} is"):
        IntroductionOptions(**wrong)


def test_an_empty_night_has_no_introductions() -> None:
    """Nothing to introduce is an answer, not an error."""
    introductions, matching = matched({}, options=replace(EASY, may_begin_online=False))

    assert len(introductions) == 0
    assert (matching.value, matching.upper_bound, matching.gap, matching.n_blocking_pairs) == (0.0, 0.0, 0.0, 0)
