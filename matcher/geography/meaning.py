"""Which place a written home means. Unknown is better than wrong.

Every part that names an area must hold the town; a lone town must be large, and much larger than
its namesakes elsewhere. Nothing is ever matched inside a sentence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from matcher.geography.lookup import Spot
from matcher.geography.wording import Wording, cuts, narrowings, sounds_wide
from matcher.numeric.distance import great_circle_km

Spelled: TypeAlias = Mapping[str, list[Spot]]

LONE_TOWN: Final = 20_000.0
"""Least population of a town that is named without its region or country."""
LONE_TOWN_OF_RARE_NAME: Final = 5_000.0
"""The same for a name of seven letters or more, which is hardly ever an ordinary word."""
LARGE_TOWN: Final = 100_000.0
"""The same where it is not its own name, or where another part means nothing to us."""
WIDE_TOWN: Final = 200_000.0
"""Least population of a town that gives its name to an area ("South London")."""
TIMES_LARGER: Final = 2.0
"""A town must weigh this many times its next namesake in another part of the world."""
TIMES_LARGER_AREA: Final = 5.0
"""A region or country must have this many times the people of the next that the words may mean."""
SAME_AREA_KM: Final = 100.0
CODES_ALONE: Final = frozenset({"us", "uk", "gb", "nz"})
JOKES: Final = frozenset(
    {"earth", "planet earth", "mars", "moon", "home", "here", "internet", "world", "hell", "heaven", "nowhere",
     "remote", "everywhere", "anywhere", "somewhere", "universe", "online", "cloud", "web", "milky way", "hogwarts",
     "atlantis", "paradise", "valhalla", "avalon", "babylon", "gotham", "sparta", "el dorado", "eldorado", "eden",
     "oblivion", "utopia", "wonderland", "neverland", "narnia", "asgard", "of", "male"}
)  # fmt: skip
"""Names of towns, some of them; believed only beside the name of their region."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part of a wording, with what it may mean."""

    name: str
    towns: Sequence[Spot]
    areas: Sequence[Spot]
    is_code: bool
    is_wide: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """The place meant, and how far off its people may live."""

    spot: Spot
    uncertainty_km: float


def spellings_to_look_up(wording: Wording) -> Iterator[str]:
    """Every spelling that `home_meant` may ask for."""
    for part in wording.parts:
        words = part.split()
        for first in range(len(words)):
            for last in range(first + 1, len(words) + 1):
                yield " ".join(words[first:last])


def home_meant(wording: Wording, spelled: Spelled) -> Home | None:
    """Town, else region or country, that a written home means; None where it is unclear or a joke."""
    names = [piece for part in wording.parts for piece in _with_commas(part, spelled)]
    parts = [_part(name, spelled, wording, is_alone=len(names) == 1) for name in names]
    firm = [part for part in parts[1:] if part.areas and not part.is_code]
    # "Salerno, SA, Italia": a code of an Italian province must not be taken for Saudi Arabia.
    parts = [part for part in parts if not part.is_code or all(_agree(part, bound) for bound in firm)]
    town = _town_meant(parts)
    if town is not None:
        return Home(spot=town, uncertainty_km=town.uncertainty_km * (2 if any(part.is_wide for part in parts) else 1))
    area = _area_meant(parts)
    return None if area is None else Home(spot=area, uncertainty_km=area.uncertainty_km)


def _with_commas(part: str, spelled: Spelled) -> list[str]:
    """Parts of "raleigh north carolina united states", which lacks its commas."""
    if part in spelled:
        return [part]
    for head, tail in cuts(part):
        areas = [spot for spot in spelled.get(tail, []) if spot.kind != "town"]
        if not areas:
            continue
        pieces = _with_commas(head, spelled)
        if any(area.contains(spot) for spot in spelled.get(pieces[0], []) for area in areas):
            return [*pieces, tail]
    return [part]


def _part(name: str, spelled: Spelled, wording: Wording, *, is_alone: bool) -> Part:
    """What a name may mean, read as it stands if it can be, else without words like "greater"."""
    for narrow, is_narrowed in narrowings(name):
        spots = spelled.get(narrow, [])
        towns = [spot for spot in spots if spot.kind == "town" and (not is_narrowed or spot.population >= WIDE_TOWN)]
        # "Bay Area" is a name of San Francisco, yet a wide one; Greater Noida is a town.
        is_wide = is_narrowed or (sounds_wide(narrow) and not any(town.is_own_name for town in towns))
        areas = [spot for spot in spots if spot.kind != "town" and narrow not in JOKES]
        is_code = len(narrow) == 2 and narrow not in CODES_ALONE
        if is_code and (is_alone or narrow not in wording.capitals):
            areas = []
        if towns or areas:
            return Part(name=narrow, towns=towns, areas=areas, is_code=is_code and bool(areas), is_wide=is_wide)
    return Part(name=name, towns=[], areas=[], is_code=False, is_wide=False)


def _town_meant(parts: list[Part]) -> Spot | None:
    """The town of the first part that names one inside all the areas that the others name."""
    for position, part in enumerate(parts):
        others = [other for other in parts if other is not part]
        bounds = [other for other in others if other.areas]
        inside = [town for town in part.towns if all(_holds(bound, town) for bound in bounds)]
        if not inside or _is_rather_an_area(part, inside[0], bounds, is_first=position == 0):
            continue
        if part.name in JOKES and not any(area.kind == "region" for bound in bounds for area in bound.areas):
            continue
        town = _clear_winner(inside)
        if town is None or (not bounds and town.population < _least_population(part, town, others)):
            continue
        return None if any(_contradicts(other, town) and not other.areas for other in others) else town
    return None


def _is_rather_an_area(part: Part, town: Spot, bounds: list[Part], *, is_first: bool) -> bool:
    """Whether a name that a town and an area share means the area here.

    "Québec" and "Kyiv" are the towns, "Washington" is the state; "Ontario, CA" is the town in California,
    and the second part of "Albany, New York" is the state.
    """
    areas = [area for area in part.areas if all(_allows(bound, area) for bound in bounds)]
    if not areas:
        return False
    if any(area.kind == "country" for area in areas):
        return True
    is_near = any(area.contains(town) or _apart_km(area, town) < area.uncertainty_km + SAME_AREA_KM for area in areas)
    if not is_first:
        # "Mulberry Street, New York, NY" names the state twice: the first time it is the town.
        return not (is_near and any(area.place == other.place for area in areas for b in bounds for other in b.areas))
    is_by_code_only = bool(bounds) and all(bound.is_code for bound in bounds)
    is_larger = town.weight >= max(area.population for area in areas)
    return not (is_near or is_larger or (is_by_code_only and town.weight >= LARGE_TOWN))


def _holds(bound: Part, town: Spot) -> bool:
    return any(area.contains(town) for area in bound.areas)


def _allows(bound: Part, area: Spot) -> bool:
    return any(area.contains(other) or other.contains(area) for other in bound.areas)


def _agree(part: Part, bound: Part) -> bool:
    return any(_allows(bound, area) for area in part.areas)


def _least_population(part: Part, town: Spot, others: list[Part]) -> float:
    if others or not town.is_own_name:
        return LARGE_TOWN
    return LONE_TOWN_OF_RARE_NAME if len(part.name) >= 7 and not part.is_wide else LONE_TOWN


def _clear_winner(towns: list[Spot]) -> Spot | None:
    """The weightiest town, unless another far away is nearly as large."""
    best = towns[0]
    rivals = (town for town in towns[1:] if _apart_km(best, town) > SAME_AREA_KM)
    return best if all(best.weight >= TIMES_LARGER * rival.weight for rival in rivals) else None


def _contradicts(other: Part, spot: Spot) -> bool:
    """Whether another part names a large town somewhere else, as in "Berlin / Paris"."""
    is_large = any(town.weight >= LARGE_TOWN for town in other.towns)
    return is_large and not any(_includes(spot, town) for town in other.towns)


def _includes(spot: Spot, town: Spot) -> bool:
    return _apart_km(spot, town) <= SAME_AREA_KM or (spot.kind != "town" and spot.contains(town))


def _apart_km(one: Spot, other: Spot) -> float:
    here, there = np.array([one.lat, one.lon]), np.array([other.lat, other.lon])
    return float(great_circle_km(here[0], here[1], there[0], there[1]))


def _area_meant(parts: list[Part]) -> Spot | None:
    """The narrowest area that all area names allow, if one stands out by its people."""
    named = [part for part in parts if part.areas]
    allowed = {
        area.place: area
        for part in named
        for area in part.areas
        if all(_allows(other, area) for other in named if other is not part)
    }
    regions = [area for area in allowed.values() if area.kind == "region"]
    countries = [area for area in allowed.values() if area.kind == "country"]
    if len(named) == 1:
        # "México" is the country, not the state in it; "Georgia" may be either of two.
        regions = [region for region in regions if all(region.country != country.country for country in countries)]
        ranked = sorted(regions + countries, key=lambda area: (-area.population, area.place))
    else:
        ranked = sorted(regions or countries, key=lambda area: (-area.population, area.place))
    if not ranked or any(ranked[0].population < TIMES_LARGER_AREA * area.population for area in ranked[1:]):
        return None
    # "Surrey, United Kingdom" is British all the same; "Berlin / Paris" is neither.
    is_town_too = any(part.towns and ranked[0] in part.areas for part in named)
    is_torn = any(_contradicts(part, ranked[0]) for part in parts if not part.areas)
    return None if is_town_too and is_torn else ranked[0]
