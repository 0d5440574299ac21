"""When two who meet online are both awake, in words that name no place."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from matcher.numeric.shared_hours import Hours, hello_hours
from matcher.reasons.words import counted, sentence

DAYS_TO_A_HELLO: Final = 7
"""A first hello comes about so many days after it is proposed; hours are told as clocks stand then."""
SHORTEST_HELLO: Final = timedelta(hours=1)
"""Less time than this in common is none to speak of."""


def hours_in_common(name_a: str, zone_a: str, name_b: str, zone_b: str, *, seen_on: date) -> str:
    """Say how far apart the clocks of two members are, and when both are awake; empty where the clocks agree.

    Args:
        name_a: Name of A.
        zone_a: IANA time zone of A.
        name_b: Name of B.
        zone_b: The same of B.
        seen_on: The date of the proposal.

    Example:
        >>> hours_in_common("Ana", "Europe/Berlin", "Ben", "America/New_York", seen_on=date(2026, 1, 5))
        'They are 6 hours apart: 15:00-21:00 for Ana is 9:00-15:00 for Ben.'
    """
    day = seen_on + timedelta(days=DAYS_TO_A_HELLO)
    hours = hello_hours(zone_a, zone_b, day)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone_a))
    start = noon if hours is None else hours.start
    local_a, local_b = (start.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for zone in (zone_a, zone_b))
    if abs(local_a - local_b) < timedelta(minutes=2):
        return ""
    apart = f"They are {_length(abs(local_a - local_b))} apart"
    if hours is None or hours.end - hours.start < SHORTEST_HELLO:
        return f"{apart}: for a call, one of them has to get up early or stay up late."
    days = (local_b.date() - local_a.date()).days
    other_day = {-1: " the day before", 0: "", 1: " the day after"}[days]
    return sentence(f"{apart}: {_span(hours, zone_a)} for {name_a} is {_span(hours, zone_b)} for {name_b}{other_day}")


def _length(apart: timedelta) -> str:
    hours, minutes = divmod(int(apart.total_seconds()) // 60, 60)
    said = [counted(hours, "hour")] if hours else []
    return " and ".join([*said, *([f"{minutes} minutes"] if minutes else [])])


def _span(hours: Hours, zone: str) -> str:
    start, end = (instant.astimezone(ZoneInfo(zone)) for instant in (hours.start, hours.end))
    return f"{start.hour}:{start:%M}-{end.hour}:{end:%M}"
