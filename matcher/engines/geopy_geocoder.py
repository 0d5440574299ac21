"""OpenStreetMap's Nominatim through geopy: one request at a time, no faster than allowed."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from http.client import HTTPException
from typing import Any, Final

from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim

from matcher.geography.geocoder import GeocoderOptions
from matcher.geography.lookup import SAME_AREA_KM
from matcher.geography.readings import Reading
from matcher.numeric.distance import KM_PER_DEGREE, plane_km

ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL (https://www.openstreetmap.org/copyright)"
MEANT_SHARE: Final = 0.8
"""All answers together are so likely to be meant: it finds a hamlet for many a word that is none."""
LEAST_SHARE: Final = 0.02
MOST_ANSWERS: Final = 6
FINEST_RANK: Final = 20
"""Nominatim's rank of hamlets and neighbourhoods; what is finer is a street or a house."""
FEWEST_KM: Final = 8.0
"""No home is known better than a town, as of the gazetteer's."""
TIRED_AFTER: Final = 3
"""After so many failures on end the server is left alone until the next night."""
LONGEST_LABEL: Final = 80
_NAMES: Final = ("city", "town", "village", "municipality", "island", "county", "state", "country")
"""Parts of an address, from fine to coarse; finer ones are never shown."""
_FAILURES: Final = (GeopyError, HTTPException, OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""All that a network, and whoever answers on it, can do; geopy passes some of it on as it is."""

Answers = Sequence[Mapping[str, Any]]


class NominatimGeocoder:
    """Asks a Nominatim server for towns and areas.

    Attributes:
        n_asked: Requests sent so far.
        n_failed: How many of them brought no answer: refused, timed out, or not understood.
    """

    attribution = ATTRIBUTION

    def __init__(self, options: GeocoderOptions) -> None:
        """Prepare to ask; nothing is sent."""
        scheme, _, host = options.domain.rpartition("://")
        client = Nominatim(
            domain=host,
            scheme=scheme or "https",
            user_agent=f"matcher ({options.contact})",
            timeout=options.timeout_seconds,
        )
        # With retries, geopy would log what it asked: a member's words.
        self._ask: Callable[..., Any] = RateLimiter(
            client.geocode, min_delay_seconds=1 / options.per_second, max_retries=0, swallow_exceptions=False
        )
        self._host = host
        self.n_asked = 0
        self.n_failed = 0

    @property
    def name(self) -> str:
        """Service and host."""
        return f"nominatim@{self._host}"

    def find(self, texts: Sequence[str]) -> Mapping[str, tuple[Reading, ...]]:
        """Ask about each text in turn, until three on end have failed."""
        found: dict[str, tuple[Reading, ...]] = {}
        n_in_vain = 0
        for text in texts:
            if n_in_vain >= TIRED_AFTER:
                break
            self.n_asked += 1
            try:
                answers = self._ask(
                    text,
                    exactly_one=False,
                    limit=MOST_ANSWERS,
                    addressdetails=True,
                    language="en",
                    featuretype="settlement",
                )
                found[text] = readings_of_answers([answer.raw for answer in answers or ()])
                n_in_vain = 0
            except _FAILURES:
                self.n_failed += 1
                n_in_vain += 1
        return found


def readings_of_answers(answers: Answers) -> tuple[Reading, ...]:
    """What the answers for one text mean, likeliest first, shares adding up to at most 0.8.

    Nominatim's importance is a rank of fame in [0, 1], no probability. It is taken for weights: two answers of .6 and
    .4 get .48 and .32. Answers within 50 km of a more important one are one with it. The uncertainty is the root mean
    square of the distance to the middle of the bounding box, were people spread evenly in it, and at least 8 km.
    Coordinates are rounded to a cell of about 10 km, as those are that members give.

    Raises:
        KeyError: An answer lacks a field; a ValueError, TypeError or AttributeError: it holds something else.
    """
    settled = [answer for answer in answers if _is_settlement(answer)]
    ranked = sorted(settled, key=lambda answer: -_importance(answer))
    total = math.fsum(map(_importance, ranked))
    merged: list[Reading] = []
    for answer in ranked:
        one = _reading(answer, share=MEANT_SHARE * _importance(answer) / total)
        near = next((row for row, known in enumerate(merged) if _is_same_area(known, one)), None)
        if near is None:
            merged.append(one)
        else:
            merged[near] = replace(merged[near], share=merged[near].share + one.share)
    rounded = (replace(one, share=math.floor(one.share * 10_000) / 10_000) for one in merged)
    kept = [one for one in rounded if one.share >= LEAST_SHARE]
    return tuple(sorted(kept, key=lambda one: -one.share)[:MOST_ANSWERS])


def _is_same_area(one: Reading, other: Reading) -> bool:
    return plane_km(one.lat, one.lon, other.lat, other.lon) <= SAME_AREA_KM


def _is_settlement(answer: Mapping[str, Any]) -> bool:
    return answer["class"] in {"place", "boundary"} and int(answer["place_rank"]) <= FINEST_RANK


def _importance(answer: Mapping[str, Any]) -> float:
    return min(max(_number(answer.get("importance", 0.0), most=1e9), 0.01), 1.0)


def _reading(answer: Mapping[str, Any], *, share: float) -> Reading:
    south, north, west, east = (_number(side, most=180) for side in answer["boundingbox"])
    lat, lon = _number(answer["lat"], most=90), _number(answer["lon"], most=180)
    address = answer["address"]
    height_km = abs(north - south) * KM_PER_DEGREE
    width_km = (east - west) % 360 * KM_PER_DEGREE * math.cos(math.radians(lat))
    country = str(address.get("country_code", "")).upper()
    return Reading(
        label=_label(address),
        country=country if len(country) == 2 and country.isascii() and country.isalpha() else "",
        time_zone="",  # it does not say; `tell_clocks` takes that of the people around
        lat=round(lat, 1),
        lon=round(lon, 1),
        uncertainty_km=round(max(FEWEST_KM, math.sqrt((height_km**2 + width_km**2) / 12)), 1),
        share=share,
    )


def _label(address: Mapping[str, Any]) -> str:
    """Town and country, or what is next; anybody may edit the map, so only what can be seen is taken over."""
    said = [str(address[part]) for part in _NAMES if address.get(part)]
    parts = list(dict.fromkeys([*said[:1], *said[-1:]]))
    seen = "".join(letter for letter in ", ".join(parts) if letter.isprintable())
    return seen[:LONGEST_LABEL]


def _number(value: object, *, most: float) -> float:
    """Number in [-most, most].

    Raises:
        ValueError: It is none.
    """
    number = float(str(value))
    if not abs(number) <= most:
        raise ValueError
    return number
