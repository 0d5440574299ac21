"""A time zone that somebody wrote instead of a place: "UTC+2", "GMT -5", "CET", "Pacific Time", "Europe/Berlin"."""

import re
from collections.abc import Set as AbstractSet
from typing import Final

from matcher.geography.wording import LONGEST_TEXT

_OFFSET: Final = re.compile(
    r"(?<![\w/])(?:UTC|GMT)\s?\(?([+\-\u2212\u2013])\s?(\d{1,2})(?::?([0-5]\d))?(?![\d:.])", re.IGNORECASE
)
_NAMED: Final = re.compile(r"(?<![\w/])[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_-]+){1,2}(?![\w/])")
_BREAKS: Final = re.compile(r"[,|;:()\[\]\n\t]+|\s[-\u2013\u2014]\s")
_SPOKEN: Final = re.compile(r"(?:US |USA )?(\w+)(?: standard| daylight)? time(?: zone)?", re.IGNORECASE)

BY_OFFSET: Final = {
    (-9, 30): "Pacific/Marquesas",
    (3, 30): "Asia/Tehran",
    (4, 30): "Asia/Kabul",
    (5, 30): "Asia/Kolkata",
    (5, 45): "Asia/Kathmandu",
    (6, 30): "Asia/Yangon",
    (8, 45): "Australia/Eucla",
    (9, 30): "Australia/Darwin",
}
"""Hours and minutes east of Greenwich of zones that never change their clocks; the Etc zones have full hours only."""
BY_ABBREVIATION: Final = {
    "WET": "Europe/Lisbon", "WEST": "Europe/Lisbon",
    "CET": "Europe/Brussels", "CEST": "Europe/Brussels", "MEZ": "Europe/Berlin", "MESZ": "Europe/Berlin",
    "EET": "Europe/Athens", "EEST": "Europe/Athens", "MSK": "Europe/Moscow",
    "EST": "America/New_York", "EDT": "America/New_York", "MDT": "America/Denver",
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles",
    "AKST": "America/Anchorage", "AKDT": "America/Anchorage",
    "JST": "Asia/Tokyo", "KST": "Asia/Seoul", "NZST": "Pacific/Auckland", "NZDT": "Pacific/Auckland",
}  # fmt: skip
"""Only what means one clock all over the world: IST is India, Israel or Ireland, CST is Chicago, China or Cuba."""
BY_NAME: Final = {
    "eastern": "America/New_York", "pacific": "America/Los_Angeles", "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
}  # fmt: skip
"""Before "time" or "standard time"; "Central Time" is Europe's too, and Arizona's "Mountain Time" keeps no summer."""


def written_clock(text: str, known: AbstractSet[str]) -> str | None:
    """IANA time zone that a text states; None where it states none, several, or one that may be several.

    A name beats a number of hours: "CET (UTC+1)" is UTC+2 in summer.

    Args:
        text: As the member wrote it.
        known: IANA names that may be given in full.

    Example:
        >>> written_clock("somewhere in UTC+2", set()), written_clock("GMT -5", set()), written_clock("IST", set())
        ('Etc/GMT-2', 'Etc/GMT+5', None)
    """
    if len(text) > LONGEST_TEXT:
        return None
    parts = {part.strip() for part in _BREAKS.split(text)}
    readings = (
        set(_NAMED.findall(text)) & known,
        {zone for part in parts if (zone := _of_part(part))},
        {_of_offset(*found) for found in _OFFSET.findall(text)},
        {"Etc/GMT"} if parts & {"UTC", "GMT"} else set(),
    )
    stated = next((zones for zones in readings if zones), set())
    return stated.pop() if len(stated) == 1 else None


def _of_offset(sign: str, hours: str, minutes: str) -> str | None:
    """Zone of so many hours east (+) or west of Greenwich; the names of Etc zones count the other way."""
    east = 1 if sign == "+" else -1
    if part := int(minutes or 0):
        return BY_OFFSET.get((east * int(hours), part))
    number = east * int(hours)
    if number == 0:
        return "Etc/GMT"
    return f"Etc/GMT{-number:+d}" if -12 <= number <= 14 else None


def _of_part(part: str) -> str | None:
    if part in BY_ABBREVIATION:
        return BY_ABBREVIATION[part]
    spoken = _SPOKEN.fullmatch(part)
    return BY_NAME.get(spoken[1].lower()) if spoken else None
