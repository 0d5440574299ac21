"""Chances and means over where a rough home may be: limits, laws, and dice as the oracle."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.numeric.rough_distance import expected, within_share
from matcher.units import Floats

kms = st.floats(0, 20_000)
DICE = np.random.default_rng(7).normal(size=(2, 200_000))


def within(km: float, uncertainty_km: float, radius_km: float) -> float:
    """Chance for one home."""
    return float(within_share(np.array([km]), np.array([uncertainty_km]), np.array([radius_km]))[0])


def mean(km: float, uncertainty_km: float, halves_km: float = 50.0) -> float:
    """Mean nearness of one home."""
    return float(expected(lambda far: np.exp2(-far / halves_km), np.array([km]), np.array([uncertainty_km]))[0])


def thrown(km: float, uncertainty_km: float) -> Floats:
    """Distances of many homes thrown around a point that is so far away, shape (throw,)."""
    east, north = DICE * uncertainty_km / math.sqrt(2)
    return np.asarray(np.hypot(km + east, north), dtype=np.float64)


@pytest.mark.parametrize(
    ("km", "uncertainty_km"), [(0, 8), (30, 8), (41, 5), (300, 300), (20, 900), (900, 25), (5_000, 10)]
)
def test_chances_and_means_are_those_of_thrown_homes(km: float, uncertainty_km: float) -> None:
    """Two hundred thousand dice are right to some thousandths."""
    homes = thrown(km, uncertainty_km)

    assert within(km, uncertainty_km, 40.0) == pytest.approx(float((homes <= 40.0).mean()), abs=5e-3)
    assert mean(km, uncertainty_km) == pytest.approx(float(np.exp2(-homes / 50.0).mean()), abs=3e-3)


@given(km=kms, radius_km=kms)
def test_a_known_home_is_within_or_not(km: float, radius_km: float) -> None:
    """Without uncertainty nothing is a matter of chance, not even at the border."""
    assert within(km, 0.0, radius_km) == (km <= radius_km)
    assert mean(km, 0.0) == np.exp2(-km / 50.0)


@given(uncertainty_km=st.floats(0.1, 5_000), radius_km=st.floats(0, 20_000))
def test_around_its_own_point_a_home_follows_rayleigh(uncertainty_km: float, radius_km: float) -> None:
    """The one case that everybody can check by hand."""
    by_hand = -math.expm1(-((radius_km / uncertainty_km) ** 2))

    assert within(0.0, uncertainty_km, radius_km) == pytest.approx(by_hand, abs=1e-9)


@given(km=kms, uncertainty_km=st.floats(0, 5_000), radius_km=kms, further=st.floats(0, 500))
def test_a_chance_grows_with_the_radius_and_falls_with_the_distance(
    km: float, uncertainty_km: float, radius_km: float, further: float
) -> None:
    """A larger circle holds the smaller one; a home further off is not more likely inside."""
    share = within(km, uncertainty_km, radius_km)

    assert 0 <= share <= 1
    assert within(km, uncertainty_km, radius_km + further) >= share - 1e-6
    assert within(km + further, uncertainty_km, radius_km) <= share + 1e-6


def test_a_home_that_could_be_anywhere_is_neither_here_nor_nowhere() -> None:
    """The limit of a huge uncertainty: the share of the circle's area, small and not nothing."""
    assert within(5.0, 100_000.0, 40.0) == pytest.approx((40 / 100_000) ** 2, rel=1e-3)
    assert 0 < mean(300.0, 300.0) < mean(0.0, 300.0) < mean(0.0, 10.0) < 1


@pytest.mark.parametrize("away", [299.0, 301.0])
def test_near_the_seam_of_the_two_formulas_nothing_jumps(away: float) -> None:
    """Beyond 300 deviations another formula takes over; on either side it is right to a millionth."""
    sigma = 1 / math.sqrt(2)
    curved = away * sigma + sigma**2 / (2 * away * sigma)

    assert within(away * sigma, 1.0, curved) == pytest.approx(0.5, abs=1e-6)


@given(km=kms, uncertainty_km=st.floats(0, 3_000), level=st.floats(-5, 5))
def test_the_mean_of_what_is_always_the_same_is_just_that(km: float, uncertainty_km: float, level: float) -> None:
    """No mass is lost in the tails."""
    flat = expected(lambda far: np.full_like(far, level), np.array([km]), np.array([uncertainty_km]))

    assert float(flat[0]) == pytest.approx(level, abs=1e-12)


@given(km=st.floats(0, 3_000), uncertainty_km=st.floats(0.01, 2_000))
def test_the_mean_square_is_that_of_both_ways(km: float, uncertainty_km: float) -> None:
    """Pythagoras: the squares of distance and uncertainty add up."""
    square = expected(np.square, np.array([km]), np.array([uncertainty_km]))

    assert float(square[0]) == pytest.approx(km**2 + uncertainty_km**2, rel=1e-4)


def test_many_are_computed_each_for_themselves() -> None:
    """More homes than one block holds, sure and rough ones mixed, lopsided."""
    km = np.linspace(0, 500, 5_001)
    uncertainty_km = np.where(np.arange(5_001) % 3 == 0, 0.0, 30.0)

    together = expected(lambda far: np.exp2(-far / 50.0), km, uncertainty_km)

    for row in (0, 1, 4_095, 4_096, 4_097, 5_000):
        assert together[row] == pytest.approx(mean(km[row], uncertainty_km[row]), abs=1e-12)


def test_nobody_is_no_error() -> None:
    """An empty night is a night."""
    assert expected(np.square, np.empty(0), np.empty(0)).shape == (0,)
    assert within_share(np.empty(0), np.empty(0), np.empty(0)).shape == (0,)
