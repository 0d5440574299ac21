"""A walk of seats: what it keeps beside the seats is what the seats say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement import pools
from matcher.arrangement.pools import nearest, pool_of_pairs
from matcher.numeric.annealing import NOWHERE, Tables, anneal, settle
from matcher.numeric.pool import FORBIDDEN, Pool, n_broken
from tests.unit.arrangement.random_pools import pairs_of, random_pool, way_cost

N_MEMBERS = 13
PENALTY = 0.7
HEAT = (0.5, 0.01)


def dealt(pool: Pool, seed: int) -> Tables:
    """As many tables as fit, some of them larger than others; some members may stand."""
    rng = np.random.default_rng([seed, 2])
    low, high = pool.sizes
    order = rng.permutation(N_MEMBERS)
    sizes = [int(size) for size in rng.integers(low, high + 1, 20)]
    while sum(sizes) > N_MEMBERS:
        sizes.pop()
    seats, members = np.full(N_MEMBERS, NOWHERE), np.full((len(sizes), high), NOWHERE)
    for table, size in enumerate(sizes):
        members[table, :size], order = order[:size], order[size:]
        seats[members[table, :size]] = table
    tables = Tables(
        seats, members, np.array(sizes), np.zeros(len(sizes)), np.zeros(len(sizes)), np.zeros(len(sizes)),
        rng.integers(1, 1 << 63, 1, dtype=np.uint64),
    )  # fmt: skip
    settle(pool, tables, PENALTY)
    return tables


def walked(pool: Pool, seed: int, n_moves: int) -> Tables:
    """After so many moves."""
    tables = dealt(pool, seed)
    anneal(pool, nearest(pool, 6), tables, n_moves, HEAT, PENALTY, pools.has_rules(pool))
    return tables


def groups_at(tables: Tables) -> list[list[int]]:
    """Who sits at each table."""
    return [row[:size] for row, size in zip(tables.members.tolist(), tables.n_members.tolist(), strict=True)]


@given(seed=st.integers(0, 10_000), n_moves=st.integers(0, 300), is_sum=st.booleans(), has_rules=st.booleans())
def test_everyone_is_in_one_place_after_any_walk(seed: int, n_moves: int, *, is_sum: bool, has_rules: bool) -> None:
    """At one table or at none, and no table is smaller or larger than allowed."""
    pool = random_pool(seed, n_members=N_MEMBERS, is_sum=is_sum, has_rules=has_rules)

    tables = walked(pool, seed, n_moves)

    groups = groups_at(tables)
    assert all(pool.sizes[0] <= len(group) <= pool.sizes[1] for group in groups)
    standing = np.flatnonzero(tables.seats == NOWHERE).tolist()
    assert sorted([*standing, *(member for group in groups for member in group)]) == list(range(N_MEMBERS))
    assert all(tables.seats[member] == table for table, group in enumerate(groups) for member in group)


@given(seed=st.integers(0, 10_000), n_moves=st.integers(0, 300), is_sum=st.booleans(), has_rules=st.booleans())
def test_what_is_counted_move_by_move_is_what_the_seats_say(
    seed: int, n_moves: int, *, is_sum: bool, has_rules: bool
) -> None:
    """One forgotten change would mislead all moves after it."""
    pool = random_pool(seed, n_members=N_MEMBERS, is_sum=is_sum, has_rules=has_rules)

    tables = walked(pool, seed, n_moves)

    weights = pairs_of(pool, pool.weights)
    for table, group in enumerate(groups_at(tables)):
        inside = [weights.get((a, b), 0.0) for a in group for b in group if a < b]
        pairs = sum(weight for weight in inside if weight > FORBIDDEN)
        bonus = sum(pool.bonus[group].tolist())
        lost = way_cost(pool, tuple(group)) + PENALTY * n_broken(pool, np.array(group), len(group))
        assert tables.pairs[table] == pytest.approx(pairs, abs=1e-9)
        assert tables.bonuses[table] == pytest.approx(bonus, abs=1e-9)
        assert tables.worths[table] == pytest.approx(
            bonus - lost + (pairs if is_sum else 2 * pairs / (len(group) - 1)), abs=1e-9
        )


@given(seed=st.integers(0, 10_000))
def test_the_same_dice_make_the_same_walk(seed: int) -> None:
    """And other dice another, sooner or later."""
    pool = random_pool(seed, n_members=N_MEMBERS, has_rules=True)

    once, again = (walked(pool, seed, 200) for _ in range(2))

    assert all(np.array_equal(one, other) for one, other in zip(once, again, strict=True))


def test_a_long_walk_finds_two_circles_of_friends() -> None:
    """Everyone begins beside strangers; a walk that never accepted a loss would still find its way here."""
    friends = [(a, b) for circle in (range(5), range(5, 10)) for a in circle for b in circle if a < b]
    edges = np.array([*friends, (0, 5), (1, 6)])
    pool = pool_of_pairs(10, edges, np.where(np.arange(len(edges)) < len(friends), 1.0, 0.9), sizes=(4, 6))
    seats = np.arange(10) % 2
    members = np.array([[0, 2, 4, 6, 8, -1], [1, 3, 5, 7, 9, -1]])
    tables = Tables(seats, members, np.array([5, 5]), np.zeros(2), np.zeros(2), np.zeros(2), np.array([7], np.uint64))
    settle(pool, tables, PENALTY)

    anneal(pool, nearest(pool, 6), tables, 3_000, HEAT, PENALTY, pools.has_rules(pool))

    assert sorted(sorted(group) for group in groups_at(tables)) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
    assert tables.worths.tolist() == pytest.approx([5.0, 5.0])
