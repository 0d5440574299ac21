"""The geometry of a small map: its frame, and boxes that must not cover one another."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from matcher.publish.basemap import PADDING_SHARE, WORLD_UNITS, project, units_per_km, window

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A rectangle in the basemap's units; y grows downwards."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def around(cls, middle: Point, width: float, height: float) -> Self:
        """Centre a box on a point."""
        return cls(left=middle[0] - width / 2, top=middle[1] - height / 2, width=width, height=height)

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    @property
    def middle(self) -> Point:
        """The centre."""
        return (self.left + self.width / 2, self.top + self.height / 2)

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: "Box") -> bool:
        """Whether the other lies wholly inside."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )

    def is_free(self, taken: Iterable["Box"]) -> bool:
        """Whether none of the others is covered."""
        return not any(self.overlaps(box) for box in taken)

    @property
    def view_box(self) -> str:
        """The SVG attribute."""
        return " ".join(units(edge) for edge in (self.left, self.top, self.width, self.height))


def frame_around(places: Sequence[Point], *, min_km: float, aspect: float) -> Box:
    """Frame a map on places, given as (lat, lon).

    Args:
        places: At least one.
        min_km: Narrowest frame.
        aspect: Width over height, at most 2: `window` leaves so much room above and below.
    """
    seen = window(places, min_km)
    middle = (seen.x + seen.width / 2, seen.y + seen.height / 2)
    return Box.around(middle, seen.width, seen.width / aspect)


def frame_of(points: Sequence[Point], *, min_width: float, aspect: float) -> Box:
    """Frame a map on points that are projected already, with a border; they may lie in several worlds.

    Args:
        points: At least one.
        min_width: Narrowest frame.
        aspect: Width over height.
    """
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    spanned = max(right - left, (bottom - top) * aspect) * (1 + 2 * PADDING_SHARE)
    width = max(spanned, min_width)
    return Box.around(((left + right) / 2, (top + bottom) / 2), width, width / aspect)


def place_in(frame: Box, lat: float, lon: float) -> Point:
    """Project a place to that of the worlds, side by side, which is nearest to the middle of a frame."""
    x, y = project(lat, lon)
    return x + WORLD_UNITS * round((frame.middle[0] - x) / WORLD_UNITS), y


def worlds_in(frame: Box) -> tuple[str, ...]:
    """List by how much to shift the basemap so that it fills a frame across the date line too."""
    first, last = math.floor(frame.left / WORLD_UNITS), math.ceil(frame.right / WORLD_UNITS)
    return tuple(units(world * WORLD_UNITS) for world in range(first, last))


def frame_km(frame: Box, lat: float) -> float:
    """Measure how many km a frame is wide at a latitude."""
    return frame.width / units_per_km(lat)


def units(number: float) -> str:
    """Write a coordinate for SVG: seven digits, and no -0."""
    return f"{number + 0.0:.7g}"
