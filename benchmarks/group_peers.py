"""Groups as other tools make them: at random, greedily, as a coffee bot does, by swapping two members at a time."""

from itertools import combinations, pairwise

import numpy as np

from matcher.arrangement.program import Group
from matcher.numeric.compiled import compiled
from matcher.numeric.pool import Pool, weight_of
from matcher.tables.pair_weights import PairWeights
from matcher.units import Flags, Rows

SIZE = 4
"""Peers make groups of one size; where members are left over, some of their groups are larger by one."""

N_BOT_STEPS = 100
"""What a well-known coffee bot allows itself (Yelp's beans, group_match.py)."""

N_TRIES, MOST_TRIES = 10_000, 30_000_000
"""Swaps tried for each member, and in all, until plain descent ends."""

TRIES_AT_ONCE = 1_000_000

Plan = list[Group]


def value_of(pairs: PairWeights, plan: Plan) -> float:
    """Each member's mean weight to the others of their group, summed; counted from the pairs, not by the optimizer."""
    table, sizes = np.full(len(pairs), -1), np.array([len(group) for group in plan])
    for number, group in enumerate(plan):
        table[list(group)] = number
    first, second = table[pairs.edges].T
    inside = (first == second) & (first >= 0)
    return float((2 * pairs.weights[inside] / (sizes[first[inside]] - 1)).sum())


def by_chance(pool: Pool, rng: np.random.Generator) -> Plan:
    """Everyone at a table, anyhow."""
    return _plan(*_shuffled(pool, rng))


def greedily(pool: Pool, _: np.random.Generator) -> Plan:
    """The heaviest pair whose members are both free, and whoever adds most to them until they are SIZE; and again."""
    owners = np.repeat(np.arange(len(pool.bonus)), np.diff(pool.starts))
    forth = np.flatnonzero(owners < pool.partners)
    is_free = np.ones(len(pool.bonus), bool)
    plan = []
    for entry in forth[np.argsort(-pool.weights[forth], kind="stable")].tolist():
        group = [int(owners[entry]), int(pool.partners[entry])]
        while is_free[group].all() and len(group) < SIZE and (best := _best_addition(pool, group, is_free)) >= 0:
            group.append(best)
        if len(group) == SIZE:
            is_free[group] = False
            plan.append(tuple(group))
    return plan


def as_a_coffee_bot(pool: Pool, rng: np.random.Generator) -> Plan:
    """Random tables, and N_BOT_STEPS random swaps; the best plan seen.

    The bot takes a worse plan if (new value / old value) x heat is below a throw of dice, and heat rises from 0 to 1.
    """
    order, ends = _shuffled(pool, rng)
    tables = [order[low:high] for low, high in pairwise(ends.tolist())]  # views: a swap in `order` changes them
    table_of = _tables(ends)
    value = best = sum(_worth(pool, table) for table in tables)
    best_order = order.copy()
    for step in range(N_BOT_STEPS):
        x, y = rng.choice(len(order), 2, replace=False).tolist()
        both = [tables[number] for number in {int(table_of[x]), int(table_of[y])}]
        before = sum(_worth(pool, table) for table in both)
        order[[x, y]] = order[[y, x]]
        new = value - before + sum(_worth(pool, table) for table in both)
        heat = 1 - (N_BOT_STEPS - step) / (N_BOT_STEPS + step)
        if new > value or new / (max(value, 0) + 1) * heat < rng.random():
            value = new
        else:
            order[[x, y]] = order[[y, x]]
        if value > best:
            best, best_order = value, order.copy()
    return _plan(best_order, ends)


def by_swaps(pool: Pool, rng: np.random.Generator) -> Plan:
    """Random tables, and two members change seats wherever that gains, as often as N_TRIES and MOST_TRIES say."""
    order, ends = _shuffled(pool, rng)
    tables, n_left = _tables(ends), min(N_TRIES * len(order), MOST_TRIES)
    while n_left > 0:
        tries = rng.integers(0, len(order), (min(n_left, TRIES_AT_ONCE), 2))
        swap_where_it_gains(pool, order, ends, tables, tries)
        n_left -= len(tries)
    return _plan(order, ends)


@compiled
def swap_where_it_gains(pool: Pool, order: Rows, ends: Rows, tables: Rows, tries: Rows) -> None:
    """Go through pairs of seats, and let two members change where it gains; `order` is changed in place.

    Args:
        pool: Who could sit with whom.
        order: Who sits in each seat, shape (seat,).
        ends: Where each table's seats begin and end, shape (table + 1,).
        tables: Number of each seat's table, shape (seat,).
        tries: Pairs of seats, shape (try, 2).
    """
    starts, partners, weights, matrix = pool.starts, pool.partners, pool.weights, pool.matrix
    for row in range(len(tries)):
        x, y = tries[row, 0], tries[row, 1]
        if tables[x] == tables[y]:
            continue
        gain = 0.0
        for here, there in ((x, y), (y, x)):
            low, high = ends[tables[here]], ends[tables[here] + 1]
            change = 0.0
            for seat in range(low, high):
                if seat == here:
                    continue
                if len(matrix):
                    change += matrix[order[there], order[seat]] - matrix[order[here], order[seat]]
                else:
                    change += weight_of(starts, partners, weights, matrix, order[there], order[seat])
                    change -= weight_of(starts, partners, weights, matrix, order[here], order[seat])
            gain += change if pool.is_sum else 2.0 * change / (high - low - 1)
        if gain > 1e-9:
            order[x], order[y] = order[y], order[x]


def _shuffled(pool: Pool, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """Members in the order of their seats, and where each table's seats begin and end, shape (table + 1,)."""
    n_members = len(pool.bonus)
    sizes = [len(seats) for seats in np.array_split(np.arange(n_members), max(n_members // SIZE, 1))]
    return rng.permutation(n_members), np.cumsum([0, *sizes])


def _tables(ends: Rows) -> Rows:
    """Number of each seat's table."""
    return np.repeat(np.arange(len(ends) - 1), np.diff(ends))


def _plan(order: Rows, ends: Rows) -> Plan:
    return [tuple(sorted(group.tolist())) for group in np.split(order, ends[1:-1])]


def _worth(pool: Pool, group: Rows) -> float:
    starts, partners, weights, matrix = pool.starts, pool.partners, pool.weights, pool.matrix
    pairs = sum(weight_of(starts, partners, weights, matrix, a, b) for a, b in combinations(group, 2))
    return pairs if pool.is_sum else 2 * pairs / (len(group) - 1)


def _best_addition(pool: Pool, group: list[int], is_free: Flags) -> int:
    """The free member with the largest sum of weights to the group, of equals the first; -1 where nobody has any."""
    partners = np.concatenate([pool.partners[pool.starts[one] : pool.starts[one + 1]] for one in group])
    weights = np.concatenate([pool.weights[pool.starts[one] : pool.starts[one + 1]] for one in group])
    stays = is_free[partners] & ~np.isin(partners, group)
    if not stays.any():
        return -1
    names, at = np.unique(partners[stays], return_inverse=True)
    return int(names[np.argmax(np.bincount(at, weights=weights[stays]))])
