"""Maps: coarse, legible, and inside their frame."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.publish.basemap import WORLD_UNITS
from matcher.publish.group_map import draw_group, in_runs
from matcher.publish.map_frame import Box
from matcher.publish.map_view import GroupMap, Pill
from matcher.publish.overview_map import draw_overview
from matcher.publish.people import Cell, Person, coarse_cell, people_of
from matcher.publish.proposed import Town, proposed_groups, proposed_introductions
from matcher.publish.town_field import town_field
from tests.unit.publish.worlds import a_night, an_empty_night

FIELD = town_field(a_night().plan.towns)
lats = st.floats(min_value=-60, max_value=70)
lons = st.floats(min_value=-170, max_value=170)
homes = st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=8)


def drawn(lat: float, lon: float, offsets: list[tuple[float, float]]) -> GroupMap:
    people = [
        Person(name=f"P{row}", place="", cell=coarse_cell(lat + north, lon + east))
        for row, (north, east) in enumerate(offsets)
    ]
    return draw_group(Town(name="Here", lat=lat, lon=lon), people, FIELD)


def box_of(pill: Pill) -> Box:
    return Box(left=float(pill.left), top=float(pill.top), width=float(pill.width), height=float(pill.height))


def spelled_out(text: str) -> list[int]:
    runs = [run.split("-") for run in text.split(", ")]
    return [number for run in runs for number in range(int(run[0]), int(run[-1]) + 1)]


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([4], "4"), ([1, 2], "1, 2"), ([1, 2, 3], "1-3"), ([1, 2, 3, 5, 7, 8], "1-3, 5, 7, 8"), ([], "")],
)
def test_many_numbers_are_written_shortly(numbers: list[int], text: str) -> None:
    """A plate of eight numbers would not fit on the map."""
    assert in_runs(numbers) == text


@given(lat=lats, lon=lons)
def test_a_cell_is_coarse(lat: float, lon: float) -> None:
    """A tenth of a degree, whatever the source knew."""
    cell = coarse_cell(lat, lon)

    assert abs(cell.lat - lat) <= 0.0500001
    assert abs(cell.lon - lon) <= 0.0500001
    assert re.fullmatch(r"-?\d+\.\d", str(cell.lat))


@given(lat=lats, lon=lons, offsets=homes, nudge=st.floats(-0.04, 0.04))
def test_a_map_does_not_tell_two_homes_of_one_cell_apart(
    lat: float, lon: float, offsets: list[tuple[float, float]], nudge: float
) -> None:
    """Were the exact place in the drawing, moving within the cell would change it."""
    town = Town(name="Here", lat=lat, lon=lon)
    cells = [coarse_cell(lat + north, lon + east) for north, east in offsets]
    moved = [coarse_cell(cell.lat + nudge, cell.lon - nudge) for cell in cells]

    first, second = (
        draw_group(town, [Person(name="P", place="", cell=cell) for cell in some], FIELD) for some in (cells, moved)
    )

    assert first == second


@given(lat=lats, lon=lons, offsets=homes)
def test_every_guest_is_on_one_legible_plate(lat: float, lon: float, offsets: list[tuple[float, float]]) -> None:
    """No plate covers another, and everyone with a home stands on exactly one."""
    pills = drawn(lat, lon, offsets).pills

    boxes = [box_of(pill) for pill in pills]
    numbers = sorted(number for pill in pills for number in spelled_out(pill.text))
    assert numbers == list(range(1, len(offsets) + 1))
    slack = 1e-3 * boxes[0].height
    assert not [
        (one, other)
        for row, one in enumerate(boxes)
        for other in boxes[row + 1 :]
        if Box.around(one.middle, one.width - slack, one.height - slack).overlaps(other)
    ]


@given(lat=lats, lon=lons, offsets=homes)
def test_the_way_to_the_town_lies_inside_the_frame(lat: float, lon: float, offsets: list[tuple[float, float]]) -> None:
    """A map that cuts off where somebody comes from misleads."""
    view = drawn(lat, lon, offsets)

    left, top, width, height = (float(edge) for edge in view.view_box.split())
    points = [tuple(map(float, point.split())) for point in re.findall(r"[ML]([-\d.e]+ [-\d.e]+)", view.ways)]
    assert all(left <= x <= left + width and top <= y <= top + height for x, y in points)


def test_neighbours_across_the_date_line_are_neighbours() -> None:
    """Fiji lies on both sides of it; a map of the whole world between them would be absurd."""
    people = [Person(name="P", place="", cell=Cell(lat=-16.8, lon=-179.9))]

    view = draw_group(Town(name="Suva", lat=-18.1, lon=178.4), people, FIELD)

    assert float(view.view_box.split()[2]) < WORLD_UNITS / 50
    assert len(view.worlds) == 2


def test_whoever_has_no_known_home_is_not_drawn() -> None:
    """An unknown place is not the equator."""
    people = [Person(name="P", place="", cell=None), Person(name="Q", place="", cell=Cell(lat=45.5, lon=-122.7))]

    view = draw_group(Town(name="Here", lat=45.5, lon=-120.0), people, FIELD)

    assert [pill.text for pill in view.pills] == ["2"]


def test_people_at_the_meeting_place_do_not_hide_it() -> None:
    """Their plate stands above the star."""
    view = drawn(45.5, -122.7, [(0.0, 0.0), (0.01, 0.0)])

    (pill,) = view.pills
    star_top = min(float(corner.split(",")[1]) for corner in view.town.split())
    assert pill.text == "1, 2"
    assert box_of(pill).bottom <= star_top


def test_known_towns_help_to_find_the_way() -> None:
    """Names of large towns nearby, but never the meeting town twice."""
    view = drawn(45.5, -122.7, [(2.0, 0.0)])

    names = [label.text for label in view.context_labels]
    assert names
    assert set(names) <= {"Portland", "Salem", "Seattle", "Spokane"}


def test_the_overview_counts_meetings_by_town() -> None:
    """One mark a town and kind; pairs that begin online are nowhere."""
    night = a_night()
    people = people_of(night.community, night.places)

    view = draw_overview(proposed_groups(night.plan), proposed_introductions(night.plan), people)

    assert view is not None
    assert [dot.hint for dot in view.groups] == ["Lyon, Auvergne-Rhône-Alpes: 1 group", "Portland, Oregon: 1 group"]
    assert [dot.hint for dot in view.introductions] == ["Seattle, Washington: 2 introductions"]


def test_an_empty_night_has_no_map() -> None:
    """A world without a mark on it says nothing."""
    night = an_empty_night()

    assert draw_overview((), (), people_of(night.community, night.places)) is None
