"""The part of the basemap that one map shows: a page with a single map need not carry the world."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from matcher.publish.basemap import BasemapPaths, basemap_paths
from matcher.publish.map_frame import Box
from matcher.publish.map_shapes import trace
from matcher.units import Floats

MARGIN_SHARE = 0.05
"""So far beyond the frame, by its width, shapes are cut, so that no cut is seen."""

FINEST_SHARE = 1 / 1200
"""Steps shorter than this, by the frame's width, are not seen."""

_STEP = re.compile(r"[-+]?[\d.]+")


@lru_cache(maxsize=64)
def ground_in(view_box: str, worlds: tuple[str, ...]) -> BasemapPaths:
    """Cut the basemap to what a map shows.

    Args:
        view_box: The map's.
        worlds: By how much the basemap is shifted, once for every time it is drawn on the map.
    """
    left, top, width, height = (float(edge) for edge in view_box.split())
    shifts = [float(shift) for shift in worlds]
    margin = MARGIN_SHARE * width
    frame = Box(left=left - margin, top=top - margin, width=width + 2 * margin, height=height + 2 * margin)
    seen = [Box(left=frame.left - shift, top=frame.top, width=frame.width, height=frame.height) for shift in shifts]
    land, borders, states = _layers()
    return BasemapPaths(
        land="".join(_inside(shape, box) for box in seen for shape in land.near(box)),
        borders="".join(_near(line, box) for box in seen for line in borders.near(box)),
        states="".join(_near(line, box) for box in seen for line in states.near(box)),
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class _Layer:
    """Shapes of one kind, as points, shape (point, 2) each, with the box around each, shape (shape, 2) a corner."""

    shapes: Sequence[Floats]
    low: Floats
    high: Floats

    def near(self, box: Box) -> list[Floats]:
        """Shapes of which something may lie in a box."""
        overlaps = (self.high >= (box.left, box.top)) & (self.low <= (box.right, box.bottom))
        return [self.shapes[row] for row in np.flatnonzero(overlaps.all(axis=1)).tolist()]


@cache
def _layers() -> tuple[_Layer, ...]:
    paths = basemap_paths()
    return tuple(_layer(d) for d in (paths.land, paths.borders, paths.states))


def _layer(d: str) -> _Layer:
    shapes = [_points(part) for part in d.split("M") if part]
    low, high = (np.array([edge(shape, axis=0) for shape in shapes]) for edge in (np.min, np.max))
    return _Layer(shapes=shapes, low=low, high=high)


def _points(part: str) -> Floats:
    """Points of one shape, shape (point, 2): after the first they are written as steps."""
    return np.cumsum(np.array(_STEP.findall(part), dtype=np.float64).reshape(-1, 2), axis=0)


def _inside(outline: Floats, box: Box) -> str:
    """A closed outline cut at the four edges, one after the other (Sutherland and Hodgman, 1974); empty if outside."""
    edges = ((0, box.left, 1), (0, box.right, -1), (1, box.top, 1), (1, box.bottom, -1))
    for axis, at, side in edges:
        depth = side * (outline[:, axis] - at)
        if len(outline) == 0 or depth.max() < 0:
            return ""
        if depth.min() < 0:
            outline = _cut(outline, depth)
    return _drawn(outline, box, closing="z")


def _cut(outline: Floats, depth: Floats) -> Floats:
    """What of a closed outline has a depth of at least 0, points on the cut added."""
    after, depth_after = np.roll(outline, -1, axis=0), np.roll(depth, -1)
    crosses = (depth >= 0) != (depth_after >= 0)
    share = depth[crosses] / (depth[crosses] - depth_after[crosses])
    crossings = outline[crosses] + share[:, None] * (after[crosses] - outline[crosses])
    stays = depth_after >= 0
    points = np.concatenate([crossings, after[stays]])
    return points[np.argsort(np.concatenate([2 * np.flatnonzero(crosses), 2 * np.flatnonzero(stays) + 1]))]


def _near(line: Floats, box: Box) -> str:
    """The stretches of a line of which a piece may lie in the box."""
    low, high = np.minimum(line[:-1], line[1:]), np.maximum(line[:-1], line[1:])
    is_near = ((high >= (box.left, box.top)) & (low <= (box.right, box.bottom))).all(axis=1)
    turns = np.flatnonzero(np.diff(np.concatenate([[False], is_near, [False]]).astype(np.int8)))
    stretches = zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True)
    return "".join(_drawn(line[start : end + 1], box) for start, end in stretches)


def _drawn(points: Floats, box: Box, *, closing: str = "") -> str:
    """Write a line down without the steps that nobody would see; empty where none is left."""
    steps = np.round(points / (FINEST_SHARE * box.width))
    moves = np.ones(len(points), np.bool_)
    moves[1:] = (steps[1:] != steps[:-1]).any(axis=1)
    kept = points[moves]
    return trace([(x, y) for x, y in kept.tolist()], box) + closing if len(kept) > 1 else ""
