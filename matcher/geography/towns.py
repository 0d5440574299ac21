"""Where people could meet: towns that stand well apart, and the venues that organizers supplied.

Which towns there are is settled by the gazetteer and the venues alone, so that the choice of one tells nobody where a
member lives.
"""

from collections.abc import Mapping
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
NAMED_WITHIN_KM: Final = 10.0
"""Few know the districts of a city: what is so near to it goes by its name."""
IN_TOWN_KM: Final = 50.0
NEAR_TOWN_KM: Final = 150.0
"""Further than this a town tells neither where somebody lives nor by which clock."""
IN_COUNTRY_KM: Final = 300.0
VENUE: Final = "venue"
_CALLED: Final = ("label", "country", "time_zone")
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


def named_after(points: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """What people call where these points are: columns `label`, `country`, `time_zone`, one row a point.

    "Oslo, Norway" is the largest town of SMALLEST_TOWN people within NAMED_WITHIN_KM, else the nearest. Beyond
    IN_TOWN_KM it is "near Oslo, Norway", beyond NEAR_TOWN_KM only "Norway" and of no time zone, and beyond
    IN_COUNTRY_KM all is empty: the sea, or a desert.

    Args:
        points: With columns `lat` and `lon`.
        gazetteer: The towns.
    """
    towns = towns_of(gazetteer, SMALLEST_TOWN)
    if points.is_empty() or towns.is_empty():
        return pl.DataFrame([pl.repeat("", len(points), eager=True).alias(name) for name in _CALLED])
    tree, spheres = cKDTree(sphere_of(towns)), sphere_of(points)
    chords, nearest = (np.atleast_1d(found) for found in tree.query(spheres))
    near = tree.query_ball_point(spheres, _chord(NAMED_WITHIN_KM), return_sorted=True)
    people, countries = towns.get_column("population").to_numpy(), country_names(gazetteer)
    rows = []
    for chord, found, one in zip(chords.tolist(), near, nearest.tolist(), strict=True):
        around = np.asarray(found, dtype=np.int64)
        # Of equals the first: argmax says so.
        town = towns.row(int(around[people[around].argmax()]) if around.size else one, named=True)
        rows.append(_called(tuple(town[name] for name in SHOWN_BY), town["time_zone"], chord, countries))
    return pl.DataFrame(rows, schema=dict.fromkeys(_CALLED, pl.String), orient="row")


def _called(town: tuple[str, ...], time_zone: str, chord: float, countries: Mapping[str, str]) -> tuple[str, str, str]:
    """Label, country and time zone of what is so far from a town."""
    country, shown = town[SHOWN_BY.index("country")], shown_name(town, countries)
    if chord > _chord(IN_COUNTRY_KM):
        return "", "", ""
    if chord > _chord(NEAR_TOWN_KM):
        return countries.get(country, country), country, ""
    return (f"near {shown}" if chord > _chord(IN_TOWN_KM) else shown), country, time_zone


def _chord(km: float) -> float:
    return float(chord_of_km(np.array(km)))


def venues_as_spots(venues: Venues, gazetteer: Gazetteer) -> pl.DataFrame:
    """Venues as spots, each named with its town, whose clock it keeps: "Library Hall, Bonn, Germany"."""
    called = named_after(venues.frame, gazetteer)
    return venues.frame.with_columns(
        name=pl.concat_str(pl.col("venue"), _after_comma(called.get_column("label"))),
        time_zone=called.get_column("time_zone"),
        country=pl.lit(""),
        region=pl.lit(""),
        kind=pl.lit(VENUE),
        population=pl.lit(0, dtype=pl.UInt32),
    ).select(_SPOT)


def _after_comma(labels: pl.Series) -> pl.Series:
    return pl.Series([f", {label}" if label else "" for label in labels], dtype=pl.String)


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
    near = cKDTree(points).query_ball_point(points, _chord(spacing_km))
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
    return np.asarray(chords <= _chord(spacing_km), dtype=np.bool_)
