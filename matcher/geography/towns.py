"""Where people could meet: towns that stand well apart, and the venues that organizers supplied.

Which towns there are is settled by the gazetteer and the venues alone, so that the choice of one tells nobody where a
member lives.
"""

from typing import Final

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from matcher.geography.naming import SHOWN_BY, country_names, shown_name
from matcher.geography.options import GeographyOptions
from matcher.numeric.distance import chord_of_km, unit_sphere
from matcher.tables.community import Venues
from matcher.tables.geography import Gazetteer, Towns
from matcher.units import Flags, Floats, Rows

SMALLEST_TOWN: Final = 5_000
"""Where nothing larger lies in reach, people meet in the nearest town of this size."""
VENUE: Final = "venue"
_SPOT: Final = (*SHOWN_BY, "lat", "lon", "population", "time_zone", "capacity")


def with_room(venues: Venues, n_people: int) -> Venues:
    """Keep the venues that hold so many; one that states no capacity holds them."""
    return Venues(venues.frame.filter(pl.col("capacity").is_null() | (pl.col("capacity") >= n_people)))


def public_only(venues: Venues) -> Venues:
    """Keep the venues that anybody may walk into."""
    return Venues(venues.frame.filter("is_public"))


def towns_of(gazetteer: Gazetteer, smallest: int) -> pl.DataFrame:
    """Towns of so many people as spots: see `meeting_spots`."""
    towns = gazetteer.frame.filter((pl.col("kind") == "town") & (pl.col("population") >= smallest))
    return towns.with_columns(capacity=pl.lit(None, dtype=pl.UInt32)).select(_SPOT)


def venues_as_spots(venues: Venues, gazetteer: Gazetteer) -> pl.DataFrame:
    """Venues as spots, each named with the nearest town, whose clock it keeps: "Library Hall, Bonn, Germany"."""
    towns, countries = towns_of(gazetteer, SMALLEST_TOWN), country_names(gazetteer)
    names, zones = venues.frame.get_column("venue").to_list(), [""] * len(venues)
    if len(venues) and towns.height:
        near = towns[np.asarray(cKDTree(sphere_of(towns)).query(sphere_of(venues.frame))[1], dtype=np.int64)]
        shown = [shown_name(row, countries) for row in near.select(SHOWN_BY).iter_rows()]
        names = [f"{name}, {town}" for name, town in zip(names, shown, strict=True)]
        zones = near.get_column("time_zone").to_list()
    return venues.frame.with_columns(
        pl.Series("name", names, dtype=pl.String),
        pl.Series("time_zone", zones, dtype=pl.String),
        pl.lit("").alias("country"),
        pl.lit("").alias("region"),
        kind=pl.lit(VENUE),
        population=pl.lit(0, dtype=pl.UInt32),
    ).select(_SPOT)


def meeting_spots(gazetteer: Gazetteer, venues: Venues, options: GeographyOptions) -> pl.DataFrame:
    """Where groups could meet: public venues, and towns of SMALLEST_TOWN people.

    Offered are the venues, and large towns of which none is near a larger one or a venue.

    Returns:
        Columns `name`, `kind` ('town' or 'venue'), `country`, `region`, `lat`, `lon`, `population`, `time_zone`,
        `capacity` and `is_offered`.
    """
    towns = towns_of(gazetteer, SMALLEST_TOWN)
    halls = venues_as_spots(public_only(venues), gazetteer)
    is_large = (towns.get_column("population") >= options.min_town_population).to_numpy()
    free = np.flatnonzero(is_large & ~_is_near(towns, halls, options.town_spacing_km))
    is_offered = np.zeros(towns.height + halls.height, dtype=np.bool_)
    is_offered[free[apart(towns[free], options.town_spacing_km)]] = True
    is_offered[towns.height :] = True
    return pl.concat([towns, halls]).with_columns(is_offered=pl.Series(is_offered))


def apart(spots: pl.DataFrame, spacing_km: float) -> Rows:
    """Rows of spots of which none is near a larger one that stays, ascending; of equals the first stays."""
    if spots.is_empty():
        return np.empty(0, dtype=np.int64)
    points = sphere_of(spots)
    near = cKDTree(points).query_ball_point(points, float(chord_of_km(np.array(spacing_km))))
    is_taken = np.zeros(len(points), dtype=np.bool_)
    kept = []
    for row in np.argsort(-spots.get_column("population").to_numpy().astype(np.int64), kind="stable"):
        if not is_taken[row]:
            kept.append(int(row))
            is_taken[near[row]] = True
    return np.sort(np.array(kept, dtype=np.int64))


def as_towns(spots: pl.DataFrame, gazetteer: Gazetteer) -> Towns:
    """Count spots from 0 and name them as people would read them."""
    countries = country_names(gazetteer)
    names = [row[0] if row[1] == VENUE else shown_name(row, countries) for row in spots.select(SHOWN_BY).iter_rows()]
    return Towns.sorted(
        spots.with_columns(
            pl.Series("name", names, dtype=pl.String), pl.int_range(spots.height, dtype=pl.UInt32).alias("town")
        )
    )


def sphere_of(frame: pl.DataFrame) -> Floats:
    """Points of a frame on the unit sphere, shape (row, 3)."""
    return unit_sphere(frame.get_column("lat").to_numpy(), frame.get_column("lon").to_numpy())


def _is_near(towns: pl.DataFrame, halls: pl.DataFrame, spacing_km: float) -> Flags:
    if halls.is_empty() or towns.is_empty():
        return np.zeros(towns.height, dtype=np.bool_)
    chords, _ = cKDTree(sphere_of(halls)).query(sphere_of(towns))
    return np.asarray(chords <= chord_of_km(np.array(spacing_km)), dtype=np.bool_)
