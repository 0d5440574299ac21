"""A graph as compiled code walks it: every edge twice, once from each end, the heaviest first."""

from typing import Any, NamedTuple

import numpy as np

from matcher.numeric.compiled import compiled
from matcher.units import Rows


class Arcs(NamedTuple):
    """Every edge seen from each of its two ends; arc p stands in the rows of the member who looks.

    Attributes:
        first: Where each member's arcs begin, and the end of the last, shape (member + 1,).
        other: Who is at the other end, shape (arc,).
        twin: The same edge seen from there, shape (arc,).
        edge: Its position among the edges, shape (arc,).
        weight: Its weight in whole steps; falling within a member's rows, shape (arc,).
    """

    first: Rows
    other: Rows
    twin: Rows
    edge: Rows
    weight: Rows


def arcs_of(edges: Rows, steps: Rows, n_members: int) -> Arcs:
    """Sort edges by member and falling weight; of equal ones the earlier comes first.

    Args:
        edges: Both members of each edge, below n_members, shape (edge, 2).
        steps: Weights in whole steps, shape (edge,).
        n_members: How many members there are.
    """
    first = np.concatenate([[0], np.cumsum(np.bincount(edges.ravel(), minlength=n_members))]).astype(np.int64)
    order = np.argsort(-steps, kind="stable")
    other, twin, edge, weight = (np.empty(2 * len(edges), np.int64) for _ in range(4))
    _deal(np.ascontiguousarray(edges, np.int64), steps, order, first[:-1].copy(), (other, twin, edge, weight))
    return Arcs(first, other, twin, edge, weight)


@compiled
def _deal(edges: Rows, steps: Rows, order: Rows, free: Rows, columns: Any) -> None:  # noqa: ANN401 -- numba's own tuple
    """Give each edge, in this order, the next free arc of both members."""
    other, twin, edge, weight = columns
    for e in order:
        a, b = edges[e, 0], edges[e, 1]
        there, back = free[a], free[b]
        free[a] += 1
        free[b] += 1
        other[there], other[back] = b, a
        twin[there], twin[back] = back, there
        edge[there] = edge[back] = e
        weight[there] = weight[back] = steps[e]
