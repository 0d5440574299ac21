"""How near two members live, where each home is known roughly, or may be one of several."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.numeric.distance import great_circle_km
from matcher.numeric.rough_distance import expected
from matcher.tables.community import MemberIndex
from matcher.tables.geography import HomeReadings
from matcher.units import Floats, Rows

DEVIATIONS: Final = 5.0
HALVINGS: Final = 24.0
"""Homes that would have to be wrong by so many deviations to come within so many halvings are not near: what is left
out is less than 1e-5."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Apart:
    """How far apart the homes of pairs may be, once for each two readings of them; shape (way,) each.

    Attributes:
        pairs: Row of the pair, ascending; a pair of which either home is unknown has no way.
        km: Between the two points.
        uncertainty_km: Of the distance: root mean square, both homes together.
        share: How likely it is that both readings are right.
        n_pairs: How many pairs there are.
    """

    pairs: Rows
    km: Floats
    uncertainty_km: Floats
    share: Floats
    n_pairs: int

    def nearness(self, halves_km: float) -> Floats:
        """Mean of 2 ^ (-distance / `halves_km`) over all that the two homes may be; an unknown one is not near.

        Returns:
            From 0 to 1 (next door), shape (pair,).
        """
        maybe_near = self.km < HALVINGS * halves_km + DEVIATIONS * self.uncertainty_km
        km, uncertainty_km = self.km[maybe_near], self.uncertainty_km[maybe_near]
        near = expected(lambda far: np.exp2(-far / halves_km), km, uncertainty_km)
        total = np.bincount(self.pairs[maybe_near], weights=self.share[maybe_near] * near, minlength=self.n_pairs)
        return np.asarray(total, dtype=np.float64)


def homes_apart(readings: HomeReadings, index: MemberIndex, rows_a: Rows, rows_b: Rows) -> Apart:
    """Set the readings of both homes of each pair side by side.

    Args:
        readings: What the homes may be.
        index: Tonight's members.
        rows_a: One side of the pairs, shape (pair,).
        rows_b: The other.

    Cost: Memory O(way); members mostly have one reading, so that ways are hardly more than pairs.
    """
    owners = index.rows(readings.frame.get_column("member"))
    starts = np.searchsorted(owners, np.arange(len(index) + 1))
    n_readings = np.diff(starts)
    n_ways = n_readings[rows_a] * n_readings[rows_b]
    pairs = np.repeat(np.arange(len(rows_a)), n_ways)
    place = np.arange(len(pairs)) - np.repeat(np.cumsum(n_ways) - n_ways, n_ways)
    here = starts[rows_a[pairs]] + place // n_readings[rows_b[pairs]]
    there = starts[rows_b[pairs]] + place % n_readings[rows_b[pairs]]
    lat, lon, uncertainty_km, share = (
        readings.frame.get_column(name).to_numpy() for name in ("lat", "lon", "uncertainty_km", "share")
    )
    return Apart(
        pairs=pairs,
        km=great_circle_km(lat[here], lon[here], lat[there], lon[there]),
        uncertainty_km=np.hypot(uncertainty_km[here], uncertainty_km[there]),
        share=share[here] * share[there],
        n_pairs=len(rows_a),
    )
