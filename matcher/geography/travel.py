"""Who can reach which town, or which of the organizers' venues."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from matcher.geography.homes import Homes, distinct_homes
from matcher.geography.options import GeographyOptions
from matcher.geography.towns import VENUE, as_towns, meeting_spots, sphere_of
from matcher.numeric.distance import chord_of_km, ellipsoid_km
from matcher.tables.community import MemberIndex, Venues
from matcher.tables.geography import Gazetteer, HomeReadings, Places, Travel
from matcher.units import Flags, Floats, Rows

ELLIPSOID_SLACK: Final = 1.006
"""The sphere is wrong by at most this much: look a little further, then measure on the ellipsoid."""
NEAREST_KM: Final = 0.1
"""Even within one's own town there is a way to go, and a sparse matrix keeps no zeros."""
FEWEST: Final = 2
"""A place that fewer can reach brings nobody together."""


@dataclass(frozen=True, eq=False, kw_only=True)
class _Ways:
    """Which of the homes reaches which of the spots, and how far it is; shape (way,) each."""

    homes: Rows
    spots: Rows
    km: Floats

    def only(self, kept: Flags) -> Self:
        return type(self)(homes=self.homes[kept], spots=self.spots[kept], km=self.km[kept])

    def __add__(self, other: Self) -> Self:
        return type(self)(
            homes=np.concatenate([self.homes, other.homes]),
            spots=np.concatenate([self.spots, other.spots]),
            km=np.concatenate([self.km, other.km]),
        )


def travel_to_towns(
    readings: HomeReadings, places: Places, gazetteer: Gazetteer, venues: Venues, index: MemberIndex,
    options: GeographyOptions,
) -> Travel:  # fmt: skip
    """Who can reach which town or public venue. Those that fewer than two members can reach are left out.

    A member reaches a place if their likeliest home lies within their reach of it, and if the chance that their true
    home does, over all readings and their uncertainty, is at least `min_reach_share`. Who can reach nothing that is
    offered may meet in the nearest town of any size; so may whoever else can reach that one.

    Args:
        readings: What each home may mean.
        places: The likeliest, and how far each member goes.
        gazetteer: The towns.
        venues: With room for the largest group; private ones are never offered.
        index: Tonight's members.
        options: What is offered, and how sure one must be.

    Cost:
        Some microseconds for each distinct home and spot within its reach.
    """
    homes = distinct_homes(readings, places, index, options, reach="reach_km")
    spots = meeting_spots(gazetteer, venues, options)
    ways = _within_reach(homes, spots, np.flatnonzero(spots.get_column("is_offered").to_numpy()), options)
    lonely = np.setdiff1d(np.arange(len(homes)), ways.homes)
    ways += _within_reach(homes, spots, _nearest_towns(homes, spots, lonely), options)
    ways = ways.only(homes.n_members(ways.homes, ways.spots, spots.height)[ways.spots] >= FEWEST)
    used, towns = np.unique(ways.spots, return_inverse=True)
    km_of_home = csr_array((ways.km, (ways.homes, towns)), shape=(len(homes), len(used)))
    return Travel(towns=as_towns(spots[used], gazetteer), km=homes.spread(km_of_home, len(index)), index=index)


def _nearest_towns(homes: Homes, spots: pl.DataFrame, lonely: Rows) -> Rows:
    """Rows of the towns nearest to homes that reach nothing offered, ascending."""
    towns = np.flatnonzero((spots.get_column("kind") != VENUE).to_numpy())
    if not len(lonely) or not len(towns):
        return np.empty(0, dtype=np.int64)
    nearest = towns[np.atleast_1d(cKDTree(sphere_of(spots[towns])).query(homes.points[lonely])[1])]
    return np.setdiff1d(nearest, np.flatnonzero(spots.get_column("is_offered").to_numpy()))


def _within_reach(homes: Homes, spots: pl.DataFrame, among: Rows, options: GeographyOptions) -> _Ways:
    """Ways from every home to those of these spots that it surely enough reaches."""
    if not len(homes) or not len(among):
        return _Ways(homes=np.empty(0, np.int64), spots=np.empty(0, np.int64), km=np.empty(0))
    chords = chord_of_km(homes.reach_km * ELLIPSOID_SLACK)
    near = cKDTree(sphere_of(spots[among])).query_ball_point(homes.points, chords, return_sorted=True)
    rows = np.repeat(np.arange(len(homes)), [len(found) for found in near])
    there = among[np.concatenate([np.asarray(found, dtype=np.int64) for found in near])]
    lat, lon = (spots.get_column(name).to_numpy()[there] for name in ("lat", "lon"))
    is_sure = homes.within_reach_share(rows, lat, lon) >= options.min_reach_share
    rows, there = rows[is_sure], there[is_sure]
    km = np.maximum(NEAREST_KM, ellipsoid_km(homes.lat[rows], homes.lon[rows], lat[is_sure], lon[is_sure]))
    return _Ways(homes=rows, spots=there, km=km).only(km <= homes.reach_km[rows])
