"""Lines on the globe as points for a flat map: the shortest way, and everything equally far from a place.

Longitudes run on beyond the date line instead of jumping, so that a map draws them in one piece.
"""

import math
from typing import Final

import numpy as np

from matcher.numeric.distance import EARTH_RADIUS_KM, unit_sphere
from matcher.units import Floats

STEP_DEGREES: Final = 2.0
"""Of arc between two points of a way: finer than anybody sees on a map of the world."""
RING_CORNERS: Final = 72
NEAR_POLE: Final = 80.0
"""A ring beyond this latitude is no closed line on a Mercator map, or nearly none."""


def shortest_way(start: tuple[float, float], end: tuple[float, float]) -> Floats:
    """Follow the great circle from one place to another.

    Args:
        start: Degrees north and east.
        end: Degrees north and east.

    Returns:
        Degrees north and east, shape (point, 2), at least two points; the first is `start`, and no step east or west is
        longer than half way round. Between antipodes, where every way is as short, over the north.
    """
    ends = unit_sphere(np.array([start[0], end[0]]), np.array([start[1], end[1]]))
    across = float(np.linalg.norm(np.cross(ends[0], ends[1])))
    arc = math.atan2(across, float(ends[0] @ ends[1]))
    if across < 1e-9:
        # Here the great circle is undetermined: the same place, or its antipode.
        way = [start, end] if arc < 1 else [start, (90.0, start[1]), (90.0, end[1]), end]
        return _run_on(np.array(way, dtype=np.float64))
    share = np.linspace(0, 1, max(2, math.ceil(math.degrees(arc) / STEP_DEGREES) + 1))[:, None]
    points = (np.sin((1 - share) * arc) * ends[0] + np.sin(share * arc) * ends[1]) / math.sin(arc)
    return _run_on(_degrees(points, start[1]))


def ring(middle: tuple[float, float], radius_km: float) -> Floats | None:
    """Draw what lies equally far from a place, or None where that goes too near a pole for the map.

    Args:
        middle: Degrees north and east.
        radius_km: On the globe.

    Returns:
        Degrees north and east, shape (72, 2), clockwise from due north; longitudes within half a turn of the middle's.
    """
    arc = radius_km / EARTH_RADIUS_KM
    if abs(middle[0]) + math.degrees(arc) > NEAR_POLE:
        return None
    phi, bearing = math.radians(middle[0]), np.arange(RING_CORNERS) * (2 * np.pi / RING_CORNERS)
    north = np.arcsin(math.sin(phi) * math.cos(arc) + math.cos(phi) * math.sin(arc) * np.cos(bearing))
    east = np.arctan2(np.sin(bearing) * math.sin(arc) * math.cos(phi), math.cos(arc) - math.sin(phi) * np.sin(north))
    return np.column_stack([np.degrees(north), middle[1] + np.degrees(east)])


def _degrees(points: Floats, first_lon: float) -> Floats:
    lat = np.degrees(np.arctan2(points[:, 2], np.hypot(points[:, 0], points[:, 1])))
    lon = np.degrees(np.arctan2(points[:, 1], points[:, 0]))
    # At a pole the longitude is anything: begin with the one that was given.
    lon[0] = first_lon
    return np.column_stack([lat, lon])


def _run_on(points: Floats) -> Floats:
    """Undo the jump at the date line."""
    points[:, 1] = np.unwrap(points[:, 1], period=360)
    return points
