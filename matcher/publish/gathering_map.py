"""A gathering's map: who travels how far from where to which city."""

from collections import Counter
from collections.abc import Sequence

from matcher.publish.basemap import project, units_per_km, unproject
from matcher.publish.great_circles import ring, shortest_way
from matcher.publish.map_frame import Box, Point, frame_of, units, worlds_in
from matcher.publish.map_labels import Written, write_below, write_beside, write_on
from matcher.publish.map_shapes import star_at, trace
from matcher.publish.map_view import GatheringMap, Label, Way
from matcher.publish.plates import Plate, plate_of, plates_apart
from matcher.publish.safe_text import clip_text
from matcher.publish.wording import counted
from matcher.tables.dossier import Person
from matcher.tables.proposed import Town
from matcher.units import Floats, Km

MIN_KM = 400
ASPECT = 1.35
FONT_SHARE = 0.034
"""Height of the lettering, as a share of the map's width."""

RING_STEPS_KM = (5000, 2500, 2000, 1000, 500, 250, 200, 100, 50)
MOST_RINGS = 3
RING_LABEL_CORNERS = (0, 36, 18, 54, 9, 27, 45, 63)
"""Where a ring may be labelled, by its corners: north, south, east, west, then between."""


def draw_gathering(hub: Town, people: Sequence[Person], longest_km: Km) -> GatheringMap:
    """Draw a gathering's map from coarse cells and the city.

    Args:
        hub: Where they meet.
        people: The guests; those without a cell are not drawn.
        longest_km: The longest way of all guests, for the rings.
    """
    at = (hub.lat, hub.lon)
    homes = {guest: _line(at, (person.cell.lat, person.cell.lon)) for guest, person in enumerate(people) if person.cell}
    spot = project(*at)
    frame = frame_of(
        [spot, *(point for line in homes.values() for point in line)],
        min_width=MIN_KM * units_per_km(hub.lat),
        aspect=ASPECT,
    )
    font = FONT_SHARE * frame.width
    plates = plates_apart([plate_of(guest, line[-1], spot, font, is_count=True) for guest, line in homes.items()], font)
    plates = sorted(plates, key=lambda plate: (-len(plate.guests), plate.guests))
    star = Box.around(spot, 1.7 * font, 1.7 * font)
    taken = [star, *(plate.box(font) for plate in plates)]
    name = clip_text(hub.name.split(",")[0], limit=28)
    named = write_beside(name, star, frame, taken, 1.1 * font) or write_below(name, star, 1.1 * font)
    step_km = _ring_step(longest_km)
    rings = _rings(at, step_km, longest_km)
    pill_labels = _pill_labels(plates, people, frame, [*taken, named.box], font)
    taken += [named.box, *(written.box for written in pill_labels)]
    return GatheringMap(
        view_box=frame.view_box,
        worlds=worlds_in(frame),
        title=f"Map: who travels to {name}",
        description=_in_words(hub, people),
        font_size=units(font),
        rings="".join(f"{trace(line, frame)}z" for _, line in rings),
        ring_labels=_ring_labels(rings, frame, taken, font),
        ways=tuple(_way(at, plate, frame) for plate in plates if not plate.is_at_town),
        hub=star_at(spot, 0.85 * font),
        hub_label=named.label,
        pills=tuple(plate.pill(font, _hint(plate, people)) for plate in plates),
        pill_labels=tuple(written.label for written in pill_labels),
        caption=_caption(name, step_km if rings else 0),
    )


def _line(start: tuple[float, float], end: tuple[float, float]) -> list[Point]:
    """Project the shortest way; it may run on into the next world."""
    return _projected(shortest_way(start, end))


def _projected(places: Floats) -> list[Point]:
    return [project(float(lat), float(lon)) for lat, lon in places]


def _way(at: tuple[float, float], plate: Plate, frame: Box) -> Way:
    line = _line(at, _turned(unproject(*plate.middle)))
    return Way(d=trace(line, frame), width=units(round(1.2 + 0.9 * (len(plate.guests) - 1) ** 0.5, 1)))


def _turned(place: tuple[float, float]) -> tuple[float, float]:
    """Bring degrees east that run on back to [-180, 180]."""
    return place[0], (place[1] + 180) % 360 - 180


def _ring_step(longest_km: Km) -> int:
    """Choose a round distance of which the longest way takes two at least."""
    return next((step for step in RING_STEPS_KM if 2 * step <= longest_km), RING_STEPS_KM[-1])


def _rings(at: tuple[float, float], step_km: int, longest_km: Km) -> list[tuple[int, list[Point]]]:
    """Draw the rings within the longest way that the map can show."""
    n_rings = min(MOST_RINGS, int(longest_km // step_km))
    drawn = ((number * step_km, ring(at, number * step_km)) for number in range(1, n_rings + 1))
    return [(km, _projected(line)) for km, line in drawn if line is not None]


def _ring_labels(
    rings: Sequence[tuple[int, list[Point]]], frame: Box, taken: Sequence[Box], font: float
) -> tuple[Label, ...]:
    """Say how far each ring is, at the first of some corners at which there is room."""
    room, labels = list(taken), []
    for km, line in rings:
        for corner in RING_LABEL_CORNERS:
            written = write_on(f"{km:,} km", line[corner], 0.75 * font)
            if frame.holds(written.box) and written.box.is_free(room):
                room.append(written.box)
                labels.append(written.label)
                break
    return tuple(labels)


def _pill_labels(
    plates: Sequence[Plate], people: Sequence[Person], frame: Box, taken: Sequence[Box], font: float
) -> list[Written]:
    """Name where people come from, the most first, as long as there is room."""
    room, labels = list(taken), []
    for plate in plates:
        if plate.is_at_town:
            continue
        written = write_beside(_short_name(plate, people), plate.box(font), frame, room, 0.85 * font)
        if written is not None and written.label.text:
            room.append(written.box)
            labels.append(written)
    return labels


def _places(plate: Plate, people: Sequence[Person]) -> list[str]:
    """List the places of those on a plate, those of the most first, ties by name."""
    counts = Counter(people[guest].place for guest in plate.guests if people[guest].place)
    return sorted(counts, key=lambda place: (-counts[place], place))


def _short_name(plate: Plate, people: Sequence[Person]) -> str:
    places = _places(plate, people)
    more = f" +{len(places) - 1}" if len(places) > 1 else ""
    return (
        clip_text(places[0].split(",")[0].removeprefix("probably ").removeprefix("perhaps "), limit=24) + more
        if places
        else ""
    )


def _hint(plate: Plate, people: Sequence[Person]) -> str:
    places = "; ".join(_places(plate, people)) or "unknown place"
    return clip_text(f"{counted(len(plate.guests), 'person')}: {places}", limit=160)


def _caption(name: str, step_km: int) -> str:
    rings = f"Rings every {step_km:,} km around {name}. " if step_km else ""
    return f"{rings}The numbers say how many come from there; homes are rounded to about 10 km."


def _in_words(hub: Town, people: Sequence[Person]) -> str:
    counts = Counter(person.place or "an unknown place" for person in people)
    places = "; ".join(f"{n} from {place}" for place, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return clip_text(f"Map of the ways to {hub.name}: {places}. The list beside it says the same.", limit=600)
