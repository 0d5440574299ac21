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
        pytest.param(60.0, 110.0, 90.0, 1.0, id="a-debt-is-missing"),
        pytest.param(0.0, 0.0, 0.0, 0.0, id="nothing"),
    ],
)
def test_the_gap_is_a_share_of_what_is_not_owed(value: float, upper_bound: float, owed: float, gap: float) -> None:
    """Only a value that reaches its bound is the best possible, however much is owed."""
    scope = "candidate pairs"
    objective = Objective(value=value, upper_bound=upper_bound, bound_scope=scope, stranger_chance=0.001, owed=owed)
    matching = Matching(value=value, upper_bound=upper_bound, bound_scope=scope, n_blocking_pairs=0, owed=owed)

    assert objective.gap == matching.gap == pytest.approx(gap)


def test_rounding_leaves_no_gap_where_nothing_is_left_to_share() -> None:
    """Repeats may cost more than all fits: a value that differs from its bound in the last digit is the best."""
    last_digit = 15671.061553 * (1 - 2e-16)

    reached = Objective(
        value=last_digit, upper_bound=15671.061553, bound_scope="candidate pairs", stranger_chance=0.5, owed=15977.7
    )

    assert reached.gap == 0
    assert reached.is_best
