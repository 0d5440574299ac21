"""Which pairs to choose so that their weight is as large as possible, and a proof of how large any choice could be.

The proof does not depend on how the pairs were found: give every member any price for a place, nothing or more.
A choice of pairs weighs at most the prices of all places plus, for each pair, what its weight exceeds the prices of
both by: sum(limit_i * price_i) + sum(max(0, weight_ij - price_i - price_j)). With the best prices this is the weight
of the best matching with halves, which is rarely above the best whole one by more than a few tenths of a percent.
"""

from dataclasses import dataclass

import numpy as np

from matcher.numeric.fractional_matching import fractional_matching
from matcher.numeric.match_arcs import arcs_of
from matcher.numeric.whole_matching import whole_matching
from matcher.units import Floats, Rows

WEIGHT_STEPS = 2**40
"""The heaviest pair in whole steps, so that sums and comparisons are exact."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class PairMatching:
    """A choice of pairs.

    Attributes:
        chosen: Positions of the chosen edges, ascending, shape (chosen,).
        value: Their weight.
        upper_bound: No choice within the limits weighs more.
    """

    chosen: Rows
    value: float
    upper_bound: float


def match_pairs(edges: Rows, weights: Floats, limits: Rows) -> PairMatching:
    """Choose pairs of large total weight, no member in more than their limit.

    Args:
        edges: Rows of the two members of each pair, shape (edge, 2); no pair twice, nobody paired with themselves.
        weights: What each pair is worth, finite and not negative, shape (edge,); what is worth nothing is not chosen.
        limits: In how many pairs each member may be, shape (member,).

    Cost: time about linear in the edges: 100,000 members with 20 edges each take some 10 s and 0.2 GB.
    """
    usable = np.flatnonzero((weights > 0) & (limits[edges] > 0).all(axis=1))
    if not len(usable):
        return PairMatching(chosen=usable, value=0.0, upper_bound=0.0)
    members, ends = np.unique(edges[usable], return_inverse=True)
    ends, worth = ends.reshape(-1, 2), weights[usable]
    places = np.minimum(limits[members], np.bincount(ends.ravel()))
    steps = np.rint(worth / worth.max() * WEIGHT_STEPS).astype(np.int64)
    arcs = arcs_of(ends, steps, len(members))
    held, prices = fractional_matching(arcs, places)
    chosen = usable[whole_matching(arcs, places, held, prices)]
    value = float(weights[chosen].sum())
    bound = bound_by_prices(ends, worth, places, prices / (2 * WEIGHT_STEPS) * worth.max())
    return PairMatching(chosen=chosen, value=value, upper_bound=max(value, bound))


def bound_by_prices(edges: Rows, weights: Floats, limits: Rows, prices: Floats) -> float:
    """Bound the weight of any choice of pairs within the limits, by duality.

    Args:
        edges: Both members of each pair, shape (edge, 2).
        weights: Shape (edge,).
        limits: Shape (member,).
        prices: Of a place of each member, any numbers from 0 on, shape (member,).
    """
    # Not `limits @ prices`: what BLAS adds up depends, in the last bit, on how many threads it has.
    return float((limits * prices).sum() + np.maximum(0, weights - prices[edges].sum(axis=1)).sum())
