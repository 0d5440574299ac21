"""Would two who were not brought together both rather have each other?

Each side is asked by its own direction: A wishes for B by `a_to_b`, B for A by `b_to_a`. Two form a blocking pair if
each has a free place or wishes for the other more than for the least wished-for of those they got.

With wishes that differ by direction a choice without blocking pairs need not exist (D. Gale and L. Shapley, 1962, give
four people for whom there is none). Stable here means: first choices are paired, then whoever would rather have each
other may change, until nobody wants to or only odd circles of wishes are left, in which somebody is always passed
over. Where wishes run in no circle, above all if both sides wish alike, no blocking pair is left; else they are few,
counted and said.
"""

import numpy as np

from matcher.numeric.first_choices import pair_first_choices
from matcher.units import Flags, Floats, Rows


def stable_pairs(edges: Rows, weights: Floats, wishes: Floats, limits: Rows) -> Rows:
    """Pair first choices, and let who would both rather have each other change, as far as that comes to an end.

    Args:
        edges: Both members of each pair, shape (edge, 2).
        weights: Which pair goes first where wishes run in a circle, shape (edge,).
        wishes: Of each of the two for the other, shape (edge, 2).
        limits: In how many pairs each member may be, shape (member,).

    Returns:
        Positions of the chosen edges, ascending.
    """
    return np.flatnonzero(pair_first_choices(edges, weights, wishes, limits))


def blocking_pairs(edges: Rows, chosen: Rows, wishes: Floats, limits: Rows) -> Rows:
    """Find the pairs that were not chosen and in which both would rather have each other; arguments as above.

    Returns:
        Positions of edges, ascending.
    """
    n_partners = np.bincount(edges[chosen].ravel(), minlength=len(limits))
    least_got = np.full(len(limits), np.inf)
    np.minimum.at(least_got, edges[chosen], wishes[chosen])
    least_got[n_partners < limits] = -np.inf
    least_got[limits == 0] = np.inf
    is_blocking: Flags = np.all(wishes > least_got[edges], axis=1)
    is_blocking[chosen] = False
    return np.flatnonzero(is_blocking)
