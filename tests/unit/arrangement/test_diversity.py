"""Everyone in groups of given sizes: held against every plan there is, where that can be counted out."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.diversity import inside, spread_members
from matcher.arrangement.diversity_bound import most_inside
from matcher.arrangement.diversity_sizes import extreme_sizes, group_limits
from matcher.errors import InputError, TableError
from matcher.units import Floats, Rows

Sizes = Sequence[tuple[int, int]]
N_STEPS = 20_000


def plans(free: tuple[int, ...], sizes: Sizes) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every way to place everyone, group after group."""
    if not sizes:
        if not free:
            yield ()
        return
    lower, upper = sizes[0]
    for size in range(lower, min(upper, len(free)) + 1):
        for chosen in combinations(free, size):
            for others in plans(tuple(one for one in free if one not in chosen), sizes[1:]):
                yield (chosen, *others)


def best_by_counting(weights: Floats, sizes: Sizes) -> float:
    """The largest value of any plan, found by looking at all."""
    return max(
        sum(float(weights[one, other]) for group in plan for one, other in combinations(group, 2))
        for plan in plans(tuple(range(len(weights))), sizes)
    )


def symmetric(upper: Floats) -> Floats:
    """A matrix of pair weights from what stands above its diagonal."""
    above: Floats = np.triu(upper, 1)
    return above + above.T


def random_world(seed: int, kind: str) -> tuple[Floats, Sizes]:
    """Six to nine members, two or three groups of sizes of their own."""
    rng = np.random.default_rng(seed)
    n_members = int(rng.integers(6, 10))
    weights = {
        "even": lambda: rng.uniform(0, 100, (n_members, n_members)),
        "either sign": lambda: rng.normal(0, 1, (n_members, n_members)),
        "mostly hostile": lambda: rng.normal(-5, 2, (n_members, n_members)),
        "sparse": lambda: rng.random((n_members, n_members)) * (rng.random((n_members, n_members)) < 0.2),
        "whole numbers": lambda: rng.integers(0, 4, (n_members, n_members)).astype(np.float64),
    }[kind]()
    n_groups = int(rng.integers(2, 4))
    fair = n_members // n_groups
    lowers = rng.integers(max(fair - 2, 0), fair + 1, n_groups)
    uppers = rng.integers(fair + 1, fair + 4, n_groups)
    return symmetric(weights), list(zip(lowers.tolist(), uppers.tolist(), strict=True))


def search(weights: Floats, sizes: Sizes, *, n_steps: int = N_STEPS, seed: int = 3) -> Rows:
    """A search with its own fresh dice."""
    return spread_members(weights, sizes, np.random.default_rng(seed), n_steps=n_steps)


def size_of_each(labels: Rows, sizes: Sizes) -> list[int]:
    """How many are in each group."""
    return [int(count) for count in np.bincount(labels, minlength=len(sizes))]


kinds = st.sampled_from(["even", "either sign", "mostly hostile", "sparse", "whole numbers"])


@given(seed=st.integers(0, 10_000), kind=kinds)
def test_a_small_world_gets_its_best_plan_and_a_bound_not_below_it(seed: int, kind: str) -> None:
    """The answer of all plans is the search's; no bound may ever be below what exists."""
    weights, sizes = random_world(seed, kind)

    value = inside(weights, search(weights, sizes))

    best = best_by_counting(weights, sizes)
    assert value == pytest.approx(best, abs=1e-9)
    assert most_inside(weights, sizes) >= best - 1e-9


def test_twelve_members_in_groups_of_three_get_the_best_of_all_15_400_plans() -> None:
    """One world that is large enough to be missed by a search that only descends."""
    rng = np.random.default_rng(12)
    weights = symmetric(rng.uniform(0, 1, (12, 12)))

    value = inside(weights, search(weights, [(3, 3)] * 4))

    best = max(
        sum(float(weights[np.ix_(group, group)].sum()) / 2 for group in plan)
        for plan in plans_of_like_groups(tuple(range(12)), 3)
    )
    assert value == pytest.approx(best)


def plans_of_like_groups(free: tuple[int, ...], size: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every plan once, whatever its groups are called: the first who is free chooses."""
    if not free:
        yield ()
        return
    for partners in combinations(free[1:], size - 1):
        chosen = (free[0], *partners)
        for others in plans_of_like_groups(tuple(one for one in free if one not in chosen), size):
            yield (chosen, *others)


@given(seed=st.integers(0, 10_000), kind=kinds, n_steps=st.integers(0, 3_000))
def test_everyone_has_a_group_of_a_legal_size_however_little_work_is_allowed(
    seed: int, kind: str, n_steps: int
) -> None:
    """A search may be cut anywhere; what it returns is a plan."""
    weights, sizes = random_world(seed, kind)

    labels = search(weights, sizes, n_steps=n_steps)

    counts = size_of_each(labels, sizes)
    assert sum(counts) == len(weights)
    assert all(lower <= count <= upper for count, (lower, upper) in zip(counts, sizes, strict=True))


def test_two_circles_of_different_size_are_found_among_strangers() -> None:
    """Seven who know each other and five others who do, shuffled; the larger circle only fits the second group."""
    circle = np.array([0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1])
    weights = symmetric((circle[:, None] == circle[None, :]).astype(np.float64))

    labels = search(weights, [(4, 5), (5, 8)])

    assert labels.tolist() == circle.tolist()


def test_the_same_seed_gives_the_same_plan_and_another_stop_that_stays_silent_too() -> None:
    """Work is counted, never timed: asking whether to stop changes nothing."""
    weights, sizes = symmetric(np.random.default_rng(5).uniform(0, 9, (30, 30))), [(6, 9)] * 4
    asked = []

    def stays_silent() -> bool:
        asked.append(1)
        return False

    once = search(weights, sizes, n_steps=400_000)
    again = spread_members(weights, sizes, np.random.default_rng(3), n_steps=400_000, stop=stays_silent)

    assert once.tolist() == again.tolist()
    assert len(asked) > 10


@pytest.mark.parametrize("n_answers", [0, 1, 7, 40])
def test_a_search_that_is_stopped_at_any_moment_returns_a_legal_plan(n_answers: int) -> None:
    """A time limit may cut in while temperatures are still looked for, or amid a cooling."""
    weights, sizes = symmetric(np.random.default_rng(6).uniform(0, 9, (24, 24))), [(5, 9)] * 3
    answers = iter([False] * n_answers)

    labels = spread_members(weights, sizes, np.random.default_rng(1), n_steps=10**12, stop=lambda: next(answers, True))

    assert all(5 <= count <= 9 for count in size_of_each(labels, sizes))


def test_no_single_move_or_swap_would_gain() -> None:
    """What is returned has settled: an organizer who tries by hand finds nothing."""
    weights, sizes = symmetric(np.random.default_rng(8).uniform(0, 1, (18, 18))), [(4, 8)] * 3

    labels = search(weights, sizes, n_steps=5_000)

    value = inside(weights, labels)
    for one, other in combinations(range(18), 2):
        swapped = labels.copy()
        swapped[[one, other]] = labels[[other, one]]
        assert inside(weights, swapped) <= value + 1e-6
    for member in range(18):
        for group in range(3):
            moved = labels.copy()
            moved[member] = group
            is_legal = all(4 <= count <= 8 for count in size_of_each(moved, sizes))
            assert not is_legal or inside(weights, moved) <= value + 1e-6


@given(scale=st.sampled_from([1e-6, 3.0, 1e9]), seed=st.integers(0, 50))
def test_the_unit_of_the_weights_does_not_matter(scale: float, seed: int) -> None:
    """Temperatures are found by trying, so points, shares and millions are searched alike."""
    weights, sizes = random_world(seed, "even")

    value = inside(weights * scale, search(weights * scale, sizes))

    assert value == pytest.approx(scale * best_by_counting(weights, sizes))


def test_sizes_go_as_far_apart_as_pairs_count_or_as_near_together() -> None:
    """Of 20 in groups of 2 to 9, 3 to 8 and 4 to 7: 9, 7 and 4 have the most pairs; 7, 7 and 6 the fewest."""
    limits = group_limits([(2, 9), (3, 8), (4, 7)], 20)

    lopsided = extreme_sizes(limits, 20, is_lopsided=True)
    level = extreme_sizes(limits, 20, is_lopsided=False)

    assert lopsided.tolist() == [9, 7, 4]
    assert sorted(level.tolist()) == [6, 7, 7]


def test_the_bound_is_met_where_everyone_can_have_their_favourites() -> None:
    """Three circles of four who love only each other: no distance is left between plan and bound."""
    weights = np.kron(np.eye(3), np.ones((4, 4))) - np.eye(12)

    bound = most_inside(weights, [(4, 4)] * 3)

    assert bound == pytest.approx(18.0)
    assert inside(weights, search(weights, [(4, 4)] * 3)) == pytest.approx(18.0)


def test_where_weights_are_mostly_equal_the_bound_knows_that_not_all_can_have_their_favourites() -> None:
    """Eigenvalues see what single members do not: chance alone cannot make every group a favourite."""
    weights = symmetric(np.random.default_rng(2).uniform(40, 60, (60, 60)))

    bound = most_inside(weights, [(10, 10)] * 6)

    each_with_their_best_nine = float(-np.sort(-weights, axis=1)[:, :9].sum() / 2)
    assert bound < 0.99 * each_with_their_best_nine


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        pytest.param([(2, 3)], "room for 2 to 3", id="too little room"),
        pytest.param([(5, 6)] * 2, "room for 10 to 12", id="too much room to fill"),
        pytest.param([(4, 2), (1, 9)], r"\[\[4, 2\]\]", id="crossed"),
    ],
)
def test_sizes_that_nobody_can_keep_are_refused_with_what_was_found(sizes: Sizes, found: str) -> None:
    """An operator's sizes are an input: the message says what does not fit."""
    weights = np.zeros((6, 6))

    with pytest.raises(InputError, match=found):
        search(weights, sizes)


def test_weights_that_are_not_the_same_both_ways_are_refused() -> None:
    """The value of a plan would depend on who is named first."""
    with pytest.raises(TableError, match="symmetric"):
        search(np.arange(9.0).reshape(3, 3) - np.diag([0.0, 4.0, 8.0]), [(1, 2), (1, 2)])


@pytest.mark.parametrize("n_members", [0, 1, 5])
def test_where_nothing_is_to_choose_the_search_ends_at_once(n_members: int) -> None:
    """Nobody, one member, or one group for all."""
    weights = np.ones((n_members, n_members)) - np.eye(n_members)

    labels = search(weights, [(0, 5)], n_steps=10**15)

    assert labels.tolist() == [0] * n_members
