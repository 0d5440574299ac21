"""What each part of a written home may mean by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

from matcher.geography.jokes import is_joke_name, tells_of_fiction
from matcher.geography.lookup import EXPONENT, Spelled, Spot
from matcher.geography.wording import Wording, cuts, narrowings

CODES_ALONE: Final = frozenset({"us", "uk", "gb", "nz"})
"""Codes that people write for their country; "IN" and "OK" alone are words."""
DOUBT_PEOPLE: Final = 12_000
"""A word of four letters that names a town of so many people is as likely to be something else."""
DOUBT_PER_LETTER: Final = 0.6
"""The longer a word, the rarer it means anything else."""
LEAST_DOUBT_PEOPLE: Final = 800
DOUBT_PEOPLE_OF_CODE: Final = 5_000
NARROWED_DOUBT: Final = 4.0
"""A word had to be left out to find the name at all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part of a wording, with what it may mean.

    Attributes:
        name: The spelling that was found, or the part as it is.
        spots: Places it may mean, the weightiest first.
        doubt: Weight of "it is just a word", in the unit of the spots' weights.
        is_code: Whether the areas among them are meant by a code of two letters.
        is_torn: Whether it is a code beside other parts that names a town and an area elsewhere, as "LA" does.
        is_wide: Whether the surroundings were meant too.
        is_fiction: Whether it is, or tells of, a made-up place.
    """

    name: str
    spots: Sequence[Spot]
    doubt: float
    is_code: bool = False
    is_torn: bool = False
    is_wide: bool = False
    is_fiction: bool = False

    @property
    def odds(self) -> float:
        """How much likelier it is a place than just a word, by itself."""
        return sum(spot.weight for spot in self.spots) / self.doubt


def spellings_to_look_up(wording: Wording) -> Iterator[str]:
    """Every spelling that `parts_of` may ask for."""
    for part in wording.parts:
        words = part.split()
        for first in range(len(words)):
            for last in range(first + 1, len(words) + 1):
                yield " ".join(words[first:last])


def parts_of(wording: Wording, spelled: Spelled) -> list[Part]:
    """Every part with the places it may mean, in the order written."""
    names = [name for part in wording.parts for name in _with_commas(part, spelled)]
    parts = [_part(name, spelled, wording, is_alone=len(names) == 1) for name in names]
    told = [_last_words(part, after, spelled) for part, after in zip_longest(parts, parts[1:])]
    told = [_without_provinces(part, told) for part in told]
    firm = [part for part in told[1:] if not part.is_code]
    # "Salerno, SA, Italia": a code of an Italian province must not be taken for Saudi Arabia.
    return [part for part in told if not part.is_code or all(_agree(part, bound) for bound in firm)]


def _agree(part: Part, bound: Part) -> bool:
    """Whether what two parts may mean can be had together, as far as the second names areas."""
    areas = [area for area in bound.spots if area.kind != "town"]
    return not areas or any(area.contains(spot) or spot.contains(area) for area in areas for spot in part.spots)


def _without_provinces(part: Part, parts: Sequence[Part]) -> Part:
    """A code as that of a state, where a state of that code holds what another part names.

    "Milano (MI)" is in the province of Milan, "Milan, MI" is in Michigan.
    """
    wide = [spot for spot in part.spots if spot.kind != "area"]
    towns = [spot for other in parts if other is not part for spot in other.spots if spot.kind == "town"]
    has_state = any(area.kind != "town" and area.contains(town) for area in wide for town in towns)
    return replace(part, spots=wide) if part.is_code and has_state else part


def _with_commas(part: str, spelled: Spelled) -> list[str]:
    """Parts of "raleigh north carolina united states" or "belgium antwerp", which lack their commas."""
    if part in spelled:
        return [part]
    for head, tail in cuts(part):
        if any(area.kind != "town" and _holds(area, tail, spelled) for area in spelled.get(head, [])):
            return [head, tail]
        areas = [spot for spot in spelled.get(tail, []) if spot.kind != "town"]
        if not areas:
            continue
        pieces = _with_commas(head, spelled)
        if any(_holds(area, pieces[0], spelled) for area in areas):
            return [*pieces, tail]
    return [part]


def _holds(area: Spot, name: str, spelled: Spelled) -> bool:
    return any(area.contains(spot) for spot in spelled.get(name, []))


def _last_words(part: Part, after: Part | None, spelled: Spelled) -> Part:
    """The town that ends a street ("Suite 8 Lexington, KY"), if what follows names an area around it."""
    if part.spots or part.is_fiction or after is None:
        return part
    areas = [area for area in after.spots if area.kind != "town"]
    words = part.name.split()
    for first in range(1, len(words)):
        tail = " ".join(words[first:])
        towns = [spot for spot in spelled.get(tail, []) if spot.kind == "town"]
        if any(area.contains(town) for area in areas for town in towns):
            return Part(name=tail, spots=towns, doubt=_doubt(tail, is_code=False) * NARROWED_DOUBT)
    return part


def _part(name: str, spelled: Spelled, wording: Wording, *, is_alone: bool) -> Part:
    """What a name may mean, read as it stands if it can be, else without words like "greater"."""
    for narrowing in narrowings(name):
        narrow = narrowing.name
        is_narrowed = narrow != name
        is_code = len(narrow) == 2 and narrow not in CODES_ALONE
        may_be_area = not is_joke_name(narrow) and (not is_code or (narrow in wording.capitals and not is_alone))
        spots = [
            spot for spot in spelled.get(narrow, []) if (may_be_area if spot.kind != "town" else not narrowing.is_area)
        ]
        if spots:
            return Part(
                name=narrow,
                spots=spots,
                doubt=_doubt(narrow, is_code=is_code and may_be_area) * (NARROWED_DOUBT if is_narrowed else 1),
                is_code=is_code and may_be_area,
                is_torn=is_code and not is_alone and _is_torn(spelled[narrow]),
                is_wide=narrowing.is_wide,
                is_fiction=is_joke_name(narrow) and tells_of_fiction(narrow),
            )
    return Part(name=name, spots=[], doubt=1.0, is_fiction=tells_of_fiction(name))


def _is_torn(spots: Sequence[Spot]) -> bool:
    """Whether one of them is a town that lies in none of the states and provinces among them."""
    areas = [spot for spot in spots if spot.kind != "town"]
    return bool(areas) and any(spot.kind == "town" and not any(area.contains(spot) for area in areas) for spot in spots)


def _doubt(name: str, *, is_code: bool) -> float:
    people = max(LEAST_DOUBT_PEOPLE, DOUBT_PEOPLE * DOUBT_PER_LETTER ** (len(name) - 4))
    return float(((DOUBT_PEOPLE_OF_CODE if is_code else people) / 1000) ** EXPONENT)
