"""Which places answer to a spelling: the part of the gazetteer that tonight's texts need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Final, TypeAlias

import polars as pl

from matcher.geography.audience import audience
from matcher.geography.spelling import fold
from matcher.tables.geography import Gazetteer

KM_PER_DEGREE: Final = 111.2
SHORT_NAME_WEIGHT: Final = 0.5
"""Newcastle is upon Tyne, and LA is Los Angeles; but each may be another."""
OTHER_NAME_WEIGHT: Final = 0.1
"""A place's own name counts more than what others call it: Vancouver is not Fort Vancouver."""
EXPONENT: Final = 0.85
"""Large places have fewer writers for each of their people: their suburbs are counted with them, but named instead. On
both halves of the cities of `benchmarks.places`, 0.75 to 1 are as good as each other, and 0.6 is worse."""
KIND_WEIGHT: Final[Mapping[str, float]] = {"town": 1.0, "area": 0.2, "region": 0.2, "country": 0.5}
"""Most people name a town: of all who live in an area, so many would name no more than it."""

Spelled: TypeAlias = Mapping[str, list["Spot"]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A place that a spelling may mean.

    Attributes:
        place: Its number in the gazetteer.
        name: As shown.
        kind: 'town', 'region', 'country', or 'area': a county, or one of several countries or of no border.
        country: ISO code; empty for an area of several.
        region: First-level code, or empty.
        lat: Degrees north.
        lon: Degrees east.
        population: People.
        uncertainty_km: How far off one of its people may live.
        time_zone: IANA name, or empty.
        weight: How many of its people would write this name, in thousands, as in `places_spelled`.
    """

    place: int
    name: str
    kind: str
    country: str
    region: str
    lat: float
    lon: float
    population: int
    uncertainty_km: float
    time_zone: str
    weight: float

    def contains(self, other: "Spot") -> bool:
        """Whether the other lies in this region, country or area, or is it."""
        if self.kind == "area":
            is_same_land = self.country in {"", other.country} and self.region in {"", other.region}
            may_hold = not self.country or other.kind != "country"
            return is_same_land and may_hold and self.is_near(other, 2 * self.uncertainty_km)
        if self.kind == "town":
            return self.place == other.place
        return self.country == other.country and (self.kind == "country" or self.region == other.region)

    def is_near(self, other: "Spot", km: float) -> bool:
        """Whether the other is at most so far away; on a plane, which is good enough for some hundred km."""
        north = abs(self.lat - other.lat)
        if north * KM_PER_DEGREE > km:
            return False
        east = abs((self.lon - other.lon + 180) % 360 - 180) * cos(radians((self.lat + other.lat) / 2))
        return hypot(north, east) * KM_PER_DEGREE <= km


def places_spelled(gazetteer: Gazetteer, spellings: Iterable[str]) -> Spelled:
    """Places that answer to these spellings, the weightiest first, ties by number.

    The weight of a place is (people / 1000) ** 0.85, times 0.1 where the spelling is what others call it and 0.5
    where it is its own name with words left out or its initials, times the weight of its kind and the `audience` of
    its country.
    """
    wanted = pl.Series(sorted(set(spellings)), dtype=pl.String)
    rows = gazetteer.frame.lazy().select("spellings").with_row_index("row").explode("spellings")
    found = rows.filter(pl.col("spellings").is_in(wanted.implode())).collect()
    places = gazetteer.frame.drop("spellings")[found.get_column("row")]
    spots: dict[str, list[Spot]] = {}
    for spelling, place in zip(found.get_column("spellings"), places.iter_rows(named=True), strict=True):
        spots.setdefault(spelling, []).append(Spot(weight=_weight(spelling, place), **place))
    return {name: sorted(several, key=lambda spot: (-spot.weight, spot.place)) for name, several in spots.items()}


def _weight(spelling: str, place: Mapping[str, object]) -> float:
    kind, people = str(place["kind"]), int(str(place["population"]))
    # Areas are named by many words of equal right: "USA", "Deutschland", "the Bay".
    name_weight = _name_weight(spelling, str(place["name"])) if kind == "town" else 1.0
    return float(KIND_WEIGHT[kind] * audience(str(place["country"])) * name_weight * (people / 1000) ** EXPONENT)


def _name_weight(spelling: str, name: str) -> float:
    own = fold(name)
    # A name in another script is what the place is called by those who write it.
    if own == spelling or not spelling.isascii():
        return 1.0
    words = own.split()
    is_short = set(spelling.split()) < set(words) or spelling == "".join(word[0] for word in words)
    return SHORT_NAME_WEIGHT if is_short else OTHER_NAME_WEIGHT
