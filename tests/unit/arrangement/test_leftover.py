"""Everyone who is left out has one reason, and the right one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import combinations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.introductions import IntroductionOptions, introduce
from matcher.arrangement.leftover import LeftoverOptions, all_placed, explain_unplaced
from matcher.tables.pairs import Affinities, Vetoes
from matcher.tables.picture import Picture
from matcher.tables.proposals import Attendances, Introductions, Unplaced
from tests.unit.arrangement.worlds import (
    AS_OF,
    affinities_of,
    blocks_of,
    community_of,
    index_of,
    members_of,
    messages_by,
    past_pairs_of,
    picture_of,
    places_of,
    rotation_of,
    seats_of,
    standings_of,
    ties_of,
    travel_of,
    vetoes_of,
)

Pair = tuple[str, str]
Night = tuple[Picture, Affinities]
MEMBERS = list("abcdefgh")
PAIRS = list(combinations(MEMBERS, 2))


CHOOSY = IntroductionOptions(min_introduce_lift=3 / 7, min_reunite_lift=3 / 7)


def night_of(weights: dict[Pair, float], vetoed: set[Pair], quiet: str = "", loud: str = "", lost: str = "") -> Night:
    """Members a to g live in East, h in West; some are quiet, loud or of unknown place."""
    index = index_of(MEMBERS)
    at_home = [member for member in MEMBERS if member not in lost]
    messages = messages_by({f"by-{member}": member for member in MEMBERS if member not in quiet})
    picture = picture_of(
        travel_of(index, {member: {"West" if member == "h" else "East": 1.0} for member in at_home}),
        ties_of(index, {}),
        vetoes_of(index, vetoed),
        community=community_of(members_of(MEMBERS), messages, blocks_of()),
        standings=standings_of(index, loud),
        places=places_of(index, at_home),
    )
    return picture, affinities_of(index, weights)


def introductions_on(night: Night, seated: str) -> Introductions:
    """The night's introductions, when these members sit in a group."""
    picture, affinities = night
    seats = seats_of(picture.index, [seated] if seated else [])
    return introduce(affinities, seats, picture, rotation_of(picture, affinities), CHOOSY)[0]


def left_out(
    night: Night, introductions: Introductions, seated: str = "", met: Mapping[Pair, datetime] | None = None
) -> Unplaced:
    """Who is left out, and why, when these members sit in a group and these pairs have met."""
    picture, affinities = night
    seats = seats_of(picture.index, [seated] if seated else [])
    options = LeftoverOptions(introductions=CHOOSY)
    placed = all_placed(seats, introductions, Attendances.none())
    return explain_unplaced(affinities, placed, picture, options, past_pairs_of(picture.index, met or {}))


def test_each_reason_is_given_to_whom_it_fits() -> None:
    """One member a reason; the world is lopsided so that no two could be swapped."""
    weights = {("a", "c"): 0.9, ("b", "c"): 0.9, ("d", "e"): 0.2, ("e", "f"): 0.8, ("c", "g"): 0.7, ("g", "h"): 0.7}
    night = night_of(weights, vetoed=set(), quiet="a", loud="b", lost="f")

    unplaced = left_out(night, introductions_on(night_of({}, set()), ""), seated="c")

    assert dict(unplaced.frame.select(pl.col("member", "reason").cast(pl.String)).iter_rows()) == {
        "a": "nothing_said",
        "b": "talks_at_people",
        "d": "no_two_way_interest",
        "e": "nobody_in_reach",
        "f": "place_unknown",
        "g": "others_fitted_better",
        "h": "nobody_in_reach",
    }
    assert dict(
        unplaced.frame.filter(pl.col("detail") != "").select(pl.col("member").cast(pl.String), "detail").iter_rows()
    ) == {"b": "loud"}


def test_whoever_has_met_everyone_found_for_them_is_told_so() -> None:
    """A has met b, their only match; d has met e, but not f; h's only match is far away, and they have met."""
    weights = {("a", "b"): 0.9, ("d", "e"): 0.9, ("d", "f"): 0.8, ("g", "h"): 0.9}
    met = dict.fromkeys([("a", "b"), ("d", "e"), ("g", "h")], AS_OF)
    night = night_of(weights, vetoed=set())

    unplaced = left_out(night, introductions_on(night_of({}, set()), ""), met=met)

    reasons = dict(unplaced.frame.select(pl.col("member", "reason").cast(pl.String)).iter_rows())
    assert {member: reasons[member] for member in "abdefh"} == {
        "a": "met_lately",
        "b": "met_lately",
        "d": "others_fitted_better",
        "e": "met_lately",
        "f": "others_fitted_better",
        "h": "met_lately",
    }


def test_a_veto_is_never_the_reason() -> None:
    """A block is invisible: the blocked reads what anybody without a match reads."""
    night = night_of({("a", "b"): 0.9}, vetoed={("a", "b")})

    unplaced = left_out(night, introductions_on(night_of({}, set()), ""))

    assert unplaced.frame.get_column("reason").cast(pl.String).unique().to_list() == ["no_two_way_interest"]


def test_whose_only_match_is_in_a_cooldown_is_told_that_they_met() -> None:
    """Also where the round is too long ago to be remembered otherwise; a pair that is blocked as well says nothing."""
    picture, affinities = night_of({("a", "b"): 0.9, ("c", "d"): 0.9}, vetoed={("a", "b"), ("c", "d")})
    rule = pl.when(pl.col("member_a") == "a").then(pl.lit("cooldown")).otherwise("rule").alias("rule")
    night = (replace(picture, vetoes=Vetoes(picture.vetoes.frame.with_columns(rule))), affinities)

    unplaced = left_out(night, introductions_on(night, ""), met={("c", "d"): AS_OF})

    reasons = dict(unplaced.frame.select(pl.col("member", "reason").cast(pl.String)).iter_rows())
    assert [reasons[member] for member in "abcd"] == ["met_lately"] * 2 + ["no_two_way_interest"] * 2


@given(
    weights=st.dictionaries(st.sampled_from(PAIRS), st.sampled_from([0.1, 0.3, 0.6, 0.9]), max_size=12),
    vetoed=st.sets(st.sampled_from(PAIRS), max_size=4),
    seated=st.sampled_from(["", "abcd", "efgh"]),
)
def test_everyone_is_in_exactly_one_place(weights: dict[Pair, float], vetoed: set[Pair], seated: str) -> None:
    """In a group, in an introduction, or among the unplaced: nobody is forgotten, nobody counted twice."""
    night = night_of(weights, vetoed, quiet="a", lost="g")
    introductions = introductions_on(night, seated)

    unplaced = left_out(night, introductions, seated)

    introduced = [member for pair in introductions.frame.select("member_a", "member_b").iter_rows() for member in pair]
    others = unplaced.frame.get_column("member").to_list()
    assert sorted([*seated, *introduced, *others]) == MEMBERS


def test_an_empty_community_has_nobody_to_explain() -> None:
    """An empty night is an answer, not an error."""
    index = index_of([])
    night = (picture_of(travel_of(index, {}), ties_of(index, {}), vetoes_of(index)), affinities_of(index, {}))

    unplaced = left_out(night, introductions_on(night, ""))

    assert len(unplaced) == 0
