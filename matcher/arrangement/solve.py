"""Construct, improve, prove: the best grouping of a pool that so much work finds, beside a bound on any."""

from dataclasses import dataclass

import numpy as np

from matcher.arrangement.choose import choose_groups
from matcher.arrangement.close import close_gap
from matcher.arrangement.means import Means
from matcher.arrangement.pools import part_of
from matcher.arrangement.program import Group
from matcher.arrangement.prove import prove
from matcher.arrangement.search import search, values_of
from matcher.arrangement.shards import cut_into_shards
from matcher.numeric.pool import Pool

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


def solve(pool: Pool, means: Means, *, is_everyone: bool = False) -> Solution:
    """Seat a pool.

    Args:
        pool: Who could sit with whom.
        means: What the search may use.
        is_everyone: Whether nobody may be left out.
    """
    shards, work = cut_into_shards(pool, SHARD), means.work
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
