"""The question that a night's groups answer: who could sit with whom, and what a legal group is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from matcher.arrangement.exact import LARGEST_EXACT
from matcher.arrangement.means import WorkOptions
from matcher.arrangement.meeting import EVEN_SHARE
from matcher.arrangement.pools import pool_of_pairs
from matcher.arrangement.rotation import Rotation
from matcher.errors import SettingsError
from matcher.numeric.pool import FORBIDDEN, Pool
from matcher.numeric.ranges import require
from matcher.numeric.sparse_rows import entries
from matcher.tables.geography import Travel
from matcher.tables.pairs import Affinities
from matcher.tables.picture import Picture
from matcher.units import Flags, Floats, Rows

ROUNDING = 1e-9
"""Differences below this are rounding, not reasons."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupOptions:
    """What a legal group is, and how long to look for good ones.

    Attributes:
        min_size: Fewest members of a group, at least 2.
        max_size: Most members of a group.
        min_fit_lift: Each member's mean mutual affinity to the others, at least, in multiples of the odds of two
            for whom nothing speaks.
        tie_lift: From this multiple on, two members have a real tie. To live in one town alone makes about three:
            measured by reading groups, that is too little.
        min_tie_share: Each member has a real tie with at least this share of the others. With
            one half, any two members have a real tie or someone whom both are tied to.
        worst_way_share: Where people meet: the weight of the longest way, in [0, 1], beside the mean way. 0 spares most
            of them most, 1 the one who travels farthest; introductions meet by the same weight.
        travel_lift: What 100 km of one member's way to the meeting cost, in multiples of the chance of two for whom
            nothing speaks.
        exact_size: A circle of connected members up to this size is seated by trying everything.
        n_starts: How often larger circles are seated anew by search.
        n_moves: Moves tried for each member and start.
        n_rounds: How often their seats are priced, for the bound and for better groups.
        n_passes: How often their groups are chosen among those found.
    """

    min_size: int = 4
    max_size: int = 6
    min_fit_lift: float = 3.0
    tie_lift: float = 4.5
    min_tie_share: float = 0.5
    worst_way_share: float = EVEN_SHARE
    travel_lift: float = 0.5
    exact_size: int = 10
    n_starts: int = 4
    n_moves: int = 5_000
    n_rounds: int = 150
    n_passes: int = 8

    def __post_init__(self) -> None:
        """Check that a group is possible at all.

        Raises:
            SettingsError: The sizes contradict each other, or a number is out of range.
        """
        if not 2 <= self.min_size <= self.max_size:
            raise SettingsError(
                f"groups have impossible sizes; found min_size {self.min_size} and max_size {self.max_size}; "
                "needs 2 <= min_size <= max_size"
            )
        if self.exact_size > LARGEST_EXACT:
            raise SettingsError(
                f"groups.exact_size is {self.exact_size}; needs at most {LARGEST_EXACT}: work doubles with each"
            )
        require(
            "groups", self, shares=("min_tie_share", "worst_way_share"),
            positive=("tie_lift", "min_tie_share", "n_starts", "n_moves"),
            not_negative=("min_fit_lift", "travel_lift", "exact_size", "n_rounds", "n_passes"),
        )  # fmt: skip

    @property
    def work(self) -> WorkOptions:
        """How much work to do for a circle that is too large to try everything."""
        return WorkOptions(n_starts=self.n_starts, n_moves=self.n_moves, n_rounds=self.n_rounds, n_passes=self.n_passes)

    def km_cost(self, stranger_chance: float) -> float:
        """What one km of one member's way costs, in units of affinity."""
        return self.travel_lift * stranger_chance / 100.0


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SeatingQuestion:
    """Who could sit with whom tonight.

    Attributes:
        pool: Of those who may sit somewhere; member i of the pool is row `rows[i]`.
        rows: Ascending, shape (seatable member,).
        held: Groups that organizers keep, as positions in the pool, ascending in each.
        free: Positions of those who may be seated anew, ascending: all but who sits in a held group or is in a held
            introduction.
    """

    pool: Pool
    rows: Rows
    held: tuple[tuple[int, ...], ...]
    free: Rows

    @property
    def is_whole(self) -> bool:
        """Whether everyone may be seated anew."""
        return len(self.free) == len(self.rows)


def ask(
    affinities: Affinities, picture: Picture, rotation: Rotation, options: GroupOptions, *, stranger_chance: float
) -> SeatingQuestion:
    """Turn the night's tables into the question that the search answers.

    Asked are members who could have enough ties and fit in some legal group, among partners whom no veto and no
    distance keeps from them; and who sits in a group that organizers keep, so that the desk may weigh it.
    """
    travel = picture.travel
    reach = _reach(travel)
    edges = _edges(affinities.frame, travel)
    vetoed = _edges(picture.vetoes.frame, travel)
    mutual = affinities.frame.get_column("mutual").to_numpy()
    is_held = _flags(len(reach), picture.held.groups)
    edges, mutual = _without(picture.is_only_held & ~is_held, edges, mutual)
    is_possible = (mutual > 0) & (reach[edges[:, 0]] & reach[edges[:, 1]]).any(axis=1) & ~_stand_in(edges, vetoed)
    edges, mutual = edges[is_possible], mutual[is_possible]
    floors = (_share_at(options.min_fit_lift, stranger_chance), _share_at(options.tie_lift, stranger_chance))
    stays = _could_sit(len(reach), edges, mutual, floors, options) | is_held
    rows = np.flatnonzero(stays)
    kept = stays[edges].all(axis=1)
    apart = vetoed[stays[vetoed].all(axis=1)]
    wanted = mutual[kept] - entries(rotation.repeats, *edges[kept].T)
    place = np.cumsum(stays) - 1
    pool = pool_of_pairs(
        len(rows), place[np.concatenate([edges[kept], apart])],
        np.concatenate([wanted, np.full(len(apart), FORBIDDEN)]),
        mutuals=np.concatenate([mutual[kept], np.zeros(len(apart))]),
        sizes=(options.min_size, options.max_size),
    )  # fmt: skip
    ways = travel.km[rows]
    ways.sort_indices()
    pool = pool._replace(
        bonus=rotation.overdue[rows],
        reach=reach[rows],
        slots=_stated(picture.times[rows]),
        holds=_holds(travel, options.max_size),
        town_starts=ways.indptr.astype(np.int64),
        towns=ways.indices.astype(np.int64),
        km=ways.data.astype(np.float64),
        floors=(*floors, options.min_tie_share),
        km_cost=options.km_cost(stranger_chance),
        worst_share=options.worst_way_share,
    )
    is_taken = is_held | _flags(len(reach), picture.held.introductions)
    held = tuple(tuple(place[list(group)].tolist()) for group in picture.held.groups)
    return SeatingQuestion(pool=pool, rows=rows, held=held, free=np.flatnonzero(~is_taken[rows]))


def _flags(n_members: int, places: Sequence[Sequence[int]]) -> Flags:
    """Who is in one of these places, shape (member,)."""
    is_there = np.zeros(n_members, np.bool_)
    is_there[[row for rows in places for row in rows]] = True
    return is_there


def _without(is_away: Flags, edges: Rows, mutual: Floats) -> tuple[Rows, Floats]:
    """The pairs in which nobody is away."""
    stays = ~is_away[edges].any(axis=1)
    return edges[stays], mutual[stays]


def _share_at(lift: float, stranger_chance: float) -> float:
    """The share whose odds are so many times those of strangers."""
    odds = lift * stranger_chance / (1 - stranger_chance)
    return odds / (1 + odds)


def _could_sit(
    n_members: int, edges: Rows, mutual: Floats, floors: tuple[float, float], options: GroupOptions
) -> Flags:
    """Who has partners for a legal group, when those who have none are left out, and so on; shape (member,).

    A larger group only adds weaker partners, so the best `min_size - 1` must do.
    """
    n_others = options.min_size - 1
    needed = np.ceil(options.min_tie_share * n_others - ROUNDING)
    stays = np.ones(n_members, np.bool_)
    while True:
        kept = stays[edges].all(axis=1)
        owners, shares = edges[kept].T.ravel(), np.tile(mutual[kept], 2)
        order = np.lexsort((-shares, owners))
        owners, shares = owners[order], shares[order]
        rank = np.arange(len(owners)) - np.searchsorted(owners, owners, "left")
        owners, shares = owners[rank < n_others], shares[rank < n_others]
        fit = np.bincount(owners, weights=shares, minlength=n_members) / n_others
        ties = np.bincount(owners, weights=shares >= floors[1], minlength=n_members)
        could = (fit > 0) & (fit >= floors[0] - ROUNDING) & (ties >= needed)
        if (could == stays).all():
            return stays
        stays &= could


def _edges(frame: pl.DataFrame, travel: Travel) -> Rows:
    return np.column_stack([travel.index.rows(frame.get_column(side)) for side in ("member_a", "member_b")])


def _stand_in(edges: Rows, others: Rows) -> Flags:
    """Which of these pairs are among the others, shape (pair,)."""
    width = max(int(edges.max(initial=0)), int(others.max(initial=0))) + 1
    return np.asarray(np.isin(edges[:, 0] * width + edges[:, 1], others[:, 0] * width + others[:, 1]))


def _reach(travel: Travel) -> np.ndarray:
    """Towns in reach as bits, bit t of the row for town t, uint64, shape (member, word)."""
    members = np.repeat(np.arange(len(travel.index)), np.diff(travel.km.indptr))
    return _bits((len(travel.index), len(travel.towns)), members, travel.km.indices.astype(np.int64))


def _holds(travel: Travel, max_size: int) -> np.ndarray:
    """Towns that hold a group of each size as bits, uint64, shape (size, word); no sizes where each holds any."""
    most = travel.towns.frame.get_column("capacity").fill_null(max_size).to_numpy()
    sizes, towns = np.nonzero(np.arange(max_size + 1)[:, None] <= most)
    bits = _bits((max_size + 1, len(most)), sizes, towns)
    return bits if (most < max_size).any() else bits[:0]


def _bits(shape: tuple[int, int], rows: Rows, columns: Rows) -> np.ndarray:
    """Rows of bits, uint64, shape (row, word); at least one word."""
    bits = np.zeros((shape[0], -(-shape[1] // 64) or 1), np.uint64)
    np.bitwise_or.at(bits, (rows, columns // 64), np.uint64(1) << (columns % 64).astype(np.uint64))
    return bits


def _stated(times: np.ndarray) -> np.ndarray:
    """The times as bits; no words where nobody states any."""
    return times if (~times).any() else times[:, :0]
