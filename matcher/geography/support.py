"""What members say of where they are may tell apart the readings of their home; it never makes one."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import polars as pl

from matcher.geography.lookup import SAME_AREA_KM
from matcher.geography.readings import Reading, readings_of
from matcher.numeric.distance import great_circle_km
from matcher.numeric.exact_sum import exact_sum
from matcher.tables.conversation import SaidPlaces
from matcher.tables.geography import Gazetteer, HomeReadings

TIMES_LIKELIER: Final = 5.0
"""By so much the odds rise that a reading was meant whose place the member says they are at. In a chat archive, members
with one reading were heard near their home in 64 of 100 cases, and near another member's in 4: fifteen to one. A third
of that is taken, for namesakes are nearer to each other than members are: it may turn three to one, and not twenty
to one."""
HIGHEST_SHARE: Final = 0.95
"""Words in passing make no reading likelier than this."""
AREA_WITHIN: Final = 1.5
"""Somebody of an area lives within so many times its uncertainty of its middle; see `clocks`."""


def support_readings(readings: HomeReadings, said: SaidPlaces, gazetteer: Gazetteer) -> HomeReadings:
    """Make readings likelier whose place the member says they are at; what a member's add up to stays as it was.

    No reading is added and none is removed. A member with one reading keeps it as it is, and so does one who says
    nothing, or nothing that tells their readings apart. The likeliest is again the first.

    Args:
        readings: Of every home.
        said: Phrases of members, whether they have a home or not.
        gazetteer: What a phrase may mean.
    """
    torn = readings.torn
    phrases = said.frame.join(torn, on="member", how="semi").group_by("member").agg("phrase")
    meant = readings_of(phrases.get_column("phrase").explode(empty_as_null=True).unique().drop_nulls(), gazetteer)
    supported = list(_supported(torn.join(phrases, on="member", maintain_order="left"), meant))
    if not supported:
        return readings
    enum = readings.frame.schema["member"]
    flags = pl.DataFrame(supported, schema={"member": enum, "reading": pl.UInt8}, orient="row")
    flagged = readings.frame.join(
        flags.with_columns(is_said=True), on=["member", "reading"], how="left", maintain_order="left"
    ).with_columns(pl.col("is_said").fill_null(value=False))
    tells_apart = pl.col("is_said").any().over("member") & ~pl.col("is_said").all().over("member")
    columns = list(HomeReadings.columns)
    kept, weighed = flagged.filter(~tells_apart), _weighed(flagged.filter(tells_apart))
    return HomeReadings.sorted(pl.concat([kept.select(columns), weighed.select(columns)]))


def _supported(torn: pl.DataFrame, meant: Mapping[str, tuple[Reading, ...]]) -> Iterable[tuple[str, int]]:
    """Member and number of every reading that one of the member's phrases may mean."""
    for row in torn.iter_rows(named=True):
        places = [place for phrase in row["phrase"] for place in meant.get(phrase, ())]
        if any(_is_there(row["country"], row["lat"], row["lon"], row["uncertainty_km"], place) for place in places):
            yield row["member"], row["reading"]


def _is_there(country: str, lat: float, lon: float, uncertainty_km: float, said: Reading) -> bool:
    """Whether a home lies in or near the place that somebody named, or is an area around it."""
    if said.spot is not None and said.spot.kind == "country":
        return said.country == country
    km = great_circle_km(np.array(lat), np.array(lon), np.array(said.lat), np.array(said.lon))
    # Whoever says "here in Berkeley" supports San Francisco too.
    return bool(km <= max(SAME_AREA_KM, AREA_WITHIN * max(uncertainty_km, said.uncertainty_km)))


def _weighed(torn: pl.DataFrame) -> pl.DataFrame:
    """HomeReadings of members of whom some are supported and some are not, with new shares, in the new order."""
    weight = pl.col("share") * pl.when("is_said").then(TIMES_LIKELIER).otherwise(1.0)
    is_over = (pl.col("grown") > pl.col("share")) & (pl.col("grown") > HIGHEST_SHARE)
    return (
        torn.with_columns(weight=weight)
        .with_columns(grown=pl.col("weight") * _of_member("share") / _of_member("weight"))
        .with_columns(held=pl.when(is_over).then(pl.max_horizontal("share", pl.lit(HIGHEST_SHARE))).otherwise("grown"))
        .with_columns(spare=pl.col("grown") - pl.col("held"), rest=pl.when(~is_over).then("held").otherwise(0.0))
        # What one reading may not take goes to the others, as their shares are.
        .with_columns(more=pl.col("rest") * _of_member("spare") / pl.max_horizontal(_of_member("rest"), pl.lit(1e-9)))
        .with_columns(share=(((pl.col("held") + pl.col("more")) * 10_000).floor() / 10_000).clip(0, 1))
        .sort("member", "share", "reading", descending=[False, True, False])
        .with_columns(reading=pl.int_range(pl.len(), dtype=pl.UInt8).over("member"))
    )


def _of_member(name: str) -> pl.Expr:
    return exact_sum(pl.col(name)).over("member")
