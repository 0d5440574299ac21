"""The exact pair matcher, by rustworkx's blossom algorithm."""

import numpy as np

from matcher.errors import EngineMissingError
from matcher.units import Floats, Rows

try:
    import rustworkx
except ImportError as missing:
    raise EngineMissingError(
        "the pair matcher 'rustworkx' is not installed; install it with pip install rustworkx, "
        "or set introductions.matcher = 'greedy'"
    ) from missing

WEIGHT_STEPS = 2**40
"""The heaviest edge as an integer: a total is exact to about one part in 10^12 an edge."""

TIE_BITS = 64
"""Room for the sum of the tie breakers below the smallest difference of two weights."""


class RustworkxMatcher:
    """Chooses pairs with the largest possible total weight, up to the rounding of weights to integers.

    rustworkx leaves open which of several best matchings it returns. Every edge's position therefore
    adds a fixed tie breaker, too small to outweigh anything, after which the best is unique.
    """

    def choose(self, edges: Rows, weights: Floats) -> Rows:
        """Choose edges that share no member; see `PairMatcher`."""
        if not len(edges):
            return np.empty(0, dtype=np.int64)
        members, ends = np.unique(edges, return_inverse=True)
        pairs = [(int(a), int(b)) for a, b in ends.reshape(edges.shape)]
        steps: list[float] = np.rint(weights / (weights.max() or 1.0) * WEIGHT_STEPS).tolist()
        worth = [(int(step) << TIE_BITS) + tie for step, tie in zip(steps, _tie_breakers(len(edges)), strict=True)]
        graph: rustworkx.PyGraph[None, int] = rustworkx.PyGraph(multigraph=False)
        graph.add_nodes_from([None] * len(members))
        graph.add_edges_from([(a, b, weight) for (a, b), weight in zip(pairs, worth, strict=True)])
        matched = {frozenset(pair) for pair in rustworkx.max_weight_matching(graph, weight_fn=int)}
        return np.array([row for row, pair in enumerate(pairs) if frozenset(pair) in matched], dtype=np.int64)


def _tie_breakers(n_edges: int) -> list[int]:
    """48 well-mixed bits a position (splitmix64), so that no two sets of edges add up to the same."""
    mixed = (np.arange(n_edges, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    breakers: list[int] = ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(16)).tolist()
    return breakers
