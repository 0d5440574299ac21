"""A gathering's map: coarse, legible, and right across the date line."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.publish.basemap import WORLD_UNITS
from matcher.publish.gathering_map import draw_gathering
from matcher.publish.map_frame import Box
from matcher.publish.map_view import GatheringMap, Pill
from matcher.publish.people import coarse_cell
from matcher.tables.dossier import Person
from matcher.tables.proposed import Town
from matcher.units import Km
from tests.unit.publish.test_maps import points_of

HONOLULU = Town(name="Honolulu, HI", lat=21.3, lon=-157.9)
PACIFIC = {
    "Tokyo, Japan": (35.7, 139.7),
    "Auckland, New Zealand": (-36.9, 174.8),
    "Los Angeles, CA": (34.1, -118.2),
    "Vancouver, BC": (49.2, -123.1),
}
homes = st.lists(st.tuples(st.floats(-55, 65), st.floats(-180, 180)), min_size=1, max_size=12)


def guest(lat: float, lon: float, place: str = "Somewhere") -> Person:
    return Person(name="P", place=place, cell=coarse_cell(lat, lon))


def drawn(people: Sequence[Person], longest_km: float, hub: Town = HONOLULU) -> GatheringMap:
    return draw_gathering(hub, people, Km(longest_km))


def box_of(pill: Pill) -> Box:
    return Box(left=float(pill.left), top=float(pill.top), width=float(pill.width), height=float(pill.height))


def edges(view: GatheringMap) -> tuple[float, float, float, float]:
    left, top, width, height = (float(edge) for edge in view.view_box.split())
    return left, top, left + width, top + height


def across_the_pacific() -> GatheringMap:
    return drawn([guest(lat, lon, place) for place, (lat, lon) in PACIFIC.items()], 7100)


@given(places=homes, lat=st.floats(-50, 60), lon=st.floats(-180, 180))
def test_every_guest_is_counted_once_inside_the_frame(
    places: list[tuple[float, float]], lat: float, lon: float
) -> None:
    """Wherever on the globe: the numbers add up to the guests, and nobody falls off the map."""
    view = drawn([guest(*place) for place in places], 5000, hub=Town(name="Hub", lat=lat, lon=lon))

    left, top, right, bottom = edges(view)
    boxes = [box_of(pill) for pill in view.pills]
    assert sum(int(pill.text) for pill in view.pills) == len(places)
    assert all(left <= box.middle[0] <= right and top <= box.middle[1] <= bottom for box in boxes)


@given(places=homes)
def test_no_plate_covers_another(places: list[tuple[float, float]]) -> None:
    """Forty guests are as legible as eight."""
    view = drawn([guest(*place) for place in places], 5000)

    boxes = [box_of(pill) for pill in view.pills]
    slack = 1e-3 * boxes[0].height
    shrunk = [Box.around(box.middle, box.width - slack, box.height - slack) for box in boxes]
    assert not [1 for row, one in enumerate(shrunk) for other in shrunk[row + 1 :] if one.overlaps(other)]


@given(places=homes, nudge=st.floats(-0.04, 0.04))
def test_the_map_does_not_tell_two_homes_of_one_cell_apart(places: list[tuple[float, float]], nudge: float) -> None:
    """Were the exact place in the drawing, moving within the cell would change it."""
    cells = [coarse_cell(*place) for place in places]
    moved = [coarse_cell(cell.lat + nudge, min(max(cell.lon - nudge, -180), 180)) for cell in cells]

    first, second = (drawn([Person(name="P", place="", cell=cell) for cell in some], 5000) for some in (cells, moved))

    assert first == second


def test_across_the_pacific_nobody_travels_through_europe() -> None:
    """Tokyo lies west of Honolulu and Los Angeles east of it, although their degrees say otherwise."""
    view = across_the_pacific()

    left, _, right, _ = edges(view)
    x = {label.text: float(label.x) for label in view.pill_labels}
    hub = float(view.hub.left) + float(view.hub.size) / 2
    assert right - left < 0.6 * WORLD_UNITS
    assert x["Tokyo"] < x["Auckland"] < hub < x["Vancouver"] < x["Los Angeles"]
    for way in view.ways:
        (first_x, _), *_, (last_x, _) = points_of(way.d)
        assert first_x == pytest.approx(hub, abs=0.01 * WORLD_UNITS)
        assert abs(last_x - first_x) < 0.3 * WORLD_UNITS


def test_the_more_people_the_wider_the_line() -> None:
    """Who travels where is told by width and number, not by colour."""
    people = [*(guest(34.1, -118.2) for _ in range(9)), guest(35.7, 139.7)]

    view = drawn(people, 6200)

    assert [pill.text for pill in view.pills] == ["9", "1"]
    many, one = (float(way.width) for way in view.ways)
    assert many > 2 * one


def test_rings_are_labelled_with_round_distances() -> None:
    """At least two, none beyond the longest way by more than a step."""
    view = across_the_pacific()

    assert [label.text for label in view.ring_labels] == ["2,500 km", "5,000 km"]
    assert view.caption.startswith("Rings every 2,500 km around Honolulu.")


def test_whoever_has_no_known_home_is_not_drawn() -> None:
    """An unknown place is not the equator; the table names them."""
    view = drawn([Person(name="P", place="", cell=None)], 900)

    assert view.pills == ()
    assert view.ways == ()


def test_locals_stand_above_the_star() -> None:
    """They have no way, and do not hide the city."""
    view = drawn([guest(21.3, -157.9), guest(21.3, -157.9), guest(34.1, -118.2)], 4100)

    local = next(pill for pill in view.pills if pill.text == "2")
    assert box_of(local).bottom <= float(view.hub.top)
    assert len(view.ways) == 1


def test_the_map_is_told_in_words() -> None:
    """By place and number, the most first."""
    people = [guest(35.7, 139.7, "Tokyo, Japan"), *(guest(34.1, -118.2, "Los Angeles, CA") for _ in range(2))]

    words = drawn(people, 6200).description

    assert words.startswith("Map of the ways to Honolulu, HI: 2 from Los Angeles, CA; 1 from Tokyo, Japan.")
