"""Which places answer to a spelling: the part of the gazetteer that tonight's texts need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from matcher.geography.spelling import fold
from matcher.tables.geography import Gazetteer

OTHER_NAME_WEIGHT = 0.1
"""A place's own name counts more than what others call it: Vancouver is not Fort Vancouver."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """A place that a spelling may mean.

    Attributes:
        place: Its number in the gazetteer.
        name: As shown.
        kind: 'town', 'region' or 'country'.
        country: ISO code.
        region: First-level code, or empty.
        lat: Degrees north.
        lon: Degrees east.
        population: People.
        uncertainty_km: How far off one of its people may live.
        weight: Population, less where the spelling is not its own name.
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
    weight: float

    @property
    def is_own_name(self) -> bool:
        """Whether the spelling is what the place is called, and not what others call it."""
        return self.weight == self.population

    def contains(self, other: "Spot") -> bool:
        """Whether the other lies in this region or country, or is it."""
        return self.country == other.country and (self.kind == "country" or self.region == other.region)


def places_spelled(gazetteer: Gazetteer, spellings: Iterable[str]) -> Mapping[str, list[Spot]]:
    """Places that answer to these spellings, the weightiest first, ties by number."""
    wanted = pl.Series(sorted(set(spellings)), dtype=pl.String)
    found = gazetteer.frame.explode("spellings").filter(pl.col("spellings").is_in(wanted.implode()))
    spots: dict[str, list[Spot]] = {}
    for row in found.drop("time_zone").iter_rows(named=True):
        spelling = row.pop("spellings")
        is_own = fold(row["name"]) == spelling
        spot = Spot(weight=row["population"] * (1 if is_own else OTHER_NAME_WEIGHT), **row)
        spots.setdefault(spelling, []).append(spot)
    return {
        spelling: sorted(several, key=lambda spot: (-spot.weight, spot.place)) for spelling, several in spots.items()
    }
