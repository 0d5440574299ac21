"""A group's region: who comes from about where to which town."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.publish.map_frame import Box, Point, frame_around, frame_km, place_in, units, worlds_in
from matcher.publish.map_view import GroupMap, Label, Pill
from matcher.publish.people import Person
from matcher.publish.proposed import Town
from matcher.publish.safe_text import clip_text
from matcher.publish.town_field import TownField

MIN_KM = 150
ASPECT = 1.5
FONT_SHARE = 0.036
"""Height of the lettering, as a share of the map's width."""

GLYPH_SHARE = 0.58
"""Mean width of a letter, as a share of its height: a guess on the safe side for any sans serif."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plate:
    """Guests who live too close together to be shown apart."""

    guests: tuple[int, ...]
    middle: Point
    is_at_town: bool = False

    def text(self) -> str:
        return in_runs(self.guests)

    def box(self, font: float) -> Box:
        text_width = len(self.text()) * GLYPH_SHARE * font
        return Box.around(self.middle, max(1.5 * font, text_width + 0.9 * font), 1.5 * font)

    def joined(self, other: "_Plate") -> "_Plate":
        middle = (
            self.middle
            if self.is_at_town
            else tuple(
                (mine * len(self.guests) + theirs * len(other.guests)) / (len(self.guests) + len(other.guests))
                for mine, theirs in zip(self.middle, other.middle, strict=True)
            )
        )
        return replace(self, guests=tuple(sorted(self.guests + other.guests)), middle=(middle[0], middle[1]))


def draw_group(town: Town, people: Sequence[Person], field: TownField) -> GroupMap:
    """Draw a group's map from coarse cells and the meeting town.

    Args:
        town: Where they meet.
        people: The guests, numbered from 1 in this order; those without a cell are not drawn.
        field: Towns for orientation.
    """
    cells = {number: person.cell for number, person in enumerate(people, start=1) if person.cell is not None}
    places = [(town.lat, town.lon), *((cell.lat, cell.lon) for cell in cells.values())]
    frame = frame_around(places, min_km=MIN_KM, aspect=ASPECT)
    homes = {number: place_in(frame, cell.lat, cell.lon) for number, cell in cells.items()}
    font = FONT_SHARE * frame.width
    spot = place_in(frame, town.lat, town.lon)
    name = clip_text(town.name.split(",")[0], limit=28)
    plates = _apart([_plate(number, home, spot, font) for number, home in homes.items()], font)
    taken = [plate.box(font) for plate in plates] + [Box.around(spot, 1.6 * font, 1.6 * font)]
    label, label_box = _town_label(name, spot, frame, taken, font)
    context = field.orientation(frame, [*taken, label_box], font=font, glyph_share=GLYPH_SHARE, besides=name)
    km = frame_km(frame, town.lat)
    return GroupMap(
        view_box=frame.view_box,
        worlds=worlds_in(frame),
        description=_in_words(town, people),
        font_size=units(font),
        ways="".join(_way(plate.middle, spot) for plate in plates if not plate.is_at_town),
        town=_star(spot, 0.75 * font),
        town_label=label,
        pills=tuple(_pill(plate, font) for plate in plates),
        context_dots=context.dots,
        context_labels=context.labels,
        caption=f"About {_round_km(km)} km across. Homes are rounded to about 10 km.",
    )


def in_runs(numbers: Sequence[int]) -> str:
    """Write ascending numbers shortly: '1, 2', '1-3, 5'."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shortened = (f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
    return ", ".join(shortened)


def _plate(number: int, home: Point, spot: Point, font: float) -> _Plate:
    """Place a guest; one who lives where they meet stands above the star, not on it."""
    if math.dist(home, spot) < 1.6 * font:
        return _Plate(guests=(number,), middle=(spot[0], spot[1] - 1.8 * font), is_at_town=True)
    return _Plate(guests=(number,), middle=home)


def _apart(plates: list[_Plate], font: float) -> list[_Plate]:
    """Join plates that cover one another until none does; each joint leaves one fewer, so it ends."""
    while True:
        covered = next(
            (
                (first, second)
                for row, first in enumerate(plates)
                for second in plates[row + 1 :]
                if first.box(font).overlaps(second.box(font))
            ),
            None,
        )
        if covered is None:
            return plates
        anchor, other = sorted(covered, key=lambda plate: not plate.is_at_town)
        plates = [anchor.joined(other) if plate is covered[0] else plate for plate in plates if plate is not covered[1]]


def _town_label(name: str, spot: Point, frame: Box, taken: Sequence[Box], font: float) -> tuple[Label, Box]:
    """Find room for the meeting town's name: below, right, left or above; below where there is none."""
    width = len(name) * GLYPH_SHARE * 1.1 * font
    sides = {
        "middle": (spot[0], spot[1] + 1.75 * font),
        "start": (spot[0] + font, spot[1]),
        "end": (spot[0] - font, spot[1]),
    }
    shift = {"middle": 0.5, "start": 0.0, "end": 1.0}
    tries = [
        (anchor, at, Box(left=at[0] - shift[anchor] * width, top=at[1] - 0.6 * font, width=width, height=1.2 * font))
        for anchor, at in sides.items()
    ]
    anchor, at, box = next((one for one in tries if frame.holds(one[2]) and one[2].is_free(taken)), tries[0])
    return Label(text=name, x=units(at[0]), y=units(at[1] + 0.36 * font), anchor=anchor), box


def _pill(plate: _Plate, font: float) -> Pill:
    box = plate.box(font)
    return Pill(
        x=units(plate.middle[0]),
        y=units(plate.middle[1] + 0.36 * font),
        left=units(box.left),
        top=units(box.top),
        width=units(box.width),
        height=units(box.height),
        radius=units(box.height / 2),
        text=plate.text(),
    )


def _way(home: Point, spot: Point) -> str:
    return f"M{units(home[0])} {units(home[1])}L{units(spot[0])} {units(spot[1])}"


def _star(spot: Point, radius: float) -> str:
    """List the ten corners of a five-pointed star, its first point up."""
    corners = []
    for corner in range(10):
        length = radius if corner % 2 == 0 else 0.45 * radius
        angle = math.pi * corner / 5
        corners.append(f"{units(spot[0] + length * math.sin(angle))},{units(spot[1] - length * math.cos(angle))}")
    return " ".join(corners)


def _in_words(town: Town, people: Sequence[Person]) -> str:
    homes = "; ".join(f"{person.name} from {person.place or 'an unknown place'}" for person in people)
    return clip_text(f"Map of the meeting in {town.name}: {homes}.", limit=600)


def _round_km(km: float) -> str:
    step = 10 if km < 1000 else 100
    return f"{max(step, step * round(km / step)):,}"
