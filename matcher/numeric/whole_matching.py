"""From a matching with halves to a whole one: odd circles are cut, then alternating walks mend what that cost.

A walk adds and drops pairs in turn. At the prices of the best matching with halves most pairs cost nothing to add or
drop, so walks are searched by what they cost. A walk that would use a pair twice, as some around an odd circle do, is
not followed: that is why the result is near the best, and need not be the best.

Source: J. Maue and P. Sanders, Engineering algorithms for approximate weighted matching, WEA 2007, for improving a
matching along alternating paths.
"""

import heapq
from typing import Any, NamedTuple

import numpy as np

from matcher.numeric.compiled import compiled
from matcher.numeric.match_arcs import Arcs
from matcher.units import Flags, Rows

FAR = 2**62
"""Farther than any walk."""

MOST_STEPS = 30_000
"""Arcs that one walk may look at: the way from one odd circle to the next is far shorter."""


class Whole(NamedTuple):
    """Whether an edge is chosen, shape (edge,); and how many places of each member are free, shape (member,)."""

    chosen: Flags
    spare: Rows


class Walks(NamedTuple):
    """What one search knows of states: 2 x member where that member has a place free, + 1 where one pair too many.

    Attributes:
        cost: Least cost of a walk there, FAR between searches, shape (state,).
        arc: The arc by which the walk arrives, shape (state,).
        is_done: Whether the cost is final, False between searches, shape (state,).
    """

    cost: Rows
    arc: Rows
    is_done: Flags


def whole_matching(arcs: Arcs, limits: Rows, held: Flags, prices: Rows) -> Flags:
    """Make a matching with halves whole.

    Args:
        arcs: The graph.
        limits: Places of each member, shape (member,).
        held: Whether an arc is chosen, as `fractional_matching` finds it, shape (arc,).
        prices: What twice a place of each member is worth, in steps, shape (member,).

    Returns:
        Whether an edge is chosen, shape (edge,); no walk that was looked at would add to the weight.
    """
    n_members = len(limits)
    whole = Whole(np.zeros(len(arcs.other) // 2, np.bool_), limits.copy())
    _keep_whole(arcs, held, whole)
    _cut_trails(arcs, held & ~held[arcs.twin], prices, whole)
    walks = Walks(np.full(2 * n_members, FAR), np.zeros(2 * n_members, np.int64), np.zeros(2 * n_members, np.bool_))
    while _improve(arcs, prices, whole, walks, MOST_STEPS):
        pass
    return whole.chosen


@compiled
def _keep_whole(arcs: Arcs, held: Flags, whole: Whole) -> None:
    """Choose what is held both ways."""
    for p in range(len(held)):
        if held[p] and held[arcs.twin[p]]:
            whole.chosen[arcs.edge[p]] = True
            whole.spare[arcs.other[p]] -= 1


@compiled
def _cut_trails(arcs: Arcs, is_half: Flags, prices: Rows, whole: Whole) -> None:
    """Follow half-chosen arcs from giver to taker and choose every second; an odd circle opens where it is cheapest."""
    n = len(prices)
    balance, at = np.zeros(n, np.int64), arcs.first[:-1].copy()
    for p in range(len(is_half)):
        if is_half[p]:
            balance[arcs.other[arcs.twin[p]]] += 1
            balance[arcs.other[p]] -= 1
    for is_circle in (False, True):  # what has two ends goes first: it must begin where it begins
        for start in range(n):
            while is_circle or balance[start] > 0:
                trail = _trail(arcs, is_half, at, start)
                if len(trail) == 0:
                    break
                balance[start] -= 1
                _choose_alternate(arcs, trail, prices, whole)


@compiled
def _trail(arcs: Arcs, is_half: Flags, at: Rows, start: int) -> list[int]:
    """Follow arcs that nobody has followed, as far as they go."""
    trail = [0]
    trail.clear()
    here = start
    while True:
        while at[here] < arcs.first[here + 1] and not is_half[at[here]]:
            at[here] += 1
        if at[here] == arcs.first[here + 1]:
            return trail
        trail.append(at[here])
        at[here] += 1
        here = arcs.other[trail[-1]]


@compiled
def _choose_alternate(arcs: Arcs, trail: list[int], prices: Rows, whole: Whole) -> None:
    """Choose the heavier half of a trail; an odd circle loses the cheapest place it passes."""
    n_arcs = len(trail)
    is_circle = arcs.other[arcs.twin[trail[0]]] == arcs.other[trail[-1]]
    if is_circle and n_arcs % 2 == 1:
        opening = 0
        for k in range(n_arcs):
            if prices[arcs.other[trail[k]]] < prices[arcs.other[trail[opening]]]:
                opening = k
        offset, n_arcs = opening + 2, n_arcs - 1
    else:
        odd, even = np.int64(0), np.int64(0)
        for k in range(n_arcs):
            if k % 2:
                odd += arcs.weight[trail[k]]
            else:
                even += arcs.weight[trail[k]]
        offset = 1 if odd > even else 0
        n_arcs -= offset
    for k in range(0, n_arcs, 2):
        p = trail[(offset + k) % len(trail)]
        whole.chosen[arcs.edge[p]] = True
        whole.spare[arcs.other[p]] -= 1
        whole.spare[arcs.other[arcs.twin[p]]] -= 1


@compiled
def _improve(arcs: Arcs, prices: Rows, whole: Whole, walks: Walks, most_steps: int) -> bool:
    """From each member with a place free that is worth something, walk to where it is worth more to somebody else."""
    is_better = False
    dearest = np.int64(0)
    for member in range(len(prices)):
        if whole.spare[member] > 0:
            dearest = max(dearest, prices[member])
    for start in range(len(prices)):
        if whole.spare[start] > 0 and prices[start] > 0:
            end, states = _best_walk(arcs, prices, whole, walks, (start, dearest, most_steps))
            if end >= 0:
                _swap(arcs, whole, walks, start, end)
                is_better = True
            for state in states:
                walks.cost[state], walks.is_done[state] = FAR, False
    return is_better


@compiled
def _best_walk(arcs: Arcs, prices: Rows, whole: Whole, walks: Walks, order: Any) -> tuple[int, list[int]]:  # noqa: ANN401
    """Search by falling gain: what is added less what is dropped is the prices at both ends less the walk's cost.

    `order` is where to start, the dearest place that is free, and how many arcs to look at. Returns the state in
    which the best walk ends, or -1 where none gains anything, and all states that were reached.
    """
    start, dearest, steps = order
    states = [2 * start]
    heap = [(np.int64(0), 2 * start)]
    walks.cost[2 * start] = 0
    best, end = np.int64(0), -1
    while len(heap) > 0 and steps > 0 and heap[0][0] < prices[start] + dearest - best:
        so_far, state = heapq.heappop(heap)
        if walks.is_done[state]:
            continue
        walks.is_done[state] = True
        gain = _gain(prices, whole, start, state) - so_far
        if gain > best:
            best, end = gain, state
        steps -= _walk_on(arcs, prices, whole, walks, (state, start, prices[start] + dearest - best), (states, heap))
    return end, states


@compiled
def _gain(prices: Rows, whole: Whole, start: int, state: int) -> int:
    """What a walk without cost to this state would add to twice the weight; 0 if it may not end there."""
    member, is_over = state // 2, state % 2 == 1
    if not is_over:
        return int(prices[start] - prices[member])
    return int(prices[start] + prices[member]) if whole.spare[member] > (1 if member == start else 0) else 0


@compiled
def _walk_on(arcs: Arcs, prices: Rows, whole: Whole, walks: Walks, at: tuple[int, int, int], found: Any) -> int:  # noqa: ANN401
    """Go one pair further from a state: add one to a free place, drop one of too many; returns the arcs looked at."""
    state, start, farthest = at
    states, heap = found
    member, is_over = state // 2, state % 2 == 1
    n_steps = 0
    for p in range(arcs.first[member], arcs.first[member + 1]):
        n_steps += 1
        if not is_over and walks.cost[state] + prices[member] - 2 * arcs.weight[p] >= farthest:
            break
        if whole.chosen[arcs.edge[p]] != is_over:
            continue
        slack = prices[member] + prices[arcs.other[p]] - 2 * arcs.weight[p]
        cost = walks.cost[state] + max(0, -slack if is_over else slack)
        there = 2 * arcs.other[p] + (0 if is_over else 1)
        if cost < walks.cost[there] and not _is_walked(arcs, walks, state, arcs.edge[p], 2 * start):
            if walks.cost[there] == FAR:
                states.append(there)
            walks.cost[there], walks.arc[there] = cost, p
            heapq.heappush(heap, (cost, there))
    return n_steps


@compiled
def _is_walked(arcs: Arcs, walks: Walks, state: int, edge: int, start: int) -> bool:
    """Whether the walk to this state has used the edge already: then it came by it to this very member before."""
    before = state ^ 1
    if before == start or not walks.is_done[before] or arcs.edge[walks.arc[before]] != edge:
        return False
    while state not in (start, before):
        state = 2 * arcs.other[arcs.twin[walks.arc[state]]] + (1 - state % 2)
    return state == before


@compiled
def _swap(arcs: Arcs, whole: Whole, walks: Walks, start: int, end: int) -> None:
    """Add and drop along the walk."""
    whole.spare[start] -= 1
    whole.spare[end // 2] += -1 if end % 2 else 1
    state = end
    while state != 2 * start:
        edge = arcs.edge[walks.arc[state]]
        whole.chosen[edge] = not whole.chosen[edge]
        state = 2 * arcs.other[arcs.twin[walks.arc[state]]] + (1 - state % 2)
