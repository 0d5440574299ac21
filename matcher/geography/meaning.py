"""How likely each place is meant by a written home: weights of evidence, part by part. Unknown is better than wrong.

Each part of a text names one of its places or is just a word. Let a home h be named by one part. Its odds against
"this text is no place at all" are a product over the parts (naive Bayes):

    odds(h) = weight(h) / doubt        of the part that names h: people, kind, own name, country (`lookup`, `parts`)
        * AGREES (less by code)        for each other part that names an area around h, or, after it, a town beside h
        * UNKNOWN                      for each that means nothing to the gazetteer
        * UNKNOWN / (1 + its odds)     for each that means only places elsewhere: there it must be just a word
        * FICTION                      for each that tells of a made-up place
        * UNKNOWN / AGREES             for each that names something in h, or, before it, a town beside h
    share(h) = odds(h) / (1 + sum of the odds of all homes)

The rest to 1 is "something else, or a joke". A joke's name is believed only beside the name of its region, or of a
country that is little more than that town, and a code alone is no home: "NY, USA" is, "Mountain Dew, CA" is not. Nor
does a code mean a town elsewhere, but for what lies there: "Acadiana, LA" is not in Los Angeles.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from matcher.geography.jokes import is_joke_name
from matcher.geography.lookup import SAME_AREA_KM, Spot
from matcher.geography.parts import Part

AGREES: Final = 100.0
"""One word in so many would by chance name the very area that the town lies in."""
AGREES_BY_CODE: Final = 30.0
"""Two letters agree more easily."""
AGREES_BY_COUNTRY_CODE: Final = 10.0
"""The same for a code of a country: whoever writes "CA" or "IN" after a town has mostly a state in mind."""
AREA_AGREES_BY_CODE: Final = 2.0
"""A code follows the name of a town: "Ontario, CA" is rather the town in California than the Canadian province."""
FICTION: Final = 1e-4
"""Whoever names a made-up place means no other either."""
UNKNOWN: Final = 0.2
"""People write a street or a quarter beside their town; jokers write something beside it more often."""
TOWNS_OF_SMALL_COUNTRY: Final = 10
"""So many towns of its size a country would make at most, to be as telling as a region."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """A place that a text may mean.

    Attributes:
        spot: The place.
        odds: How much likelier than that the text is no place at all.
        uncertainty_km: How far off one of its people may live, the vague words counted in.
        position: Of the part that names it.
    """

    spot: Spot
    odds: float
    uncertainty_km: float
    position: int


def homes_meant(parts: Sequence[Part]) -> list[Home]:
    """Every place that the parts may mean, the likeliest first, ties by number; one place once."""
    best: dict[int, Home] = {}
    for home in _named_by(parts):
        known = best.get(home.spot.place)
        if known is None or home.odds > known.odds:
            best[home.spot.place] = home
    return sorted(best.values(), key=lambda home: (-home.odds, home.spot.place))


def _named_by(parts: Sequence[Part]) -> Iterator[Home]:
    is_wide = any(part.is_wide for part in parts)
    for position, part in enumerate(parts):
        others = [other for other in parts if other is not part]
        is_joke = is_joke_name(part.name)
        for spot in part.spots:
            if is_joke and not any(_is_its_land(area, spot) for other in others for area in other.spots):
                continue
            if part.is_code and spot.kind != "town" and not any(_surrounds(other, spot) for other in others):
                continue
            if part.is_torn and spot.kind == "town" and not any(_lies_there(other, spot) for other in others):
                continue
            odds = spot.weight / part.doubt
            for place, other in enumerate(parts):
                if other is not part:
                    odds *= _fit(spot, part, other, is_before=place < position)
            widened = 2 if is_wide and spot.kind == "town" else 1
            yield Home(spot=spot, odds=odds, uncertainty_km=spot.uncertainty_km * widened, position=position)


def _is_its_land(area: Spot, spot: Spot) -> bool:
    """Whether an area is the town's region, or a country that has few more people: "Male, Maldives"."""
    is_small = area.kind == "country" and area.population <= TOWNS_OF_SMALL_COUNTRY * spot.population
    return (area.kind == "region" or is_small) and area.contains(spot)


def _surrounds(other: Part, spot: Spot) -> bool:
    return any(area.place != spot.place and area.kind != "town" and area.contains(spot) for area in other.spots)


def _lies_there(other: Part, spot: Spot) -> bool:
    """Whether another part names what lies near a town, or an area around it."""
    return _surrounds(other, spot) or any(place.is_near(spot, SAME_AREA_KM) for place in other.spots)


def _fit(spot: Spot, part: Part, other: Part, *, is_before: bool) -> float:
    """Factor by which another part makes a home likelier."""
    if not other.spots or other.is_fiction:
        return FICTION if other.is_fiction else UNKNOWN
    around = [area for area in other.spots if area.kind != "town" and area.place != spot.place and area.contains(spot)]
    if is_before and spot.kind == "town":
        # "Long Island, New York": the state, in which the island lies, and not the city on it.
        states = [state for state in part.spots if state.kind in {"region", "country"}]
        around = [area for area in around if not any(state.contains(area) for state in states)]
    is_repeated = spot.kind != "town" and other.name == part.name
    if around and not is_repeated:
        return max(_agreement(spot, area, other) for area in around)
    elsewhere = UNKNOWN / (1 + other.odds)
    if spot.kind != "town":
        is_inside = is_repeated or any(spot.contains(inside) for inside in other.spots)
        return UNKNOWN / AGREES if is_inside else elsewhere
    beside = sum(town.weight for town in other.spots if town.kind == "town" and town.is_near(spot, SAME_AREA_KM))
    # "Paris, London": there is a London beside Paris in Arkansas too, but hardly anybody means that one.
    share_beside = beside / sum(town.weight for town in other.spots)
    return max(elsewhere, share_beside * (UNKNOWN / AGREES if is_before else AGREES_BY_CODE))


def _agreement(spot: Spot, area: Spot, other: Part) -> float:
    if not other.is_code:
        return AGREES
    if spot.kind != "town":
        return AREA_AGREES_BY_CODE
    return AGREES_BY_COUNTRY_CODE if area.kind == "country" else AGREES_BY_CODE
