"""How near a plan is to the best possible."""

import pytest

from matcher.tables.proposals import Matching, Objective


@pytest.mark.parametrize(
    ("value", "upper_bound", "owed", "gap"),
    [
        pytest.param(8.0, 10.0, 0.0, 0.2, id="no-debts"),
        pytest.param(108.0, 110.0, 100.0, 0.2, id="debts-taken-off"),
        pytest.param(8.0, 10.0, -5.0, 0.2, id="repeats-not-added"),
        pytest.param(90.0, 95.0, 100.0, 1.0, id="nothing-but-debts"),
        pytest.param(95.0, 95.0, 100.0, 0.0, id="nothing-but-debts-and-all-of-it"),
        pytest.param(0.0, 0.0, 0.0, 0.0, id="nothing"),
    ],
)
def test_the_gap_is_a_share_of_what_is_not_owed(value: float, upper_bound: float, owed: float, gap: float) -> None:
    """Only a value that reaches its bound is the best possible, however much is owed."""
    scope = "candidate pairs"
    objective = Objective(value=value, upper_bound=upper_bound, bound_scope=scope, stranger_chance=0.001, owed=owed)
    matching = Matching(value=value, upper_bound=upper_bound, bound_scope=scope, n_blocking_pairs=0, owed=owed)

    assert objective.gap == matching.gap == pytest.approx(gap)
