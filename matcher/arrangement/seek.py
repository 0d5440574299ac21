"""The best groups of those who may be seated anew, none of which holds all of one that organizers turned down.

That these very people must not sit together is nothing that the search, or a bound, knows of. So the two who hold such
a group together least are kept from one group, as a rule of the night: little is lost, since little speaks for them,
and what is proved holds for the groups that may be formed. The desk does not know of it: organizers may seat them.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from matcher.arrangement.means import Means
from matcher.arrangement.pools import keep_pairs_apart, part_of
from matcher.arrangement.program import Group
from matcher.arrangement.solve import Solution, solve_circles
from matcher.numeric.pool import Pool, weight_of
from matcher.units import Rows


def seek_groups(pool: Pool, free: Rows, means: Means, *, exact_size: int, barred: Sequence[Group] = ()) -> Solution:
    """Seat those who are free.

    Args:
        pool: Who could sit with whom.
        free: Who may be seated, ascending.
        means: What the search may use.
        exact_size: Circles up to this size are seated by trying everything.
        barred: No group holds all members of one of these; ascending in each.
    """
    if barred:
        apart = sorted({_loosest(pool, group) for group in barred})
        pool = keep_pairs_apart(pool, np.array(apart, np.int64))
    if len(free) == len(pool.bonus):
        return solve_circles(pool, means, exact_size=exact_size)
    found = solve_circles(part_of(pool, free), means, exact_size=exact_size)
    return replace(found, groups=[tuple(free[list(group)].tolist()) for group in found.groups])


def _loosest(pool: Pool, group: Group) -> tuple[int, int]:
    """The pair of least weight, of equal ones the first."""
    known = (pool.starts, pool.partners, pool.weights, pool.matrix)
    return min(combinations(group, 2), key=lambda pair: float(weight_of(*known, *pair)))
