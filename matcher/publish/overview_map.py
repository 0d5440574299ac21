"""The night at a glance: where groups, pairs and gatherings meet, and from where people come."""

from collections import Counter
from collections.abc import Mapping, Sequence

from matcher.publish.basemap import WORLD_UNITS, project
from matcher.publish.great_circles import shortest_way
from matcher.publish.map_frame import Box, frame_around, place_in, units, worlds_in
from matcher.publish.map_shapes import cell_dots_path, hull_path, star_at, trace
from matcher.publish.map_view import Dot, OverviewMap
from matcher.publish.overview_marks import Mark, marks_of
from matcher.publish.safe_text import clip_text
from matcher.publish.wording import counted
from matcher.reasons.words import listed
from matcher.tables.dossier import Cell, Person
from matcher.tables.proposed import ProposedGathering, ProposedGroup, ProposedIntroduction, Town
from matcher.units import MemberId

MIN_KM = 2500
ASPECT = 2.0
STAR_SHARE = 0.013
"""Radius of a gathering's star, as a share of the map's width."""

Trip = tuple[Cell, Town]


def draw_overview(
    groups: Sequence[ProposedGroup],
    introductions: Sequence[ProposedIntroduction],
    gatherings: Sequence[ProposedGathering],
    people: Mapping[MemberId, Person],
) -> OverviewMap | None:
    """Draw the night's map, or None where nobody meets in person."""
    met = [(pair.town, pair.members) for pair in introductions if pair.town is not None]
    near = _trips([*((group.town, group.members) for group in groups), *met], people)
    far = _trips([(gathering.hub, gathering.members) for gathering in gatherings], people)
    meetings = [
        *(("gathering", gathering.hub) for gathering in gatherings),
        *(("group", group.town) for group in groups),
        *(("introduction", town) for town, _ in met),
    ]
    if not meetings:
        return None
    places = [(town.lat, town.lon) for _, town in meetings]
    cells = [(cell.lat, cell.lon) for cell, _ in (*near, *far)]
    frame = frame_around([*places, *cells], min_km=MIN_KM, aspect=ASPECT)
    homes = [[person.cell for person in _persons(group.members, people) if person.cell] for group in groups]
    marks = marks_of(meetings, frame)
    return OverviewMap(
        view_box=frame.view_box,
        worlds=worlds_in(frame),
        description=_in_words(groups, met, gatherings),
        hulls="".join(hull_path(group, frame) for group in homes),
        cells=cell_dots_path((cell for group in homes for cell in group), frame),
        ways="".join(_way(trip, frame) for trip in near),
        journeys="".join(_journey(trip, frame) for trip in far),
        groups=tuple(_dot(mark) for mark in marks["group"]),
        introductions=tuple(_dot(mark) for mark in marks["introduction"]),
        gatherings=tuple(star_at(mark.spot, STAR_SHARE * frame.width, mark.hint) for mark in marks["gathering"]),
    )


def _persons(members: Sequence[MemberId], people: Mapping[MemberId, Person]) -> list[Person]:
    return [people[member] for member in members]


def _trips(meetings: Sequence[tuple[Town, Sequence[MemberId]]], people: Mapping[MemberId, Person]) -> list[Trip]:
    """List each way once, however many go it."""
    trips = {(person.cell, town) for town, members in meetings for person in _persons(members, people) if person.cell}
    return sorted(trips, key=lambda trip: (trip[0].lat, trip[0].lon, trip[1].lat, trip[1].lon, trip[1].name))


def _way(trip: Trip, frame: Box) -> str:
    cell, town = trip
    return trace([place_in(frame, cell.lat, cell.lon), place_in(frame, town.lat, town.lon)], frame)


def _journey(trip: Trip, frame: Box) -> str:
    """Draw a great circle from the home; where it leaves the map on one side, it comes back on the other."""
    cell, town = trip
    line = [project(float(lat), float(lon)) for lat, lon in shortest_way((cell.lat, cell.lon), (town.lat, town.lon))]
    shift = place_in(frame, cell.lat, cell.lon)[0] - line[0][0]
    back = place_in(frame, town.lat, town.lon)[0] - line[-1][0]
    shifts = sorted({WORLD_UNITS * round(by / WORLD_UNITS) for by in (shift, back)})
    return "".join(trace([(x + by, y) for x, y in line], frame) for by in shifts)


def _dot(mark: Mark) -> Dot:
    size = min(26.0, 7 + 3 * mark.number**0.5)
    x, y, width = (units(round(number, 1)) for number in (*mark.spot, size))
    return Dot(x=x, y=y, size=width, hint=mark.hint)


def _in_words(
    groups: Sequence[ProposedGroup],
    met: Sequence[tuple[Town, Sequence[MemberId]]],
    gatherings: Sequence[ProposedGathering],
) -> str:
    counts = ((len(groups), "group"), (len(met), "introduction"), (len(gatherings), "gathering"))
    what = listed([counted(number, word) for number, word in counts if number])
    towns = Counter([*(group.town for group in groups), *(town for town, _ in met), *(one.hub for one in gatherings)])
    ordered = sorted(towns, key=lambda town: (-towns[town], town.name, town.lat, town.lon))
    named = ", ".join(clip_text(town.name, limit=60) for town in ordered[:8])
    more = f" and {len(ordered) - 8} more towns" if len(ordered) > 8 else ""
    return f"Map of tonight's meetings: {what} in person, in {named}{more}. The lists below say the same."
