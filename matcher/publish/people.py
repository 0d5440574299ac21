"""Members as a report may show them: a name, a place label, a coarse cell. Nothing else gets past here."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from matcher.publish.safe_text import clean_text, clip_text
from matcher.tables.community import Community
from matcher.tables.geography import Places
from matcher.units import MemberId, Share

CELL_DEGREES = 0.1
"""A cell's side: about 11 km north to south. Finer than that no map of ours shows a home."""

SURE_SHARE = 0.8
"""A place that was meant with a smaller chance is called probable."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """The middle of a coarse cell, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """What a reader sees of a member.

    Attributes:
        name: Cleaned and of bearable length; never empty.
        place: Label of the coarse home, 'probably' before it where that is not sure; or empty.
        cell: Where a map may show them, or None where the home is unknown.
    """

    name: str
    place: str
    cell: Cell | None


def people_of(community: Community, places: Places) -> Mapping[MemberId, Person]:
    """Describe every member of the community, by id."""
    homes = places.frame.select(pl.col("member").cast(pl.String()), "label", "share", "lat", "lon")
    rows = (
        community.members.frame.select("member", "name")
        .join(homes, on="member", how="left", maintain_order="left")
        .rows()
    )
    return {
        member: Person(
            name=shown_name(member, name),
            place="" if label is None else shown_place(label, share),
            cell=None if lat is None else coarse_cell(lat, lon),
        )
        for member, name, label, share, lat, lon in rows
    }


def shown_name(member: str, name: str) -> str:
    """Choose what to call a member: the name, or the id where nothing of the name can be shown."""
    return clip_text(name, limit=60) or clean_text(member) or "(no name)"


def shown_place(label: str, share: Share) -> str:
    """Name a coarse home, and do not claim it where something else may have been meant.

    Example:
        >>> shown_place("Portland, OR", 0.65)
        'probably Portland, OR'
    """
    place = clip_text(label, limit=80)
    return f"probably {place}" if place and share < SURE_SHARE else place


def coarse_cell(lat: float, lon: float) -> Cell:
    """Round a place to its cell, at most `CELL_DEGREES` / 2 away in each direction."""
    per_degree = round(1 / CELL_DEGREES)
    east = round(lon * per_degree) / per_degree
    # The date line runs through the middle of one cell, not between two.
    return Cell(lat=round(lat * per_degree) / per_degree, lon=180.0 if east == -180 else east)
