"""Where each member is at home, coarsely."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from matcher.geography.naming import SHOWN_BY, country_names, shown_name
from matcher.geography.options import GeographyOptions
from matcher.geography.readings import Reading, readings_of
from matcher.numeric.distance import unit_sphere
from matcher.tables.community import Community
from matcher.tables.geography import Gazetteer, HomeReadings, Places

TOWN_OF_A_LABEL: Final = 5_000
"""A given home is shown under the nearest town of this many people, so that the name tells no more."""
_IS_GIVEN: Final = pl.col("lat").is_not_null() & pl.col("lon").is_not_null()
_SAID: Final = list(HomeReadings.columns)


def read_homes(community: Community, gazetteer: Gazetteer, options: GeographyOptions) -> HomeReadings:
    """What every member's home may mean, as far as it can be told.

    Given coordinates win, rounded to a cell of about 10 km, so that no distance gives a home away; they are the only
    reading, of share 1. Otherwise the text is read. Whoever wrote nothing, or a joke, has no row.
    """
    members = community.members.frame.with_columns(pl.col("member").cast(community.index.enum))
    given = _given_homes(members.filter(_IS_GIVEN), gazetteer, options)
    texts = members.filter(~_IS_GIVEN).select("member", "place_text")
    meant = readings_of(texts.get_column("place_text").unique().drop_nulls(), gazetteer)
    return HomeReadings.sorted(pl.concat([given, texts.join(_as_rows(meant), on="place_text").select(_SAID)]))


def settle_homes(readings: HomeReadings, community: Community, options: GeographyOptions) -> Places:
    """Each member's likeliest home, and how far they go from it to a group and to a gathering.

    Rounding may move a given home by as much as its uncertainty: that is taken off both, so that nobody travels
    further than they said.
    """
    lost_km = pl.when(_IS_GIVEN).then(options.given_uncertainty_km).otherwise(0.0)
    reaches = community.members.frame.select(
        pl.col("member").cast(community.index.enum),
        reach_km=(pl.col("reach_km").fill_null(options.default_reach_km) - lost_km).clip(0),
        far_km=(pl.col("reach_km").fill_null(options.default_far_km) - lost_km).clip(0),
    )
    likeliest = readings.frame.filter(pl.col("reading") == 0)
    return Places.sorted(likeliest.join(reaches, on="member", maintain_order="left"))


def locate_members(community: Community, gazetteer: Gazetteer, options: GeographyOptions) -> Places:
    """Coarse home of every member whose home can be told: `read_homes`, then `settle_homes`."""
    return settle_homes(read_homes(community, gazetteer, options), community, options)


def _given_homes(members: pl.DataFrame, gazetteer: Gazetteer, options: GeographyOptions) -> pl.DataFrame:
    towns = gazetteer.frame.filter((pl.col("kind") == "town") & (pl.col("population") >= TOWN_OF_A_LABEL))
    homes = members.select("member", pl.col("lat", "lon").round(1))
    if homes.is_empty() or towns.is_empty():
        label, country, time_zone = ([""] * homes.height for _ in range(3))
    else:
        tree = cKDTree(unit_sphere(towns["lat"].to_numpy(), towns["lon"].to_numpy()))
        _, nearest = tree.query(unit_sphere(homes["lat"].to_numpy(), homes["lon"].to_numpy()))
        countries = country_names(gazetteer)
        near = towns[np.asarray(nearest, dtype=np.int64)]
        label = [shown_name(row, countries) for row in near.select(SHOWN_BY).iter_rows()]
        country, time_zone = near.get_column("country").to_list(), near.get_column("time_zone").to_list()
    return homes.with_columns(
        pl.Series("label", label, dtype=pl.String),
        pl.Series("country", country, dtype=pl.String),
        pl.Series("time_zone", time_zone, dtype=pl.String),
        reading=pl.lit(0, dtype=pl.UInt8()),
        uncertainty_km=pl.lit(options.given_uncertainty_km),
        share=pl.lit(1.0),
    ).select(_SAID)


def _as_rows(meant: Mapping[str, tuple[Reading, ...]]) -> pl.DataFrame:
    """HomeReadings of each text as rows: `place_text` and the columns of `HomeReadings` but for the member."""
    columns = [name for name in _SAID if name not in {"member", "reading"}]
    return pl.DataFrame(
        [
            (text, row, *(getattr(reading, name) for name in columns))
            for text, readings in meant.items()
            for row, reading in enumerate(readings)
        ],
        schema={"place_text": pl.String()} | {name: HomeReadings.columns[name].dtype for name in ("reading", *columns)},
        orient="row",
    )
