"""Lines on the globe: the shortest way, and no jump at the date line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.numeric.distance import great_circle_km
from matcher.publish.great_circles import ring, shortest_way
from matcher.units import Floats

Place = tuple[float, float]
places = st.tuples(st.floats(-85, 85), st.floats(-180, 180))
HALF_ROUND_KM = 20_015


def km(one: Place, other: Place) -> float:
    return float(great_circle_km(*(np.array(degrees) for degrees in (*one, *other))))


def steps_km(way: Floats) -> Floats:
    return great_circle_km(way[:-1, 0], way[:-1, 1], way[1:, 0], way[1:, 1])


@given(start=places, end=places)
def test_the_way_is_the_shortest(start: Place, end: Place) -> None:
    """Its pieces add up to the distance: a longer way would tell people that they travel farther."""
    way = shortest_way(start, end)

    assert steps_km(way).sum() == pytest.approx(km(start, end), abs=0.5)


@given(start=places, end=places)
def test_the_way_leads_from_one_to_the_other_without_a_jump(start: Place, end: Place) -> None:
    """Beyond the date line the degrees run on, so that no line crosses the whole map."""
    way = shortest_way(start, end)

    assert tuple(way[0]) == pytest.approx(start, abs=1e-6)
    assert km((way[-1, 0], way[-1, 1]), end) < 0.1
    assert np.abs(np.diff(way[:, 1])).max() <= 180


def test_tokyo_to_los_angeles_crosses_the_pacific_in_the_north() -> None:
    """On a flat map the shortest way is a bow, and it leaves Asia to the east."""
    way = shortest_way((35.69, 139.69), (34.05, -118.24))

    assert way[:, 0].max() > 45
    assert way[-1, 1] == pytest.approx(360 - 118.24)
    assert np.all(np.diff(way[:, 1]) > 0)


def test_a_way_between_antipodes_is_a_way() -> None:
    """Where every direction is as short, one is chosen, and the same one every night."""
    way = shortest_way((30.0, 10.0), (-30.0, -170.0))

    assert steps_km(way).sum() == pytest.approx(HALF_ROUND_KM, abs=1)


@given(middle=st.tuples(st.floats(-60, 60), st.floats(-180, 180)), radius_km=st.floats(10, 2000))
def test_everything_on_a_ring_is_equally_far(middle: Place, radius_km: float) -> None:
    """A ring labelled 1,000 km that is not 1,000 km away is a lie."""
    line = ring(middle, radius_km)

    assert line is not None
    assert great_circle_km(np.array(middle[0]), np.array(middle[1]), line[:, 0], line[:, 1]) == pytest.approx(
        radius_km, rel=1e-6, abs=0.01
    )
    assert np.abs(line[:, 1] - middle[1]).max() < 180


def test_no_ring_runs_over_a_pole() -> None:
    """On a Mercator map it would be no closed line."""
    assert ring((65.0, 25.0), 2500) is None
