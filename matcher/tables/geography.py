"""Where people are, coarsely, and where they could meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.tables.base import Column, Table
from matcher.tables.community import TEXT, MemberIndex
from matcher.tables.pairs import MEMBER
from matcher.units import Floats

LAT = Column(dtype=pl.Float64(), meaning="Degrees north.", low=-90, high=90)
LON = Column(dtype=pl.Float64(), meaning="Degrees east.", low=-180, high=180)


@dataclass(frozen=True, eq=False)
class Gazetteer(Table):
    """Towns, regions and countries that a written place may mean, one row a place."""

    key: ClassVar[tuple[str, ...]] = ("place",)
    columns: ClassVar[Mapping[str, Column]] = {
        "place": Column(dtype=pl.UInt32(), meaning="GeoNames id; regions without one count from 4,000,000,000."),
        "name": Column(dtype=TEXT, meaning="The name shown."),
        "kind": Column(dtype=TEXT, meaning="'town', 'region' (first-level admin area) or 'country'."),
        "country": Column(dtype=TEXT, meaning="ISO 3166 code, two letters."),
        "region": Column(dtype=TEXT, meaning="GeoNames first-level admin code ('OR', '16'), or empty."),
        "lat": LAT,
        "lon": LON,
        "population": Column(dtype=pl.UInt32(), meaning="People."),
        "uncertainty_km": Column(dtype=pl.Float64(), meaning="How far off a member of this place may live.", low=0),
        "time_zone": Column(dtype=TEXT, meaning="IANA time zone, or empty."),
        "spellings": Column(dtype=pl.List(pl.String()), meaning="Folded names it answers to (lower case, no accents)."),
    }


@dataclass(frozen=True, eq=False)
class Places(Table):
    """Each member's coarse home; members whose home is unknown have no row."""

    key: ClassVar[tuple[str, ...]] = ("member",)
    columns: ClassVar[Mapping[str, Column]] = {
        "member": MEMBER,
        "label": Column(dtype=TEXT, meaning="The town, region or country, as shown."),
        "country": Column(dtype=TEXT, meaning="ISO 3166 code, or empty."),
        "lat": LAT,
        "lon": LON,
        "uncertainty_km": Column(dtype=pl.Float64(), meaning="How far off the home may be.", low=0),
        "reach_km": Column(dtype=pl.Float64(), meaning="How far the member will travel.", low=0),
    }


@dataclass(frozen=True, eq=False)
class Towns(Table):
    """Towns in which tonight's members could meet; `town` counts from 0."""

    key: ClassVar[tuple[str, ...]] = ("town",)
    columns: ClassVar[Mapping[str, Column]] = {
        "town": Column(dtype=pl.UInt32(), meaning="Row of the town."),
        "name": Column(dtype=TEXT, meaning="Name with region or country."),
        "lat": LAT,
        "lon": LON,
        "population": Column(dtype=pl.UInt32(), meaning="People."),
    }


@dataclass(frozen=True, eq=False, kw_only=True)
class Travel:
    """Who can reach which town, and how far it is.

    Attributes:
        towns: Where people could meet.
        km: Distance from a member's coarse home to a town, float64 CSR, shape (member, town);
            an entry is stored only where the town lies within the member's reach, and is at least 0.1.
        index: Tonight's members.
    """

    towns: Towns
    km: csr_array
    index: MemberIndex

    def common_towns(self, members: list[int]) -> tuple[np.ndarray, Floats]:
        """Towns within everyone's reach, ascending, and each member's distance to them.

        Args:
            members: Rows of the members.

        Returns:
            Town rows, shape (town,), and km, shape (member, town); both empty where no town is
            within everyone's reach.
        """
        indptr, indices, km = self.km.indptr, self.km.indices, self.km.data
        spans = [slice(indptr[row], indptr[row + 1]) for row in members]
        common = indices[spans[0]]
        for span in spans[1:]:
            common = np.intersect1d(common, indices[span], assume_unique=True)
        common = np.sort(common)
        rows = [km[span][np.searchsorted(indices[span], common)] for span in spans]
        return common, np.array(rows, dtype=np.float64).reshape(len(members), len(common))
