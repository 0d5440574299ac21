"""The curve of willingness: what it promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import SettingsError
from matcher.geography.options import GeographyOptions
from matcher.geography.willingness import way_cost

kms = st.floats(0, 20_000)


def cost(km: float) -> float:
    """What one way costs."""
    return float(way_cost(np.array(km), GeographyOptions()))


@given(km=kms, further=kms)
def test_a_longer_way_costs_more_and_no_way_is_impossible(km: float, further: float) -> None:
    """The law of the curve: it falls, and never to nothing."""
    assert 0 <= cost(km) <= cost(km + further) < 20


@given(km=kms)
def test_a_doubled_way_never_costs_more_than_the_power_says(km: float) -> None:
    """A tenth hour on the train is not the first."""
    assert cost(2 * km) - cost(km) <= GeographyOptions().willing_exponent * np.log(2) + 1e-9


def test_next_door_costs_nothing_and_the_half_is_where_it_says() -> None:
    """The curve is measured against coming from next door."""
    assert cost(0.0) == 0
    assert cost(GeographyOptions().willing_km) == pytest.approx(np.log(2))


def test_a_doubled_far_way_costs_the_exponent_in_doublings() -> None:
    """Far out the odds fall as a power of the distance."""
    doubling = cost(16_000.0) - cost(8_000.0)

    assert doubling / np.log(2) == pytest.approx(GeographyOptions().willing_exponent, rel=0.01)


@pytest.mark.parametrize("wrong", [{"willing_km": 0.0}, {"willing_exponent": -1.0}, {"min_reach_share": 1.5}])
def test_a_curve_that_cannot_be_meant_is_refused(wrong: dict[str, float]) -> None:
    """Before the night begins."""
    with pytest.raises(SettingsError):
        GeographyOptions(**wrong)  # type: ignore[arg-type] # the wrong numbers are numbers


def test_hubs_of_an_unknown_kind_are_refused() -> None:
    """A typo must not mean 'cities'."""
    with pytest.raises(SettingsError, match="hubs"):
        GeographyOptions(hubs="city")
