"""What texts mean: the readings of each, with their shares, likeliest first."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from matcher.geography.lookup import SAME_AREA_KM, Spot, places_spelled
from matcher.geography.meaning import Home, homes_meant
from matcher.geography.naming import country_names, shown_name
from matcher.geography.parts import parts_of, spellings_to_look_up
from matcher.geography.wording import alternatives, ends_between, take_apart
from matcher.numeric.distance import plane_km
from matcher.tables.geography import Gazetteer, HomeReadings

LEAST_SHARE: Final = 0.5
"""A text that is rather no place at all than any has no reading."""
LEAST_SHARE_KEPT: Final = 0.02
MOST_READINGS: Final = 6
SEVERAL_HOMES: Final = 1e-4
"""Few have several homes; but more than have one home that half of their words deny."""
FIRM_ODDS: Final = 10.0
"""What stands between commas is one home if it reads so well as one."""
LEAST_ODDS_OF_TOWN: Final = 0.05
"""Of a large place nearby, for a town to be more than a chance namesake."""
LONGEST_BETWEEN_KM: Final = 300.0
"""Nobody lives between London and New York: that is two homes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """One thing that a written home may mean; the columns of `Readings`, and the place it came from.

    Attributes:
        label: As shown to people.
        country: ISO code, or empty.
        time_zone: IANA name, or empty.
        lat: Degrees north.
        lon: Degrees east.
        uncertainty_km: How far off the home may be.
        share: How likely it is meant, in (0, 1].
        spot: The place in the gazetteer; None between two.
    """

    label: str
    country: str
    time_zone: str
    lat: float
    lon: float
    uncertainty_km: float
    share: float
    spot: Spot | None = None


def readings_of(texts: Iterable[str], gazetteer: Gazetteer) -> Mapping[str, tuple[Reading, ...]]:
    """Readings of every text that means a place: likeliest first, shares adding up to at most 1.

    A text without readings is left out: a joke, a link, a sentence, or a word that is rather no place at all. What
    the shares leave to 1 is something else. Places within 50 km of a likelier one are one reading with it. In
    "Berlin / Paris" the homes share evenly; "between Bonn and Cologne" is in the middle and reaches both.

    Cost:
        One pass over the gazetteer, 0.1 s, and about 0.15 ms for each distinct text.
    """
    distinct = sorted(set(texts))
    pieces = {piece for text in distinct for piece in (text, *alternatives(text), *(ends_between(text) or ()))}
    wordings = {piece: take_apart(piece) for piece in pieces}
    spelled = places_spelled(gazetteer, {name for it in wordings.values() for name in spellings_to_look_up(it)})
    countries = country_names(gazetteer)

    def homes_of(text: str) -> list[Home]:
        return homes_meant(parts_of(wordings.get(text) or take_apart(text), spelled))

    readings = {text: _meant_by(text, homes_of, countries) for text in distinct}
    return {text: found for text, found in readings.items() if found}


def rows_of(meant: Mapping[str, tuple[Reading, ...]]) -> pl.DataFrame:
    """Readings of each text as rows: `text` and the columns of `HomeReadings` but for the member."""
    schema = {"text": pl.String(), **HomeReadings.schema()}
    rows = [
        {
            "text": text,
            "reading": at,
            **{name: getattr(reading, name) for name in schema if name not in {"text", "reading"}},
        }
        for text, readings in meant.items()
        for at, reading in enumerate(readings)
    ]
    return pl.DataFrame(rows, schema=schema)


def _meant_by(text: str, homes_of: Callable[[str], list[Home]], countries: Mapping[str, str]) -> tuple[Reading, ...]:
    """Readings of a text: of a stretch between two places, of one home, or of several."""
    ends = ends_between(text)
    if ends:
        return _between(*(_read(homes_of(end), countries) for end in ends))
    homes, pieces = homes_of(text), alternatives(text)
    if not pieces and _odds(homes) >= FIRM_ODDS:
        return _read(homes, countries)
    several = [homes_of(piece) for piece in pieces or take_apart(text).parts]
    odds_of_several = math.prod(map(_odds, several)) * SEVERAL_HOMES ** (len(several) - 1)
    found = _read(homes, countries)
    if len(several) > 1 and (odds_of_several > _odds(homes) or (pieces and not found)):
        return _evenly([_read(piece, countries) for piece in several])
    return found


def _odds(homes: Sequence[Home]) -> float:
    return math.fsum(home.odds for home in homes)


def _read(homes: Sequence[Home], countries: Mapping[str, str]) -> tuple[Reading, ...]:
    """Readings with their shares; none where the text is rather no place."""
    total = 1 + _odds(homes)
    if (total - 1) / total < LEAST_SHARE:
        return ()
    merged: list[tuple[Home, float]] = []
    for home in homes:
        if home.odds / total < LEAST_SHARE_KEPT / 10:
            break
        near = [row for row, (known, _) in enumerate(merged) if known.spot.is_near(home.spot, SAME_AREA_KM)]
        if not near:
            merged.append((home, home.odds / total))
            continue
        known, share = merged[near[0]]
        merged[near[0]] = (_more_telling(known, home), share + home.odds / total)
    readings = [_reading(home, share, countries) for home, share in merged if share >= LEAST_SHARE_KEPT]
    return tuple(sorted(readings, key=lambda reading: -reading.share)[:MOST_READINGS])


def _more_telling(known: Home, other: Home) -> Home:
    """Of two near homes the town that was named first: "Ealing, London" is Ealing, and "New York" is not the state."""
    is_named_first = other.position < known.position
    is_in_its_region = known.spot.kind == "region" and known.position == other.position == 0
    is_telling = other.spot.kind == "town" and (is_named_first or is_in_its_region)
    return other if is_telling and other.odds >= LEAST_ODDS_OF_TOWN * known.odds else known


def _reading(home: Home, share: float, countries: Mapping[str, str]) -> Reading:
    spot = home.spot
    return Reading(
        label=shown_name((spot.name, spot.kind, spot.country, spot.region), countries),
        country=spot.country,
        time_zone=spot.time_zone,
        lat=spot.lat,
        lon=spot.lon,
        uncertainty_km=home.uncertainty_km,
        share=_down(share),
        spot=spot,
    )


def _down(share: float) -> float:
    """Share to four digits, rounded down so that they never add up to more than 1."""
    return math.floor(min(share, 1.0) * 10_000) / 10_000


def _evenly(homes: Sequence[tuple[Reading, ...]]) -> tuple[Reading, ...]:
    """Readings of several homes, each as likely as the other; of one that both may mean, the sum."""
    shares: dict[tuple[str, float, float], float] = {}
    readings: dict[tuple[str, float, float], Reading] = {}
    for reading in (reading for home in homes for reading in home):
        key = (reading.label, reading.lat, reading.lon)
        readings.setdefault(key, reading)
        shares[key] = shares.get(key, 0.0) + reading.share / len(homes)
    even = [replace(reading, share=_down(shares[key])) for key, reading in readings.items()]
    kept = [reading for reading in even if reading.share >= LEAST_SHARE_KEPT]
    return tuple(sorted(kept, key=lambda reading: -reading.share)[:MOST_READINGS])


def _between(here: Sequence[Reading], there: Sequence[Reading]) -> tuple[Reading, ...]:
    """The middle of the two nearest readings that the ends allow; both ends where they are too far apart."""
    if not here or not there:
        return ()
    pairs = [(plane_km(one.lat, one.lon, other.lat, other.lon), one, other) for one in here for other in there]
    km, one, other = min(pairs, key=lambda pair: pair[0] / (pair[1].share * pair[2].share))
    if km > LONGEST_BETWEEN_KM:
        return _evenly([tuple(here), tuple(there)])
    lat, lon = (one.lat + other.lat) / 2, one.lon + ((other.lon - one.lon + 180) % 360 - 180) / 2
    return (
        Reading(
            label=f"between {_name(one)} and {other.label}",
            country=one.country if one.country == other.country else "",
            time_zone=one.time_zone if one.time_zone == other.time_zone else "",
            lat=round(lat, 3),
            lon=round((lon + 180) % 360 - 180, 3),
            uncertainty_km=round(km / 2 + max(one.uncertainty_km, other.uncertainty_km), 1),
            share=_down(min(one.share, other.share)),
        ),
    )


def _name(reading: Reading) -> str:
    return reading.label if reading.spot is None else reading.spot.name
