"""In which time zone each member lives, where it can be told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from matcher.geography.towns import sphere_of
from matcher.geography.written_clock import written_clock
from matcher.numeric.distance import chord_of_km
from matcher.numeric.exact_sum import exact_sum
from matcher.tables.community import Community
from matcher.tables.geography import Clocks, Gazetteer, HomeReadings

TELLING: Final = 0.9
"""A clock is told if so much of what a home may mean keeps the same one."""
LEAST_LIKELY: Final = 0.5
"""And if it is at least so likely that any of it was meant."""
TOWNLIKE_KM: Final = 30.0
"""A home known so well has the time zone of its place."""
PEOPLE_WITHIN: Final = 1.5
"""An area's people live within so many times its uncertainty of its middle. Of 1, 1.5 and 2, this agreed best with the
zones of the towns that belong to each of the gazetteer's regions and countries: on all but 10 of 3,781."""

_SPOT: Final = ["time_zone", "country", "lat", "lon", "uncertainty_km"]


def tell_clocks(readings: HomeReadings, community: Community, gazetteer: Gazetteer) -> Clocks:
    """Time zone of every member whose time zone can be told, by home, or else by words as "UTC+2".

    A town has one. A larger area tells it if nearly all of its people live by the same clock: Germany does, and so does
    Illinois; the United States do not. The same holds of a home that may mean several places. Zones of
    different names are one clock if they show the same time in the year to come.
    """
    spots = readings.frame.select(_SPOT).unique().sort(_SPOT)
    chances = (
        readings.frame.join(_zones_of(spots, gazetteer), on=_SPOT, maintain_order="left")
        .group_by("member", "zone")
        .agg(chance=exact_sum(pl.col("share") * pl.col("zone_share")))
    )
    by_home = _clear(chances, community.as_of)
    by_words = _written(community, gazetteer).join(by_home, on="member", how="anti")
    return Clocks.sorted(pl.concat([by_home, by_words]))


def _zones_of(spots: pl.DataFrame, gazetteer: Gazetteer) -> pl.DataFrame:
    """Which zones a home may be in: columns of a spot, `zone`, and `zone_share`, the share of its people."""
    is_sure = (pl.col("time_zone") != "") & (pl.col("uncertainty_km") <= TOWNLIKE_KM)
    sure = spots.filter(is_sure).with_columns(zone="time_zone", zone_share=1.0)
    towns = gazetteer.frame.filter((pl.col("kind") == "town") & (pl.col("time_zone") != ""))
    vague = spots.filter(~is_sure)
    if vague.is_empty() or towns.is_empty():
        return sure
    tree = cKDTree(sphere_of(towns))
    radius_km = (PEOPLE_WITHIN * vague.get_column("uncertainty_km")).clip(lower_bound=TOWNLIKE_KM).to_numpy()
    near = tree.query_ball_point(sphere_of(vague), chord_of_km(radius_km))
    population = towns.get_column("population").to_numpy().astype(np.int64)
    zones, countries = (towns.get_column(name).to_numpy() for name in ("time_zone", "country"))
    rows = []
    for spot, found in zip(vague.iter_rows(), near, strict=True):
        towns_there = np.array([town for town in found if spot[1] in {"", countries[town]}], dtype=np.int64)
        names, groups = np.unique(zones[towns_there].astype(np.str_), return_inverse=True)
        people = np.bincount(groups, weights=population[towns_there])
        rows += [
            (*spot, str(zone), number / people.sum()) for zone, number in zip(names, people, strict=True) if number
        ]
    return pl.concat([sure, pl.DataFrame(rows, schema=sure.schema, orient="row")])


def _clear(chances: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """The likeliest zone of the clock on which nearly all of a member's chances agree; ties by name."""
    clock = clock_numbers(chances.get_column("zone").unique().sort().to_list(), as_of)
    of_clock, of_all = exact_sum(pl.col("chance")).over("member", "clock"), exact_sum(pl.col("chance")).over("member")
    return (
        chances.with_columns(clock=pl.col("zone").replace_strict(clock, return_dtype=pl.UInt32))
        .with_columns(of_clock=of_clock, of_all=of_all)
        .filter((pl.col("of_clock") >= TELLING * pl.col("of_all")) & (pl.col("of_all") >= LEAST_LIKELY))
        .sort("member", "chance", "zone", descending=[False, True, False])
        .unique("member", keep="first", maintain_order=True)
        .select("member", time_zone="zone")
    )


def clock_numbers(zones: list[str], as_of: datetime) -> Mapping[str, int]:
    """Number the clocks of these zones: zones that show the same time all through the year to come share one."""
    weeks = [as_of + timedelta(weeks=week) for week in range(53)]
    shown = {zone: tuple(week.astimezone(ZoneInfo(zone)).utcoffset() for week in weeks) for zone in zones}
    number = {times: position for position, times in enumerate(dict.fromkeys(shown.values()))}
    return {zone: number[times] for zone, times in shown.items()}


def _written(community: Community, gazetteer: Gazetteer) -> pl.DataFrame:
    known = frozenset(gazetteer.frame.get_column("time_zone").unique()) - {""}
    said = community.members.frame.select(pl.col("member").cast(community.index.enum), "place_text")
    texts = said.get_column("place_text").unique().sort()
    clocks = [written_clock(text, known) for text in texts]
    stated = pl.DataFrame({"place_text": texts, "time_zone": pl.Series(clocks, dtype=pl.String)}).drop_nulls()
    return said.join(stated, on="place_text", maintain_order="left").select("member", "time_zone")
