"""Shapes on a map as SVG attribute text: cells, the hull around them, lines and stars."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.spatial import ConvexHull

from matcher.numeric.cells import CELL_DEGREES, cell_width
from matcher.publish.basemap import WORLD_UNITS
from matcher.publish.map_frame import Box, Point, place_in, units
from matcher.publish.map_view import Star
from matcher.tables.dossier import Cell


def cell_corners(cell: Cell, frame: Box) -> tuple[Point, Point]:
    """North-west and south-east corner of a cell in a frame."""
    x, top = place_in(frame, cell.lat + CELL_DEGREES / 2, cell.lon)
    _, bottom = place_in(frame, cell.lat - CELL_DEGREES / 2, cell.lon)
    half = float(cell_width(np.array(cell.lat))) / 360 * WORLD_UNITS / 2
    return (x - half, top), (x + half, bottom)


def cells_path(cells: Iterable[Cell], frame: Box) -> str:
    """Draw each cell once, as the square that it is."""
    squares = []
    for cell in _once(cells):
        (west, north), (east, south) = cell_corners(cell, frame)
        squares.append(trace([(west, north), (east, north), (east, south), (west, south)], frame) + "z")
    return "".join(squares)


def cell_dots_path(cells: Iterable[Cell], frame: Box) -> str:
    """Draw each cell once, as a dot for a map on which its square would be too small to see."""
    return "".join(f"{trace([place_in(frame, cell.lat, cell.lon)], frame)}h0" for cell in _once(cells))


def hull_path(cells: Iterable[Cell], frame: Box) -> str:
    """Draw the smallest convex outline around cells; nothing around a single one, which would only point at it."""
    apart = _once(cells)
    if len(apart) < 2:
        return ""
    corners = [cell_corners(cell, frame) for cell in apart]
    points = [(x, y) for (west, north), (east, south) in corners for x in (west, east) for y in (north, south)]
    outline = ConvexHull(np.array(points)).vertices
    return trace([points[row] for row in outline], frame) + "z"


def trace(points: Sequence[Point], frame: Box) -> str:
    """Write a line through points, no finer than a two-thousandth of the frame's width."""
    decimals = max(0, -math.floor(math.log10(frame.width / 2000)))
    before = (0.0, 0.0)
    steps = []
    for x, y in points:
        step_x, step_y = round(x - before[0], decimals), round(y - before[1], decimals)
        before = (before[0] + step_x, before[1] + step_y)
        steps.append(f"{units(step_x)} {units(step_y)}")
    return f"M{steps[0]}" + (f"l{' '.join(steps[1:])}" if len(steps) > 1 else "")


def star_at(spot: Point, radius: float, hint: str = "") -> Star:
    """Put a star; `hint` is its tooltip."""
    return Star(left=units(spot[0] - radius), top=units(spot[1] - radius), size=units(2 * radius), hint=hint)


def _once(cells: Iterable[Cell]) -> list[Cell]:
    return sorted(set(cells), key=lambda cell: (cell.lat, cell.lon))
