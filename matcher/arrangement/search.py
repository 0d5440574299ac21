"""Good groups quickly: everyone is dealt to tables and changes seats, hotly at first (simulated annealing)."""

from collections.abc import Callable

import numpy as np

from matcher.arrangement.means import Means
from matcher.arrangement.pools import best_means, has_rules, nearest
from matcher.arrangement.program import Group
from matcher.numeric.annealing import NOWHERE, Tables, anneal, settle
from matcher.numeric.pool import Pool, worth
from matcher.units import Floats

N_OPTIONS = 30
"""Members try to move to one of so many heaviest partners."""

MOVES_AT_ONCE = 5_000_000
"""Between two looks at the clock."""

HOT, COLD = 0.5, 0.004
"""First and last temperature, in means of what a seat may be worth."""

STEP_OF_SIZE = 0.15
"""Each further start has tables larger by this share of the room between fewest and most members."""


def search(pool: Pool, means: Means, *, n_starts: int, n_moves: int, is_everyone: bool) -> list[list[Group]]:
    """Seat everyone, some times over.

    Args:
        pool: Who could sit with whom, with its matrix.
        means: Its chance, and when to stop.
        n_starts: How often to begin anew.
        n_moves: How many moves to try for each member and start.
        is_everyone: Whether tables that are worth nothing are kept.

    Returns:
        The legal groups of each start, the start worth most first.
    """
    found: list[tuple[float, list[Group]]] = []
    near = nearest(pool, N_OPTIONS)
    scale = max(float(best_means(pool).mean()), 1e-12)
    for start in range(n_starts):
        if start and means.stop():
            break
        tables = _deal(pool, means.rng, _n_tables(pool, start))
        _cool(pool, near, tables, n_moves * len(pool.bonus), scale, means.stop)
        groups = [
            tuple(sorted(row[:size].tolist())) for row, size in zip(tables.members, tables.n_members, strict=True)
        ]
        valued = [(value_of(pool, group), group) for group in groups]
        kept = [(value, group) for value, group in valued if value > 0 or (is_everyone and value > -np.inf)]
        found.append((sum(value for value, _ in kept), sorted(group for _, group in kept)))
    return [groups for _, groups in sorted(found, key=lambda one: (-one[0], one[1]))]


def value_of(pool: Pool, group: Group) -> float:
    """What a group adds to the objective; minus infinity for no legal group."""
    return float(worth(pool, np.array(group, np.int64), len(group)))


def values_of(pool: Pool, groups: list[Group]) -> Floats:
    """What each group adds to the objective, shape (group,)."""
    return np.array([value_of(pool, group) for group in groups], dtype=np.float64)


def _cool(pool: Pool, near: np.ndarray, tables: Tables, n_moves: int, scale: float, stop: Callable[[], bool]) -> None:
    """Anneal in slices, so that somebody may look at the clock in between."""
    rules = has_rules(pool)
    penalty = scale + float(pool.bonus.max(initial=0.0))  # or a debt would pay for what is not legal
    settle(pool, tables, penalty)
    n_slices = -(-n_moves // MOVES_AT_ONCE)
    heats = np.geomspace(HOT * scale, COLD * scale, n_slices + 1)
    for number in range(n_slices):
        heat = (float(heats[number]), float(heats[number + 1]))
        anneal(pool, near, tables, n_moves // n_slices, heat, penalty, rules)
        if stop():
            return


def _n_tables(pool: Pool, start: int) -> int:
    (low, high), n_members = pool.sizes, len(pool.bonus)
    larger = STEP_OF_SIZE * start * (high - low)
    size = high - larger if pool.is_sum else low + larger
    return min(max(round(n_members / size), -(-n_members // high)), n_members // low)


def _deal(pool: Pool, rng: np.random.Generator, n_tables: int) -> Tables:
    """Seat members at random, evenly; whoever finds no chair stands."""
    n_members, high = len(pool.bonus), pool.sizes[1]
    order = rng.permutation(n_members)[: n_tables * high]
    table, chair = np.arange(len(order)) % max(n_tables, 1), np.arange(len(order)) // max(n_tables, 1)
    seats = np.full(n_members, NOWHERE, np.int64)
    members = np.full((n_tables, high), NOWHERE, np.int64)
    seats[order], members[table, chair] = table, order
    counts = np.bincount(table, minlength=n_tables).astype(np.int64)
    dice = rng.integers(1, 1 << 63, 1, dtype=np.uint64)
    return Tables(seats, members, counts, np.zeros(n_tables), np.zeros(n_tables), np.zeros(n_tables), dice)
