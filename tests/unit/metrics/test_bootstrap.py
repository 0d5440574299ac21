"""Intervals come from drawing members, and differences from the same draws."""

import numpy as np
import pytest

from matcher.metrics.bootstrap import draw_members, interval


def test_the_first_draw_is_the_community_itself() -> None:
    """And every other one is as large."""
    draws = draw_members(7, 30, np.random.default_rng(1))

    assert draws.shape == (31, 7)
    assert (draws[0] == 1).all()
    assert (draws.sum(axis=1) == 7).all()
    assert len(np.unique(draws[1:], axis=0)) > 20


def test_an_interval_holds_the_middle_95_percent_of_the_draws() -> None:
    """The figure itself is no draw."""
    found = interval(np.concatenate([[0.3], np.linspace(0, 1, 1_001)]))

    assert (found.value, found.low, found.high) == pytest.approx((0.3, 0.025, 0.975))


def test_draws_with_nothing_to_judge_are_left_out() -> None:
    """And where no draw could be judged, nobody pretends to know."""
    some = interval(np.array([0.5, np.nan, 0.4, 0.6]))
    none = interval(np.array([np.nan, np.nan]))

    assert some.low == pytest.approx(0.405)
    assert np.isnan([none.value, none.low, none.high]).all()


def test_the_interval_of_a_mean_is_as_wide_as_theory_says() -> None:
    """400 members, a standard deviation of 1: 1.96 standard errors of 1/20 each way."""
    rng = np.random.default_rng(5)
    values = rng.normal(size=400)
    draws = draw_members(400, 4_000, rng)

    found = interval(draws @ values / draws.sum(axis=1))

    assert found.high - found.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.05)
