"""Who should meet one to one, and through whom. Members who sit in a group are not introduced as well."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from matcher.arrangement.meeting import meet_halfway
from matcher.numeric.ranges import require
from matcher.tables.geography import Travel
from matcher.tables.pairs import Affinities
from matcher.tables.picture import Picture
from matcher.tables.proposals import Introductions, Seats
from matcher.units import Floats, Rows

Pair = tuple[int, int]


class PairMatcher(Protocol):
    """Chooses pairs so that nobody is in two and the total weight is large.

    A matcher answers the same to the same question, and may promise a share of the best total.
    """

    def choose(self, edges: Rows, weights: Floats) -> Rows:
        """Choose edges that share no member.

        Args:
            edges: Rows of the two members of each pair, shape (edge, 2); no pair twice, and nobody
                paired with themselves.
            weights: What each pair is worth, finite and not negative, shape (edge,).

        Returns:
            Positions of the chosen edges, ascending, shape (chosen,).
        """
        ...


class GreedyMatcher:
    """Takes the heaviest pair whose members are both free, again and again: at least half of the best total."""

    def choose(self, edges: Rows, weights: Floats) -> Rows:
        """Choose edges by descending weight; of equal ones the earlier."""
        taken: set[int] = set()
        chosen: list[int] = []
        for position in np.argsort(-weights, kind="stable").tolist():
            a, b = edges[position].tolist()
            if a not in taken and b not in taken:
                taken.update((a, b))
                chosen.append(position)
        return np.array(sorted(chosen), dtype=np.int64)


@dataclass(frozen=True, kw_only=True, slots=True)
class IntroductionOptions:
    """Who may be introduced.

    Attributes:
        min_introduce_lift: How many times the odds of two for whom nothing speaks, at least, for two who have not
            written to each other. A multiple keeps its meaning when weights are tuned.
        min_reunite_lift: The same for two who have, beside two who once wrote and for whom nothing else speaks.
        may_begin_online: Whether two members who have no town in common may be introduced.
    """

    min_introduce_lift: float = 10.0
    min_reunite_lift: float = 3.0
    may_begin_online: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A number is out of range.
        """
        require("introductions", self, not_negative=("min_introduce_lift", "min_reunite_lift"))

    def is_match(self) -> pl.Expr:
        """Whether a row of Affinities is good enough to be proposed."""
        lift = pl.when(pl.col("use") == "reunite").then(self.min_reunite_lift).otherwise(self.min_introduce_lift)
        return pl.col("mutual") >= lift * pl.col("base_a_to_b").exp() * (1 - pl.col("mutual"))


def introduce(
    affinities: Affinities, seats: Seats, picture: Picture, matcher: PairMatcher, options: IntroductionOptions
) -> Introductions:
    """Pair up members who sit in no group, so that the pairs' mutual affinity is as large as the matcher can make it.

    Both are unseated, the pair is not vetoed and its mutual affinity reaches the bar of its use. They
    'reunite' if each has written to the other, else they are 'introduced', if possible `via` the member
    with whom both have the warmest conversation both ways, and whom no veto separates from either.
    """
    travel, vetoes = picture.travel, picture.vetoes.frame
    seated = seats.frame.get_column("member")
    possible = affinities.frame.filter(
        options.is_match(),
        ~pl.col("member_a").is_in(seated.implode()),
        ~pl.col("member_b").is_in(seated.implode()),
    ).join(vetoes, on=["member_a", "member_b"], how="anti", maintain_order="left")
    edges = np.column_stack([travel.index.rows(possible.get_column(side)) for side in ("member_a", "member_b")])
    if not options.may_begin_online:
        has_town = np.array([len(travel.common_towns(pair)[0]) > 0 for pair in edges.tolist()], dtype=np.bool_)
        possible, edges = possible.filter(pl.Series(has_town)), edges[has_town]
    chosen = matcher.choose(edges, possible.get_column("mutual").to_numpy())
    columns = ["member_a", "member_b", "a_to_b", "b_to_a", "mutual", pl.col("use").cast(pl.String).alias("kind")]
    pairs = [(a, b) for a, b in edges[chosen].tolist()]
    return Introductions.sorted(
        possible.select(columns)[chosen.tolist()].with_columns(_via(pairs, picture), *_ways(pairs, travel))
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


def _ways(pairs: list[Pair], travel: Travel) -> list[pl.Series]:
    """Columns `town`, `travel_km_a` and `travel_km_b`."""
    meetings = [meet_halfway(travel, [a, b]) for a, b in pairs]
    return [
        pl.Series("town", [meeting and meeting.town for meeting in meetings], dtype=pl.UInt32),
        pl.Series("travel_km_a", [meeting and float(meeting.travel_km[0]) for meeting in meetings], dtype=pl.Float64),
        pl.Series("travel_km_b", [meeting and float(meeting.travel_km[1]) for meeting in meetings], dtype=pl.Float64),
    ]


def _rows(frame: pl.DataFrame, picture: Picture) -> list[Pair]:
    index = picture.index
    sides = [index.rows(frame.get_column(side)).tolist() for side in ("member_a", "member_b")]
    return list(zip(*sides, strict=True))
