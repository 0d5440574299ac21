"""The last of the gap: every group that a better plan could hold, and one integer program over all of them.

A plan falls short of the bound by what its groups lose, all together. So a plan better than ours holds no group that
loses more than the gap. Where those that lose less are few, the best choice among them is the best plan of all.
"""

from collections.abc import Sequence

import numpy as np

from matcher.arrangement.means import Means
from matcher.arrangement.program import Group
from matcher.arrangement.prove import Proof
from matcher.arrangement.search import values_of
from matcher.arrangement.tariff import find_groups
from matcher.numeric.pool import Pool

LARGEST_POOL, MOST_GROUPS = 300, 12_000
"""Larger pools, and pools with more such groups, keep their gap."""

N_NODES = 200
"""Steps of the integer program."""

ROUNDING = 1e-7


def close_gap(
    pool: Pool, plan: Sequence[Group], proof: Proof, means: Means, *, is_everyone: bool
) -> tuple[list[Group], float]:
    """Find the best plan, or at least a smaller bound, where that can be had.

    Args:
        pool: Who could sit with whom.
        plan: The best so far.
        proof: The bound so far, and its prices.
        means: A solver of integer programs, and when to stop.
        is_everyone: Whether nobody may be left out.

    Returns:
        A plan at least as good, and a bound at most as large.
    """
    value, n_members = float(values_of(pool, list(plan)).sum()), len(pool.bonus)
    gap = proof.upper_bound - value
    if means.stop() or not np.isfinite(gap) or gap <= ROUNDING * abs(value) or n_members > LARGEST_POOL:
        return list(plan), proof.upper_bound
    found = find_groups(pool, proof.tariff.seats - pool.bonus - gap * (1 + ROUNDING) / pool.sizes[0])
    if not found.is_complete:
        return list(plan), proof.upper_bound
    groups = [tuple(sorted(row[:size].tolist())) for row, size in zip(found.members, found.sizes, strict=True)]
    groups = list(dict.fromkeys([*plan, *groups]))
    worths = values_of(pool, groups)
    stays = proof.tariff.losses(groups, worths) <= gap * (1 + ROUNDING)
    stays[: len(plan)] = True
    if stays.sum() > MOST_GROUPS:
        return list(plan), proof.upper_bound
    groups, worths = [group for group, kept in zip(groups, stays, strict=True) if kept], worths[stays]
    choice = means.programs.choose(
        groups, worths, n_members=n_members, is_everyone=is_everyone, n_nodes=N_NODES, stop=means.stop
    )
    if not len(choice.picked):
        return list(plan), proof.upper_bound
    bound = min(proof.upper_bound, max(choice.upper_bound, value))
    better = sorted(groups[at] for at in choice.picked.tolist())
    return (better, bound) if worths[choice.picked].sum() > value else (list(plan), bound)
