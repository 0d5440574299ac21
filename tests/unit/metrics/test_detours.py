"""What real towns cost beyond the fairest point."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from matcher.metrics.detours import detours_km
from matcher.tables.geography import Towns
from tests.unit.publish.worlds import a_night


@pytest.mark.parametrize("worst_share", [0.0, 0.5, 1.0])
def test_a_town_is_never_fairer_than_the_fairest_point(worst_share: float) -> None:
    """One number a group; and a town farther off costs more."""
    night = a_night()
    towns = night.plan.towns

    here = detours_km(night.plan, night.places, worst_share)
    moved = towns.frame.with_columns(lat=pl.col("lat") + 3)
    there = detours_km(replace(night.plan, towns=Towns(moved)), night.places, worst_share)

    assert len(here) == night.plan.seats.frame.get_column("group").n_unique()
    assert (here >= -1e-6).all()
    assert np.all(there > here)
