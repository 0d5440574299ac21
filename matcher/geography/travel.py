"""Towns in which people could meet, and who can reach which."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from geopy.distance import geodesic
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from matcher.geography.naming import SHOWN_BY, country_names, shown_name
from matcher.geography.options import GeographyOptions
from matcher.numeric.distance import chord_of_km, unit_sphere
from matcher.tables.community import MemberIndex
from matcher.tables.geography import Gazetteer, Places, Towns, Travel
from matcher.units import Flags, Floats, Rows

ELLIPSOID_SLACK = 1.006
"""The sphere is wrong by at most this much: look a little further, then measure on the ellipsoid."""
SMALLEST_TOWN = 5_000
"""Where no larger town lies in reach, people meet in the nearest one of this size."""
NEAREST_KM = 0.1
"""Even within one's own town there is a way to go, and a sparse matrix keeps no zeros."""


@dataclass(frozen=True, eq=False, kw_only=True)
class _Ways:
    """Which of the homes reaches which of the towns, and how far it is; shape (way,) each."""

    homes: Rows
    towns: Rows
    km: Floats

    def only(self, kept: Flags) -> "_Ways":
        return _Ways(homes=self.homes[kept], towns=self.towns[kept], km=self.km[kept])


def travel_to_towns(places: Places, gazetteer: Gazetteer, index: MemberIndex, options: GeographyOptions) -> Travel:
    """Who can reach which town. Towns that fewer than two members can reach are left out.

    Towns stand well apart, so that the choice of one tells nobody where a member lives. Members
    whose home is known less well than `max_uncertainty_km` reach none.

    Cost:
        Homes are few where members are many (they are towns themselves), so each pair of a
        distinct home and a town is measured once: about 0.2 ms on the ellipsoid.
    """
    placed = places.frame.filter(pl.col("uncertainty_km") <= options.max_uncertainty_km)
    homes = placed.select("lat", "lon", "reach_km").unique().sort("lat", "lon", "reach_km")
    home_of = placed.join(homes.with_row_index("home"), on=["lat", "lon", "reach_km"], maintain_order="left")
    member_homes = home_of.get_column("home").to_numpy().astype(np.int64)
    inhabitants = np.bincount(member_homes, minlength=homes.height)
    towns = gazetteer.frame.filter((pl.col("kind") == "town") & (pl.col("population") >= SMALLEST_TOWN))

    ways = _within_reach(homes, towns, _offered_rows(towns, options))
    ways = ways.only(np.bincount(ways.towns, weights=inhabitants[ways.homes], minlength=towns.height)[ways.towns] >= 2)
    used, town_rows = np.unique(ways.towns, return_inverse=True)
    km_of_home = csr_array((ways.km, (ways.homes, town_rows)), shape=(homes.height, len(used)))
    member_rows = index.rows(placed.get_column("member"))
    return Travel(
        towns=_as_towns(towns[used], country_names(gazetteer)),
        km=_spread(km_of_home, member_homes, member_rows, len(index)),
        index=index,
    )


def _sphere_of(frame: pl.DataFrame) -> Floats:
    return unit_sphere(frame.get_column("lat").to_numpy(), frame.get_column("lon").to_numpy())


def _offered_rows(towns: pl.DataFrame, options: GeographyOptions) -> Rows:
    """Rows of the large towns of which none is near a larger one, ascending; of equals the first stays."""
    large = np.flatnonzero((towns.get_column("population") >= options.min_town_population).to_numpy())
    if not len(large):
        return large.astype(np.int64)
    points = _sphere_of(towns[large])
    near = cKDTree(points).query_ball_point(points, float(chord_of_km(np.array(options.town_spacing_km))))
    is_taken = np.zeros(len(large), dtype=np.bool_)
    kept = []
    for row in np.argsort(-towns.get_column("population").to_numpy()[large].astype(np.int64), kind="stable"):
        if not is_taken[row]:
            kept.append(int(row))
            is_taken[near[row]] = True
    return np.sort(large[kept]).astype(np.int64)


def _within_reach(homes: pl.DataFrame, towns: pl.DataFrame, offered: Rows) -> _Ways:
    """Ways from every home to the offered towns in its reach, or else to the nearest town of any size."""
    if homes.is_empty() or towns.is_empty():
        return _Ways(homes=np.empty(0, np.int64), towns=np.empty(0, np.int64), km=np.empty(0))
    points, reach_km = _sphere_of(homes), homes.get_column("reach_km").to_numpy()
    chords = chord_of_km(reach_km * ELLIPSOID_SLACK)
    near: list[list[int]] = [[] for _ in range(homes.height)]
    if len(offered):
        near = list(cKDTree(_sphere_of(towns[offered])).query_ball_point(points, chords, return_sorted=True))
    ways = _measured(homes, towns, [(home, int(offered[town])) for home, found in enumerate(near) for town in found])
    lonely = np.setdiff1d(np.arange(homes.height), ways.homes)
    nearest = np.atleast_1d(cKDTree(_sphere_of(towns)).query(points[lonely])[1])
    own = _measured(homes, towns, [(int(home), int(town)) for home, town in zip(lonely, nearest, strict=True)])
    return _Ways(
        homes=np.concatenate([ways.homes, own.homes]),
        towns=np.concatenate([ways.towns, own.towns]),
        km=np.concatenate([ways.km, own.km]),
    )


def _measured(homes: pl.DataFrame, towns: pl.DataFrame, pairs: list[tuple[int, int]]) -> _Ways:
    """Those of these pairs of home and town that are within reach on the ellipsoid."""
    here = list(homes.select("lat", "lon").iter_rows())
    there = list(towns.select("lat", "lon").iter_rows())
    known: dict[tuple[tuple[float, float], int], float] = {}
    for home, town in pairs:
        if (here[home], town) not in known:
            known[here[home], town] = max(NEAREST_KM, geodesic(here[home], there[town]).km)
    rows = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    km = np.array([known[here[home], town] for home, town in pairs], dtype=np.float64)
    ways = _Ways(homes=rows[:, 0], towns=rows[:, 1], km=km)
    return ways.only(km <= homes.get_column("reach_km").to_numpy()[ways.homes])


def _as_towns(towns: pl.DataFrame, countries: dict[str, str]) -> Towns:
    names = [shown_name(row, countries) for row in towns.select(SHOWN_BY).iter_rows()]
    return Towns.sorted(
        towns.with_columns(
            pl.Series("name", names, dtype=pl.String), pl.int_range(towns.height, dtype=pl.UInt32).alias("town")
        )
    )


def _spread(km_of_home: csr_array, member_homes: Rows, member_rows: Rows, n_members: int) -> csr_array:
    """Give every member the row of their home; members without one get an empty row."""
    km_of_home.sort_indices()
    lengths = np.zeros(n_members, dtype=np.int64)
    lengths[member_rows] = np.diff(km_of_home.indptr)[member_homes]
    rows = km_of_home[member_homes[np.argsort(member_rows)]]
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    return csr_array((rows.data, rows.indices, indptr), shape=(n_members, km_of_home.shape[1]))
