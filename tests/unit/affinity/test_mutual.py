"""Two directions become one number in which the weaker side has the last word."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.affinity.mutual import mutual_share

SHARES = st.just(0.0) | st.floats(1e-9, 1)
"""Nothing at all, or the logistic function of some sane log-odds."""


def of(one: float, other: float) -> float:
    """The mutual share of one pair."""
    return float(mutual_share(np.array([one]), np.array([other]))[0])


@given(one=SHARES, other=SHARES)
def test_it_does_not_matter_who_is_called_a(one: float, other: float) -> None:
    """To the bit: the order of ids must never decide between two pairs."""
    assert of(one, other) == of(other, one)


@given(one=SHARES, other=SHARES)
def test_it_lies_between_the_weaker_side_and_twice_that(one: float, other: float) -> None:
    """Enthusiasm can at most double the other's indifference, and it never exceeds the stronger side."""
    weaker, stronger = min(one, other), max(one, other)

    mutual = of(one, other)

    assert weaker * (1 - 1e-12) <= mutual <= min(stronger, 2 * weaker) * (1 + 1e-12)


@given(share=SHARES)
def test_nobody_is_met_halfway_who_does_not_want_to(share: float) -> None:
    """Zero on either side is zero, and nothing at all is no division by zero."""
    assert of(share, 0.0) == of(0.0, share) == 0.0


@given(share=SHARES)
def test_two_who_want_it_alike_want_it_just_so(share: float) -> None:
    """A mean of equals is their common value, so mutual shares read on the same scale as the sides."""
    assert of(share, share) == pytest.approx(share, rel=1e-12)


@given(one=SHARES, less=SHARES, more=SHARES)
def test_wanting_it_more_never_lowers_it(one: float, less: float, more: float) -> None:
    """Whichever side it is that gains."""
    less, more = min(less, more), max(less, more)

    assert of(one, less) <= of(one, more) * (1 + 1e-12)


def test_pairs_are_taken_one_by_one() -> None:
    """Lopsided on purpose: no pair borrows from another."""
    mutual = mutual_share(np.array([0.9, 0.2, 0.5, 0.0]), np.array([0.1, 0.3, 0.5, 1.0]))

    assert mutual == pytest.approx([0.18, 0.24, 0.5, 0.0])
