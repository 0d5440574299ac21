"""Why somebody was left out: one reason each, the first that applies."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from matcher.arrangement.introductions import IntroductionOptions
from matcher.tables.community import Messages
from matcher.tables.history import PastPairs
from matcher.tables.pairs import Affinities
from matcher.tables.picture import Picture
from matcher.tables.proposals import LEFT_OUT_REASONS, Attendances, Introductions, Seats, Unplaced
from matcher.units import MemberId

LIKELY = 0.5
"""A home that is less likely than this is not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftoverOptions:
    """Where a reason begins.

    Attributes:
        introductions: What counts as a match.
        min_heard: Below this we have heard too little of a member, or too long ago, in [0, 1].
        min_standing: Below this standing a member talks at people, in [0, 1].
    """

    introductions: IntroductionOptions = field(default_factory=IntroductionOptions)
    min_heard: float = 0.2
    min_standing: float = 0.3


def all_placed(seats: Seats, introductions: Introductions, attendances: Attendances) -> frozenset[MemberId]:
    """Everyone who sits in a group, is introduced to somebody, or is asked to a gathering."""
    placed = (
        seats.frame.get_column("member"),
        introductions.frame.get_column("member_a"),
        introductions.frame.get_column("member_b"),
        attendances.frame.get_column("member"),
    )
    return frozenset(member for column in placed for member in column.to_list())


def explain_unplaced(
    affinities: Affinities, placed: frozenset[MemberId], picture: Picture, options: LeftoverOptions, met: PastPairs
) -> Unplaced:
    """Give each member who got no place one reason.

    The first of these that is so: they pause; they have an open invitation; they wrote nothing; they talk at people;
    they wrote little or long ago; no match (an affinity good enough for an introduction, without a veto but a
    cooldown); they have met every match they could get to in a remembered round, or are in a cooldown with them;
    their place is unknown, or so vague that they surely reach nothing; no match has a town in common
    with them; others fitted better. No other veto is ever the reason given, because a block is invisible
    to the blocked: a pair of both stands as a block.
    """
    reasons = {member: "others_fitted_better" for member in picture.index.ids if member not in placed}
    # The earlier reason is written later, and so replaces the later one.
    is_cooldown, pair = pl.col("rule") == "cooldown", ["member_a", "member_b"]
    cooling = picture.vetoes.frame.filter(is_cooldown)
    matches = affinities.frame.filter(options.introductions.is_match()).join(
        picture.vetoes.frame.filter(~is_cooldown), on=pair, how="anti", maintain_order="left"
    )
    matched, near = _matched(matches, picture)
    # A cooldown may reach back further than the rounds of `met`.
    unmet = matches.join(met.frame, on=pair, how="anti").join(cooling, on=pair, how="anti")
    new, new_near = _matched(unmet, picture)
    _mark(reasons, "nobody_in_reach", set(reasons) - near)
    _mark(reasons, "place_unknown", set(reasons) - _well_known(picture))
    _mark(reasons, "met_lately", (near - new_near) | (matched - near - new))
    _mark(reasons, "no_two_way_interest", set(reasons) - matched)
    faint = picture.standings.frame.filter(pl.col("heard_share") < options.min_heard)
    _mark(reasons, "rarely_heard", set(faint.get_column("member").to_list()))
    low = picture.standings.frame.filter(pl.col("standing_share") < options.min_standing)
    _mark(reasons, "talks_at_people", set(low.get_column("member").to_list()))
    _mark(reasons, "nothing_said", set(reasons) - _authors(picture.community.messages))
    for member in reasons.keys() & picture.community.decided.resting.keys():
        reasons[member] = picture.community.decided.resting[member]
    left_out = pl.DataFrame(
        {
            "member": pl.Series(list(reasons), dtype=picture.index.enum),
            "reason": pl.Series(list(reasons.values()), dtype=pl.Enum(list(LEFT_OUT_REASONS))),
        }
    )
    why = pl.when(pl.col("reason") == "talks_at_people").then("why").otherwise(pl.lit(""))
    standings = picture.standings.frame.select("member", "why")
    return Unplaced.sorted(left_out.join(standings, on="member").with_columns(detail=why))


def _mark(reasons: dict[MemberId, str], reason: str, members: set[MemberId]) -> None:
    reasons.update(dict.fromkeys(sorted(members & reasons.keys()), reason))


def _matched(matches: pl.DataFrame, picture: Picture) -> tuple[set[MemberId], set[MemberId]]:
    """Members who have a match, and those who have one with a town in common."""
    index = picture.index
    pairs = np.column_stack([index.rows(matches.get_column(side)) for side in ("member_a", "member_b")])
    towns = [frozenset(part.tolist()) for part in np.split(picture.travel.km.indices, picture.travel.km.indptr[1:-1])]
    near = [pair for pair in pairs.tolist() if not towns[pair[0]].isdisjoint(towns[pair[1]])]
    return {index.ids[row] for row in pairs.ravel().tolist()}, {index.ids[row] for pair in near for row in pair}


def _well_known(picture: Picture) -> set[MemberId]:
    """Members whose home is known well enough for them to reach a town, or would be if there were one."""
    reaches_none = np.diff(picture.travel.km.indptr) == 0
    is_vague = (pl.col("uncertainty_km") > pl.col("reach_km")) | (pl.col("share") < LIKELY)
    vague = set(picture.places.frame.filter(is_vague).get_column("member").to_list())
    unplaced = {picture.index.ids[row] for row in np.flatnonzero(reaches_none).tolist()}
    return set(picture.places.frame.get_column("member").to_list()) - (vague & unplaced)


def _authors(messages: Messages) -> set[MemberId]:
    return set(messages.frame.get_column("author").to_list())
