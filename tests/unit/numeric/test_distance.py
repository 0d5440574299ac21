"""Distance on the globe: laws, and two oracles."""

import math

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from matcher.numeric.distance import EARTH_RADIUS_KM, chord_of_km, ellipsoid_km, great_circle_km, unit_sphere

points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of two points."""
    return float(great_circle_km(*(np.array(number) for number in (*one, *other))))


@given(one=points, other=points)
def test_both_ways_are_equally_long(one: tuple[float, float], other: tuple[float, float]) -> None:
    """Distance has no direction, and a place is no way from itself."""
    assert km(one, other) == pytest.approx(km(other, one), abs=1e-6)
    assert km(one, one) == 0


@given(one=points, other=points, third=points)
def test_a_detour_is_never_shorter(
    one: tuple[float, float], other: tuple[float, float], third: tuple[float, float]
) -> None:
    """The triangle inequality."""
    assert km(one, third) <= km(one, other) + km(other, third) + 1e-6


@given(one=points, other=points)
def test_it_is_the_angle_between_two_vectors(one: tuple[float, float], other: tuple[float, float]) -> None:
    """The slow, obvious way, with math alone."""
    here, there = (
        (math.cos(math.radians(lat)) * math.cos(math.radians(lon)),
         math.cos(math.radians(lat)) * math.sin(math.radians(lon)),
         math.sin(math.radians(lat)))
        for lat, lon in (one, other)
    )  # fmt: skip
    straight = min(1.0, math.dist(here, there) / 2)

    assert km(one, other) == pytest.approx(2 * EARTH_RADIUS_KM * math.asin(straight), abs=1e-3)


@given(one=points, other=points)
def test_it_is_near_the_ellipsoid(one: tuple[float, float], other: tuple[float, float]) -> None:
    """The search in `travel` relies on an error below 0.6 %."""
    assert km(one, other) == pytest.approx(geodesic(one, other).km, rel=6e-3, abs=1e-3)


@given(lat=st.floats(-89, 89), lon=st.floats(-180, 180), turns=st.integers(-2, 2))
def test_whole_turns_do_not_matter(lat: float, lon: float, turns: int) -> None:
    """The date line is no border."""
    assert km((lat, lon), (lat, lon + 360 * turns)) == pytest.approx(0, abs=1e-6)


def test_many_pairs_are_measured_at_once() -> None:
    """One call for one home and all towns, by broadcasting; lopsided, so that no axis can be swapped."""
    lats, lons = np.array([0.0, 0.0, 90.0]), np.array([0.0, 90.0, 0.0])

    away = great_circle_km(np.array([[0.0], [45.0]]), np.array([[0.0], [0.0]]), lats, lons)

    quarter = EARTH_RADIUS_KM * math.pi / 2
    assert away == pytest.approx(np.array([[0, quarter, quarter], [quarter / 2, quarter, quarter / 2]]))


@given(one=points, other=points)
def test_the_chord_of_the_distance_is_the_straight_line(one: tuple[float, float], other: tuple[float, float]) -> None:
    """So a k-d tree with this radius finds exactly what lies within the distance."""
    here, there = unit_sphere(*np.array([one, other]).T)

    assert float(chord_of_km(np.array(km(one, other)))) == pytest.approx(float(np.linalg.norm(here - there)), abs=1e-7)


def test_more_than_half_way_round_is_half_way() -> None:
    """A reach of any size must not come out small again."""
    assert chord_of_km(np.array([30_000.0, 1e9])) == pytest.approx([2, 2])


@given(lat=st.floats(-90, 90), lon=st.floats(-180, 180), north=st.floats(-30, 30), east=st.floats(-60, 60))
def test_the_ellipsoid_is_within_metres_of_the_geodesic(lat: float, lon: float, north: float, east: float) -> None:
    """What is shown to one decimal of a km must be right to it, next door as well as some thousand km away."""
    there = float(np.clip(lat + north, -90, 90)), lon + east

    km = float(ellipsoid_km(np.array(lat), np.array(lon), np.array(there[0]), np.array(there[1])))

    assert km == pytest.approx(geodesic((lat, lon), there).km, abs=0.02)
