"""An offline map of the world for the report: coasts and borders as SVG paths in Web Mercator units.

The world is a square of 20,000 units, so that a unit is about 2 km at the equator. The paths go once
into a `<symbol>`; every small map is an `<svg viewBox="…">` that reuses them.

The shapes are Natural Earth's and, for the states of the USA, the Census Bureau's, both in the public
domain; `python -m pipelines.basemap` makes the file.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

WORLD_UNITS: Final = 20_000
NORTH: Final = 84.0
SOUTH: Final = -60.0
"""Beyond these the map is empty: nobody meets there, and Mercator would stretch it without end."""
EQUATOR_KM: Final = 40_075.017
ASPECT: Final = 1.6
"""Width of a window by its height."""
HABIT: Final = 1.5
"""The world is cut at the date line, as people know it, unless elsewhere the gap is so many times wider."""
PADDING_SHARE: Final = 0.18
"""Empty border on each side of the outermost points, by the width of what they span."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BasemapPaths:
    """Values for the `d` of three SVG paths.

    Attributes:
        land: Closed outlines, to be filled.
        borders: Lines between countries.
        states: Lines between the states of the USA.
    """

    land: str
    borders: str
    states: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewBox:
    """The part of the world that a small map shows, in units of the map.

    Where it lies across the date line, `x + width` exceeds 20,000: then the map is to be drawn a second
    time, 20,000 units further to the right (`needs_second_world`).
    """

    x: float
    y: float
    width: float
    height: float

    def __str__(self) -> str:
        """As the attribute `viewBox` is written."""
        return f"{self.x:.1f} {self.y:.1f} {self.width:.1f} {self.height:.1f}"

    @property
    def needs_second_world(self) -> bool:
        """Whether a part of it lies beyond the date line."""
        return self.x + self.width > WORLD_UNITS

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point stands in this window, beyond the date line too."""
        x, y = project(lat, lon)
        return (x + WORLD_UNITS if x < self.x and x + WORLD_UNITS <= self.x + self.width else x), y


def project(lat: float, lon: float) -> tuple[float, float]:
    """Web Mercator, x from the date line to the right, y from the north down, in units of the map.

    Example:
        >>> project(0.0, 0.0)
        (10000.0, 10000.0)
    """
    phi = math.radians(min(max(lat, -85.0), 85.0))
    north = math.asinh(math.tan(phi)) / math.pi
    return (lon + 180) / 360 * WORLD_UNITS, (1 - north) / 2 * WORLD_UNITS


def unproject(x: float, y: float) -> tuple[float, float]:
    """Degrees north and east of a point of the map; beyond the date line the degrees east run on.

    Example:
        >>> unproject(10000.0, 10000.0)
        (0.0, 0.0)
    """
    north = math.atan(math.sinh((1 - 2 * y / WORLD_UNITS) * math.pi))
    return math.degrees(north), x / WORLD_UNITS * 360 - 180


def units_per_km(lat: float) -> float:
    """How many units of the map a kilometre takes at this latitude."""
    return WORLD_UNITS / (EQUATOR_KM * math.cos(math.radians(min(max(lat, -85.0), 85.0))))


def window(points: Sequence[tuple[float, float]], min_km: float) -> ViewBox:
    """A window that shows all points with a border, never narrower than `min_km` and always of one shape.

    Args:
        points: Degrees north and east; without any, the whole world is shown.
        min_km: Least width on the ground, so that a single town is seen with its surroundings.
    """
    if not points:
        top = project(NORTH, 0)[1]
        return ViewBox(x=0, y=top, width=WORLD_UNITS, height=project(SOUTH, 0)[1] - top)
    placed = [project(lat, lon) for lat, lon in points]
    first_x, last_x = _shortest_arc([x for x, _ in placed])
    first_y, last_y = min(y for _, y in placed), max(y for _, y in placed)
    middle_lat = sum(lat for lat, _ in points) / len(points)
    spanned = max(last_x - first_x, (last_y - first_y) * ASPECT) * (1 + 2 * PADDING_SHARE)
    width = min(max(spanned, min_km * units_per_km(middle_lat)), WORLD_UNITS)
    height = width / ASPECT
    x = (first_x + last_x - width) / 2
    return ViewBox(x=x if x >= 0 else x + WORLD_UNITS, y=(first_y + last_y - height) / 2, width=width, height=height)


def _shortest_arc(xs: list[float]) -> tuple[float, float]:
    """West and east end of a short stretch that holds all, across the date line if that is much shorter."""
    ordered = sorted(xs)
    gaps = [after - before for before, after in zip(ordered, [*ordered[1:], ordered[0] + WORLD_UNITS], strict=True)]
    at_date_line = len(gaps) - 1
    widest = max(range(len(gaps)), key=lambda row: gaps[row] * (HABIT if row == at_date_line else 1))
    west = ordered[(widest + 1) % len(ordered)]
    return west, west + WORLD_UNITS - gaps[widest]


@cache
def basemap_paths() -> BasemapPaths:
    """Coasts and borders of the world, from the library's own file, read once a process."""
    paths = json.loads(files("matcher.publish").joinpath("static/basemap.json").read_text(encoding="utf-8"))
    return BasemapPaths(land=paths["land"], borders=paths["borders"], states=paths["states"])
