"""A list of venues that an organizer supplies: read like any table, settled row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from matcher.sources.clean_text import is_id
from matcher.sources.quarantine import (
    BAD_CAPACITY,
    MALFORMED,
    NO_VENUE_NAME,
    NO_VENUE_PLACE,
    SAME_VENUE,
    UNCLEAR_OPENNESS,
    Quarantine,
    finding,
)
from matcher.sources.settling import mended, on_earth, sift
from matcher.sources.table_columns import Role, map_columns
from matcher.sources.table_files import read_raw_table
from matcher.sources.table_rows import venue_rows
from matcher.tables.community import Venues

VENUES = Role(
    name="venues",
    fields={
        "venue": ("name", "venue", "venuename", "title", "place", "location"),
        "lat": ("lat", "latitude"),
        "lon": ("lon", "lng", "long", "longitude"),
        "capacity": ("capacity", "seats", "maxpeople", "places", "size"),
        "is_public": ("public", "ispublic", "open"),
    },
    needed=("venue", "lat", "lon"),
)
MOST_PEOPLE = 1_000_000


@dataclass(frozen=True, eq=False, kw_only=True)
class ImportedVenues:
    """One list of venues, read.

    Attributes:
        venues: Every venue that could be kept.
        quarantine: Every row that was refused or mended.
    """

    venues: Venues
    quarantine: Quarantine


def read_venues(path: Path, columns: Mapping[str, str]) -> ImportedVenues:
    """Read one file of venues: CSV, JSON Lines or Parquet.

    A venue whose capacity cannot be read is refused, since too many might be sent there. Names that differ in capital
    letters alone name one venue.

    Args:
        path: The file.
        columns: For a field of Venues, the column that holds it, where its name is not a usual one.

    Raises:
        SourceError: The file cannot be read, or lacks a needed column.
        SettingsError: The settings name a field that does not exist.
    """
    raw = read_raw_table(path)
    rows = venue_rows(raw, map_columns(path, VENUES, raw.frame.columns, columns))
    named, refused = sift(
        rows,
        [
            (NO_VENUE_NAME, ~is_id(pl.col("venue"))),
            (NO_VENUE_PLACE, ~on_earth()),
            (BAD_CAPACITY, ~_is_capacity() & pl.col("capacity").is_not_null()),
        ],
    )
    kept, twice = sift(named, [(SAME_VENUE, ~pl.col("venue").str.to_lowercase().is_first_distinct())])
    unclear = mended(kept, UNCLEAR_OPENNESS, pl.col("is_public").is_null())
    unreadable = finding(path.name, MALFORMED, raw.malformed)
    return ImportedVenues(
        venues=Venues.sorted(
            kept.with_columns(pl.col("capacity").cast(pl.UInt32()), pl.col("is_public").fill_null(value=False))
        ),
        quarantine=Quarantine.of([unreadable, *refused, *twice, unclear]),
    )


def _is_capacity() -> pl.Expr:
    """Whether so many can meet: two or more, and nobody in part; NaN is no number."""
    is_inside = pl.col("capacity").is_between(2, MOST_PEOPLE) & (pl.col("capacity") == pl.col("capacity").floor())
    return is_inside.fill_null(value=False)
