"""Construct, improve, prove: the best grouping of a pool that so much work finds, beside a bound on any."""

from dataclasses import dataclass, replace

import numpy as np

from matcher.arrangement.choose import choose_groups
from matcher.arrangement.close import close_gap
from matcher.arrangement.exact import best_groups
from matcher.arrangement.means import Means
from matcher.arrangement.pools import part_of
from matcher.arrangement.program import Group
from matcher.arrangement.prove import prove
from matcher.arrangement.search import search, values_of
from matcher.arrangement.shards import cut_into_shards, fillable
from matcher.numeric.pool import FORBIDDEN, Pool

SHARD = 1_000
"""Members whose seats are priced together."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Solution:
    """A plan, and what any could be worth.

    Attributes:
        groups: Disjoint, legal, ascending.
        value: What they are worth together.
        upper_bound: No legal plan is worth more; None where nothing was proved.
        was_cut_short: Whether `stop` ended the work early.
    """

    groups: list[Group]
    value: float
    upper_bound: float | None
    was_cut_short: bool


def try_everything(pool: Pool, *, is_everyone: bool = False) -> Solution | None:
    """Seat a pool of a few members as well as can be; None where everyone must be placed and cannot be."""
    groups = best_groups(pool, is_everyone=is_everyone)
    if groups is None:
        return None
    value = float(values_of(pool, groups).sum())
    return Solution(groups=groups, value=value, upper_bound=value, was_cut_short=False)


def solve(pool: Pool, means: Means, *, is_everyone: bool = False) -> Solution:
    """Seat a pool.

    Args:
        pool: Who could sit with whom.
        means: What the search may use.
        is_everyone: Whether nobody may be left out.
    """
    unit = float(pool.weights.max(initial=0.0)) or 1.0
    found = _solve(_in_units(pool, unit), means, is_everyone=is_everyone)
    value = float(values_of(pool, found.groups).sum())
    bound = None if found.upper_bound is None else max(found.upper_bound * unit, value)
    return replace(found, value=value, upper_bound=bound)


def _in_units(pool: Pool, unit: float) -> Pool:
    """The same question with weights of at most 1: solvers know tolerances only as plain numbers."""
    is_apart = pool.weights <= FORBIDDEN
    matrix = np.where(pool.matrix <= FORBIDDEN, FORBIDDEN, pool.matrix / unit)
    weights = np.where(is_apart, FORBIDDEN, pool.weights / unit)
    return pool._replace(weights=weights, matrix=matrix, bonus=pool.bonus / unit, km_cost=pool.km_cost / unit)


def _solve(pool: Pool, means: Means, *, is_everyone: bool) -> Solution:
    work = means.work
    shards = cut_into_shards(pool, SHARD)
    if is_everyone and len(shards) > 1:
        shards = fillable(shards, SHARD // pool.sizes[1] * pool.sizes[1], pool.sizes)
    plan: list[Group] = []
    known: list[Group] = []
    for shard in shards:
        part = part_of(pool, shard) if len(shards) > 1 else pool
        seated = search(part, means, n_starts=work.n_starts, n_moves=work.n_moves, is_everyone=is_everyone)
        named = [[tuple(shard[list(group)].tolist()) for group in groups] for groups in seated]
        plan += named[0]
        known += [group for groups in named for group in groups]
    proof = prove(pool, plan, known, means, blocks=shards)
    plan = choose_groups(pool, plan, proof, means, is_everyone=is_everyone)
    plan, bound = close_gap(pool, plan, proof, means, is_everyone=is_everyone)
    value = float(values_of(pool, plan).sum())
    return Solution(
        groups=sorted(plan),
        value=value,
        upper_bound=max(bound, value) if np.isfinite(bound) else None,
        was_cut_short=means.stop(),
    )
