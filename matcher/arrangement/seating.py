"""The question that a night's groups answer: who could sit with whom, and what a group is worth.

How a good answer is found lives in `construct.py` and `improve.py`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from matcher.errors import SettingsError
from matcher.numeric.ranges import require
from matcher.tables.geography import Travel
from matcher.tables.pairs import Affinities, Vetoes

ILLEGAL = -math.inf
ROUNDING = 1e-9
"""Differences below this are rounding, not reasons."""

Group = tuple[int, ...]


LARGEST_EXACT = 12
"""No circle larger than this is solved exactly."""


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
        exact_size: A circle of connected members up to this size is solved exactly.
        n_rounds: How often, about, each part of the plan is taken apart and built anew.
    """

    min_size: int = 4
    max_size: int = 6
    min_fit_lift: float = 3.0
    tie_lift: float = 4.5
    min_tie_share: float = 0.5
    exact_size: int = 10
    n_rounds: int = 10

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
            "groups", self, shares=("min_tie_share",), positive=("tie_lift", "min_tie_share"),
            not_negative=("min_fit_lift", "exact_size", "n_rounds"),
        )  # fmt: skip

    def ties_needed(self, size: int) -> int:
        """How many real ties each member of a group of this size has, at least."""
        return math.ceil(self.min_tie_share * (size - 1) - ROUNDING)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SeatingQuestion:
    """Who could sit with whom; a position in each sequence is a member's row.

    Attributes:
        weights: Mutual affinity to each possible neighbour: not vetoed, with a town in common,
            and both with enough such neighbours to sit in some legal group.
        reach: The towns in reach as a bit mask, bit t for town t.
        vetoed: Who must not sit with the member.
        fit_floor: A member's mean mutual affinity to the others, at least.
        tie_floor: Mutual affinity from which on two members have a real tie.
        options: What else a legal group is.
    """

    weights: Sequence[dict[int, float]]
    reach: Sequence[int]
    vetoed: Sequence[frozenset[int]]
    fit_floor: float
    tie_floor: float
    options: GroupOptions

    @property
    def seatable(self) -> list[int]:
        """Members who may sit somewhere, ascending."""
        return [row for row, partners in enumerate(self.weights) if partners]

    def worth(self, group: Group) -> float:
        """The sum of each member's mean mutual affinity to the others; `ILLEGAL` for no legal group."""
        options, size = self.options, len(group)
        if not options.min_size <= size <= options.max_size or not self.may_meet(group):
            return ILLEGAL
        needed = options.ties_needed(size)
        least = self.fit_floor * (size - 1) - ROUNDING
        total = 0.0
        for member in group:
            mine = self.weights[member]
            ties = [mine[other] for other in group if other in mine]
            fit = sum(ties)
            if fit < least or sum(tie >= self.tie_floor for tie in ties) < needed:
                return ILLEGAL
            total += fit
        return total / (size - 1)

    def may_meet(self, group: Group) -> bool:
        """Whether nobody in it is vetoed and one town is within everyone's reach."""
        shared = -1
        for member in group:
            shared &= self.reach[member]
            if not self.vetoed[member].isdisjoint(group):
                return False
        return shared != 0


def ask(
    affinities: Affinities, travel: Travel, vetoes: Vetoes, options: GroupOptions, *, stranger_chance: float
) -> SeatingQuestion:
    """Turn the night's tables into the question that the search answers."""
    n_members = len(travel.index)
    vetoed: list[set[int]] = [set() for _ in range(n_members)]
    for a, b in _pairs(vetoes.frame, travel):
        vetoed[a].add(b)
        vetoed[b].add(a)
    reach = [_bits(travel, row) for row in range(n_members)]
    weights: list[dict[int, float]] = [{} for _ in range(n_members)]
    for (a, b), mutual in zip(
        _pairs(affinities.frame, travel), affinities.frame.get_column("mutual").to_list(), strict=True
    ):
        if mutual > 0 and reach[a] & reach[b] and b not in vetoed[a]:
            weights[a][b] = weights[b][a] = mutual
    question = SeatingQuestion(
        weights=weights,
        reach=reach,
        vetoed=[frozenset(them) for them in vetoed],
        fit_floor=_share_at(options.min_fit_lift, stranger_chance),
        tie_floor=_share_at(options.tie_lift, stranger_chance),
        options=options,
    )
    _forget_hopeless(question)
    return question


def _share_at(lift: float, stranger_chance: float) -> float:
    """The share whose odds are so many times those of strangers."""
    odds = lift * stranger_chance / (1 - stranger_chance)
    return odds / (1 + odds)


def best_fit(question: SeatingQuestion, member: int) -> float:
    """The best mean mutual affinity to the others that any legal group can give this member; 0 for none.

    A larger group only adds weaker partners, so the `min_size - 1` best partners bound them all.
    """
    options = question.options
    best = sorted(question.weights[member].values(), reverse=True)[: options.min_size - 1]
    fit = sum(best) / (options.min_size - 1)
    n_ties = sum(tie >= question.tie_floor for tie in best)
    is_possible = fit >= question.fit_floor - ROUNDING and n_ties >= options.ties_needed(options.min_size)
    return fit if is_possible else 0.0


def _forget_hopeless(question: SeatingQuestion) -> None:
    """Take out whoever cannot sit in any legal group, then those who relied on them, and so on."""
    waiting = list(range(len(question.weights)))
    while waiting:
        member = waiting.pop()
        partners = question.weights[member]
        if partners and best_fit(question, member) == 0:
            for other in partners:
                del question.weights[other][member]
            waiting.extend(partners)
            partners.clear()


def _pairs(frame: pl.DataFrame, travel: Travel) -> list[tuple[int, int]]:
    rows = [travel.index.rows(frame.get_column(side)).tolist() for side in ("member_a", "member_b")]
    return list(zip(*rows, strict=True))


def _bits(travel: Travel, row: int) -> int:
    towns = np.zeros(len(travel.towns), dtype=np.bool_)
    towns[travel.km.indices[travel.km.indptr[row] : travel.km.indptr[row + 1]]] = True
    return int.from_bytes(np.packbits(towns, bitorder="little").tobytes(), "little")
