"""Random small pools, and the slow, obvious truth about them: every set of members, every way to part them."""

from functools import cache
from itertools import combinations
from math import ceil

import numpy as np

from matcher.arrangement.pools import pool_of_pairs
from matcher.numeric.pool import FORBIDDEN, Pool
from matcher.units import Floats

Group = tuple[int, ...]

TOWNS = (0, 5, 64)
"""The last one's bit stands in a second word."""

ROUNDING = 1e-9


def random_weights(rng: np.random.Generator, n_pairs: int) -> Floats:
    """Smooth, or few and so often equal and often 0, or of either sign, or all the same."""
    weights: list[Floats] = [
        rng.uniform(0, 1, n_pairs),
        rng.integers(0, 4, n_pairs) / 4,
        rng.normal(0.3, 0.5, n_pairs),
        np.full(n_pairs, 0.5),
    ]
    return weights[rng.integers(len(weights))]


def random_pool(seed: int, *, n_members: int = 8, is_sum: bool = False, has_rules: bool = False) -> Pool:
    """Dense or sparse; some pairs forbidden; with rules also ways, times, floors, sets that sit together, and debts."""
    rng = np.random.default_rng(seed)
    edges = np.array(list(combinations(range(n_members), 2)), np.int64).reshape(-1, 2)
    edges = edges[rng.random(len(edges)) < rng.choice([0.4, 0.8, 1.0])]
    weights = random_weights(rng, len(edges))
    low = int(rng.integers(2, 5))
    pool = pool_of_pairs(
        n_members, edges, np.where(rng.random(len(edges)) < rng.choice([0.0, 0.1]), FORBIDDEN, weights),
        sizes=(low, low + int(rng.integers(0, 3))), is_sum=is_sum, mutuals=np.abs(weights) if has_rules else None,
    )  # fmt: skip
    return with_rules(pool, rng) if has_rules else pool


def with_rules(pool: Pool, rng: np.random.Generator) -> Pool:
    """The same members, with each rule in about half of the worlds."""
    n_members = len(pool.bonus)
    if rng.random() < 0.6:
        near = rng.random((n_members, len(TOWNS))) < 0.7
        reach = np.zeros((n_members, 2), np.uint64)
        for town, reaches in zip(TOWNS, near.T, strict=True):
            reach[reaches, town // 64] |= np.uint64(1) << np.uint64(town % 64)
        pool = pool._replace(
            reach=reach,
            town_starts=np.concatenate([[0], np.cumsum(near.sum(axis=1))]).astype(np.int64),
            towns=np.tile(TOWNS, n_members)[near.ravel()].astype(np.int64),
            km=rng.uniform(1, 50, int(near.sum())),
            km_cost=float(rng.choice([0.0, 0.004])),
        )
    if rng.random() < 0.5:
        pool = pool._replace(slots=rng.integers(1, 8, (n_members, 1)).astype(np.uint64))
    if rng.random() < 0.5:
        pool = pool._replace(floors=(float(rng.choice([0.0, 0.3])), 0.4, float(rng.choice([0.0, 0.5]))))
    if rng.random() < 0.4 and n_members > 4:
        clans = np.full(n_members, -1, np.int64)
        clans[rng.permutation(n_members)[:4]] = [0, 0, 1, 1]
        pool = pool._replace(clans=clans, clan_sizes=np.array([2, 2]))
    if rng.random() < 0.5:
        pool = pool._replace(bonus=rng.integers(0, 3, n_members).astype(np.float64) * rng.choice([0.1, 3.0]))
    if pool.reach.shape[1] and rng.random() < 0.5:
        pool = pool._replace(holds=_holds(rng.integers(2, 7, len(TOWNS)).tolist(), pool.sizes[1]))
    return pool._replace(worst_share=float(rng.choice([0.0, 0.5, 1.0])))


def _holds(most: list[int], max_size: int) -> np.ndarray:
    """Which of the towns hold a group of each size, as bits."""
    bits = np.zeros((max_size + 1, 2), np.uint64)
    for town, size in zip(TOWNS, most, strict=True):
        bits[: size + 1, town // 64] |= np.uint64(1) << np.uint64(town % 64)
    return bits


def _may_meet(pool: Pool, size: int, town: int) -> bool:
    """Whether the town holds so many."""
    return not len(pool.holds) or bool(int(pool.holds[size, town // 64]) >> (town % 64) & 1)


def pairs_of(pool: Pool, values: Floats) -> dict[Group, float]:
    """Pairs, smaller member first, with their value."""
    owners = np.repeat(np.arange(len(pool.bonus)), np.diff(pool.starts)).tolist()
    return {(a, b): value for a, b, value in zip(owners, pool.partners.tolist(), values.tolist(), strict=True) if a < b}


def way_cost(pool: Pool, group: Group) -> float:
    """What the ways cost to the fair town among those in everyone's reach."""
    ways = [
        dict(zip(pool.towns[start:end].tolist(), pool.km[start:end].tolist(), strict=True))
        for start, end in zip(pool.town_starts[list(group)], pool.town_starts[np.array(group) + 1], strict=True)
    ]
    common = [town for town in TOWNS if all(town in way for way in ways) and _may_meet(pool, len(group), town)]
    if not common or not pool.km_cost:
        return 0.0
    kms = [np.array([way[town] for way in ways]) for town in common]
    share = pool.worst_share
    return pool.km_cost * float(min(kms, key=lambda km: float((1 - share) * km.mean() + share * km.max())).sum())


def all_worths(pool: Pool) -> dict[Group, float]:
    """What each legal group is worth, by the definition, word for word."""
    weights, mutuals = pairs_of(pool, pool.weights), pairs_of(pool, pool.mutuals)
    (low, high), members = pool.sizes, range(len(pool.bonus))
    return {
        group: _worth(pool, group, weights)
        for size in range(low, high + 1)
        for group in combinations(members, size)
        if _is_legal(pool, group, weights, mutuals)
    }


def best_value(worths: dict[Group, float], n_members: int, *, is_everyone: bool = False) -> float:
    """The largest value of any plan of disjoint groups; minus infinity where everyone must be placed and cannot be."""

    @cache
    def best(left: Group) -> float:
        if not left:
            return 0.0
        value = float("-inf") if is_everyone else best(left[1:])
        for group, worth in begun_by[left[0]]:
            if set(group) <= set(left):
                value = max(value, worth + best(tuple(member for member in left if member not in group)))
        return value

    begun_by: list[list[tuple[Group, float]]] = [[] for _ in range(n_members)]
    for group, worth in worths.items():
        begun_by[group[0]].append((group, worth))
    return best(tuple(range(n_members)))


def _worth(pool: Pool, group: Group, weights: dict[Group, float]) -> float:
    total = sum(weights.get(pair, 0.0) for pair in combinations(group, 2))
    pairs = total if pool.is_sum else 2 * total / (len(group) - 1)
    return pairs + float(pool.bonus[list(group)].sum()) - way_cost(pool, group)


def _is_legal(pool: Pool, group: Group, weights: dict[Group, float], mutuals: dict[Group, float]) -> bool:
    floor, tie_floor, tie_share = pool.floors
    if any(weights.get(pair, 0.0) == FORBIDDEN for pair in combinations(group, 2)):
        return False
    held = pool.holds[len(group)] if len(pool.holds) else ~np.uint64(0)
    for masks, allowed in ((pool.reach, held), (pool.slots, ~np.uint64(0))):
        if masks.shape[1] and not (np.bitwise_and.reduce(masks[list(group)]) & allowed).any():
            return False
    for member in group:
        clan = pool.clans[member]
        if clan >= 0 and not set(np.flatnonzero(pool.clans == clan).tolist()) <= set(group):
            return False
        fits = [mutuals.get((min(member, o), max(member, o)), 0.0) for o in group if o != member]
        if floor > 0 and sum(fits) < floor * len(fits) - ROUNDING:
            return False
        if sum(fit >= tie_floor for fit in fits) < ceil(tie_share * len(fits) - ROUNDING):
            return False
    return True
