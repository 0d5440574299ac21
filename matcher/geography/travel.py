"""Who can reach which town, or which of the organizers' venues."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from matcher.geography.homes import FEWEST, Homes, distinct_homes
from matcher.geography.options import GeographyOptions
from matcher.geography.towns import VENUE, as_towns, meeting_spots, sphere_of
from matcher.tables.community import MemberIndex, Venues
from matcher.tables.geography import Gazetteer, HomeReadings, Places, Travel
from matcher.units import Flags, Floats, Rows


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
    ways = _ways(homes, spots, np.flatnonzero(spots.get_column("is_offered").to_numpy()), options)
    lonely = np.setdiff1d(np.arange(len(homes)), ways.homes)
    ways += _ways(homes, spots, _nearest_towns(homes, spots, lonely), options)
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


def _ways(homes: Homes, spots: pl.DataFrame, among: Rows, options: GeographyOptions) -> _Ways:
    """Ways from every home to those of these spots that it surely enough reaches."""
    rows, there, km = homes.within_reach(spots[among], options.min_reach_share)
    return _Ways(homes=rows, spots=among[there], km=km)
