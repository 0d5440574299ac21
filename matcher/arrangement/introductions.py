"""Who should meet one to one, and through whom. Members who sit in a group are not introduced as well."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from matcher.arrangement.meeting import EVEN_SHARE, meet_halfway
from matcher.arrangement.pair_matching import match_pairs
from matcher.arrangement.rotation import Rotation, owed_weights
from matcher.arrangement.stability import blocking_pairs, stable_pairs
from matcher.errors import SettingsError
from matcher.numeric.ranges import require
from matcher.tables.geography import Travel
from matcher.tables.pairs import Affinities
from matcher.tables.picture import Picture
from matcher.tables.proposals import Introductions, Matching, Seats
from matcher.units import Rows

Pair = tuple[int, int]

PREFERENCES = ("total", "stable")
"""What is asked of the pairs together: the largest sum, or that no two would both rather have each other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class IntroductionOptions:
    """Who may be introduced.

    Attributes:
        min_introduce_lift: How many times the odds of two for whom nothing speaks, at least, for two who have not
            written to each other. A multiple keeps its meaning when weights are tuned.
        min_reunite_lift: The same for two who have, beside two who once wrote and for whom nothing else speaks.
        may_begin_online: Whether two members who have no town in common may be introduced.
        max_per_member: How many introductions a member may get in one night.
        prefer: 'total' for the largest sum of mutual affinities, debts and repeats counted; 'stable' for pairs of
            first choices, so that hardly any two would both rather have each other. It looks at wishes alone, whoever
            waited and whoever has met: these only say which pairs are worth proposing, and break circles of wishes.
    """

    min_introduce_lift: float = 10.0
    min_reunite_lift: float = 3.0
    may_begin_online: bool = True
    max_per_member: int = 1
    prefer: str = "total"

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A number is out of range, or there is no such preference.
        """
        require("introductions", self, not_negative=("min_introduce_lift", "min_reunite_lift", "max_per_member"))
        if self.prefer not in PREFERENCES:
            raise SettingsError(f"introductions.prefer is {self.prefer!r}; needs one of {', '.join(PREFERENCES)}")

    def is_match(self) -> pl.Expr:
        """Whether a row of Affinities is good enough to be proposed."""
        lift = pl.when(pl.col("use") == "reunite").then(self.min_reunite_lift).otherwise(self.min_introduce_lift)
        return pl.col("mutual") >= lift * pl.col("base_a_to_b").exp() * (1 - pl.col("mutual"))


def introduce(
    affinities: Affinities, seats: Seats, picture: Picture, rotation: Rotation, options: IntroductionOptions,
    *, worst_way_share: float = EVEN_SHARE,
) -> tuple[Introductions, Matching]:  # fmt: skip
    """Pair up members who sit in no group, so that the pairs' mutual affinity is as large as it can be made.

    Both are unseated, the pair is not vetoed and its mutual affinity reaches the bar of its use. They
    'reunite' if each has written to the other, else they are 'introduced', if possible `via` the member
    with whom both have the warmest conversation both ways, and whom no veto separates from either.
    Introductions that organizers keep are among them, good enough or not.
    Whoever was passed over before comes first, and who has met lately comes last. Where they meet is chosen by the
    weight of the longer of the two ways, in [0, 1], as for groups.

    Returns:
        The introductions, and how good they are beside any others among the same pairs.
    """
    possible, edges = _possible(affinities, seats, picture, options)
    limits = np.full(len(picture.index), options.max_per_member, np.int64)
    chosen, matching = _choose(possible, edges, limits, rotation, options)
    columns = ["member_a", "member_b", "a_to_b", "b_to_a", "mutual", pl.col("use").cast(pl.String).alias("kind")]
    pairs = [(a, b) for a, b in edges[chosen].tolist()]
    introductions = Introductions.sorted(
        possible.select(columns)[chosen.tolist()].with_columns(
            _via(pairs, picture), *_ways(pairs, picture.travel, worst_way_share)
        )
    )
    return introductions, matching


def _possible(
    affinities: Affinities, seats: Seats, picture: Picture, options: IntroductionOptions
) -> tuple[pl.DataFrame, Rows]:
    """Rows of Affinities that may be introduced, and the rows of both members, shape (pair, 2).

    Column `is_kept` tells the pairs that organizers keep.
    """
    travel, pair, ids = picture.travel, ["member_a", "member_b"], picture.index.ids
    busy = [ids[row] for row in np.flatnonzero(picture.is_only_held).tolist()]
    away = pl.concat([seats.frame.get_column("member"), pl.Series(busy, dtype=picture.index.enum)]).implode()
    rows = np.array(picture.held.introductions, np.int64).reshape(-1, 2)
    kept = pl.DataFrame({side: picture.index.column(rows[:, at]) for at, side in enumerate(pair)})
    known = affinities.frame.join(
        kept.with_columns(is_kept=pl.lit(value=True)), on=pair, how="left", maintain_order="left"
    )
    may_be = options.is_match() & ~pl.col("member_a").is_in(away) & ~pl.col("member_b").is_in(away)
    possible = (
        known.with_columns(pl.col("is_kept").fill_null(value=False))
        .filter(pl.col("is_kept") | may_be)
        .join(picture.vetoes.frame, on=pair, how="anti", maintain_order="left")
    )
    edges = np.column_stack([travel.index.rows(possible.get_column(side)) for side in pair])
    if not options.may_begin_online:
        has_town = np.array([meet_halfway(travel, pair, EVEN_SHARE) is not None for pair in edges.tolist()], np.bool_)
        possible, edges = possible.filter(pl.Series(has_town)), edges[has_town]
    return possible, edges


def _choose(
    possible: pl.DataFrame, edges: Rows, limits: Rows, rotation: Rotation, options: IntroductionOptions
) -> tuple[Rows, Matching]:
    """Choose rows as the organizer prefers, beside those that are kept; the bound holds for either preference."""
    mutual, is_kept = possible.get_column("mutual").to_numpy(), possible.get_column("is_kept").to_numpy()
    owed, wishes = owed_weights(edges, mutual, rotation), possible.select("a_to_b", "b_to_a").to_numpy()
    kept, free = np.flatnonzero(is_kept), np.flatnonzero(~is_kept & (owed >= 0))
    left = limits - np.bincount(edges[kept].ravel(), minlength=len(limits))
    best = match_pairs(edges[free], owed[free], left)
    is_total = options.prefer == "total"
    sought = free[best.chosen if is_total else stable_pairs(edges[free], owed[free], wishes[free], left)]
    value, held = float(owed[sought].sum()), float(owed[kept].sum())
    chosen, looked_at = np.sort(np.concatenate([kept, sought])), np.sort(np.concatenate([kept, free]))
    got = np.flatnonzero(np.isin(looked_at, chosen))
    return chosen, Matching(
        value=value + held,
        upper_bound=max(best.upper_bound, value) + held,
        bound_scope="candidate pairs",
        n_blocking_pairs=len(blocking_pairs(edges[looked_at], got, wishes[looked_at], limits)),
        owed=value + held - float(mutual[chosen].sum()),
    )


def _via(pairs: list[Pair], picture: Picture) -> pl.Series:
    """Column `via`; two who know each other need nobody."""
    friends = _friends(picture)
    vetoed = set(_rows(picture.vetoes.frame, picture))
    via = [None if pair[1] in friends[pair[0]] else _acquaintance(pair, friends, vetoed) for pair in pairs]
    names = [None if row is None else picture.index.ids[row] for row in via]
    return pl.Series("via", names, dtype=picture.index.enum)


def _friends(picture: Picture) -> list[dict[int, float]]:
    """Each member's conversation partners who wrote back, with the warmth of both directions together."""
    both_ways = picture.ties.two_way
    warmth = both_ways.select(pl.col("warmth_a_to_b") + pl.col("warmth_b_to_a")).to_series().to_list()
    friends: list[dict[int, float]] = [{} for _ in picture.index.ids]
    for (a, b), warm in zip(_rows(both_ways, picture), warmth, strict=True):
        friends[a][b] = friends[b][a] = warm
    return friends


def _acquaintance(pair: Pair, friends: list[dict[int, float]], vetoed: set[Pair]) -> int | None:
    """The common friend whose cooler friendship with the two is the warmest; of equals the first."""
    a, b = pair
    known = sorted(
        third
        for third in friends[a].keys() & friends[b].keys()
        if not {(min(third, side), max(third, side)) for side in pair} & vetoed
    )
    return max(known, key=lambda third: min(friends[a][third], friends[b][third]), default=None)


def _ways(pairs: list[Pair], travel: Travel, worst_way_share: float) -> list[pl.Series]:
    """Columns `town`, `travel_km_a` and `travel_km_b`."""
    meetings = [meet_halfway(travel, [a, b], worst_way_share) for a, b in pairs]
    return [
        pl.Series("town", [meeting and meeting.town for meeting in meetings], dtype=pl.UInt32),
        pl.Series("travel_km_a", [meeting and float(meeting.travel_km[0]) for meeting in meetings], dtype=pl.Float64),
        pl.Series("travel_km_b", [meeting and float(meeting.travel_km[1]) for meeting in meetings], dtype=pl.Float64),
    ]


def _rows(frame: pl.DataFrame, picture: Picture) -> list[Pair]:
    index = picture.index
    sides = [index.rows(frame.get_column(side)).tolist() for side in ("member_a", "member_b")]
    return list(zip(*sides, strict=True))
