"""The optimizer alone: on tables small enough to try everything, value and bound are the truth."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.arrange import Arrangement, ArrangeOptions, arrange
from matcher.arrangement.means import WorkOptions, never
from matcher.engines.highs_programs import HighsPrograms
from matcher.tables.pair_weights import PairWeights
from matcher.units import Floats
from tests.unit.arrangement.random_pools import best_value

Group = tuple[int, ...]
Pair = tuple[int, int]

LITTLE = WorkOptions(n_starts=2, n_moves=100, n_rounds=60, n_passes=3)

PAIRS_OF_20 = list(combinations(range(20), 2))

seeds = st.integers(0, 100_000)
wishes = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1]), max_size=3)


def table_of(weights: dict[Pair, float], n_members: int) -> PairWeights:
    """A table with these pairs named."""
    pairs = sorted(weights)
    return PairWeights(
        names=tuple(f"m{row}" for row in range(n_members)),
        edges=np.array(pairs, np.int64).reshape(-1, 2),
        weights=np.array([weights[pair] for pair in pairs], np.float64),
    )


def random_weights(seed: int, n_members: int) -> dict[Pair, float]:
    """Weights of any scale: smooth, often equal, of either sign or all alike; some pairs are not named."""
    rng = np.random.default_rng(seed)
    named = [pair for pair in combinations(range(n_members), 2) if rng.random() < rng.choice([0.4, 1.0])]
    n_named = len(named)
    kinds: list[Floats] = [
        rng.uniform(0, 1, n_named),
        rng.integers(0, 4, n_named).astype(np.float64),
        rng.normal(10, 20, n_named),
        np.full(n_named, 1_000.0),
        -rng.uniform(0, 1, n_named),
    ]
    return dict(zip(named, kinds[rng.integers(len(kinds))].tolist(), strict=True))


def arranged(
    weights: dict[Pair, float], n_members: int, options: ArrangeOptions, *, seed: int = 1,
    stop: Callable[[], bool] = never,
) -> Arrangement:  # fmt: skip
    """With fresh dice."""
    table = table_of(weights, n_members)
    return arrange(table, options, np.random.default_rng(seed), programs=HighsPrograms(), stop=stop)


def worth(group: Group, weights: dict[Pair, float], options: ArrangeOptions) -> float:
    """By the definition; a pair that is not named weighs 0."""
    total = sum(weights.get(pair, 0.0) for pair in combinations(group, 2))
    return total if options.objective == "sum" else 2 * total / (len(group) - 1)


def plans(free: Group, options: ArrangeOptions) -> Iterator[tuple[Group, ...]]:
    """Every plan: the first member stays out, or sits with some of the others."""
    if not free:
        yield ()
        return
    if not options.everyone:
        yield from plans(free[1:], options)
    for size in range(options.min_size, options.max_size + 1):
        for others in combinations(free[1:], size - 1):
            group = (free[0], *others)
            if keeps_wishes(group, options):
                for rest in plans(tuple(one for one in free if one not in group), options):
                    yield (group, *rest)


def keeps_wishes(group: Group, options: ArrangeOptions) -> bool:
    """Nobody beside whom they are to be apart from, and who sits together does so or stays out."""
    is_torn = any((a in group) != (b in group) for a, b in options.together)
    return not is_torn and not any(a in group and b in group for a, b in options.apart)


def best_by_counting(weights: dict[Pair, float], n_members: int, options: ArrangeOptions) -> float | None:
    """The largest value of any plan, or None where there is no plan."""
    fixed = {member for group in options.fixed for member in group}
    free = tuple(member for member in range(n_members) if member not in fixed)
    standing = sum(worth(group, weights, options) for group in options.fixed)
    values = [sum(worth(group, weights, options) for group in plan) for plan in plans(free, options)]
    return standing + max(values) if values else None


def random_options(seed: int, together: list[Pair], apart: list[Pair], n_members: int) -> ArrangeOptions:
    """Sizes, objective and wishes of some kind."""
    rng = np.random.default_rng([seed, 3])
    low = int(rng.integers(2, 4))
    return ArrangeOptions(
        min_size=low, max_size=low + int(rng.integers(0, 3)), objective=str(rng.choice(["mean", "sum"])),
        everyone=bool(rng.random() < 0.4), together=tuple(together), apart=tuple(apart),
        fixed=((n_members, n_members + 1),) if rng.random() < 0.2 else (), work=LITTLE,
    )  # fmt: skip


@given(seed=seeds, n_members=st.integers(2, 8), together=wishes, apart=wishes)
def test_value_and_bound_are_the_best_there_is(
    seed: int, n_members: int, together: list[Pair], apart: list[Pair]
) -> None:
    """Sums and means, with and without everyone, whatever is wished, and on any scale."""
    together, apart = ([pair for pair in pairs if max(pair) < n_members] for pairs in (together, apart))
    options = random_options(seed, together, apart, n_members)
    n_all = n_members + 2 * len(options.fixed)
    weights = random_weights(seed, n_all)

    found = arranged(weights, n_all, options)

    optimum = best_by_counting(weights, n_all, options)
    if optimum is not None:
        assert found.value == pytest.approx(optimum, abs=1e-9)
        assert found.upper_bound == pytest.approx(optimum, abs=1e-9)
    assert_is_legal(found, weights, n_all, options)


@pytest.mark.parametrize(("n_members", "objective"), [(10, "sum"), (11, "mean"), (12, "mean")])
def test_up_to_twelve_members_are_tried_out(n_members: int, objective: str) -> None:
    """With a few who must not meet, and weights of either sign."""
    rng = np.random.default_rng(n_members)
    weights = {pair: float(rng.uniform(-1, 1)) for pair in combinations(range(n_members), 2)}
    options = ArrangeOptions(min_size=3, max_size=4, objective=objective, apart=((0, 1), (2, 3)), work=LITTLE)
    groups = [group for size in (3, 4) for group in combinations(range(n_members), size)]
    worths = {group: worth(group, weights, options) for group in groups if keeps_wishes(group, options)}

    found = arranged(weights, n_members, options)

    optimum = best_value(worths, n_members)
    assert found.value == pytest.approx(optimum)
    assert found.upper_bound == pytest.approx(optimum)
    assert optimum > 1


def assert_is_legal(found: Arrangement, weights: dict[Pair, float], n_members: int, options: ArrangeOptions) -> None:
    """Everyone in one group or unplaced, wishes kept, and worth what is said."""
    assert sorted([*found.unplaced, *(member for group in found.groups for member in group)]) == list(range(n_members))
    assert found.groups[: len(options.fixed)] == options.fixed
    for group in found.groups[len(options.fixed) :]:
        assert options.min_size <= len(group) <= options.max_size
        assert keeps_wishes(group, options)
    assert found.value == pytest.approx(sum(worth(group, weights, options) for group in found.groups), abs=1e-9)


@given(seed=seeds, n_calls=st.integers(0, 40))
def test_larger_tables_are_searched_and_may_be_cut_short(seed: int, n_calls: int) -> None:
    """Thirteen members are one more than are tried out: the plan is legal, and says whether there was time."""
    weights, calls = random_weights(seed, 13), [0]
    options = replace(random_options(seed, [(0, 1)], [(1, 2)], 13), fixed=())

    def stop() -> bool:
        calls[0] += 1
        return calls[0] > n_calls

    found = arranged(weights, 13, options, stop=stop)

    assert_is_legal(found, weights, 13, options)
    assert found.was_cut_short == (calls[0] > n_calls)
    assert found.upper_bound is None or found.value <= found.upper_bound


@pytest.mark.parametrize("seed", range(8))
def test_the_same_seed_gives_the_same_groups(seed: int) -> None:
    """To the last bit of the bound."""
    weights, options = random_weights(seed, 14), replace(random_options(seed, [], [], 14), fixed=())

    once, again = (arranged(weights, 14, options, seed=seed) for _ in range(2))

    assert once == again


def test_a_sparse_table_may_be_as_tight_as_a_full_one() -> None:
    """Whoever is not named beside another weighs 0 there: two pairs at one table bring what they bring apart."""
    weights = {(0, 1): 3.0, (2, 3): 2.0}
    options = ArrangeOptions(min_size=4, max_size=4, objective="sum", work=LITTLE)

    found = arranged(weights, 4, options)

    assert found.groups == ((0, 1, 2, 3),)
    assert (found.value, found.upper_bound) == (5.0, 5.0)


def test_what_stands_already_stays_whatever_is_wished() -> None:
    """Members 0 and 1 stand together though they wish not to, 5 stands alone; 2 does without 0, and so stays out."""
    weights = dict.fromkeys(combinations(range(6), 2), 1.0) | {(0, 1): -3.0}
    options = ArrangeOptions(
        min_size=2, max_size=3, apart=((0, 1),), together=((0, 2),), fixed=((0, 1), (5,)), work=LITTLE
    )

    found = arranged(weights, 6, options)

    assert found.groups == ((0, 1), (5,), (3, 4))
    assert found.unplaced == (2,)
    assert (found.value, found.upper_bound) == (-4.0, -4.0)


def test_a_table_that_brings_sizes_places_everyone_in_them() -> None:
    """In the file's order, the larger group first."""
    weights = dict.fromkeys(combinations((0, 2, 4), 2), 5.0) | {(1, 3): 4.0, (0, 1): 1.0}
    table = replace(table_of(weights, 5), sizes=((3, 3), (2, 2)))

    found = arrange(table, ArrangeOptions(), np.random.default_rng(1), programs=HighsPrograms(), stop=never)

    assert found.groups == ((0, 2, 4), (1, 3))
    assert found.unplaced == ()
    assert found.value == pytest.approx(19.0)
    assert found.upper_bound is None or found.upper_bound >= 19.0


def test_a_table_without_weights_has_nothing_to_gain() -> None:
    """All weigh 0: nobody is brought together for nothing, unless everyone is to be placed."""
    options = ArrangeOptions(min_size=2, max_size=3, work=LITTLE)

    best, everyone = (arranged({}, 5, replace(options, everyone=is_everyone)) for is_everyone in (False, True))

    assert (best.groups, best.value, best.upper_bound) == ((), 0.0, 0.0)
    assert (everyone.unplaced, everyone.value, everyone.upper_bound) == ((), 0.0, 0.0)


@pytest.mark.parametrize("bad", [-1e4, -1e6, -1e12])
@pytest.mark.parametrize("everyone", [False, True])
def test_a_pair_that_is_very_bad_drowns_no_other(bad: float, *, everyone: bool) -> None:
    """Never together is written as a large negative weight: the best plan is found as if it were an ordinary one."""
    options = ArrangeOptions(min_size=4, max_size=5, everyone=everyone, work=LITTLE)
    weights = {
        pair: float(weight) for pair, weight in zip(PAIRS_OF_20, np.random.default_rng(3).random(190), strict=True)
    }
    with_it = weights | {(0, 1): bad}
    without_it = weights | {(0, 1): -20.0}

    found, expected = (arranged(one, 20, options) for one in (with_it, without_it))

    assert found.value == pytest.approx(expected.value)
    assert found.upper_bound is not None
    assert found.upper_bound >= found.value


def test_everyone_is_placed_in_a_large_pool_of_two_circles() -> None:
    """Groups across circles are needed where neither holds a whole number of groups."""
    rng = np.random.default_rng(5)
    circles = [np.arange(502), np.arange(502, 1005)]
    ends = [np.column_stack([rng.choice(circle, 3_000), rng.choice(circle, 3_000)]) for circle in circles]
    pairs = {
        (int(min(pair)), int(max(pair))): float(rng.random()) for pair in np.concatenate(ends) if pair[0] != pair[1]
    }
    options = ArrangeOptions(min_size=5, max_size=5, everyone=True, work=replace(LITTLE, n_rounds=0, n_passes=0))

    found = arranged(pairs, 1_005, options)

    assert found.unplaced == ()
