"""Tonight's homes as they are known: each a mixture of readings, and each but once.

Members are many and homes are few, for they are towns and cells: what is asked of a home is asked once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from matcher.geography.options import GeographyOptions
from matcher.numeric.distance import chord_of_km, ellipsoid_km, great_circle_km, unit_sphere
from matcher.numeric.rough_distance import expected, within_share
from matcher.tables.community import MemberIndex
from matcher.tables.geography import HomeReadings, Places
from matcher.units import Floats, Rows

ELLIPSOID_SLACK: Final = 1.006
"""The sphere is wrong by at most this much: look a little further, then measure on the ellipsoid."""
NEAREST_KM: Final = 0.1
"""Even within one's own town there is a way to go, and a sparse matrix keeps no zeros."""
FEWEST: Final = 2
"""A place that fewer can reach brings nobody together."""
_MIXED = ("lat", "lon", "uncertainty_km", "share")


@dataclass(frozen=True, eq=False, kw_only=True)
class Homes:
    """Homes that differ in their likeliest point, in how far one would go, or in their readings.

    Attributes:
        lat: Degrees north of the likeliest home, shape (home,).
        lon: Degrees east of it, shape (home,).
        reach_km: How far its members would go, shape (home,).
        members: Rows of the members who have a home, shape (placed,).
        home_of: The home of each of them, shape (placed,).
        readings: Columns `lat`, `lon`, `uncertainty_km`, `share`, home after home.
        starts: Where each home's readings begin, shape (home + 1,).
    """

    lat: Floats
    lon: Floats
    reach_km: Floats
    members: Rows
    home_of: Rows
    readings: pl.DataFrame
    starts: Rows

    def __len__(self) -> int:
        """Count the homes."""
        return len(self.lat)

    @property
    def points(self) -> Floats:
        """Likeliest homes on the unit sphere, shape (home, 3)."""
        return unit_sphere(self.lat, self.lon)

    def n_members(self, homes: Rows, places: Rows, n_places: int) -> Floats:
        """Count the members of the homes that come with each place, shape (n_places,)."""
        inhabitants = np.bincount(self.home_of, minlength=len(self))
        return np.asarray(np.bincount(places, weights=inhabitants[homes], minlength=n_places), dtype=np.float64)

    def within_reach(self, places: pl.DataFrame, min_share: float) -> tuple[Rows, Rows, Floats]:
        """Ways from every home to each place that it surely enough reaches.

        Both the likeliest home and, with at least this chance, the true one must lie within their reach of the place.

        Args:
            places: With columns `lat` and `lon`.
            min_share: In [0, 1].

        Returns:
            Rows of homes, ascending, rows of places, ascending in each home, and km on the ellipsoid, at least
            NEAREST_KM; shape (way,) each.
        """
        if not len(self) or places.is_empty():
            return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
        lats, lons = (places.get_column(name).to_numpy() for name in ("lat", "lon"))
        chords = chord_of_km(self.reach_km * ELLIPSOID_SLACK)
        near = cKDTree(unit_sphere(lats, lons)).query_ball_point(self.points, chords, return_sorted=True)
        homes = np.repeat(np.arange(len(self)), [len(found) for found in near])
        there = np.concatenate([np.asarray(found, dtype=np.int64) for found in near])
        km = np.maximum(NEAREST_KM, ellipsoid_km(self.lat[homes], self.lon[homes], lats[there], lons[there]))
        is_near = km <= self.reach_km[homes]
        homes, there, km = homes[is_near], there[is_near], km[is_near]
        is_sure = self.within_reach_share(homes, lats[there], lons[there]) >= min_share
        return homes[is_sure], there[is_sure], km[is_sure]

    def within_reach_share(self, homes: Rows, lat: Floats, lon: Floats) -> Floats:
        """Chance that a true home lies within its reach of a place, over all readings; shape (way,).

        Args:
            homes: Rows of homes, shape (way,).
            lat: Of the place at the other end, shape (way,).
            lon: As lat.
        """
        ways, km, uncertainty_km, share = self._over_readings(homes, lat, lon)
        near = within_share(km, uncertainty_km, self.reach_km[homes[ways]])
        return np.asarray(np.bincount(ways, weights=share * near, minlength=len(homes)), dtype=np.float64)

    def mean_of(self, curve: Callable[[Floats], Floats], homes: Rows, lat: Floats, lon: Floats) -> Floats:
        """Mean of a curve of distance over all readings, as if one of them were right; shape (way,).

        Args:
            curve: Of km.
            homes: Rows of homes, shape (way,).
            lat: Of the place at the other end, shape (way,).
            lon: As lat.
        """
        ways, km, uncertainty_km, share = self._over_readings(homes, lat, lon)
        total, mass = (
            np.bincount(ways, weights=weights, minlength=len(homes)).astype(np.float64)
            for weights in (share * expected(curve, km, uncertainty_km), share)
        )
        return np.divide(total, mass, out=np.zeros_like(total), where=mass > 0)

    def spread(self, ways: csr_array, n_members: int) -> csr_array:
        """Give every member the row of their home; members without one get an empty row.

        Args:
            ways: Shape (home, place).
            n_members: Of tonight.

        Returns:
            Shape (member, place), columns ascending in each row.
        """
        ways.sort_indices()
        lengths = np.zeros(n_members, dtype=np.int64)
        lengths[self.members] = np.diff(ways.indptr)[self.home_of]
        rows = ways[self.home_of[np.argsort(self.members)]]
        return csr_array(
            (rows.data, rows.indices, np.concatenate([[0], np.cumsum(lengths)])), shape=(n_members, ways.shape[1])
        )

    def _over_readings(self, homes: Rows, lat: Floats, lon: Floats) -> tuple[Rows, Floats, Floats, Floats]:
        """Each way once a reading: the way's row, km, uncertainty in km, share; shape (way x reading,) each."""
        n_readings = np.diff(self.starts)[homes]
        ways = np.repeat(np.arange(len(homes)), n_readings)
        place = np.arange(len(ways)) - np.repeat(np.cumsum(n_readings) - n_readings, n_readings)
        rows = self.starts[homes[ways]] + place
        from_lat, from_lon, uncertainty_km, share = (self.readings.get_column(name).to_numpy()[rows] for name in _MIXED)
        return ways, great_circle_km(from_lat, from_lon, lat[ways], lon[ways]), uncertainty_km, share


def distinct_homes(
    readings: HomeReadings, places: Places, index: MemberIndex, options: GeographyOptions, *, reach: str
) -> Homes:
    """List the homes of tonight's members, each once.

    A home whose coordinates were given counts as its point: its reach is shortened by its uncertainty already, so
    that it would be charged twice for it.

    Args:
        readings: What each home may be; a member without any is nowhere.
        places: The likeliest.
        index: Tonight's members.
        options: How far off a given home may be.
        reach: Column of `places` that says how far one would go: 'reach_km' or 'far_km'.
    """
    mixture = pl.concat_str(_MIXED, separator=" ").str.join("|").alias("mixture")
    mixtures = readings.frame.group_by("member", maintain_order=True).agg(mixture)
    placed = places.frame.join(mixtures, on="member", maintain_order="left")
    same = ["lat", "lon", reach, "mixture"]
    homes = placed.group_by(same, maintain_order=True).agg(pl.col("member").first()).sort(same).with_row_index("home")
    home_of = placed.join(homes.drop("member"), on=same, maintain_order="left").get_column("home")
    mixed = homes.select("home", "member").join(readings.frame, on="member", maintain_order="left_right")
    is_given = (pl.col("share") == 1) & (pl.col("uncertainty_km") <= options.given_uncertainty_km)
    n_readings = np.bincount(mixed.get_column("home").to_numpy(), minlength=homes.height)
    return Homes(
        lat=homes.get_column("lat").to_numpy(),
        lon=homes.get_column("lon").to_numpy(),
        reach_km=homes.get_column(reach).to_numpy(),
        members=index.rows(placed.get_column("member")),
        home_of=home_of.to_numpy().astype(np.int64),
        readings=mixed.select(_MIXED).with_columns(
            pl.when(is_given).then(0.0).otherwise("uncertainty_km").alias("uncertainty_km")
        ),
        starts=np.concatenate([[0], np.cumsum(n_readings)]).astype(np.int64),
    )
