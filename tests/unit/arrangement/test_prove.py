"""A bound is held against the best plan there is, wherever the proof is broken off; and so is what it rests on."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from matcher.arrangement.market import Market
from matcher.arrangement.means import Means, WorkOptions, never
from matcher.arrangement.pools import best_means, pool_of_pairs
from matcher.arrangement.prove import Proof, prove
from matcher.arrangement.search import search, values_of
from matcher.arrangement.tariff import Tariff
from matcher.engines.highs_programs import HighsPrograms
from matcher.numeric.pool import Pool
from matcher.units import Rows
from tests.unit.arrangement.random_pools import Group, all_worths, best_value, random_pool

ROUNDING = 1e-9
N_ROUNDS = 150
TWO_TRIANGLES = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5)]

seeds = st.integers(0, 10_000)
either = st.booleans()


def after(n_calls: int) -> Callable[[], bool]:
    """Leave off after so many calls."""
    left = iter(range(n_calls))
    return lambda: next(left, None) is None


def in_blocks(n_members: int, size: int) -> list[Rows]:
    """Members in parts of so many."""
    return [np.arange(first, min(first + size, n_members)) for first in range(0, n_members, size)]


def proved(
    pool: Pool, *, n_rounds: int = N_ROUNDS, stop: Callable[[], bool] = never, blocks: Sequence[Rows] | None = None
) -> Proof:
    """A proof that begins with what a short search found."""
    work = WorkOptions(n_rounds=n_rounds)
    means = Means(programs=HighsPrograms(), rng=np.random.default_rng(1), work=work)
    found = search(pool, means, n_starts=2, n_moves=30, is_everyone=False)
    known = [group for groups in found for group in groups]
    parts = blocks or [np.arange(len(pool.bonus))]
    return prove(pool, found[0], known, replace(means, stop=stop), blocks=parts)


@given(seed=seeds, n_rounds=st.integers(0, 12), is_sum=either, has_rules=either, block=st.sampled_from([3, 4, 8]))
def test_no_plan_is_worth_more_than_the_bound(
    seed: int, n_rounds: int, *, is_sum: bool, has_rules: bool, block: int
) -> None:
    """Whatever the rules, after however few rounds, and with prices from however many programs."""
    pool = random_pool(seed, is_sum=is_sum, has_rules=has_rules)

    proof = proved(pool, n_rounds=n_rounds, blocks=in_blocks(8, block))

    assert proof.upper_bound >= best_value(all_worths(pool), 8) - ROUNDING
    assert np.isfinite(proof.upper_bound) == (n_rounds > 0)


@given(seed=seeds, n_calls=st.integers(0, 12))
def test_what_was_proved_before_a_stop_holds(seed: int, n_calls: int) -> None:
    """And nothing is claimed where there was no time for one round."""
    pool = random_pool(seed, has_rules=True)

    proof = proved(pool, stop=after(n_calls))

    assert proof.upper_bound >= best_value(all_worths(pool), 8) - ROUNDING
    assert np.isfinite(proof.upper_bound) == (n_calls > 0)


def best_shares(worths: dict[Group, float], n_members: int) -> float:
    """The largest worth of shares of all groups, under every cut there is: what the proof comes down to, at best."""
    groups = [group for group, worth in worths.items() if worth > 0]
    if not groups:
        return 0.0
    trios = list(combinations(range(n_members), 3))
    sits = [[member in group for group in groups] for member in range(n_members)]
    cut = [[len(set(trio) & set(group)) >= 2 for group in groups] for trio in trios]
    rows = np.array([*sits, *cut], dtype=np.float64)
    solved = linprog([-worths[group] for group in groups], A_ub=rows, b_ub=np.ones(len(rows)))
    return -float(solved.fun or 0.0)


@pytest.mark.parametrize("is_sum", [False, True], ids=["mean", "sum"])
def test_the_bound_comes_down_to_what_shares_of_groups_are_worth(*, is_sum: bool) -> None:
    """Within a thousandth in nine worlds of ten: all groups that matter were found, and all cuts."""
    pools = [random_pool(seed, is_sum=is_sum) for seed in range(20)]
    least = np.array([best_shares(all_worths(pool), 8) for pool in pools])

    bounds = np.array([proved(pool).upper_bound for pool in pools])

    assert (bounds >= least - 1e-6).all()
    assert np.mean(bounds <= 1.001 * least + 0.001) >= 0.9


def test_the_bound_meets_the_optimum_where_there_is_choice() -> None:
    """Ten members who all know each other: within 1 % in most worlds."""
    edges, meets = np.array(list(combinations(range(10), 2))), []
    for seed in range(8):
        pool = pool_of_pairs(10, edges, np.random.default_rng(seed).random(len(edges)), sizes=(3, 4))
        optimum = best_value(all_worths(pool), 10)
        meets.append(optimum - ROUNDING <= proved(pool).upper_bound <= 1.01 * optimum)

    assert np.mean(meets) >= 0.75


def test_circles_of_friends_may_be_priced_apart() -> None:
    """Two blocks, and links between them that no good plan needs: the bound is as good as from one program."""
    edges = np.array(list(combinations(range(8), 2)))
    inside = (edges < 4).all(axis=1) | (edges >= 4).all(axis=1)
    pool = pool_of_pairs(8, edges, np.where(inside, 0.8, 0.3) + edges[:, 0] / 100, sizes=(3, 4))

    one, two = (proved(pool, blocks=in_blocks(8, size)) for size in (8, 4))

    optimum = best_value(all_worths(pool), 8)
    assert one.upper_bound == pytest.approx(optimum, rel=0.01)
    assert two.upper_bound == pytest.approx(optimum, rel=0.01)


def cost_of(group: Group, tariff: Tariff) -> float:
    """Its members' seats, and each cut of whose three it holds two or more."""
    cuts = zip(tariff.trios, tariff.cuts.tolist(), strict=True)
    seats = sum(tariff.seats[list(group)].tolist())
    return float(seats + sum(price for trio, price in cuts if len(set(trio) & set(group)) >= 2))


@given(seed=seeds, is_sum=either, has_rules=either, block=st.sampled_from([3, 8]), slack=st.sampled_from([0.0, 0.1]))
def test_after_an_answer_every_group_is_paid_for(
    seed: int, *, is_sum: bool, has_rules: bool, block: int, slack: float
) -> None:
    """Seats and cuts together cost at least what any legal group is worth: this is the whole proof."""
    pool = random_pool(seed, is_sum=is_sum, has_rules=has_rules)
    market = Market(pool, HighsPrograms(), in_blocks(8, block))
    unit, prices, worths = best_means(pool) + ROUNDING, np.zeros(8), all_worths(pool)

    for _ in range(8):
        prices = market.solve(prices, unit)
        answer = market.ask(prices, slack, unit)

        assert answer.is_complete
        assert answer.bound == pytest.approx(answer.tariff.total)
        assert answer.tariff.seats.min() >= 0
        assert all(worth <= cost_of(group, answer.tariff) + ROUNDING for group, worth in worths.items())
        assert set(answer.news) <= worths.keys()
        if not market.add(answer.news):
            market.cut()


def test_half_formed_groups_are_cut_off() -> None:
    """Three pairs among three members: halves of each would be worth 1.5 pairs, but whole ones only one."""
    pool = pool_of_pairs(3, np.array([(0, 1), (0, 2), (1, 2)]), np.ones(3), sizes=(2, 2))

    proof = proved(pool)

    assert proof.upper_bound == pytest.approx(2.0, rel=1e-3)


@pytest.mark.parametrize("n_rounds", range(1, 12))
def test_a_proof_may_end_right_after_a_cut(n_rounds: int) -> None:
    """The cut has no price yet."""
    pool = pool_of_pairs(6, np.array(TWO_TRIANGLES), np.ones(6), sizes=(2, 2))

    proof = proved(pool, n_rounds=n_rounds)

    assert proof.upper_bound >= 4.0
    assert proof.tariff.total == pytest.approx(proof.upper_bound)


@given(seed=seeds, has_rules=either)
def test_what_is_written_down_is_legal_and_paid_for(seed: int, *, has_rules: bool) -> None:
    """Each group once, with its worth and its share; and it loses what it costs more than it is worth."""
    pool = random_pool(seed, has_rules=has_rules)

    proof = proved(pool)

    worths = all_worths(pool)
    assert len(set(proof.groups)) == len(proof.groups)
    assert proof.worths.tolist() == pytest.approx([worths[group] for group in proof.groups])
    assert ((proof.shares >= -ROUNDING) & (proof.shares <= 1 + ROUNDING)).all()
    losses = proof.tariff.losses(proof.groups, proof.worths)
    costs = [cost_of(group, proof.tariff) for group in proof.groups]
    assert losses.tolist() == pytest.approx(
        [cost - worths[group] for group, cost in zip(proof.groups, costs, strict=True)]
    )
    assert losses.min(initial=0.0) >= -ROUNDING


def test_the_same_question_has_the_same_answer() -> None:
    """To the last bit: a night can be repeated."""
    pool = random_pool(5, n_members=10, has_rules=True)

    once, again = (proved(pool) for _ in range(2))

    assert once.groups == again.groups
    assert once.upper_bound == again.upper_bound
    assert once.tariff.seats.tolist() == again.tariff.seats.tolist()


def test_nobody_to_seat_is_worth_nothing() -> None:
    """No pair is worth anything: the bound says so."""
    pool = pool_of_pairs(4, np.array(list(combinations(range(4), 2))), np.zeros(6), sizes=(2, 3))

    proof = proved(pool)

    assert proof.upper_bound == pytest.approx(0, abs=1e-6)
    assert proof.groups == []


def test_known_groups_are_written_down_once() -> None:
    """However often a search found them."""
    pool = pool_of_pairs(4, np.array(list(combinations(range(4), 2))), np.ones(6), sizes=(2, 2))
    market = Market(pool, HighsPrograms(), in_blocks(4, 2))
    pairs: list[Group] = [(0, 1), (1, 2), (0, 1)]

    n_new = [market.add(pairs), market.add(pairs)]

    assert n_new == [2, 0]
    assert market.worths.tolist() == values_of(pool, [(0, 1), (1, 2)]).tolist() == [2.0, 2.0]
