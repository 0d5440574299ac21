"""The optimizer alone: groups from a table of pair weights, and a bound on any."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from matcher.arrangement.diversity import inside, spread_members
from matcher.arrangement.diversity_bound import most_inside
from matcher.arrangement.exact import LARGEST_EXACT
from matcher.arrangement.means import Means, WorkOptions
from matcher.arrangement.pools import part_of, pool_of_pairs
from matcher.arrangement.program import Group, Programs
from matcher.arrangement.solve import Solution, solve, try_everything
from matcher.numeric.pool import FORBIDDEN, Pool
from matcher.tables.pair_weights import PairWeights
from matcher.units import Rows

MANY_MEMBERS, FEWER_MOVES = 2_000, 5_000
"""Larger pools are seated with fewer moves for each member."""

LOWEST = -1e3
"""No pair counts as worse than this, in weights of at most 1, where nobody may be left out."""

PAIRS_A_MOVE = 2
"""Where everyone is spread over given groups, half of the moves are tried for each two members, in both orders."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrangeOptions:
    """What is asked for.

    Attributes:
        min_size: Fewest members of a group.
        max_size: Most members of a group.
        objective: 'mean': each member's mean weight to the others, summed; 'sum': the weights of all pairs in groups.
        everyone: Whether nobody may be left out.
        together: Pairs who sit in one group or not at all.
        apart: Pairs who never sit in one group.
        fixed: Groups that stand already; nobody joins or leaves them.
        work: How much to do.
    """

    min_size: int = 4
    max_size: int = 6
    objective: str = "mean"
    everyone: bool = False
    together: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    fixed: tuple[Group, ...] = ()
    work: WorkOptions = field(default_factory=WorkOptions)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrangement:
    """Groups, and how good they are.

    Attributes:
        groups: Rows of each group's members, ascending; in the file's order where it brings sizes.
        unplaced: Rows of who is in no group, ascending.
        value: Of all groups.
        upper_bound: No legal grouping has a larger value; None where nothing was proved.
        bound_scope: Over which pairs the bound holds: 'all pairs'; a pair without a weight counts as 0.
        was_cut_short: Whether `stop` ended the search.
    """

    groups: tuple[Group, ...]
    unplaced: tuple[int, ...]
    value: float
    upper_bound: float | None
    bound_scope: str
    was_cut_short: bool


def arrange(
    pairs: PairWeights,
    options: ArrangeOptions,
    rng: np.random.Generator,
    *,
    programs: Programs,
    stop: Callable[[], bool],
) -> Arrangement:
    """Group members so that the objective is as large as can be found, and bound how large it could be.

    Args:
        pairs: Members and weights; where it brings sizes, everyone is placed in groups of just these, and the objective
            is 'sum'.
        options: What is asked for.
        rng: Chance.
        programs: Solves linear and integer programs.
        stop: Whether to leave off, with the best so far.
    """
    if pairs.sizes is not None:
        return _arranged(pairs, _spread(pairs, options.work.n_moves, rng, stop))
    scale = float(pairs.weights.max(initial=0.0)) or 1.0
    pool, fixed = _pool(pairs, options, scale), list(options.fixed)
    free = np.setdiff1d(np.arange(len(pairs)), [member for group in fixed for member in group])
    means = Means(programs=programs, rng=rng, work=options.work, stop=stop)
    solved = _solve(part_of(pool, free), means, is_everyone=options.everyone)
    groups = [*fixed, *(tuple(free[list(group)].tolist()) for group in solved.groups)]
    is_sum = options.objective == "sum"
    value = _value(pairs, groups, is_sum=is_sum)
    bound = None if solved.upper_bound is None else solved.upper_bound * scale + _value(pairs, fixed, is_sum=is_sum)
    return _arranged(pairs, replace(solved, groups=groups, value=value, upper_bound=bound))


def _value(pairs: PairWeights, groups: list[Group], *, is_sum: bool) -> float:
    """What groups are worth by the weights as they were given."""
    group_of = np.full(len(pairs), -1)
    for number, group in enumerate(groups):
        group_of[list(group)] = number
    first, second = group_of[pairs.edges].T
    is_inside = (first == second) & (first >= 0)
    weights = pairs.weights[is_inside]
    if not is_sum:
        sizes = np.array([len(group) for group in groups])
        weights = 2.0 * weights / (sizes[first[is_inside]] - 1)
    return math.fsum(weights.tolist())


def _spread(pairs: PairWeights, n_moves: int, rng: np.random.Generator, stop: Callable[[], bool]) -> Solution:
    """Everyone placed in groups of the file's own sizes."""
    weights, sizes = pairs.matrix(), pairs.sizes or ()
    n_steps = n_moves * len(pairs) ** 2 // PAIRS_A_MOVE
    labels = spread_members(weights, sizes, rng, n_steps=n_steps, stop=stop)
    return Solution(
        groups=[tuple(np.flatnonzero(labels == group).tolist()) for group in range(len(sizes))],
        value=inside(weights, labels),
        upper_bound=most_inside(weights, sizes),
        was_cut_short=stop(),
    )


def _solve(pool: Pool, means: Means, *, is_everyone: bool) -> Solution:
    found = try_everything(pool, is_everyone=is_everyone) if len(pool.bonus) <= LARGEST_EXACT else None
    if found:
        return found
    if len(pool.bonus) > MANY_MEMBERS:
        means = replace(means, work=replace(means.work, n_moves=min(means.work.n_moves, FEWER_MOVES)))
    return solve(pool, means, is_everyone=is_everyone)


def _pool(pairs: PairWeights, options: ArrangeOptions, scale: float) -> Pool:
    """The weights, scaled to at most 1, and the wishes.

    Where members may be left out, a pair so bad that nothing in a group can make up for it is forbidden; else no pair
    is worse than LOWEST, which only loosens the bound. Very large numbers would drown the others.
    """
    weights = pairs.weights / scale
    hopeless = options.max_size * (options.max_size - 1) / 2
    weights = np.maximum(weights, LOWEST) if options.everyone else np.where(weights < -hopeless, FORBIDDEN, weights)
    apart = np.array(sorted({(min(pair), max(pair)) for pair in options.apart}), np.int64).reshape(-1, 2)
    width = len(pairs)
    stays = ~np.isin(pairs.edges @ [width, 1], apart @ [width, 1])
    pool = pool_of_pairs(
        len(pairs), np.concatenate([pairs.edges[stays], apart]),
        np.concatenate([weights[stays], np.full(len(apart), FORBIDDEN)]),
        sizes=(options.min_size, options.max_size), is_sum=options.objective == "sum",
    )  # fmt: skip
    clans, sizes = _clans(len(pairs), options.together)
    return pool._replace(clans=clans, clan_sizes=sizes)


def _clans(n_members: int, together: tuple[tuple[int, int], ...]) -> tuple[Rows, Rows]:
    """Number of each member's set that sits together, -1 for who is free; and how many belong to each set."""
    if not together:
        return np.full(n_members, -1, np.int64), np.empty(0, np.int64)
    ends = np.array(together, np.int64)
    links = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n_members, n_members))
    clan = connected_components(links, directed=False)[1].astype(np.int64)
    sizes = np.bincount(clan)
    return np.where(sizes[clan] > 1, clan, -1), sizes


def _arranged(pairs: PairWeights, found: Solution) -> Arrangement:
    seated = {member for group in found.groups for member in group}
    return Arrangement(
        groups=tuple(found.groups),
        unplaced=tuple(member for member in range(len(pairs)) if member not in seated),
        value=found.value,
        upper_bound=found.upper_bound if found.upper_bound is None else max(found.upper_bound, found.value),
        bound_scope="all pairs",
        was_cut_short=found.was_cut_short,
    )
