"""The groups that are worth more than their members' prices: held against all sets of members there are."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.pools import pool_of_pairs
from matcher.numeric.dense_sets import Found, find_sets, pick_sets, raise_prices
from matcher.numeric.pool import Pool, worth
from matcher.units import Floats
from tests.unit.arrangement.random_pools import Group, all_worths, random_pool

ENOUGH = 1_000_000
ROUNDING = 1e-9

seeds = st.integers(0, 10_000)
either = st.booleans()


def uneven_prices(seed: int, n_members: int) -> Floats:
    """Prices from a few levels, some 0, and so little apart that no two members contribute just the same."""
    rng = np.random.default_rng([seed, 1])
    level = rng.integers(0, 4, n_members) * rng.choice([0.02, 0.15, 0.3])
    return np.asarray(level + (1e-7 + np.arange(n_members) * 0.6180339887498949 % 1.0 * 1e-7))


def questions(pool: Pool) -> list[tuple[tuple[int, int], float]]:
    """Sizes and factor: all sizes at once for means, one after the other for sums."""
    low, high = pool.sizes
    return [((size, size), size - 1.0) for size in range(low, high + 1)] if pool.is_sum else [(pool.sizes, 2.0)]


def found_in(pool: Pool, prices: Floats) -> dict[Group, float]:
    """All sets found, and their surplus; fails where one is found twice."""
    sets: dict[Group, float] = {}
    for sizes, factor in questions(pool):
        found = find_sets(pool, prices, sizes, factor, ENOUGH, ENOUGH)
        assert found.is_complete
        for group, more in listed(found):
            assert group not in sets
            sets[group] = more
    return sets


def listed(found: Found) -> list[tuple[Group, float]]:
    """Members of each set, ascending, and its surplus."""
    rows = zip(found.members.tolist(), found.sizes.tolist(), found.surplus.tolist(), strict=True)
    return [(tuple(sorted(row[:size])), more) for row, size, more in rows]


def worth_more(pool: Pool, prices: Floats) -> dict[Group, float]:
    """All legal sets that are worth more than they cost, bonuses apart."""
    paid = prices + pool.bonus
    surplus = {group: value - float(paid[list(group)].sum()) for group, value in all_worths(pool).items()}
    return {group: more for group, more in surplus.items() if more > ROUNDING}


@given(seed=seeds, is_sum=either, has_rules=either)
def test_every_set_worth_more_than_it_costs_is_found_once(seed: int, *, is_sum: bool, has_rules: bool) -> None:
    """One that were missed would make a bound too low: a proof of what is not so."""
    pool = random_pool(seed, is_sum=is_sum, has_rules=has_rules)
    prices = uneven_prices(seed, len(pool.bonus))

    found = found_in(pool, prices)

    truth = worth_more(pool, prices)
    assert {group for group, more in found.items() if more > ROUNDING} == truth.keys()
    assert all(found[group] == pytest.approx(more, abs=1e-9) for group, more in truth.items())


@given(seed=seeds, is_sum=either, lowered=st.sampled_from([0.05, 0.3]))
def test_seats_may_bring_money(seed: int, *, is_sum: bool, lowered: float) -> None:
    """Prices below 0: then two who bring each other nothing are worth more than they cost, named as a pair or not."""
    pool = random_pool(seed, n_members=7, is_sum=is_sum, has_rules=True)
    prices = uneven_prices(seed, 7) - lowered

    found = found_in(pool, prices)

    assert {group for group, more in found.items() if more > ROUNDING} == worth_more(pool, prices).keys()


@given(seed=seeds, is_sum=either)
def test_a_pool_too_large_for_a_matrix_gives_the_same_sets(seed: int, *, is_sum: bool) -> None:
    """Weights are then looked up among each member's partners."""
    pool = random_pool(seed, is_sum=is_sum, has_rules=True)
    prices = uneven_prices(seed, len(pool.bonus))

    large = found_in(pool._replace(matrix=np.zeros((0, 0))), prices)

    assert large == found_in(pool, prices)


@given(seed=seeds, most=st.integers(0, 20), most_looks=st.integers(0, 300))
def test_a_search_that_is_cut_short_says_so(seed: int, most: int, most_looks: int) -> None:
    """What it found until then is right, but no bound can rest on it."""
    pool = random_pool(seed)
    prices = uneven_prices(seed, 8)
    truth = worth_more(pool, prices)

    found = find_sets(pool, prices, pool.sizes, 2.0, most, most_looks)

    sets = {group: more for group, more in listed(found) if more > ROUNDING}
    assert len(found.sizes) <= most
    assert found.n_looks <= most_looks + 2 * len(prices)
    assert not found.is_complete or sets.keys() == truth.keys()
    assert all(more == pytest.approx(truth[group]) for group, more in sets.items())


@pytest.mark.parametrize(("most", "most_looks"), [(3, ENOUGH), (ENOUGH, 3)], ids=["sets", "looks"])
def test_either_limit_cuts_a_search_short(most: int, most_looks: int) -> None:
    """Five friends at no price make 26 groups of two or more; a limit lets fewer pass."""
    edges = np.array(list(combinations(range(5), 2)), np.int64)
    pool = pool_of_pairs(5, edges, np.ones(len(edges)), sizes=(2, 5))
    prices = 1e-7 * np.arange(5).astype(np.float64)

    cut, whole = (find_sets(pool, prices, (2, 5), 2.0, *limits) for limits in ((most, most_looks), (26, ENOUGH)))

    assert not cut.is_complete
    assert len(cut.sizes) <= min(most, 25)
    assert whole.is_complete
    assert len(whole.sizes) == 26


@given(seed=seeds, is_sum=either, has_rules=either)
def test_raised_prices_leave_no_set_worth_more(seed: int, *, is_sum: bool, has_rules: bool) -> None:
    """This is what a bound rests on: at these prices every legal group is paid for."""
    pool = random_pool(seed, is_sum=is_sum, has_rules=has_rules)
    asked = uneven_prices(seed, len(pool.bonus))
    prices = asked.copy()

    for sizes, factor in questions(pool):
        found = find_sets(pool, asked, sizes, factor, ENOUGH, ENOUGH)
        raise_prices(prices, found, found.surplus, np.argsort(-found.surplus))

    assert worth_more(pool, prices) == {}
    assert (prices >= asked).all()


def test_each_member_gets_their_first_few_sets() -> None:
    """The third set holds only members who had one already."""
    members = np.array([[0, 1, -1], [2, 3, 4], [1, 2, -1], [4, 5, -1]])
    found = Found(members=members, sizes=np.array([2, 3, 2, 2]), surplus=np.ones(4), n_looks=0, is_complete=True)

    one_each, two_each = (pick_sets(found, np.arange(4), 6, most).tolist() for most in (1, 2))

    assert one_each == [0, 1, 3]
    assert two_each == [0, 1, 2, 3]


@given(seed=seeds, is_sum=either)
def test_a_groups_worth_is_its_definition(seed: int, *, is_sum: bool) -> None:
    """Fit, debts and ways for a legal group; minus infinity for every other."""
    pool = random_pool(seed, is_sum=is_sum, has_rules=True)
    truth = all_worths(pool)
    rng = np.random.default_rng(seed)

    for size in range(2, 7):
        group = np.sort(rng.permutation(8)[:size])
        expected = truth.get(tuple(group.tolist()), -np.inf)
        for one in (pool, pool._replace(matrix=np.zeros((0, 0)))):
            assert worth(one, group, size) == pytest.approx(expected)
