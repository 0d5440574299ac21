"""Who could sit with whom, as arrays for compiled loops; what a group is worth, and what it breaks."""

from typing import NamedTuple

import numpy as np

from matcher.numeric.compiled import compiled
from matcher.units import Floats, Rows

FORBIDDEN = -1e9
"""Weight of a pair that must not sit together; weights that count lie far nearer to 0."""


class Pool(NamedTuple):
    """Members to seat. Positions are members; pairs that are not stored weigh 0.

    Attributes:
        starts: Where each member's partners begin, shape (member + 1,).
        partners: Ascending within each member, both ways, shape (entry,).
        weights: What the pair adds to the objective, or FORBIDDEN, shape (entry,).
        mutuals: What floors and ties are judged by, shape (entry,).
        matrix: The weights once more, dense, shape (member, member); empty (0, 0) for large pools.
        bonus: What each member's seat is worth by itself, shape (member,).
        reach: The towns in reach as bits, shape (member, word); no words where towns do not matter.
        slots: The times at which a member can come as bits, shape (member, word); likewise.
        holds: The towns that hold a group of this size as bits, shape (size, word); no sizes where each town holds any.
        town_starts, towns, km: Each member's towns in reach, ascending, and the way there.
        clans: Number of the set that sits together or not at all, -1 for who is free, shape (member,).
        clan_sizes: How many belong to each set.
        sizes: Fewest and most members of a group.
        is_sum: Whether a group is worth the sum of its weights instead of each member's mean, summed.
        floors: Least mean mutual of a member, least mutual of a tie, least share of the others tied to.
        km_cost: What one km of one member's way costs.
        worst_share: Weight of the longest way where a group's town is chosen, in [0, 1]; the mean way has the rest.
    """

    starts: Rows
    partners: Rows
    weights: Floats
    mutuals: Floats
    matrix: Floats
    bonus: Floats
    reach: np.ndarray
    slots: np.ndarray
    holds: np.ndarray
    town_starts: Rows
    towns: Rows
    km: Floats
    clans: Rows
    clan_sizes: Rows
    sizes: tuple[int, int]
    is_sum: bool
    floors: tuple[float, float, float]
    km_cost: float
    worst_share: float


# Compiled functions that stand in the innermost loops take bare arrays: each look at a pool's field counts references.


@compiled
def entry_of(starts: Rows, partners: Rows, a: int, b: int) -> int:
    """Position of the pair among a's partners, or -1."""
    low, high = starts[a], starts[a + 1]
    end = high
    while low < high:
        middle = (low + high) // 2
        if partners[middle] < b:
            low = middle + 1
        else:
            high = middle
    return low if low < end and partners[low] == b else -1


@compiled
def weight_of(starts: Rows, partners: Rows, weights: Floats, matrix: Floats, a: int, b: int) -> float:
    """What the pair adds to the objective."""
    if matrix.shape[0] > 0:
        return float(matrix[a, b])
    entry = entry_of(starts, partners, a, b)
    return float(weights[entry]) if entry >= 0 else 0.0


@compiled
def way_cost(pool: Pool, group: Rows, size: int) -> float:
    """What the group's ways cost to the fairest common town that holds it; 0 where ways are free.

    Fairest is what `matcher.numeric.fair_point.mixed_km` says.
    """
    if pool.km_cost == 0.0 or size == 0:
        return 0.0
    best, cost = np.inf, 0.0
    first = group[0]
    for position in range(pool.town_starts[first], pool.town_starts[first + 1]):
        town = pool.towns[position]
        if not _is_set(pool.holds, size, town):
            continue
        total = longest = pool.km[position]
        for other in range(1, size):
            low, high = pool.town_starts[group[other]], pool.town_starts[group[other] + 1]
            end = high
            while low < high:
                middle = (low + high) // 2
                if pool.towns[middle] < town:
                    low = middle + 1
                else:
                    high = middle
            if low == end or pool.towns[low] != town:
                total = np.inf
                break
            total += pool.km[low]
            longest = max(longest, pool.km[low])
        mixed = (1.0 - pool.worst_share) * (total / size) + pool.worst_share * longest
        if mixed < best:
            best, cost = mixed, pool.km_cost * total
    return cost


@compiled
def _is_set(masks: np.ndarray, row: int, bit: int) -> bool:
    """Whether this bit of a row is set; where there are no rows, all are."""
    if masks.shape[0] == 0:
        return True
    return bool((masks[row, bit // 64] >> np.uint64(bit % 64)) & np.uint64(1))


@compiled
def share_a_bit(masks: np.ndarray, group: Rows, size: int, allowed: np.ndarray) -> bool:
    """Whether one bit is set for everyone, and in the row of `allowed` for this size, if it has any rows."""
    if masks.shape[1] == 0:
        return True
    for word in range(masks.shape[1]):
        shared = masks[group[0], word]
        for other in range(1, size):
            shared &= masks[group[other], word]
        if allowed.shape[0] > 0:
            shared &= allowed[size, word]
        if shared != 0:
            return True
    return False


@compiled
def n_broken(pool: Pool, group: Rows, size: int) -> int:
    """How many conditions of a legal group are broken; 0 for a legal one.

    Counted are members without enough fit or ties, forbidden pairs, clans torn apart, and once each a missing common
    town and time. The size is not looked at.
    """
    floor, tie_floor, tie_share = pool.floors
    broken = 0
    needed = np.ceil(tie_share * (size - 1) - 1e-9)
    for a in range(size):
        member = group[a]
        clan = pool.clans[member]
        if clan >= 0:
            together = 0
            for b in range(size):
                together += pool.clans[group[b]] == clan
            broken += together < pool.clan_sizes[clan]
        if floor > 0.0 or tie_share > 0.0 or len(pool.matrix) == 0:
            fit, ties = 0.0, 0
            for b in range(size):
                if b != a:
                    entry = entry_of(pool.starts, pool.partners, member, group[b])
                    if entry >= 0:
                        broken += b < a and pool.weights[entry] <= FORBIDDEN
                        fit += pool.mutuals[entry]
                        ties += pool.mutuals[entry] >= tie_floor
            broken += (floor > 0.0 and fit < floor * (size - 1) - 1e-9) or ties < needed
        else:
            for b in range(a):
                broken += pool.matrix[member, group[b]] <= FORBIDDEN
    broken += not share_a_bit(pool.reach, group, size, pool.holds)
    broken += not share_a_bit(pool.slots, group, size, pool.slots[:0])
    return broken


@compiled
def worth(pool: Pool, group: Rows, size: int) -> float:
    """What a legal group adds to the objective; minus infinity for no legal group."""
    if size < pool.sizes[0] or size > pool.sizes[1] or n_broken(pool, group, size):
        return -np.inf
    starts, partners, weights, matrix = pool.starts, pool.partners, pool.weights, pool.matrix
    pairs, seats = 0.0, 0.0
    for a in range(size):
        seats += pool.bonus[group[a]]
        for b in range(a):
            pairs += weight_of(starts, partners, weights, matrix, group[a], group[b])
    return seats + (pairs if pool.is_sum else 2.0 * pairs / (size - 1)) - way_cost(pool, group, size)
