"""All small sets of members whose pairs are worth more than their members' prices, by reverse search.

The question: given a price for each member, which groups are worth more than their members cost? With
r(a, b) = f w(a, b) - price(a) - price(b) a group of s is worth more than it costs exactly if the sum of r over its
pairs is positive (f = 2 where it is worth 2 / (s - 1) times its weights; f = s - 1 where it is worth their sum).

Taking out the member who contributes least never lowers the mean of r over the pairs. So every set with a positive sum
grows, one member at a time, through sets with a positive sum; and because the member to take out is determined, each
is reached in exactly one way, without remembering what was seen (reverse search: Avis and Fukuda 1996,
doi:10.1016/0166-218X(95)00026-N).
"""

from typing import NamedTuple

import numpy as np

from matcher.numeric.compiled import compiled
from matcher.numeric.pool import FORBIDDEN, Pool, n_broken, way_cost, weight_of
from matcher.units import Floats, Rows


class Found(NamedTuple):
    """Sets that are worth more than their members' prices.

    Attributes:
        members: Padded with -1, shape (set, most members).
        sizes: Shape (set,).
        surplus: By how much each is worth more than it costs, shape (set,).
        n_looks: Looks taken at a possible newcomer.
        is_complete: Whether that is all; else the search was cut off.
    """

    members: Rows
    sizes: Rows
    surplus: Floats
    n_looks: int
    is_complete: bool


class Walk(NamedTuple):
    """A set that grows and shrinks; the first axis of each array is its size, but for `place`.

    Attributes:
        inside: Its members, shape (most members,).
        own: What each contributes, shape (size, member inside).
        total: What all pairs contribute together, shape (size,).
        cost: What its members cost, shape (size,).
        near: Partners of those inside, shape (size, member); a larger set's begin with the smaller's.
        pull: Their weights with those inside, summed, shape (size, member).
        n_near: How many there are, shape (size,).
        place: Where a member stands in `near`, or -1, shape (member,).
        look: Who is to be looked at next, shape (size,).
        reach: Towns that all can reach, as bits, shape (size, word).
    """

    inside: Rows
    own: Floats
    total: Floats
    cost: Floats
    near: Rows
    pull: Floats
    n_near: Rows
    place: Rows
    look: Rows
    reach: np.ndarray


def find_sets(
    pool: Pool, prices: Floats, sizes: tuple[int, int], factor: float, most: int, most_looks: int
) -> Found:  # fmt: skip
    """Find every legal set of these sizes that is worth more than its members' prices; each once.

    Args:
        pool: Who could sit with whom.
        prices: The members' own bonus taken off, shape (member,); at least 0 where the pool has no matrix. No two
            members may contribute exactly the same to a set: prices that differ by a hair see to that.
        sizes: Fewest and most members of the sets asked for.
        factor: f above.
        most: Stop after so many sets.
        most_looks: Stop after so many looks at a possible newcomer.
    """
    found = Found(
        np.full((most, sizes[1]), -1, np.int64), np.zeros(most, np.int64), np.zeros(most), 0, is_complete=False
    )
    walk, cheap = _stand(len(prices), sizes[1], pool.reach.shape[1]), np.argsort(prices, kind="stable")
    n_found, n_looks, is_complete = _find(pool, prices, cheap, sizes, factor, walk, found, most_looks)
    # Copies: a slice would keep the whole of what was set aside.
    some = (found.members[:n_found].copy(), found.sizes[:n_found].copy(), found.surplus[:n_found].copy())
    return Found(*some, n_looks, is_complete)


def _stand(n_members: int, most: int, n_words: int) -> Walk:
    """Nobody, ready to go."""
    return Walk(
        inside=np.zeros(most + 1, np.int64),
        own=np.zeros((most + 2, most + 1)),
        total=np.zeros(most + 1),
        cost=np.zeros(most + 1),
        near=np.zeros((most + 1, n_members), np.int64),
        pull=np.zeros((most + 1, n_members)),
        n_near=np.zeros(most + 1, np.int64),
        place=np.full(n_members, -1, np.int64),
        look=np.zeros(most + 1, np.int64),
        reach=np.zeros((most + 1, n_words), np.uint64),
    )


@compiled
def _find(  # noqa: C901, PLR0913, PLR0917  (one walk through all sets)
    pool: Pool, prices: Floats, cheap: Rows, sizes: tuple[int, int], factor: float, walk: Walk, found: Found,
    most_looks: int,
) -> tuple[int, int, bool]:  # fmt: skip
    """Write down what is found; returns how many, after how many looks, and whether that is all."""
    n_found, n_looks = 0, 0
    for first in range(len(prices)):
        is_dense = len(pool.matrix) > 0
        for entry in range(first + 1, len(prices)) if is_dense else range(pool.starts[first], pool.starts[first + 1]):
            second = entry if is_dense else pool.partners[entry]
            weight = pool.matrix[first, second] if is_dense else pool.weights[entry]
            if second < first or not _begin(pool, prices, factor, walk, first, second, weight):
                continue
            size = 2
            while size >= 2:
                if walk.look[size] == 0 and size >= sizes[0] and n_broken(pool, walk.inside, size) == 0:
                    gain = walk.total[size] / (size - 1) - way_cost(pool, walk.inside, size)
                    if gain > 0.0:
                        if n_found == len(found.sizes):
                            return n_found, n_looks, False
                        for a in range(size):
                            found.members[n_found, a] = walk.inside[a]
                        found.sizes[n_found], found.surplus[n_found] = size, gain
                        n_found += 1
                newcomer, drawn, seen = -1, 0.0, 0
                if size < sizes[1]:
                    newcomer, drawn, seen = _newcomer(pool, prices, cheap, factor, walk, size)
                n_looks += seen
                if n_looks > most_looks:
                    return n_found, n_looks, False
                if newcomer >= 0:
                    _join(pool, prices, factor, walk, size, newcomer, drawn)
                    size += 1
                else:
                    _forget(walk, size)
                    size -= 1
    return n_found, n_looks, True


@compiled
def _begin(  # noqa: PLR0913, PLR0917  (one step of the walk)
    pool: Pool, prices: Floats, factor: float, walk: Walk, first: int, second: int, weight: float
) -> bool:
    """Begin with a pair; False where they are not worth their prices, or cannot meet."""
    gain = factor * weight - prices[first] - prices[second]
    if gain <= 0.0:
        return False
    can_meet = pool.reach.shape[1] == 0
    for word in range(pool.reach.shape[1]):
        walk.reach[2, word] = pool.reach[first, word] & pool.reach[second, word]
        can_meet = can_meet or walk.reach[2, word] != 0
    if not can_meet:
        return False
    walk.inside[0], walk.inside[1] = first, second
    walk.own[2, 0] = walk.own[2, 1] = walk.total[2] = gain
    walk.cost[2] = prices[first] + prices[second]
    walk.n_near[1] = walk.n_near[2] = 0
    walk.look[2] = 0
    _meet(pool, walk, 2, first)
    _meet(pool, walk, 2, second)
    return True


@compiled
def _meet(pool: Pool, walk: Walk, size: int, member: int) -> None:
    """The member's partners are near now."""
    for entry in range(pool.starts[member], pool.starts[member + 1]):
        other = pool.partners[entry]
        if walk.place[other] < 0:
            walk.place[other] = walk.n_near[size]
            walk.near[size, walk.n_near[size]] = other
            walk.pull[size, walk.n_near[size]] = 0.0
            walk.n_near[size] += 1
        walk.pull[size, walk.place[other]] += pool.weights[entry]


@compiled
def _forget(walk: Walk, size: int) -> None:
    """Those who were near the last member alone are so no more."""
    for position in range(walk.n_near[size - 1], walk.n_near[size]):
        walk.place[walk.near[size, position]] = -1


@compiled
def _newcomer(
    pool: Pool, prices: Floats, cheap: Rows, factor: float, walk: Walk, size: int
) -> tuple[int, float, int]:  # fmt: skip
    """The next who can join: the set stays worth more than it costs, and nobody in it contributes less.

    First those who know somebody inside, then strangers, the cheapest first, as long as they can be afforded.

    Returns:
        The member, or -1; their weights with those inside, summed; looks taken.
    """
    starts, partners, weights, matrix = pool.starts, pool.partners, pool.weights, pool.matrix
    inside, own, above, place = walk.inside, walk.own[size], walk.own[size + 1], walk.place
    near, pull, n_near = walk.near[size], walk.pull[size], walk.n_near[size]
    cost, worth_it = walk.cost[size], walk.cost[size] - walk.total[size]
    begin = look = walk.look[size]
    for look in range(begin, n_near + len(prices)):
        is_near = look < n_near
        other = near[look] if is_near else cheap[look - n_near]
        drawn = pull[look] if is_near else 0.0
        gross = factor * drawn - size * prices[other]
        if gross <= worth_it:
            if is_near:
                continue
            break
        if drawn <= FORBIDDEN / 2 or not (is_near or place[other] < 0):
            continue
        is_least = True
        for a in range(size):
            one = inside[a]
            shared = weight_of(starts, partners, weights, matrix, one, other)
            above[a] = own[a] + factor * shared - prices[one] - prices[other]
            if one == other or above[a] < gross - cost or (above[a] == gross - cost and one < other):
                is_least = False
                break
        if is_least and _can_reach(pool, walk, size, other):
            walk.look[size] = look + 1
            return other, drawn, look + 1 - begin
    walk.look[size] = n_near + len(prices)
    return -1, 0.0, look + 1 - begin


@compiled
def _can_reach(pool: Pool, walk: Walk, size: int, other: int) -> bool:
    """Whether a town remains that all can reach, when the other joins."""
    can_meet: bool = pool.reach.shape[1] == 0
    for word in range(pool.reach.shape[1]):
        walk.reach[size + 1, word] = walk.reach[size, word] & pool.reach[other, word]
        can_meet = can_meet or walk.reach[size + 1, word] != 0
    return can_meet


@compiled
def _join(  # noqa: PLR0913, PLR0917  (one step of the walk)
    pool: Pool, prices: Floats, factor: float, walk: Walk, size: int, newcomer: int, drawn: float
) -> None:  # fmt: skip
    """Let the newcomer in, whom `_newcomer` has just found."""
    gained = factor * drawn - size * prices[newcomer] - walk.cost[size]
    walk.inside[size] = newcomer
    walk.own[size + 1, size] = gained
    walk.total[size + 1] = walk.total[size] + gained
    walk.cost[size + 1] = walk.cost[size] + prices[newcomer]
    walk.n_near[size + 1] = n_near = walk.n_near[size]
    walk.look[size + 1] = 0
    if size + 2 < len(walk.look):  # the largest sets look at nobody
        for position in range(n_near):
            walk.near[size + 1, position], walk.pull[size + 1, position] = (
                walk.near[size, position],
                walk.pull[size, position],
            )
        _meet(pool, walk, size + 1, newcomer)


@compiled
def raise_prices(prices: Floats, found: Found, surplus: Floats, order: Rows) -> None:
    """Raise prices, in place, until no set found is worth more than it costs: each set's lack is shared by its members.

    Args:
        prices: The prices at which the sets were found, shape (member,).
        found: The sets.
        surplus: By how much each is worth more than it costs now, shape (set,).
        order: In which order to look at them.
    """
    paid = np.zeros(len(prices), np.float64)
    for number in order:
        lack, size = surplus[number], found.sizes[number]
        for a in range(size):
            lack -= paid[found.members[number, a]]
        if lack > 0.0:
            for a in range(size):
                paid[found.members[number, a]] += lack / size
    prices += paid


@compiled
def pick_sets(found: Found, order: Rows, n_members: int, most_each: int) -> Rows:
    """Of these sets, in this order, those that bring a member one of their first few; positions in `order`."""
    n_of = np.zeros(n_members, np.int64)
    picked = np.zeros(len(order), np.bool_)
    for position in range(len(order)):
        number = order[position]
        fewest = most_each
        for a in range(found.sizes[number]):
            fewest = min(fewest, n_of[found.members[number, a]])
        if fewest < most_each:
            picked[position] = True
            for a in range(found.sizes[number]):
                n_of[found.members[number, a]] += 1
    return np.flatnonzero(picked)
