"""Which places answer to a spelling: the part of the gazetteer that tonight's texts need."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, TypeAlias

import polars as pl

from matcher.geography.audience import audience
from matcher.geography.spelling import fold
from matcher.numeric.distance import KM_PER_DEGREE, plane_km
from matcher.tables.geography import Gazetteer

SAME_AREA_KM: Final = 50.0
"""Places so near are one to somebody far away, and somebody of one may name the other."""
SHORT_NAME_WEIGHT: Final = 0.5
"""Newcastle is upon Tyne, and LA is Los Angeles; but each may be another."""
OTHER_NAME_WEIGHT: Final = 0.1
"""A place's own name counts more than what others call it: Vancouver is not Fort Vancouver."""
EXPONENT: Final = 0.85
"""Large places have fewer writers for each of their people: their suburbs are counted with them, but named instead. On
both halves of the cities of `benchmarks.places`, 0.75 to 1 are as good as each other, and 0.6 is worse."""
KIND_WEIGHT: Final[Mapping[str, float]] = {"town": 1.0, "area": 0.2, "region": 0.2, "country": 0.5}
"""Most people name a town: of all who live in an area, so many would name no more than it."""
SMALL_AREA_PEOPLE: Final = 30_000
"""An area of so many has no town that is better known: Orkney."""
LIKE_ITS_NAME: Final = 0.9
"""How like its own name an English one is at least (of 1): "Odessa" to Odesa, "Hanover" to Hannover."""
MUCH_LARGER: Final = 5
"""So many times the people of every namesake a town has that is meant by such a name all the same."""

Spelled: TypeAlias = Mapping[str, list["Spot"]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A place that a spelling may mean.

    Attributes:
        place: Its number in the gazetteer.
        name: As shown.
        kind: 'town', 'region', 'country', or 'area': a county, or one of several countries or of no border.
        country: ISO code; empty for an area of several.
        region: First-level code, or empty; an area has that of its middle, if the region is larger.
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
            is_same_land = self.country in {"", other.country} and (
                self.region in {"", other.region} or self.is_near(other, self.uncertainty_km)
            )
            # Most of New York's people live near Long Island, and yet it is no part of it.
            is_smaller = other.kind == "town" or other.uncertainty_km <= self.uncertainty_km
            may_hold = is_smaller and (not self.country or other.kind != "country")
            return is_same_land and may_hold and self.is_near(other, 2 * self.uncertainty_km)
        if self.kind == "town":
            return self.place == other.place
        if self.country != other.country or self.kind == "country":
            return self.country == other.country
        is_larger = other.kind != "area" or other.uncertainty_km < self.uncertainty_km
        return self.region == other.region and is_larger

    def is_near(self, other: "Spot", km: float) -> bool:
        """Whether the other is at most so far away; on a plane, which is good enough for some hundred km."""
        if abs(self.lat - other.lat) * KM_PER_DEGREE > km:
            return False
        return plane_km(self.lat, self.lon, other.lat, other.lon) <= km


def places_spelled(gazetteer: Gazetteer, spellings: Iterable[str]) -> Spelled:
    """Places that answer to these spellings, the weightiest first, ties by number.

    The weight of a place is (people / 1000) ** 0.85, times 0.1 where the spelling is what others call it and 0.5
    where it is its own name with words left out or its initials, but not where it is nearly its own and every place of
    that very name is much smaller; times the weight of its kind and the `audience` of its country.
    """
    wanted = pl.Series(sorted(set(spellings)), dtype=pl.String)
    rows = gazetteer.frame.lazy().select("spellings").with_row_index("row").explode("spellings")
    found = rows.filter(pl.col("spellings").is_in(wanted.implode())).collect()
    places = gazetteer.frame.drop("spellings")[found.get_column("row")]
    several: dict[str, list[Mapping[str, Any]]] = {}
    for spelling, place in zip(found.get_column("spellings"), places.iter_rows(named=True), strict=True):
        several.setdefault(spelling, []).append(place)
    spots = {spelling: _weighed(spelling, namesakes) for spelling, namesakes in several.items()}
    return {name: sorted(spots, key=lambda spot: (-spot.weight, spot.place)) for name, spots in spots.items()}


def _weighed(spelling: str, namesakes: Sequence[Mapping[str, Any]]) -> list[Spot]:
    """Spots of the places that a spelling may mean, each with its weight."""
    named_so = [int(place["population"]) for place in namesakes if _is_own(spelling, place)]
    most_people = max(named_so, default=0)

    def name_weight(place: Mapping[str, Any]) -> float:
        is_clear = int(place["population"]) >= MUCH_LARGER * most_people
        return 1.0 if is_clear and _is_like(spelling, str(place["name"])) else _name_weight(spelling, place["name"])

    # Areas are named by many words of equal right: "USA", "Deutschland", "the Bay".
    shares = [name_weight(place) if place["kind"] == "town" else 1.0 for place in namesakes]
    return [Spot(weight=share * _weight(place), **place) for share, place in zip(shares, namesakes, strict=True)]


def _weight(place: Mapping[str, Any]) -> float:
    kind, people = str(place["kind"]), int(place["population"])
    is_area = kind == "area" and people > 0
    kind_weight = max(KIND_WEIGHT[kind], min(1.0, SMALL_AREA_PEOPLE / people)) if is_area else KIND_WEIGHT[kind]
    return float(kind_weight * audience(str(place["country"])) * (people / 1000) ** EXPONENT)


def _is_own(spelling: str, place: Mapping[str, Any]) -> bool:
    return place["kind"] == "town" and fold(str(place["name"])) == spelling


def _is_like(spelling: str, name: str) -> bool:
    return SequenceMatcher(None, spelling, fold(name), autojunk=False).ratio() >= LIKE_ITS_NAME


def _name_weight(spelling: str, name: str) -> float:
    own = fold(name)
    # A name in another script is what the place is called by those who write it.
    if own == spelling or not spelling.isascii():
        return 1.0
    words = own.split()
    is_short = set(spelling.split()) < set(words) or spelling == "".join(word[0] for word in words)
    return SHORT_NAME_WEIGHT if is_short else OTHER_NAME_WEIGHT
