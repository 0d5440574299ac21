"""Members as a report may show them: a name, a place label, a coarse cell. Nothing else gets past here."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from matcher.numeric.cells import cells_of
from matcher.publish.safe_text import clean_text, clip_text
from matcher.tables.community import Community
from matcher.tables.dossier import Cell, Person
from matcher.tables.geography import Places
from matcher.units import MemberId, Share

SURE_SHARE = 0.8
"""A place that was meant with a smaller chance is called probable."""

LIKELY_SHARE = 0.5
"""And below this, when something else was rather meant, only possible."""


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
            cell=None if lat is None or share < LIKELY_SHARE else coarse_cell(lat, lon),
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
    if not place or share >= SURE_SHARE:
        return place
    return f"probably {place}" if share >= LIKELY_SHARE else f"perhaps {place}"


def coarse_cell(lat: float, lon: float) -> Cell:
    """Round a place to its cell: see `cells_of`."""
    north, east = cells_of(np.array([lat]), np.array([lon]))
    return Cell(lat=float(north[0]), lon=float(east[0]))
