"""Pairs by wishes: first those who are each other's first choice, then whoever would rather change may.

In the first round two go together who are each other's first choice among all who are still free; where wishes run in
a circle, the heaviest pair opens it. In the second round everyone in turn may leave for somebody who would rather
have them as well; each may do so a limited number of times, because around a circle it would never end.

Source: P. Diamantoudi, E. Miyagawa and L. Xue, Random paths to stability in the roommate problem, Games and Economic
Behavior 48, 2004: such changes lead to a stable matching where there is one.
"""

from typing import NamedTuple

import numpy as np

from matcher.numeric.compiled import compiled
from matcher.units import Flags, Floats, Rows

MOST_CHANGES = 20
"""How often a member may choose anew. With 10 or 1,000 as many pairs were left who would rather have each other."""


class Lists(NamedTuple):
    """Whom each member wishes for: where their edges begin, (member + 1,); edges, the dearest first; how far we are."""

    first: Rows
    wished: Rows
    at: Rows


def pair_first_choices(edges: Rows, weights: Floats, wishes: Floats, limits: Rows) -> Flags:
    """Pair first choices, and let who would rather change do so.

    Unless wishes run in a circle, the first round alone leaves no two who would both rather have each other: whoever
    was free was not wished for more. Equal wishes are told apart by weight, equal weights by position.

    Args:
        edges: Both members of each edge, shape (edge, 2).
        weights: What to go by in a circle, shape (edge,).
        wishes: How much each of the two wishes for the other, shape (edge, 2).
        limits: Places of each member, shape (member,).

    Returns:
        Whether an edge is chosen, shape (edge,).

    Cost: sorting the edges; 100,000 members with 20 edges each take about 3 s.
    """
    n_edges, heaviest = len(edges), np.argsort(-weights, kind="stable")
    rank = np.empty(n_edges, np.int64)
    rank[heaviest] = np.arange(n_edges)
    order = np.lexsort((np.tile(rank, 2), -wishes.T.ravel(), edges.T.ravel()))
    first = np.concatenate([[0], np.cumsum(np.bincount(edges.ravel(), minlength=len(limits)))]).astype(np.int64)
    lists = Lists(first, order % max(n_edges, 1), first[:-1].copy())
    chosen: Flags = np.zeros(n_edges, np.bool_)
    edges, spare = np.ascontiguousarray(edges, np.int64), limits.copy()
    _pair(edges, lists, heaviest, spare, chosen)
    _change(edges, lists, wishes, spare, chosen)
    return chosen


@compiled
def _pair(edges: Rows, lists: Lists, heaviest: Rows, spare: Rows, chosen: Flags) -> None:
    """Take turns until no edge is open."""
    asking = list(range(len(spare)))
    for next_heaviest in heaviest:
        while len(asking) > 0:
            member = asking.pop()
            e = _first_choice(edges, lists, spare, chosen, member)
            if e >= 0:
                other = edges[e, 0] + edges[e, 1] - member
                if _first_choice(edges, lists, spare, chosen, other) == e:
                    _choose(edges, lists, spare, asking, e)
                    chosen[e] = True
        if _is_open(edges, spare, chosen, next_heaviest):
            _choose(edges, lists, spare, asking, next_heaviest)
            chosen[next_heaviest] = True


@compiled
def _is_open(edges: Rows, spare: Rows, chosen: Flags, e: int) -> bool:
    return not chosen[e] and spare[edges[e, 0]] > 0 and spare[edges[e, 1]] > 0


@compiled
def _first_choice(edges: Rows, lists: Lists, spare: Rows, chosen: Flags, member: int) -> int:
    """The member's dearest edge that is still open, or -1."""
    at, end = lists.at, lists.first[member + 1]
    while at[member] < end and not _is_open(edges, spare, chosen, lists.wished[at[member]]):
        at[member] += 1
    return int(lists.wished[at[member]]) if at[member] < end else -1


@compiled
def _choose(edges: Rows, lists: Lists, spare: Rows, asking: list[int], e: int) -> None:
    """Fill a place of both; they, and whoever wished for one who is now full, must look again."""
    for member in edges[e]:
        spare[member] -= 1
        asking.append(member)
        if spare[member] == 0:
            for p in range(lists.first[member], lists.first[member + 1]):
                wished = lists.wished[p]
                asking.append(edges[wished, 0] + edges[wished, 1] - member)


@compiled
def _change(edges: Rows, lists: Lists, wishes: Floats, spare: Rows, chosen: Flags) -> None:
    """Let members in turn take their dearest who would have them, leaving the one they wish for least if need be."""
    n_changes = np.zeros(len(spare), np.int64)
    asking = list(range(len(spare)))
    while len(asking) > 0:
        member = asking.pop()
        e = _dearest_willing(edges, lists, wishes, spare, chosen, member)
        if e < 0 or n_changes[member] == MOST_CHANGES:
            continue
        n_changes[member] += 1
        for one in edges[e]:
            if spare[one] == 0:
                left = _least_got(lists, chosen, one)
                chosen[left] = False
                spare[edges[left]] += 1
                asking.append(edges[left, 0] + edges[left, 1] - one)
        chosen[e] = True
        spare[edges[e]] -= 1
        asking.append(edges[e, 0] + edges[e, 1] - member)
        asking.append(member)


@compiled
def _dearest_willing(edges: Rows, lists: Lists, wishes: Floats, spare: Rows, chosen: Flags, member: int) -> int:
    """The dearest edge that both would rather have than the least of what they have, or -1."""
    least = _least_wish(edges, lists, wishes, spare, chosen, member)
    for p in range(lists.first[member], lists.first[member + 1]):
        e = lists.wished[p]
        other = edges[e, 0] + edges[e, 1] - member
        if _wish(edges, wishes, e, member) <= least:
            return -1
        if not chosen[e] and _wish(edges, wishes, e, other) > _least_wish(edges, lists, wishes, spare, chosen, other):
            return int(e)
    return -1


@compiled
def _least_wish(edges: Rows, lists: Lists, wishes: Floats, spare: Rows, chosen: Flags, member: int) -> float:
    """How much a member must wish for somebody to change: anything for a free place, more than anything for none."""
    if spare[member] > 0:
        return -np.inf
    e = _least_got(lists, chosen, member)
    return _wish(edges, wishes, e, member) if e >= 0 else np.inf


@compiled
def _wish(edges: Rows, wishes: Floats, e: int, member: int) -> float:
    return float(wishes[e, 0 if edges[e, 0] == member else 1])


@compiled
def _least_got(lists: Lists, chosen: Flags, member: int) -> int:
    """The chosen edge that the member wishes for least, or -1."""
    for p in range(lists.first[member + 1] - 1, lists.first[member] - 1, -1):
        if chosen[lists.wished[p]]:
            return int(lists.wished[p])
    return -1
