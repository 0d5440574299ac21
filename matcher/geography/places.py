"""Where each member is at home, coarsely."""

from typing import Final

import polars as pl

from matcher.geography.options import GeographyOptions
from matcher.geography.readings import readings_of, rows_of
from matcher.geography.towns import named_after
from matcher.numeric.cells import cells_of
from matcher.tables.community import Community
from matcher.tables.geography import Gazetteer, HomeReadings, Places

_IS_GIVEN: Final = pl.col("lat").is_not_null() & pl.col("lon").is_not_null()
_SAID: Final = list(HomeReadings.columns)


def read_homes(community: Community, gazetteer: Gazetteer, options: GeographyOptions) -> HomeReadings:
    """What every member's home may mean, as far as it can be told.

    Given coordinates win, rounded to a cell of about 10 km, so that no distance gives a home away; they are the only
    reading, of share 1. Otherwise the text is read. Whoever wrote nothing, or a joke, has no row.
    """
    members = community.members.frame.with_columns(pl.col("member").cast(community.index.enum))
    given = _given_homes(members.filter(_IS_GIVEN), gazetteer, options)
    texts = members.filter(~_IS_GIVEN).select("member", text="place_text")
    meant = readings_of(texts.get_column("text").unique().drop_nulls(), gazetteer)
    return HomeReadings.sorted(pl.concat([given, texts.join(rows_of(meant), on="text").select(_SAID)]))


def settle_homes(readings: HomeReadings, community: Community, options: GeographyOptions) -> Places:
    """Each member's likeliest home, and how far they go from it to a group and to a gathering.

    Rounding may move a given home by as much as its uncertainty: that is taken off both, so that nobody travels
    further than they said. Nobody goes further to a group than `longest_reach_km`.
    """
    lost_km = pl.when(_IS_GIVEN).then(options.given_uncertainty_km).otherwise(0.0)
    reaches = community.members.frame.select(
        pl.col("member").cast(community.index.enum),
        reach_km=(pl.col("reach_km").fill_null(options.default_reach_km) - lost_km).clip(0, options.longest_reach_km),
        far_km=(pl.col("reach_km").fill_null(options.default_far_km) - lost_km).clip(0),
    )
    likeliest = readings.frame.filter(pl.col("reading") == 0)
    return Places.sorted(likeliest.join(reaches, on="member", maintain_order="left"))


def _given_homes(members: pl.DataFrame, gazetteer: Gazetteer, options: GeographyOptions) -> pl.DataFrame:
    lat, lon = cells_of(members.get_column("lat").to_numpy(), members.get_column("lon").to_numpy())
    homes = members.select("member", lat=pl.Series(lat), lon=pl.Series(lon))
    return (
        pl.concat([homes, named_after(homes, gazetteer)], how="horizontal")
        .with_columns(
            reading=pl.lit(0, dtype=pl.UInt8()),
            uncertainty_km=pl.lit(options.given_uncertainty_km),
            share=pl.lit(1.0),
        )
        .select(_SAID)
    )
