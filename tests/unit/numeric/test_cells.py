"""Coarse cells: as wide as high, wherever they lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.numeric.cells import cell_width, cells_of
from matcher.numeric.distance import great_circle_km

CELLS = {
    "Quito": ((-0.18, -78.47), (-0.2, -78.5)),
    "Munich": ((48.137, 11.575), (48.1, 11.62)),
    "Oslo": ((59.913, 10.752), (59.9, 10.83)),
    "Longyearbyen": ((78.22, 15.65), (78.2, 15.84)),
    "Fiji, east of the date line": ((-16.8, -179.98), (-16.8, 180.0)),
    "Fiji, west of the date line": ((-16.8, 179.98), (-16.8, 180.0)),
    "the Pole": ((90.0, 123.0), (90.0, 0.0)),
    "beside the other": ((-89.96, -77.0), (-90.0, 0.0)),
}
lats = st.floats(min_value=-90, max_value=90)
lons = st.floats(min_value=-180, max_value=180)


def cell_of(lat: float, lon: float) -> tuple[float, float]:
    """Middle of the cell of one point."""
    north, east = cells_of(np.array([lat]), np.array([lon]))
    return float(north[0]), float(east[0])


@pytest.mark.parametrize(("point", "cell"), CELLS.values(), ids=CELLS)
def test_a_point_lies_in_one_cell(point: tuple[float, float], cell: tuple[float, float]) -> None:
    """The nearer to a pole, the more degrees it spans; both names of the date line are one."""
    assert cell_of(*point) == pytest.approx(cell, abs=1e-9)


@given(lat=st.floats(min_value=-80, max_value=80), lon=lons)
def test_a_home_is_moved_by_eight_kilometres_at_most_and_hidden_by_as_many(lat: float, lon: float) -> None:
    """A cell is 10 to 11 km each way, at 60 degrees as at the equator."""
    north, east = cell_of(lat, lon)

    assert great_circle_km(*(np.array(value) for value in (lat, lon, north, east))) <= 8.0
    assert 9.9 <= float(cell_width(np.array(north))) * 111.2 * np.cos(np.radians(north)) <= 11.2


@given(lat=lats, lon=lons)
def test_a_middle_lies_in_its_own_cell(lat: float, lon: float) -> None:
    """Rounding twice changes nothing, at the poles and the date line too."""
    cell = cell_of(lat, lon)

    assert cell_of(*cell) == cell
    assert -90 <= cell[0] <= 90
    assert -180 < cell[1] <= 180
