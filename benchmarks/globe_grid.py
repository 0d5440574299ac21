"""Brute force on the globe: a grid of squares, halved wherever the best point could still lie.

Going one km changes a mix of ways by at most one km. So in a square of radius r no point is better than its middle by
more than r: a square whose middle is worse than the best middle by more than r is done with. What is left is proof.
"""

from typing import NamedTuple

import numpy as np

from matcher.numeric.distance import EARTH_RADIUS_KM
from matcher.numeric.fair_point import mixed_km
from matcher.units import Floats

TOLERANCE = 2e-3
"""Share of the best value by which the true optimum may be better than the grid's."""
ENOUGH_KM = 1e-4
"""A best value below ten centimetres is 0."""
CORNERS = np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)], np.float64)
N_COLUMNS = 8
"""Squares along each side of each of the cube's six faces, to begin with."""


class Squares(NamedTuple):
    """Squares on the faces of a cube around the globe, as seen from its middle.

    Attributes:
        face: Number of the face, 0 to 5, shape (square,).
        at: Middle on the face, each coordinate in [-1, 1], shape (square, 2).
        half: Half the side.
    """

    face: np.ndarray
    at: Floats
    half: float


def grid_best(homes: Floats, worst_share: float) -> tuple[float, int]:
    """The smallest `mixed_km` on the grid, and how many squares were looked at.

    The true optimum is smaller by at most TOLERANCE of it, or by ENOUGH_KM.

    Args:
        homes: Unit length, shape (home, 3).
        worst_share: Weight of the longest way.
    """
    squares, best, n_looks = _whole_globe(), np.inf, 0
    while len(squares.face):
        middles = _points(squares.face, squares.at)
        values = mixed_km(_km(homes, middles), worst_share)
        best, n_looks = min(best, float(values.min())), n_looks + len(values)
        could = values - _radii_km(squares, middles) < best - max(TOLERANCE * best, ENOUGH_KM)
        squares = _halved(Squares(squares.face[could], squares.at[could], squares.half))
    return best, n_looks


def _whole_globe() -> Squares:
    ticks = (np.arange(N_COLUMNS) + 0.5) * 2 / N_COLUMNS - 1
    at = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    return Squares(np.repeat(np.arange(6), len(at)), np.tile(at, (6, 1)), 1 / N_COLUMNS)


def _halved(squares: Squares) -> Squares:
    half = squares.half / 2
    at = (squares.at[:, None] + half * CORNERS).reshape(-1, 2)
    return Squares(np.repeat(squares.face, len(CORNERS)), at, half)


def _radii_km(squares: Squares, middles: Floats) -> Floats:
    """How far the farthest point of each square is from its middle: always a corner."""
    corners = _points(np.repeat(squares.face, 4), (squares.at[:, None] + squares.half * CORNERS).reshape(-1, 2))
    chords = np.linalg.norm(corners.reshape(-1, 4, 3) - middles[:, None], axis=2).max(axis=1)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(chords / 2))


def _points(face: np.ndarray, at: Floats) -> Floats:
    """Unit length, shape (square, 3)."""
    axis, side = face % 3, np.where(face < 3, 1.0, -1.0)
    points = np.empty((len(face), 3))
    rows = np.arange(len(face))
    points[rows, axis], points[rows, (axis + 1) % 3], points[rows, (axis + 2) % 3] = side, at[:, 0], at[:, 1]
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True))


def _km(homes: Floats, points: Floats) -> Floats:
    """By chords, so that it shares nothing with the method it judges; exact near by, shape (home, point)."""
    chords = np.linalg.norm(homes[:, None] - points[None], axis=2)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chords / 2, 1)))
