"""Coarse cells of the globe: about 11 km high, and nearly as wide wherever they lie."""

from typing import Final

import numpy as np

from matcher.units import Floats

CELL_DEGREES: Final = 0.1
"""A cell's height: about 11 km."""
_PER_DEGREE: Final = round(1 / CELL_DEGREES)
_WIDEST: Final = 120.0
"""Beside a pole fewer than three cells would lie around it: there it is one."""


def cell_width(lat: Floats) -> Floats:
    """Width of the cells around these middles, in degrees of longitude, in [0.1, 360].

    A whole number of hundredths, so that a cell is 10 to 11 km wide; nearer than 10 km to a pole it is all around.
    """
    # At a pole nothing would divide; what is beyond the widest is all the same.
    width = np.floor(10 / np.maximum(np.cos(np.radians(np.abs(lat))), 1e-4)) / 100
    return np.asarray(np.where(width > _WIDEST, 360.0, width), dtype=np.float64)


def cells_of(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """Middles of the cells that hold these points, as degrees north and in (-180, 180] east.

    The date line runs through the middle of a cell, not between two. A middle lies in its own cell.

    Args:
        lat: Degrees north, shape (point,).
        lon: Degrees east in [-180, 180], shape (point,).
    """
    north = np.round(lat * _PER_DEGREE) / _PER_DEGREE
    width = cell_width(north)
    east = np.round(np.round(lon / width) * width, 2)
    east = np.where(np.abs(east) > 180 - width / 2, 180.0, east)
    # Adding nothing makes a plain 0 of -0.
    return north + 0.0, np.where(width == 360, 0.0, east) + 0.0
