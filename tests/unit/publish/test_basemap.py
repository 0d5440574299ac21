"""The offline map: towns stand on land, and windows show what they must."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.publish.basemap import ASPECT, WORLD_UNITS, basemap_paths, project, units_per_km, window

Ring = list[tuple[int, int]]
places = st.tuples(st.floats(-60, 75), st.floats(-180, 180))


def rings_of(path: str) -> list[Ring]:
    """Points of every closed outline of a path."""
    rings = []
    for piece in path.split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", piece)]
        steps = list(zip(numbers[::2], numbers[1::2], strict=True))
        x = y = 0
        ring: Ring = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            ring.append((x, y))
        rings.append(ring)
    return rings


def is_on_land(lat: float, lon: float, rings: list[Ring]) -> bool:
    """Whether a ray from the point crosses the outlines an odd number of times."""
    x, y = project(lat, lon)
    crossings = 0
    for ring in rings:
        for (x_a, y_a), (x_b, y_b) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y_a > y) != (y_b > y) and x < x_a + (y - y_a) / (y_b - y_a) * (x_b - x_a):
                crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("lat", "lon", "is_land"),
    [
        pytest.param(45.52, -122.68, True, id="Portland"),
        pytest.param(48.14, 11.58, True, id="Munich"),
        pytest.param(12.97, 77.59, True, id="Bengaluru"),
        pytest.param(-26.2, 28.05, True, id="Johannesburg"),
        pytest.param(-37.75, 144.9, True, id="Melbourne"),
        pytest.param(66.0, -172.0, True, id="Chukotka-east-of-the-date-line"),
        pytest.param(68.0, 175.0, True, id="Chukotka-west-of-the-date-line"),
        pytest.param(0.0, -30.0, False, id="Atlantic"),
        pytest.param(43.0, 51.0, False, id="Caspian"),
        pytest.param(45.0, 179.9, False, id="Pacific"),
    ],
)
def test_towns_stand_on_land_and_ships_do_not(lat: float, lon: float, *, is_land: bool) -> None:
    """Projection and shapes belong together, and no outline crosses the whole map at the date line."""
    assert is_on_land(lat, lon, rings_of(basemap_paths().land)) == is_land


def test_the_map_is_small_and_harmless() -> None:
    """It goes into every report: no more than numbers and path letters, in under 350 KB."""
    paths = basemap_paths()

    assert sum(map(len, (paths.land, paths.borders, paths.states))) < 350_000
    for path in (paths.land, paths.borders, paths.states):
        assert re.fullmatch(r"[Mlz0-9 \-]+", path)
    assert paths.land.count("M") == paths.land.count("z")


def test_nothing_runs_across_the_world() -> None:
    """A seam at the date line would be one step of thousands of units."""
    for ring in rings_of(basemap_paths().land):
        steps = [abs(after[0] - before[0]) for before, after in pairwise(ring)]
        assert max(steps) < WORLD_UNITS / 8


@given(points=st.lists(places, min_size=1, max_size=6), min_km=st.floats(20, 500))
def test_a_window_shows_every_point(points: list[tuple[float, float]], min_km: float) -> None:
    """Whoever is in the group is on its map, across the date line too, and the shape is always the same."""
    view = window(points, min_km)

    assert view.width == pytest.approx(view.height * ASPECT)
    assert view.width <= WORLD_UNITS
    if view.width < WORLD_UNITS:
        for lat, lon in points:
            x, y = view.place(lat, lon)
            assert view.x <= x <= view.x + view.width
            assert view.y <= y <= view.y + view.height


def test_a_single_town_is_seen_with_its_surroundings() -> None:
    """200 km on the ground is more of the map in the north than at the equator."""
    oslo, quito = window([(59.9, 10.7)], 200), window([(-0.2, -78.5)], 200)

    assert oslo.width == pytest.approx(200 * units_per_km(59.9))
    assert oslo.width > 1.9 * quito.width


def test_a_window_across_the_date_line_is_narrow() -> None:
    """Fiji's islands are a day apart by the calendar, and an hour by boat."""
    view = window([(-18.1, 178.4), (-16.8, -179.9)], 100)

    assert view.width < 200
    assert view.needs_second_world


def test_without_points_the_world_is_shown() -> None:
    """An empty night has a map as well."""
    view = window([], 100)

    assert (view.x, view.width) == (0, WORLD_UNITS)
