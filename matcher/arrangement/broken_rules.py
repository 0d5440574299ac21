"""Which rules a group would break, by name, and whom that concerns; the search only asks whether there are any."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matcher.numeric.pool import FORBIDDEN, Pool
from matcher.units import Flags, Floats, MemberId, Rows

RULES: Mapping[str, str] = {
    "size": "A group has too few or too many members.",
    "kept_apart": "These two are kept apart.",
    "no_common_town": "No place is within everyone's reach.",
    "no_room": "No place within everyone's reach holds so many.",
    "no_common_time": "No time suits everyone who states any.",
    "too_little_fit": "Somebody fits too little with the others.",
    "too_few_ties": "Somebody has a real tie with too few of the others.",
    "seated_twice": "Somebody would sit in two groups.",
    "not_seatable": "Somebody has too few real ties tonight, or no place in reach.",
}
"""What a change must not break, and how it is said."""

ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenRule:
    """A rule that a group would break.

    Attributes:
        rule: One of RULES.
        members: Whom it concerns, ascending: one member, a pair, or the whole group.
        found: How many, or how much, there is; None where nothing is counted.
        needed: How many, or how much, it takes; for too large a group, how many there may be.
    """

    rule: str
    members: tuple[MemberId, ...]
    found: float | None = None
    needed: float | None = None


class Inside(NamedTuple):
    """What a group's pairs are, shape (member, member) each; 0 with oneself and with who is kept apart.

    Attributes:
        mutual: Mutual affinity.
        repeat: What it costs that they met before.
        apart: Whether they must not sit together.
    """

    mutual: Floats
    repeat: Floats
    apart: Flags


def look_inside(pool: Pool, rows: Rows) -> Inside:
    """What is stored of the pairs of these members."""
    mutual, weight = np.zeros((2, len(rows), len(rows)))
    for at, row in enumerate(rows.tolist()):
        entries = slice(pool.starts[row], pool.starts[row + 1])
        known = np.isin(rows, pool.partners[entries])
        where = pool.starts[row] + np.searchsorted(pool.partners[entries], rows[known])
        mutual[at, known], weight[at, known] = pool.mutuals[where], pool.weights[where]
    apart = weight <= FORBIDDEN
    return Inside(np.where(apart, 0.0, mutual), np.where(apart, 0.0, mutual - weight), apart)


def with_room(pool: Pool, towns: Rows, size: int) -> Flags:
    """Which of these towns hold so many, shape (town,)."""
    if not len(pool.holds):
        return np.ones(len(towns), np.bool_)
    words = _holding(pool, size)[towns // 64]
    return np.asarray((words >> (towns % 64).astype(np.uint64)) & np.uint64(1), np.bool_)


def _holding(pool: Pool, size: int) -> np.ndarray:
    """The towns that hold so many as bits; beyond the largest group nobody asked."""
    return np.asarray(pool.holds[min(size, len(pool.holds) - 1)])


def rules_broken(
    pool: Pool, rows: Rows, members: tuple[MemberId, ...], strangers: tuple[MemberId, ...]
) -> list[BrokenRule]:
    """The rules that a group by itself would break, in the order of RULES.

    Args:
        pool: Who could sit with whom.
        rows: Ascending: those of the group who could sit somewhere.
        members: Their ids, in that order.
        strangers: Those of the group who could sit nowhere.
    """
    (low, high), size, everyone = pool.sizes, len(rows) + len(strangers), tuple(sorted((*members, *strangers)))
    broken = []
    if not low <= size <= high:
        broken.append(BrokenRule(rule="size", members=everyone, found=size, needed=low if size < low else high))
    inside = look_inside(pool, rows)
    for a, b in np.argwhere(np.triu(inside.apart)).tolist():
        broken.append(BrokenRule(rule="kept_apart", members=(members[a], members[b])))
    broken += [BrokenRule(rule=rule, members=everyone) for rule in _nowhere_or_never(pool, rows, size)]
    broken += _among_strangers(pool, inside, members, size - 1)
    return broken + [BrokenRule(rule="not_seatable", members=(member,)) for member in strangers]


def _nowhere_or_never(pool: Pool, rows: Rows, size: int) -> list[str]:
    broken = []
    if pool.reach.shape[1] and len(rows):
        shared = np.bitwise_and.reduce(pool.reach[rows])
        if not shared.any():
            broken.append("no_common_town")
        elif len(pool.holds) and not (shared & _holding(pool, size)).any():
            broken.append("no_room")
    if pool.slots.shape[1] and len(rows) and not np.bitwise_and.reduce(pool.slots[rows]).any():
        broken.append("no_common_time")
    return broken


def _among_strangers(pool: Pool, inside: Inside, members: tuple[MemberId, ...], n_others: int) -> list[BrokenRule]:
    floor, tie_floor, tie_share = pool.floors
    fits, needed = inside.mutual.sum(axis=1), np.ceil(tie_share * n_others - ROUNDING)
    is_tie = (inside.mutual >= tie_floor) & ~inside.apart
    np.fill_diagonal(is_tie, val=False)
    ties = is_tie.sum(axis=1)
    little = [
        BrokenRule(rule="too_little_fit", members=(member,), found=float(fit / n_others), needed=floor)
        for member, fit in zip(members, fits, strict=True)
        if floor > 0 and fit < floor * n_others - ROUNDING
    ]
    few = [
        BrokenRule(rule="too_few_ties", members=(member,), found=int(n), needed=int(needed))
        for member, n in zip(members, ties, strict=True)
        if n < needed
    ]
    return little + few
