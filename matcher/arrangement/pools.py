"""Pools of members as the compiled loops want them: made from pairs, and cut into parts."""

from collections.abc import Iterable

import numpy as np

from matcher.arrangement.program import Group
from matcher.numeric.pool import FORBIDDEN, Pool
from matcher.units import Floats, Rows

LARGEST_MATRIX = 2_500
"""Pools up to this size carry their weights as a matrix too: 50 MB."""


def pool_of_pairs(
    n_members: int, edges: Rows, weights: Floats, *, sizes: tuple[int, int], is_sum: bool = False,
    mutuals: Floats | None = None,
) -> Pool:  # fmt: skip
    """A pool in which every group of the right size is legal, but for FORBIDDEN pairs.

    Args:
        n_members: How many.
        edges: Rows of each pair, shape (pair, 2); no pair twice.
        weights: Of each pair, shape (pair,); FORBIDDEN for who must not sit together.
        sizes: Fewest and most members of a group.
        is_sum: Whether a group is worth the sum of its weights instead of each member's mean, summed.
        mutuals: What floors will be judged by, where that is something else than weights, shape (pair,).
    """
    nothing = np.empty(0, np.int64)
    starts, partners, order = _adjacency(n_members, edges)
    both = np.concatenate([weights, weights])[order]
    return Pool(
        starts=starts,
        partners=partners,
        weights=both,
        mutuals=both if mutuals is None else np.concatenate([mutuals, mutuals])[order],
        matrix=_matrix(starts, partners, both),
        bonus=np.zeros(n_members),
        reach=np.zeros((n_members, 0), np.uint64),
        slots=np.zeros((n_members, 0), np.uint64),
        holds=np.zeros((0, 0), np.uint64),
        town_starts=np.zeros(n_members + 1, np.int64),
        towns=nothing,
        km=np.empty(0),
        clans=np.full(n_members, -1, np.int64),
        clan_sizes=nothing,
        sizes=sizes,
        is_sum=is_sum,
        floors=(0.0, 0.0, 0.0),
        km_cost=0.0,
        worst_share=0.0,
    )


def part_of(pool: Pool, members: Rows) -> Pool:
    """The pool of these members alone, numbered in this order, which is ascending."""
    place = np.full(len(pool.bonus), -1, np.int64)
    place[members] = np.arange(len(members))
    owners, entries = _entries_of(pool.starts, members)
    stays = place[pool.partners[entries]] >= 0
    owners, entries = owners[stays], entries[stays]
    starts = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(members)))])
    partners, weights = place[pool.partners[entries]], pool.weights[entries]
    town_owners, ways = _entries_of(pool.town_starts, members)
    return pool._replace(
        starts=starts,
        partners=partners,
        weights=weights,
        mutuals=pool.mutuals[entries],
        matrix=_matrix(starts, partners, weights),
        bonus=pool.bonus[members],
        reach=pool.reach[members],
        slots=pool.slots[members],
        town_starts=np.concatenate([[0], np.cumsum(np.bincount(town_owners, minlength=len(members)))]),
        towns=pool.towns[ways],
        km=pool.km[ways],
        clans=pool.clans[members],
    )


def keep_pairs_apart(pool: Pool, apart: Rows) -> Pool:
    """The same pool, in which these pairs must not sit together either.

    Args:
        pool: Who could sit with whom.
        apart: Rows of each pair, ascending in each, no pair twice, shape (pair, 2).
    """
    n_members = len(pool.bonus)
    owners, width = np.repeat(np.arange(n_members), np.diff(pool.starts)), max(n_members, 1)
    stays = (owners < pool.partners) & ~np.isin(owners * width + pool.partners, apart @ [width, 1])
    edges = np.column_stack([owners[stays], pool.partners[stays]])
    nothing = np.zeros(len(apart))
    new = pool_of_pairs(
        n_members, np.concatenate([edges, apart]),
        np.concatenate([pool.weights[stays], nothing + FORBIDDEN]),
        sizes=pool.sizes, mutuals=np.concatenate([pool.mutuals[stays], nothing]),
    )  # fmt: skip
    pairwise = {name: getattr(new, name) for name in ("starts", "partners", "weights", "mutuals", "matrix")}
    return pool._replace(**pairwise)


def has_rules(pool: Pool) -> bool:
    """Whether there is anything that a group could break, or a way to pay for."""
    return bool(
        pool.reach.shape[1]
        or pool.slots.shape[1]
        or len(pool.clan_sizes)
        or any(pool.floors)
        or pool.km_cost
        or (pool.weights < 0).any()
    )


def best_means(pool: Pool) -> Floats:
    """What each member's seat may be worth at most, be the group legal or not, bonus apart, shape (member,).

    The best partners for the smallest group; for the sum of weights, half of those for the largest.
    """
    n_others = (pool.sizes[1] if pool.is_sum else pool.sizes[0]) - 1
    owners, order, rank = _by_weight(pool)
    kept = order[rank < n_others]
    total = np.bincount(owners[kept], weights=np.maximum(pool.weights[kept], 0.0), minlength=len(pool.bonus))
    return np.asarray(total / (2.0 if pool.is_sum else n_others))


def nearest(pool: Pool, n_options: int) -> Rows:
    """Each member's heaviest partners, heaviest first, -1 where there are no more, shape (member, option)."""
    owners, order, rank = _by_weight(pool)
    kept = (rank < n_options) & (pool.weights[order] > 0)
    options = np.full((len(pool.bonus), n_options), -1, np.int64)
    options[owners[kept], rank[kept]] = pool.partners[order[kept]]
    return options


def owed_to(pool: Pool, plan: Iterable[Group]) -> float:
    """What the members in these groups bring to them by themselves, together."""
    return float(sum(pool.bonus[list(group)].sum() for group in plan))


def _by_weight(pool: Pool) -> tuple[Rows, Rows, Rows]:
    """Each entry's owner; the entries by owner, heaviest first; and the rank of each of those with its owner."""
    owners = np.repeat(np.arange(len(pool.bonus)), np.diff(pool.starts))
    order = np.lexsort((-pool.weights, owners))
    return owners, order, np.arange(len(order)) - pool.starts[owners]


def _adjacency(n_members: int, edges: Rows) -> tuple[Rows, Rows, Rows]:
    """Starts and partners both ways, and which of edges forth and edges back each entry is."""
    owners, partners = np.concatenate([edges, edges[:, ::-1]]).T
    order = np.lexsort((partners, owners))
    starts = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=n_members))])
    return starts.astype(np.int64), partners[order].astype(np.int64), order


def _matrix(starts: Rows, partners: Rows, weights: Floats) -> Floats:
    n_members = len(starts) - 1
    if n_members > LARGEST_MATRIX:
        return np.zeros((0, 0))
    matrix = np.zeros((n_members, n_members))
    matrix[np.repeat(np.arange(n_members), np.diff(starts)), partners] = weights
    return matrix


def _entries_of(starts: Rows, members: Rows) -> tuple[Rows, Rows]:
    """For each entry of these members: which of them, and where it stands."""
    counts = starts[members + 1] - starts[members]
    owners = np.repeat(np.arange(len(members)), counts)
    within = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owners, np.repeat(starts[members], counts) + within
