"""Maps: coarse, legible, and inside their frame."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.publish.basemap import WORLD_UNITS
from matcher.publish.group_map import draw_group
from matcher.publish.map_frame import Box
from matcher.publish.map_view import GroupMap, OverviewMap, Pill
from matcher.publish.overview_map import draw_overview
from matcher.publish.people import coarse_cell, people_of
from matcher.publish.plates import in_runs
from matcher.publish.proposed import proposed_gatherings, proposed_groups, proposed_introductions
from matcher.publish.town_field import town_field
from matcher.tables.dossier import Cell, Person
from matcher.tables.proposed import Town
from tests.unit.publish.worlds import Night, a_night, a_travelled_night, an_empty_night

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


def points_of(path: str) -> list[tuple[float, float]]:
    """Every point of a path of our own making: one 'M', then relative steps."""
    points = []
    for piece in re.findall(r"M([^M]*)", path):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", piece.split("h")[0])]
        x = y = 0.0
        for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + step_x, y + step_y
            points.append((x, y))
    return points


def overview_of(night: Night) -> OverviewMap | None:
    people = people_of(night.community, night.places)
    plan = night.plan
    return draw_overview(proposed_groups(plan), proposed_introductions(plan), proposed_gatherings(plan), people)


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
    """A tenth of a degree, and as many kilometres to the east, whatever the source knew."""
    cell = coarse_cell(lat, lon)

    assert abs(cell.lat - lat) <= 0.0500001
    assert abs(cell.lon - lon) * math.cos(math.radians(cell.lat)) <= 0.0500001
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
    points = points_of(view.ways)
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
    assert pill.text == "1, 2"
    assert box_of(pill).bottom <= float(view.town.top)


def test_known_towns_help_to_find_the_way() -> None:
    """Names of large towns nearby, but never the meeting town twice."""
    view = drawn(45.5, -122.7, [(2.0, 0.0)])

    names = [label.text for label in view.context_labels]
    assert names
    assert set(names) <= {"Portland", "Salem", "Seattle", "Spokane"}


def test_a_group_of_one_cell_has_no_outline() -> None:
    """An outline around a single cell would be a ring around somebody's home."""
    together = drawn(45.5, -122.7, [(0.3, 0.4), (0.31, 0.41), (0.3, 0.4)])
    apart = drawn(45.5, -122.7, [(0.3, 0.4), (0.31, 0.41), (0.3, 0.6)])

    assert together.hull == ""
    assert apart.hull


def test_neighbouring_towns_share_a_mark() -> None:
    """On a map of the world a mark of Salem would hide that of Portland."""
    night = a_night()
    (group, *others), people = proposed_groups(night.plan), people_of(night.community, night.places)
    salem = replace(group, town=Town(name="Salem, Oregon", lat=44.94, lon=-123.04))

    view = draw_overview([group, salem, *others], (), (), people)

    assert view is not None
    assert [dot.hint for dot in view.groups] == [
        "Lyon, Auvergne-Rhône-Alpes: 1 group",
        "Portland, Oregon and nearby: 2 groups",
    ]


@given(lat=lats, lon=lons, offsets=homes)
def test_the_outline_holds_every_cell_and_no_more(lat: float, lon: float, offsets: list[tuple[float, float]]) -> None:
    """Its corners are corners of cells, and every cell lies inside."""
    view = drawn(lat, lon, offsets)

    corners, outline = points_of(view.cells), points_of(view.hull)
    fine = float(view.view_box.split()[2]) / 200
    if outline:
        assert all(min(abs(x - a) + abs(y - b) for a, b in corners) < fine for x, y in outline)
        for axis in (0, 1):
            assert min(point[axis] for point in outline) == pytest.approx(min(p[axis] for p in corners), abs=fine)
            assert max(point[axis] for point in outline) == pytest.approx(max(p[axis] for p in corners), abs=fine)


def test_both_names_of_the_date_line_are_one_cell() -> None:
    """180 degrees east and west are the same place; neighbours there are not two cells with an outline."""
    assert coarse_cell(-16.8, 179.98) == coarse_cell(-16.8, -179.98) == Cell(lat=-16.8, lon=180.0)


def test_the_overview_counts_meetings_by_town() -> None:
    """One mark a town and kind; pairs that begin online are nowhere."""
    view = overview_of(a_travelled_night())

    assert view is not None
    assert [dot.hint for dot in view.groups] == ["Lyon, Auvergne-Rhône-Alpes: 1 group", "Portland, Oregon: 1 group"]
    assert [dot.hint for dot in view.introductions] == ["Seattle, Washington: 2 introductions"]
    assert [star.hint for star in view.gatherings] == ["Denver, CO: 1 gathering"]


def test_marks_of_one_town_stand_side_by_side() -> None:
    """A group and an introduction in one town are both seen."""
    night = a_night()
    (pair, *_), groups = proposed_introductions(night.plan), proposed_groups(night.plan)
    here = replace(pair, town=groups[0].town)

    view = draw_overview(groups, [here], (), people_of(night.community, night.places))

    assert view is not None
    (square,), rounds = view.introductions, view.groups
    circle = next(dot for dot in rounds if dot.hint.startswith("Portland"))
    assert float(square.x) > float(circle.x)


def test_the_overview_draws_each_journey_from_home_to_city() -> None:
    """Five homes are known; the two in Seattle lie in one cell and make one line."""
    view = overview_of(a_travelled_night())

    assert view is not None
    assert view.journeys.count("M") == 4


def test_a_night_without_gatherings_draws_no_journey() -> None:
    """Nothing is shown where nothing is proposed."""
    view = overview_of(a_night())

    assert view is not None
    assert (view.journeys, view.gatherings) == ("", ())


def test_an_empty_night_has_no_map() -> None:
    """A world without a mark on it says nothing."""
    assert overview_of(an_empty_night()) is None
