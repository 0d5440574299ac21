"""Towns for orientation: a few well-known names that leave room for everything else."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.publish.basemap import WORLD_UNITS, project
from matcher.publish.map_frame import Box, units
from matcher.publish.map_view import Label
from matcher.publish.safe_text import clip_text
from matcher.tables.geography import Towns
from matcher.units import Floats

MOST_LABELS = 5
MOST_TRIED = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Orientation:
    """Dots (path data) and names of some towns on one map."""

    dots: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class TownField:
    """All towns of a plan, projected once, the most populous first.

    Attributes:
        names: Without region or country.
        spots: In the basemap's units, shape (town, 2).
    """

    names: tuple[str, ...]
    spots: Floats

    def orientation(
        self, frame: Box, taken: Sequence[Box], *, font: float, glyph_share: float, besides: str
    ) -> Orientation:
        """Choose the largest towns that can be named inside a frame without covering anything.

        Args:
            frame: The map.
            taken: What must stay visible.
            font: Height of the meeting town's name; these are written smaller.
            glyph_share: Width of a letter as a share of its height.
            besides: The name of the meeting town, which is there already.
        """
        room, dots, labels = list(taken), [], []
        for name, (x, y) in self._largest_inside(frame):
            width, height = len(name) * glyph_share * 0.85 * font, font
            dot = Box.around((x, y), 0.5 * font, 0.5 * font)
            for anchor, left in (("start", x + 0.45 * font), ("end", x - 0.45 * font - width)):
                box = Box(left=left, top=y - height / 2, width=width, height=height)
                if name != besides and frame.holds(box) and box.is_free(room) and dot.is_free(room):
                    room += [box, dot]
                    dots.append(f"M{units(x)} {units(y)}h0")
                    at = left if anchor == "start" else left + width
                    labels.append(Label(text=name, x=units(at), y=units(y + 0.3 * font), anchor=anchor))
                    break
            if len(labels) == MOST_LABELS:
                break
        return Orientation(dots="".join(dots), labels=tuple(labels))

    def _largest_inside(self, frame: Box) -> list[tuple[str, tuple[float, float]]]:
        x, y = self.spots[:, 0], self.spots[:, 1]
        x = x + WORLD_UNITS * np.round((frame.middle[0] - x) / WORLD_UNITS)
        inside = (frame.left <= x) & (x <= frame.right) & (frame.top <= y) & (y <= frame.bottom)
        rows = np.flatnonzero(inside)[:MOST_TRIED]
        return [(self.names[row], (float(x[row]), float(y[row]))) for row in rows]


def town_field(towns: Towns) -> TownField:
    """Project a plan's towns, the most populous first, ties by their number."""
    return field_of(
        towns.frame.sort("population", "town", descending=[True, False]).select("name", "lat", "lon").rows()
    )


def field_of(rows: Sequence[tuple[str, float, float]]) -> TownField:
    """Project towns, given by name and degrees north and east, the most populous first."""
    return TownField(
        names=tuple(clip_text(name.split(",")[0], limit=28) for name, _, _ in rows),
        spots=np.array([project(lat, lon) for _, lat, lon in rows], dtype=np.float64).reshape(-1, 2),
    )
