"""The night at a glance: where groups and introductions meet, and from where people come."""

from collections import Counter
from collections.abc import Mapping, Sequence

from matcher.publish.map_frame import Box, frame_around, place_in, units, worlds_in
from matcher.publish.map_view import Dot, OverviewMap
from matcher.publish.people import Person
from matcher.publish.proposed import ProposedGroup, ProposedIntroduction, Town
from matcher.publish.safe_text import clip_text
from matcher.publish.wording import counted
from matcher.units import MemberId

MIN_KM = 2500
ASPECT = 2.0


def draw_overview(
    groups: Sequence[ProposedGroup],
    introductions: Sequence[ProposedIntroduction],
    people: Mapping[MemberId, Person],
) -> OverviewMap | None:
    """Draw the night's map, or None where nobody meets in person."""
    in_person = [pair for pair in introductions if pair.town is not None]
    meetings = [(group.town, group.members) for group in groups]
    meetings += [(pair.town, pair.members) for pair in in_person if pair.town is not None]
    if not meetings:
        return None
    cells = [people[member].cell for _, members in meetings for member in members]
    places = [(town.lat, town.lon) for town, _ in meetings] + [(cell.lat, cell.lon) for cell in cells if cell]
    n_groups = Counter(group.town for group in groups)
    n_pairs = Counter(pair.town for pair in in_person if pair.town is not None)
    frame = frame_around(places, min_km=MIN_KM, aspect=ASPECT)
    return OverviewMap(
        view_box=frame.view_box,
        worlds=worlds_in(frame),
        description=_in_words(n_groups, n_pairs),
        ways=_ways(frame, meetings, people),
        groups=tuple(_dot(frame, town, n, "group") for town, n in _in_order(n_groups)),
        introductions=tuple(_dot(frame, town, n, "introduction") for town, n in _in_order(n_pairs)),
    )


def _ways(frame: Box, meetings: Sequence[tuple[Town, Sequence[MemberId]]], people: Mapping[MemberId, Person]) -> str:
    """Draw each way once, however many go it."""
    ways = {
        (cell.lat, cell.lon, town.lat, town.lon)
        for town, members in meetings
        for cell in (people[member].cell for member in members)
        if cell is not None
    }
    lines = []
    for home_lat, home_lon, town_lat, town_lon in sorted(ways):
        start, end = place_in(frame, home_lat, home_lon), place_in(frame, town_lat, town_lon)
        lines.append(f"M{units(start[0])} {units(start[1])}L{units(end[0])} {units(end[1])}")
    return "".join(lines)


def _in_order(counts: Counter[Town]) -> list[tuple[Town, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].name, item[0].lat, item[0].lon))


def _dot(frame: Box, town: Town, n_meetings: int, what: str) -> Dot:
    x, y = place_in(frame, town.lat, town.lon)
    return Dot(
        x=units(x),
        y=units(y),
        size=units(min(26.0, 7 + 3 * n_meetings**0.5)),
        hint=clip_text(f"{town.name}: {counted(n_meetings, what)}", limit=120),
    )


def _in_words(n_groups: Counter[Town], n_pairs: Counter[Town]) -> str:
    towns = _in_order(n_groups + n_pairs)
    named = ", ".join(clip_text(town.name, limit=60) for town, _ in towns[:8])
    more = f" and {len(towns) - 8} more towns" if len(towns) > 8 else ""
    return (
        f"Map of tonight's meetings: {counted(n_groups.total(), 'group')} and "
        f"{counted(n_pairs.total(), 'introduction')} in person, in {named}{more}."
    )
