"""How suggestions spread over members."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.metrics.exposure import exposure, gini

PAIRS = np.array(list(combinations(range(30), 2)))


@given(amounts=st.lists(st.integers(0, 20), min_size=1, max_size=8))
def test_gini_is_the_mean_difference_over_twice_the_mean(amounts: list[int]) -> None:
    """As the definition says it, pair by pair."""
    differences = [abs(one - other) for one in amounts for other in amounts]
    mean = sum(amounts) / len(amounts)
    expected = sum(differences) / len(differences) / (2 * mean) if mean else 0.0

    assert gini(np.array(amounts, dtype=np.float64)) == pytest.approx(expected)


def test_a_score_that_says_nothing_spreads_evenly() -> None:
    """Ties share the places, so nobody gains by their id."""
    found = exposure(PAIRS[:, 0], PAIRS[:, 1], np.zeros(len(PAIRS)))

    assert found.gini == pytest.approx(0)
    assert found.coverage_share == 1


def test_a_popularity_contest_names_the_same_few_to_everybody() -> None:
    """Members 19 to 29 take all places but those that fall to one who is a star herself."""
    found = exposure(PAIRS[:, 0], PAIRS[:, 1], PAIRS.sum(axis=1).astype(np.float64))

    assert found.gini > 0.6
    assert found.coverage_share == pytest.approx(11 / 30)


def test_nobody_to_suggest_is_unknown() -> None:
    """Not zero."""
    empty = np.empty(0, dtype=np.int64)

    assert np.isnan(exposure(empty, empty, np.empty(0)).gini)
