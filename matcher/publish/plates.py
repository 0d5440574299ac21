"""Guests on a map: numbers or counts on rounded plates that never cover one another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.publish.map_frame import Box, Point, units
from matcher.publish.map_labels import GLYPH_SHARE
from matcher.publish.map_view import Pill


@dataclass(frozen=True, kw_only=True, slots=True)
class Plate:
    """Guests who live too close together to be shown apart.

    Attributes:
        guests: Their numbers, ascending.
        middle: Where it stands.
        is_count: Whether it tells how many they are, instead of who.
        is_at_town: Whether they live where they meet; then the plate does not move.
    """

    guests: tuple[int, ...]
    middle: Point
    is_count: bool = False
    is_at_town: bool = False

    def text(self) -> str:
        """What is written on it."""
        return str(len(self.guests)) if self.is_count else in_runs(self.guests)

    def box(self, font: float) -> Box:
        """The room that it takes."""
        text_width = len(self.text()) * GLYPH_SHARE * font
        return Box.around(self.middle, max(1.5 * font, text_width + 0.9 * font), 1.5 * font)

    def pill(self, font: float, hint: str = "") -> Pill:
        """Write it down for the template; `hint` is its tooltip."""
        box = self.box(font)
        return Pill(
            x=units(self.middle[0]),
            y=units(self.middle[1] + 0.36 * font),
            left=units(box.left),
            top=units(box.top),
            width=units(box.width),
            height=units(box.height),
            radius=units(box.height / 2),
            text=self.text(),
            hint=hint,
        )

    def joined(self, other: "Plate") -> "Plate":
        """Put both on one plate, between the two by how many stand on each."""
        guests = tuple(sorted(self.guests + other.guests))
        if self.is_at_town:
            return replace(self, guests=guests)
        here, there = len(self.guests) / len(guests), len(other.guests) / len(guests)
        (x, y), (other_x, other_y) = self.middle, other.middle
        return replace(self, guests=guests, middle=(here * x + there * other_x, here * y + there * other_y))


def plate_of(guest: int, home: Point, spot: Point, font: float, *, is_count: bool = False) -> Plate:
    """Place a guest; one who lives where they meet stands above the star, not on it."""
    if math.dist(home, spot) < 1.6 * font:
        return Plate(guests=(guest,), middle=(spot[0], spot[1] - 1.8 * font), is_count=is_count, is_at_town=True)
    return Plate(guests=(guest,), middle=home, is_count=is_count)


def plates_apart(plates: list[Plate], font: float) -> list[Plate]:
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
