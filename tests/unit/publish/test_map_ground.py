"""The part of the basemap that one map shows."""

import re

import pytest

from matcher.publish.basemap import WORLD_UNITS, basemap_paths
from matcher.publish.map_frame import Box, frame_around, worlds_in
from matcher.publish.map_ground import ground_in

MIDLANDS = ((52.5, -1.5), (52.9, -1.1))
KANSAS = ((38.5, -98.4),)
MID_PACIFIC = ((-10.0, -120.0),)
FIJI_AND_SAMOA = ((-17.7, 178.0), (-13.8, -171.7))


def _frame(*places: tuple[float, float]) -> Box:
    return frame_around(places, min_km=150, aspect=1.5)


def _spots(d: str) -> list[tuple[float, float]]:
    spots = []
    for part in d.split("M"):
        x = y = 0.0
        numbers = [float(one) for one in re.findall(r"[-+]?[\d.]+(?:e-?\d+)?", part)]
        for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + step_x, y + step_y
            spots.append((x, y))
    return spots


@pytest.mark.parametrize(
    "places",
    [
        pytest.param(MIDLANDS, id="england"),
        pytest.param(KANSAS, id="kansas"),
        pytest.param(((39.7, -105.0), (45.8, 4.8)), id="across-the-ocean"),
    ],
)
def test_nothing_is_drawn_far_outside_the_frame(places: tuple[tuple[float, float], ...]) -> None:
    """Land ends just beyond the edge; of lines a last step may lead out."""
    frame = _frame(*places)

    ground = ground_in(frame.view_box, worlds_in(frame))

    slack = 0.06 * frame.width
    for x, y in _spots(ground.land):
        assert frame.left - slack <= x <= frame.right + slack
        assert frame.top - slack <= y <= frame.bottom + slack
    assert len(ground.land) < len(basemap_paths().land) / 2


def test_inland_everything_is_land() -> None:
    """A frame without a coast is one rectangle: its corners lie beyond those of the frame."""
    frame = _frame(*KANSAS)

    spots = _spots(ground_in(frame.view_box, worlds_in(frame)).land)

    assert min(x for x, _ in spots) < frame.left
    assert max(x for x, _ in spots) > frame.right
    assert min(y for _, y in spots) < frame.top
    assert max(y for _, y in spots) > frame.bottom


def test_on_the_open_sea_there_is_nothing() -> None:
    """Neither land nor border."""
    frame = _frame(*MID_PACIFIC)

    ground = ground_in(frame.view_box, worlds_in(frame))

    assert (ground.land, ground.borders, ground.states) == ("", "", "")


def test_across_the_date_line_both_worlds_are_cut() -> None:
    """Fiji lies at the right edge of one world, Samoa at the left edge of the next."""
    frame = _frame(*FIJI_AND_SAMOA)

    spots = _spots(ground_in(frame.view_box, worlds_in(frame)).land)

    assert len(worlds_in(frame)) == 2
    assert [x for x, _ in spots if x < WORLD_UNITS / 10]
    assert [x for x, _ in spots if x > WORLD_UNITS * 9 / 10]
