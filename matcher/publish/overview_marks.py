"""Marks of the overview: one of a kind a spot, side by side, and towns too near each other to be told apart on one."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matcher.publish.map_frame import Box, Point, place_in
from matcher.publish.safe_text import clip_text
from matcher.publish.wording import counted
from matcher.tables.proposed import Town

APART_SHARE = 0.017
"""How far apart two marks stand at least, as a share of the map's width."""

KINDS = ("gathering", "group", "introduction")
"""From left to right; a gathering's star stands where its city is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Meetings of one kind at one spot.

    Attributes:
        spot: Where it stands.
        number: How many meetings.
        hint: Where and how many, in words.
    """

    spot: Point
    number: int
    hint: str


def marks_of(meetings: Iterable[tuple[str, Town]], frame: Box) -> dict[str, tuple[Mark, ...]]:
    """Mark where people meet.

    Args:
        meetings: Kind and town of each.
        frame: The map.

    Returns:
        By kind; spots of gatherings first, then those with most meetings.
    """
    counts: dict[Town, Counter[str]] = {}
    for kind, town in meetings:
        counts.setdefault(town, Counter())[kind] += 1
    marks: dict[str, list[Mark]] = {kind: [] for kind in KINDS}
    for towns in _together(
        sorted(counts, key=lambda town: (_rank(counts[town]), town.name, town.lat, town.lon)), frame
    ):
        x, y = place_in(frame, towns[0].lat, towns[0].lon)
        numbers = sum((counts[town] for town in towns), Counter())
        for nth, kind in enumerate(kind for kind in KINDS if numbers[kind]):
            at = (x + nth * APART_SHARE * frame.width, y)
            marks[kind].append(Mark(spot=at, number=numbers[kind], hint=_hint(towns, numbers[kind], kind)))
    return {kind: tuple(some) for kind, some in marks.items()}


def _rank(numbers: Counter[str]) -> tuple[int, int]:
    return -numbers["gathering"], -numbers.total()


def _together(towns: Sequence[Town], frame: Box) -> Iterator[list[Town]]:
    """Join each town to the first before it that stands too near; the first of each list gives the spot."""
    spots: list[tuple[Point, list[Town]]] = []
    for town in towns:
        here = place_in(frame, town.lat, town.lon)
        near = next((some for spot, some in spots if math.dist(spot, here) < APART_SHARE * frame.width), None)
        if near is None:
            spots.append((here, [town]))
        else:
            near.append(town)
    return (some for _, some in spots)


def _hint(towns: Sequence[Town], number: int, kind: str) -> str:
    nearby = " and nearby" if len(towns) > 1 else ""
    return clip_text(f"{towns[0].name}{nearby}: {counted(number, kind)}", limit=120)
