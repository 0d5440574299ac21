"""A graph cut into parts of bounded size, each grown along its heaviest links."""

import numpy as np

from matcher.numeric.compiled import compiled
from matcher.units import Floats, Rows


@compiled
def grow_parts(  # noqa: C901  (one walk)
    starts: Rows, partners: Rows, weights: Floats, sizes: Rows, most: int, seeds: Rows
) -> tuple[Rows, int]:
    """Grow one part after another, always by who is drawn to it most; of equals the first to be met.

    Args:
        starts: Where each node's links begin, shape (node + 1,).
        partners: The other end of each link; links stand both ways, shape (link,).
        weights: Of each link, shape (link,).
        sizes: What a node counts, shape (node,).
        most: A part ends before it would count more.
        seeds: In which order nodes may begin a part, shape (node,).

    Returns:
        Number of each node's part, shape (node,); and how many parts there are.
    """
    n = len(sizes)
    part = np.full(n, -1, np.int64)
    pull = np.zeros(n, np.float64)
    edge = np.empty(n, np.int64)
    n_parts = 0
    for seed in seeds:
        if part[seed] >= 0:
            continue
        room, n_edge, node = most - sizes[seed], 0, seed
        while node >= 0:
            part[node] = n_parts
            pull[node] = 0.0
            for entry in range(starts[node], starts[node + 1]):
                other = partners[entry]
                if part[other] < 0 and weights[entry] > 0.0:
                    if pull[other] == 0.0:
                        edge[n_edge] = other
                        n_edge += 1
                    pull[other] += weights[entry]
            node, best, kept = -1, 0.0, 0
            for position in range(n_edge):
                other = edge[position]
                if part[other] >= 0:
                    continue
                edge[kept] = other
                kept += 1
                if sizes[other] <= room and pull[other] > best:
                    node, best = other, pull[other]
            n_edge = kept
            if node >= 0:
                room -= sizes[node]
        for position in range(n_edge):
            pull[edge[position]] = 0.0
        n_parts += 1
    return part, n_parts
