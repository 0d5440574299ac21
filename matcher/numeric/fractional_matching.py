"""The best matching when a pair may also be half chosen: exactly, with the prices that prove it.

Seen twice, once as somebody who gives and once as somebody who takes, members form a graph without odd cycles.
There the best choice of arcs (a giver and a taker, each within their limit) is whole and comes with a price for each
giver and each taker. A pair chosen in both directions is chosen; in one, half chosen. Members' prices are the sums
of their two. How halves are made whole is told in `whole_matching`.

An auction with a coarse least bid finds nearly right prices; shortest paths then mend what it left, and are short.

Source: D. P. Bertsekas, The auction algorithm, Annals of Operations Research 14, 1988; R. Jonker and A. Volgenant,
A shortest augmenting path algorithm for dense and sparse linear assignment problems, Computing 38, 1987.
"""

import heapq
from typing import Any, NamedTuple

import numpy as np

from matcher.numeric.compiled import compiled
from matcher.numeric.match_arcs import Arcs
from matcher.units import Flags, Rows

FAR = 2**62
"""Farther than any path."""

LEAST_BID = 1 / 500
"""What a bid adds at least, as a share of the heaviest weight. Coarser leaves more to mend, finer bids longer."""

MOST_BIDS = 500
"""The auction looks at most at so many arcs a member and place before shortest paths take over."""


MOST_LOOKS = 100
"""Shortest paths look at most at so many arcs an arc, each way; ordinary weights take under 10. Where a large pool has
few different weights, what is not mended by then stays: the prices hold all the same, only the gap grows."""


class Side(NamedTuple):
    """Givers or takers: what one more place would be worth, in steps, and how many places are used; shape (member,)."""

    price: Rows
    used: Rows


class Paths(NamedTuple):
    """What one search knows; all FAR or False between searches.

    Attributes:
        giver: Least cost of a path to each giver, shape (member,).
        taker: Least cost of a path to each taker, shape (member,).
        given_up: The arc to a taker that the path takes from each giver, shape (member,).
        taken_by: The arc from a giver by which the path reaches each taker, shape (member,).
        is_done: Whether a giver's cost is final, shape (member,).
    """

    giver: Rows
    taker: Rows
    given_up: Rows
    taken_by: Rows
    is_done: Flags


def fractional_matching(arcs: Arcs, limits: Rows) -> tuple[Flags, Rows]:
    """Choose arcs of the largest total weight, nobody giving or taking more often than their limit.

    Args:
        arcs: Weights not negative.
        limits: Places of each member, at least 1, shape (member,).

    Returns:
        Whether an arc is chosen, shape (arc,); and each member's two prices together, in steps, shape (member,).
        By duality, half of the sum over members of limit x price, and over edges of what twice the weight exceeds
        both prices by, is the weight of the best matching with halves (if MOST_LOOKS were enough), and never less.

    Cost: 100,000 members with 20 pairs each take about 5 s.
    """
    n_members = len(limits)
    least = max(1, int(arcs.weight.max(initial=0) * LEAST_BID))
    held, take_price = _auction(arcs, limits, least, MOST_BIDS * int(limits.sum()))
    givers = Side(np.zeros(n_members, np.int64), np.zeros(n_members, np.int64))
    takers = Side(take_price, np.zeros(n_members, np.int64))
    giver, taker, given_up, taken_by = (np.full(n_members, FAR) for _ in range(4))
    paths = Paths(giver, taker, given_up, taken_by, np.zeros(n_members, np.bool_))
    _settle(arcs, held, givers, takers)
    _mend(arcs, limits, held, givers, takers, paths)
    turned: Flags = held[arcs.twin]
    _mend(arcs, limits, turned, takers, givers, paths)  # a taker whom nobody chose must be worth nothing
    return turned[arcs.twin], givers.price + takers.price


@compiled
def _auction(arcs: Arcs, limits: Rows, least: int, looks: int) -> tuple[Flags, Rows]:
    """Let givers bid for places; of a full taker's holders whoever bid least is outbid. Takers' prices only rise."""
    n = len(limits)
    give_price, price = np.zeros(n, np.int64), np.zeros(n, np.int64)
    given, taken = np.zeros(n, np.int64), np.zeros(n, np.int64)
    held = np.zeros(len(arcs.other), np.bool_)
    queue, is_waiting, head, n_waiting = np.arange(n), np.ones(n, np.bool_), 0, n
    while n_waiting > 0 and looks > 0:
        giver = queue[head]
        head, n_waiting = (head + 1) % n, n_waiting - 1
        is_waiting[giver] = False
        while given[giver] < limits[giver] and looks > 0:
            arc, second, n_seen = _two_best(arcs, held, price, giver)
            looks -= n_seen
            give_price[giver] = max(second - least, 0)
            if arc < 0:
                break
            taker, bid = arcs.other[arc], arcs.weight[arc] - give_price[giver]
            out, lowest, next_lowest = _lowest_bid(arcs, held, give_price, taker)
            if taken[taker] < limits[taker]:
                held[arc] = True
                given[giver] += 1
                taken[taker] += 1
                if taken[taker] == limits[taker]:
                    price[taker] = min(bid, lowest)
            elif bid <= lowest:
                price[taker] = max(price[taker] + least, bid)
            else:
                loser = arcs.other[arcs.twin[out]]
                held[out], held[arc] = False, True
                given[loser] -= 1
                given[giver] += 1
                price[taker] = max(price[taker] + least, min(bid, next_lowest))
                if not is_waiting[loser]:
                    is_waiting[loser] = True
                    queue[(head + n_waiting) % n] = loser
                    n_waiting += 1
    return held, price


@compiled
def _two_best(arcs: Arcs, held: Flags, price: Rows, giver: int) -> Any:  # noqa: ANN401 -- three numbers of numba
    """The best arc that is worth anything at these prices, or -1; what the second best is worth; arcs looked at."""
    arc, best, second, seen = -1, np.int64(0), np.int64(0), 0
    for p in range(arcs.first[giver], arcs.first[giver + 1]):
        seen += 1
        if arcs.weight[p] <= second:
            break
        worth = arcs.weight[p] - price[arcs.other[p]]
        if not held[p] and worth > second:
            if worth > best:
                arc, best, second = p, worth, best
            else:
                second = worth
    return arc, second, seen


@compiled
def _lowest_bid(arcs: Arcs, held: Flags, give_price: Rows, taker: int) -> Any:  # noqa: ANN401 -- three numbers of numba
    """The arc of the holder who would let go first, and at which price the first and the second would."""
    out, lowest, second = -1, np.int64(FAR), np.int64(FAR)
    for p in range(arcs.first[taker], arcs.first[taker + 1]):
        if held[arcs.twin[p]]:
            bid = arcs.weight[p] - give_price[arcs.other[p]]
            if bid < lowest:
                out, lowest, second = arcs.twin[p], bid, lowest
            elif bid < second:
                second = bid
    return out, lowest, second


@compiled
def _settle(arcs: Arcs, held: Flags, givers: Side, takers: Side) -> None:
    """Price givers by the best that they do not hold, let go of what is worth less, and count who holds what."""
    for giver in range(len(givers.price)):
        mine = range(arcs.first[giver], arcs.first[giver + 1])
        for p in mine:
            if not held[p]:
                givers.price[giver] = max(givers.price[giver], arcs.weight[p] - takers.price[arcs.other[p]])
        for p in mine:
            if held[p] and arcs.weight[p] - takers.price[arcs.other[p]] < givers.price[giver]:
                held[p] = False
            elif held[p]:
                givers.used[giver] += 1
                takers.used[arcs.other[p]] += 1


@compiled
def _mend(arcs: Arcs, limits: Rows, held: Flags, givers: Side, takers: Side, paths: Paths) -> None:
    """Fill each giver's free places, or lower the price of a place to nothing, along shortest paths.

    Before and after: what is held is worth at least the giver's price, what is not held at most.
    """
    looks = MOST_LOOKS * len(held)
    for start in range(len(limits)):
        while givers.used[start] < limits[start] and givers.price[start] > 0 and looks > 0:
            cost, end, is_taker, seen_givers, seen_takers = _shortest(
                arcs, limits, held, (givers, takers), paths, start
            )
            for giver in seen_givers:
                if paths.is_done[giver]:
                    looks -= arcs.first[giver + 1] - arcs.first[giver]
                    givers.price[giver] -= max(cost - paths.giver[giver], 0)
            for taker in seen_takers:
                takers.price[taker] += max(cost - paths.taker[taker], 0)
            givers.used[start] += 1
            if is_taker:
                takers.used[end] += 1
                held[paths.taken_by[end]] = True
                end = arcs.other[arcs.twin[paths.taken_by[end]]]
            else:
                givers.used[end] -= 1
            while end != start:
                taker = arcs.other[paths.given_up[end]]
                held[paths.given_up[end]], held[paths.taken_by[taker]] = False, True
                end = arcs.other[arcs.twin[paths.taken_by[taker]]]
            for giver in seen_givers:
                paths.giver[giver], paths.is_done[giver] = FAR, False
            for taker in seen_takers:
                paths.taker[taker] = FAR


@compiled
def _shortest(
    arcs: Arcs, limits: Rows, held: Flags, sides: tuple[Side, Side], paths: Paths, start: int
) -> tuple[int, int, bool, Any, Any]:
    """Find the cheapest way to use a place of this giver: a free taker, or a giver (maybe this one) who gives one up.

    Returns:
        What it costs, where it ends, whether there is a taker; all givers and takers that were reached.
    """
    givers, takers = sides
    best, end, is_taker = givers.price[start], start, False
    paths.giver[start] = 0
    seen_givers, seen_takers = [start], [start]
    seen_takers.clear()
    heap = [(np.int64(0), start)]
    while len(heap) > 0 and heap[0][0] < best:
        so_far, giver = heapq.heappop(heap)
        if paths.is_done[giver]:
            continue
        paths.is_done[giver] = True
        for p in range(arcs.first[giver], arcs.first[giver + 1]):
            least = so_far + givers.price[giver] - arcs.weight[p]
            if least >= best:
                break
            taker = arcs.other[p]
            cost = least + takers.price[taker]
            if held[p] or cost >= min(best, paths.taker[taker]):
                continue
            if paths.taker[taker] == FAR:
                seen_takers.append(taker)
            paths.taker[taker], paths.taken_by[taker] = cost, p
            if takers.used[taker] < limits[taker]:
                best, end, is_taker = cost, taker, True
            else:
                nearest, who = _reach_holders(arcs, held, sides, paths, (taker, best), (seen_givers, heap))
                if nearest < best:
                    best, end, is_taker = nearest, who, False
    return best, end, is_taker, seen_givers, seen_takers


@compiled
def _reach_holders(
    arcs: Arcs, held: Flags, sides: tuple[Side, Side], paths: Paths, at: tuple[int, int], found: tuple[Any, Any]
) -> Any:  # noqa: ANN401 -- two numbers of numba
    """Go on from a full taker to all who hold a place there, if nearer than `at[1]`; the cheapest to give one up."""
    givers, takers = sides
    taker, best = at
    seen_givers, heap = found
    who = -1
    for q in range(arcs.first[taker], arcs.first[taker + 1]):
        if held[arcs.twin[q]]:
            holder = arcs.other[q]
            cost = paths.taker[taker] + arcs.weight[q] - givers.price[holder] - takers.price[taker]
            if cost < min(best, paths.giver[holder]):
                if paths.giver[holder] == FAR:
                    seen_givers.append(holder)
                paths.giver[holder], paths.given_up[holder] = cost, arcs.twin[q]
                heapq.heappush(heap, (cost, holder))
                if cost + givers.price[holder] < best:
                    best, who = cost + givers.price[holder], holder
    return best, who
