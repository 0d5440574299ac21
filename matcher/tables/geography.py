"""Where people are, coarsely, and where they could meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.numeric.sparse_rows import common_columns
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
        "kind": Column(
            dtype=TEXT, meaning="'town', 'region' (first-level admin area), 'country' or 'area' (any other)."
        ),
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
class HomeReadings(Table):
    """What each member's home may mean: several readings where it is ambiguous, none where it cannot be known."""

    key: ClassVar[tuple[str, ...]] = ("member", "reading")
    columns: ClassVar[Mapping[str, Column]] = {
        "member": MEMBER,
        "reading": Column(dtype=pl.UInt8(), meaning="From 0, the likeliest first."),
        "label": Column(dtype=TEXT, meaning="The town, region or country, as shown."),
        "country": Column(dtype=TEXT, meaning="ISO 3166 code, or empty."),
        "time_zone": Column(dtype=TEXT, meaning="IANA time zone, or empty."),
        "lat": LAT,
        "lon": LON,
        "uncertainty_km": Column(
            dtype=pl.Float64(), meaning="How far off the home may be: root mean square, in km.", low=0
        ),
        "share": Column(
            dtype=pl.Float64(), meaning="How likely this reading is; a member's add up to at most 1.", low=0, high=1
        ),
    }

    @property
    def torn(self) -> pl.DataFrame:
        """The rows of members whose home may mean several places."""
        return self.frame.filter(pl.len().over("member") > 1)


@dataclass(frozen=True, eq=False)
class Places(Table):
    """Each member's coarse home by its likeliest reading; members whose home is unknown have no row."""

    key: ClassVar[tuple[str, ...]] = ("member",)
    columns: ClassVar[Mapping[str, Column]] = {
        "member": MEMBER,
        "label": Column(dtype=TEXT, meaning="The town, region or country, as shown."),
        "country": Column(dtype=TEXT, meaning="ISO 3166 code, or empty."),
        "time_zone": Column(dtype=TEXT, meaning="IANA time zone, or empty."),
        "lat": LAT,
        "lon": LON,
        "uncertainty_km": Column(
            dtype=pl.Float64(), meaning="How far off the home may be: root mean square, in km.", low=0
        ),
        "share": Column(dtype=pl.Float64(), meaning="How likely it is that this place was meant.", low=0, high=1),
        "reach_km": Column(dtype=pl.Float64(), meaning="How far the member will travel to a group.", low=0),
        "far_km": Column(dtype=pl.Float64(), meaning="How far the member will travel to a gathering.", low=0),
    }


@dataclass(frozen=True, eq=False)
class Clocks(Table):
    """In which time zone each member lives, as far as it is known; also of some whose place is not ("UTC+2")."""

    key: ClassVar[tuple[str, ...]] = ("member",)
    columns: ClassVar[Mapping[str, Column]] = {
        "member": MEMBER,
        "time_zone": Column(dtype=TEXT, meaning="IANA time zone, as 'Europe/Paris' or 'Etc/GMT-2'."),
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
        "population": Column(dtype=pl.UInt32(), meaning="People; 0 for a venue."),
        "time_zone": Column(dtype=TEXT, meaning="IANA time zone, or empty."),
        "capacity": Column(
            dtype=pl.UInt32(), meaning="Most people of a venue; null: a town, or not stated.", is_nullable=True
        ),
    }


@dataclass(frozen=True, eq=False, kw_only=True)
class Journeys:
    """Who could travel to which hub, how far it is, and how much the way lowers the wish to come.

    Attributes:
        hubs: Cities or venues in which a gathering could be held.
        km: Distance from a member's likeliest home to a hub, float64 CSR, shape (member, hub); an entry is stored only
            where the member would go so far, and is at least 0.1.
        effort: What the way costs in log-odds (natural) of coming, all readings and their uncertainty counted in;
            float64 CSR with entries where `km` has them, each positive.
        index: Tonight's members.
    """

    hubs: Towns
    km: csr_array
    effort: csr_array
    index: MemberIndex


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
        return common_columns(self.km.indptr, self.km.indices, self.km.data, members)
