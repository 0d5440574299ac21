"""Construct, improve, prove: the best grouping of a pool that so much work finds, beside a bound on any."""

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

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
from matcher.units import Rows

SHARD = 1_000
"""Members whose seats are priced together."""

ONE_HALF = 0.5


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


def solve_circles(
    pool: Pool, means: Means, *, exact_size: int, start: Sequence[Group] = (), first: AbstractSet[int] = frozenset()
) -> Solution:
    """Seat a pool circle by circle.

    While everyone needs a real tie with half of the others, no legal group spans two circles of connected members: each
    circle is seated by itself.

    Args:
        pool: Who could sit with whom.
        means: What the search may use.
        exact_size: Circles up to this size are seated by trying everything, larger ones as `solve` does.
        start: Disjoint legal groups to begin with; what is found is worth at least as much.
        first: Members whose circles are seated before the others, which may have to stay as they stand.
    """
    circles = sorted(_circles(pool), key=lambda rows: first.isdisjoint(rows.tolist()))
    solved = [_solve_circle(pool, rows, means, exact_size, start) for rows in circles]
    groups = [group for one in solved for group in one.groups]
    bounds = [one.upper_bound for one in solved]
    return Solution(
        groups=groups,
        value=math.fsum(values_of(pool, groups).tolist()),
        upper_bound=None if None in bounds else sum(bound for bound in bounds if bound is not None),
        was_cut_short=any(one.was_cut_short for one in solved),
    )


def solve(pool: Pool, means: Means, *, is_everyone: bool = False, start: Sequence[Group] = ()) -> Solution:
    """Seat a pool.

    Args:
        pool: Who could sit with whom.
        means: What the search may use.
        is_everyone: Whether nobody may be left out.
        start: Disjoint legal groups to begin with; what is found is worth at least as much.
    """
    unit = float(pool.weights.max(initial=0.0)) or 1.0
    found = _solve(_in_units(pool, unit), means, is_everyone=is_everyone, start=start)
    value = float(values_of(pool, found.groups).sum())
    bound = None if found.upper_bound is None else max(found.upper_bound * unit, value)
    return replace(found, value=value, upper_bound=bound)


def _circles(pool: Pool) -> list[Rows]:
    """Members parted into those who are connected, however many steps apart; ascending within each."""
    if pool.floors[2] < ONE_HALF:
        return [np.arange(len(pool.bonus))] if len(pool.bonus) else []
    owners = np.repeat(np.arange(len(pool.bonus)), np.diff(pool.starts))
    links = pool.weights > FORBIDDEN
    ends = (owners[links], pool.partners[links])
    graph = csr_array((np.ones(len(ends[0])), ends), shape=(len(pool.bonus), len(pool.bonus)))
    n_circles, circle = connected_components(graph, directed=False)
    order = np.argsort(circle, kind="stable")
    return np.split(order, np.cumsum(np.bincount(circle, minlength=n_circles))[:-1]) if n_circles else []


def _solve_circle(pool: Pool, rows: Rows, means: Means, exact_size: int, start: Sequence[Group]) -> Solution:
    """The best groups of one circle, beside a bound on any."""
    part, place = part_of(pool, rows), {member: at for at, member in enumerate(rows.tolist())}
    found = try_everything(part) if len(rows) <= exact_size else None
    if found is None:
        inside = [tuple(place[member] for member in group) for group in start if group[0] in place]
        # Even the least search takes a while for thousands of circles; where something stands, it stays instead.
        is_over = bool(start) and means.stop()
        found = _as_it_stands(part, inside) if is_over else solve(part, means, start=inside)
    return replace(found, groups=[tuple(rows[list(group)].tolist()) for group in found.groups])


def _as_it_stands(pool: Pool, groups: list[Group]) -> Solution:
    return Solution(groups=groups, value=math.fsum(values_of(pool, groups)), upper_bound=None, was_cut_short=True)


def _in_units(pool: Pool, unit: float) -> Pool:
    """The same question with weights of at most 1: solvers know tolerances only as plain numbers."""
    is_apart = pool.weights <= FORBIDDEN
    matrix = np.where(pool.matrix <= FORBIDDEN, FORBIDDEN, pool.matrix / unit)
    weights = np.where(is_apart, FORBIDDEN, pool.weights / unit)
    return pool._replace(weights=weights, matrix=matrix, bonus=pool.bonus / unit, km_cost=pool.km_cost / unit)


def _solve(pool: Pool, means: Means, *, is_everyone: bool, start: Sequence[Group]) -> Solution:
    work = means.work if len(pool.bonus) <= means.work.priced_size else replace(means.work, n_rounds=0)
    shards = cut_into_shards(pool, SHARD)
    if is_everyone and len(shards) > 1:
        shards = fillable(shards, SHARD // pool.sizes[1] * pool.sizes[1], pool.sizes)
    plan: list[Group] = []
    known: list[Group] = list(start)
    for shard in shards:
        part = part_of(pool, shard) if len(shards) > 1 else pool
        seated = search(part, means, n_starts=work.n_starts, n_moves=work.n_moves, is_everyone=is_everyone)
        named = [[tuple(shard[list(group)].tolist()) for group in groups] for groups in seated]
        plan += named[0]
        known += [group for groups in named for group in groups]
    if start and values_of(pool, list(start)).sum() >= values_of(pool, plan).sum():
        plan = list(start)
    proof = prove(pool, plan, known, replace(means, work=work), blocks=shards)
    plan = choose_groups(pool, plan, proof, means, is_everyone=is_everyone)
    plan, bound = close_gap(pool, plan, proof, means, is_everyone=is_everyone)
    value = float(values_of(pool, plan).sum())
    return Solution(
        groups=sorted(plan),
        value=value,
        upper_bound=max(bound, value) if np.isfinite(bound) else None,
        was_cut_short=means.stop(),
    )
