"""What a grouping is worth is counted from the pair weights alone."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.metrics.grouping import GroupingRules, broken_rules, value_groups
from matcher.tables.pair_weights import GroupSizes, PairWeights


def a_pool(seed: int, n_members: int, sizes: GroupSizes | None = None) -> PairWeights:
    """Random weights, some below 0, on about half of the pairs."""
    rng = np.random.default_rng(seed)
    pairs = [pair for pair in combinations(range(n_members), 2) if rng.random() < 0.5]
    return PairWeights(
        names=tuple(f"m{i}" for i in range(n_members)),
        edges=np.array(pairs, dtype=np.int64).reshape(-1, 2),
        weights=rng.normal(size=len(pairs)),
        sizes=sizes,
    )


@given(seed=st.integers(0, 1_000), first_size=st.integers(1, 4), second_size=st.integers(2, 5))
def test_each_member_brings_their_mean_weight_to_the_others(seed: int, first_size: int, second_size: int) -> None:
    """The words of the objective, taken literally, against its formula."""
    pairs = a_pool(seed, 9)
    order = np.random.default_rng(seed).permutation(9).tolist()
    groups = [order[:first_size], order[first_size : first_size + second_size]]
    matrix = pairs.matrix()

    by_mean, by_sum = (value_groups(pairs, groups, objective) for objective in ("mean", "sum"))

    for rows, mean, total in zip(groups, by_mean, by_sum, strict=True):
        means = [matrix[row, [other for other in rows if other != row]].mean() for row in rows] if len(rows) > 1 else []
        assert mean == pytest.approx(sum(means), abs=1e-12)
        assert total == pytest.approx(sum(matrix[a, b] for a, b in combinations(rows, 2)), abs=1e-12)


@pytest.mark.parametrize(
    ("groups", "unplaced", "is_everyone", "broken"),
    [
        pytest.param([[0, 1], [3, 4, 5]], [2], False, [], id="legal"),
        pytest.param([], [0, 1, 2, 3, 4, 5], False, [], id="nobody"),
        pytest.param([[0, 1], [3, 4, 5]], [], False, ["somebody stands nowhere or in two places"], id="lost"),
        pytest.param([[0, 1], [1, 4, 5]], [2, 3], False, ["somebody stands nowhere or in two places"], id="twice"),
        pytest.param([[0, 1], [1, 4, 5], [3, 2]], [], False, ["somebody stands nowhere or in two places"], id="seven"),
        pytest.param([[0], [3, 4, 5]], [1, 2], False, ["group 1 has 1 members instead of 2 to 3"], id="small"),
        pytest.param([[0, 1], [2, 3, 4, 5]], [], True, ["group 2 has 4 members instead of 2 to 3"], id="large"),
        pytest.param(
            [[0, 1], [3, 4, 5]], [2], True, ["1 members are left out, and everyone was to be placed"], id="out"
        ),
    ],
)
def test_a_broken_rule_is_named(
    groups: Sequence[Sequence[int]], unplaced: Sequence[int], is_everyone: bool, broken: list[str]
) -> None:
    """Six members in groups of two or three."""
    rules = GroupingRules(min_size=2, max_size=3, is_everyone=is_everyone)

    assert broken_rules(a_pool(1, 6), groups, unplaced, rules) == broken


def test_sizes_of_the_file_hold_group_by_group() -> None:
    """In the file's order: the first holds two, the second four."""
    pairs = a_pool(1, 6, sizes=((2, 2), (4, 4)))
    rules = GroupingRules(min_size=2, max_size=4, is_everyone=True)

    as_said, turned, too_many = (
        broken_rules(pairs, groups, [], rules)
        for groups in ([[0, 1], [2, 3, 4, 5]], [[2, 3, 4, 5], [0, 1]], [[0, 1], [2, 3], [4, 5]])
    )

    assert as_said == []
    assert turned[0] == "group 1 has 4 members instead of 2 to 2"
    assert too_many[0] == "there are 3 groups instead of 2"
