"""Names on a map, each where there is room for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matcher.publish.map_frame import Box, Point, units
from matcher.publish.map_view import Label

GLYPH_SHARE = 0.58
"""Mean width of a letter, as a share of its height: a guess on the safe side for any sans serif."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A label and the room that it takes."""

    label: Label
    box: Box


def write_beside(text: str, mark: Box, frame: Box, taken: Sequence[Box], size: float) -> Written | None:
    """Write a name below, right, left of or above a mark or at a corner, or not at all where there is no room.

    Args:
        text: One line.
        mark: What is named.
        frame: The map, which a name must not leave.
        taken: What a name must not cover.
        size: Height of the lettering.
    """
    tries = _beside(text, mark, size)
    return next((one for one in tries if frame.holds(one.box) and one.box.is_free(taken)), None)


def write_below(text: str, mark: Box, size: float) -> Written:
    """Write a name below a mark, whatever it covers."""
    return next(_beside(text, mark, size))


def write_on(text: str, at: Point, size: float) -> Written:
    """Write a name over a point, whatever it covers."""
    return _written(text, at, "middle", size)


def _beside(text: str, mark: Box, size: float) -> Iterator[Written]:
    x, y = mark.middle
    yield _written(text, (x, mark.bottom + 0.75 * size), "middle", size)
    yield _written(text, (mark.right + 0.25 * size, y), "start", size)
    yield _written(text, (mark.left - 0.25 * size, y), "end", size)
    yield _written(text, (x, mark.top - 0.75 * size), "middle", size)
    for corner_y in (mark.bottom + 0.3 * size, mark.top - 0.3 * size):
        yield _written(text, (mark.right, corner_y), "start", size)
        yield _written(text, (mark.left, corner_y), "end", size)


def _written(text: str, at: Point, anchor: str, size: float) -> Written:
    width = len(text) * GLYPH_SHARE * size
    left = at[0] - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * width
    return Written(
        label=Label(text=text, x=units(at[0]), y=units(at[1] + 0.34 * size), anchor=anchor),
        box=Box(left=left, top=at[1] - 0.6 * size, width=width, height=1.2 * size),
    )
