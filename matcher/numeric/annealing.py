"""Simulated annealing of seats: two members change seats, or one moves over, at first also where it costs something.

Kirkpatrick, Gelatt and Vecchi 1983, doi:10.1126/science.220.4598.671. Work is counted in moves tried.
"""

from typing import NamedTuple

import numpy as np

from matcher.numeric.compiled import compiled
from matcher.numeric.pool import FORBIDDEN, Pool, n_broken, way_cost
from matcher.units import Floats, Rows

NOWHERE = -1


class Tables(NamedTuple):
    """Who sits where; changed in place by `anneal`.

    Attributes:
        seats: Number of each member's table, or NOWHERE, shape (member,).
        members: Shape (table, most members), filled from the left.
        n_members: Shape (table,).
        pairs: Sum of the weights inside each table, shape (table,).
        bonuses: Sum of the bonuses at each table, shape (table,).
        worths: What each table is worth, less the penalty for what it breaks, shape (table,).
        dice: State of the generator of chance, one uint64 other than 0 (xorshift: Marsaglia 2003,
            doi:10.18637/jss.v008.i14).
    """

    seats: Rows
    members: Rows
    n_members: Rows
    pairs: Floats
    bonuses: Floats
    worths: Floats
    dice: np.ndarray


@compiled
def _throw(dice: np.ndarray, below: int) -> int:
    """A number from 0 to below - 1."""
    x = dice[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    dice[0] = x
    return int((x >> np.uint64(11)) % np.uint64(below))


@compiled
def _drawn(matrix: Floats, member: int, members: Rows, table: int, size: int) -> float:
    """Sum of the member's weights to the first so many at a table; forbidden pairs count 0."""
    total = 0.0
    for a in range(size):
        weight = matrix[member, members[table, a]]
        total += weight if weight > FORBIDDEN else 0.0
    return total


@compiled
def settle(pool: Pool, tables: Tables, penalty: float) -> None:
    """Count `pairs` and `worths` anew."""
    matrix = pool.matrix
    for table in range(len(tables.n_members)):
        group, size = tables.members[table], tables.n_members[table]
        pairs, seats = 0.0, 0.0
        for a in range(size):
            pairs += _drawn(matrix, group[a], tables.members, table, a)
            seats += pool.bonus[group[a]]
        tables.pairs[table], tables.bonuses[table] = pairs, seats
        lost = way_cost(pool, group, size) + penalty * n_broken(pool, group, size)
        tables.worths[table] = seats - lost + (pairs if pool.is_sum else 2.0 * pairs / max(size - 1, 1))


@compiled
def anneal(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917  (one loop: a call in it would cost more than a move)
    pool: Pool, near: Rows, tables: Tables, n_moves: int, heat: tuple[float, float], penalty: float, has_rules: bool
) -> None:
    """Try so many moves, from the first heat down to the last.

    Args:
        pool: Who could sit with whom; with its matrix.
        near: To whom each member would like to move, -1 where there are no more, shape (member, option).
        tables: Settled; changed in place.
        n_moves: How many moves to try.
        heat: First and last temperature: a loss of so much is accepted with a chance of 1 / e.
        penalty: For each condition that a table breaks.
        has_rules: Whether there is anything to break, or a way to pay for.
    """
    seats, members, n_members, pairs, bonuses, worths, dice = tables
    matrix, bonus = pool.matrix, pool.bonus
    (low, high), is_sum = pool.sizes, pool.is_sum
    cooling = (heat[1] / heat[0]) ** (1.0 / max(n_moves, 1))
    temperature = heat[0]
    here, there = np.empty(high + 1, np.int64), np.empty(high + 1, np.int64)
    for _ in range(n_moves):
        temperature *= cooling
        one = _throw(dice, len(seats))
        friend = near[one, _throw(dice, near.shape[1])]
        if friend < 0:
            continue
        home, goal = seats[one], seats[friend]
        if goal in (NOWHERE, home):
            continue
        n_goal, n_home = n_members[goal], n_members[home] if home != NOWHERE else 0
        chair = _throw(dice, n_goal + 1)
        is_swap = chair < n_goal
        if not is_swap and (n_goal == high or n_home == low):
            continue
        other = members[goal, chair] if is_swap else NOWHERE

        # What both tables would be worth if they broke nothing: most moves end here.
        n_there, n_here = n_goal + (not is_swap), n_home - (not is_swap)
        pairs_there, pairs_here = pairs[goal] + _drawn(matrix, one, members, goal, n_goal), 0.0
        bonus_there, bonus_here = bonuses[goal] + bonus[one], 0.0
        shared = 0.0
        if is_swap:
            shared = matrix[one, other]
            shared = shared if shared > FORBIDDEN else 0.0
            pairs_there -= shared + _drawn(matrix, other, members, goal, n_goal)
            bonus_there -= bonus[other]
        worth_there = bonus_there + (pairs_there if is_sum else 2.0 * pairs_there / (n_there - 1))
        worth_here, before = 0.0, worths[goal]
        if home != NOWHERE:
            before += worths[home]
            pairs_here, bonus_here = (
                pairs[home] - _drawn(matrix, one, members, home, n_home),
                bonuses[home] - bonus[one],
            )
            if is_swap:
                pairs_here += _drawn(matrix, other, members, home, n_home) - shared
                bonus_here += bonus[other]
            worth_here = bonus_here + (pairs_here if is_sum else 2.0 * pairs_here / (n_here - 1))
        least = before + temperature * np.log((_throw(dice, 1 << 53) + 1) / (1 << 53))
        if worth_there + worth_here < least:
            continue

        for a in range(n_goal):
            there[a] = members[goal, a]
        there[chair] = one
        n_kept = 0
        for a in range(n_home):
            if members[home, a] != one:
                here[n_kept] = members[home, a]
                n_kept += 1
        if home != NOWHERE and is_swap:
            here[n_kept] = other
        if has_rules:
            worth_there -= way_cost(pool, there, n_there) + penalty * n_broken(pool, there, n_there)
            if home != NOWHERE:
                worth_here -= way_cost(pool, here, n_here) + penalty * n_broken(pool, here, n_here)
            if worth_there + worth_here < least:
                continue

        seats[one] = goal
        if is_swap:
            seats[other] = home
        for a in range(n_there):
            members[goal, a] = there[a]
        n_members[goal], pairs[goal], bonuses[goal], worths[goal] = n_there, pairs_there, bonus_there, worth_there
        if home != NOWHERE:
            for a in range(n_here):
                members[home, a] = here[a]
            n_members[home], pairs[home], bonuses[home], worths[home] = n_here, pairs_here, bonus_here, worth_here
