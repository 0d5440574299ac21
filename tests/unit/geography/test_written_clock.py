"""Time zones in words, as people write them where they were asked for a place."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.geography.written_clock import BY_ABBREVIATION, BY_NAME, BY_OFFSET, written_clock

KNOWN = frozenset({"Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata"})
STATED = {
    "UTC+2": "Etc/GMT-2",
    "UTC+02:00": "Etc/GMT-2",
    "utc + 2": "Etc/GMT-2",
    "GMT -5": "Etc/GMT+5",
    "UTC\u22128": "Etc/GMT+8",
    "UTC (+3)": "Etc/GMT-3",
    "somewhere in UTC+10, Earth": "Etc/GMT-10",
    "GMT+0": "Etc/GMT",
    "Earth, UTC": "Etc/GMT",
    "UTC+05:30": "Asia/Kolkata",
    "UTC+0545": "Asia/Kathmandu",
    "CET": "Europe/Brussels",
    "CET (UTC+1)": "Europe/Brussels",
    "PST": "America/Los_Angeles",
    "Pacific Time": "America/Los_Angeles",
    "US Eastern Standard Time": "America/New_York",
    "Europe/Berlin": "Europe/Berlin",
    "America/Argentina/Buenos_Aires": "America/Argentina/Buenos_Aires",
}
UNCLEAR = [
    "IST", "CST", "BST", "est", "Best", "UTC+15", "UTC-13", "UTC+2:30", "UTC+99", "GMT+1 / GMT+2", "EST, CET",
    "Mars/Olympus", "Europe/Berlin/../../etc", "Australian Eastern Time", "Central Time", "spare time", "Time", "UTC+",
    "127.0.0.1", "https://time.example/UTC", "", "x" * 10_000,
]  # fmt: skip


@pytest.mark.parametrize(("text", "zone"), STATED.items(), ids=STATED)
def test_a_stated_clock_is_read(text: str, zone: str) -> None:
    """By number, by abbreviation, by name."""
    assert written_clock(text, KNOWN) == zone


@pytest.mark.parametrize("text", UNCLEAR, ids=lambda text: text[:30])
def test_what_may_be_several_clocks_is_none(text: str) -> None:
    """Unknown is better than an invitation in the middle of the night."""
    assert written_clock(text, KNOWN) is None


@given(hours=st.integers(-12, 14))
def test_the_sign_is_what_people_mean(hours: int) -> None:
    """UTC+2 is ahead of Greenwich, though its zone is called Etc/GMT-2."""
    zone = written_clock(f"UTC{hours:+d}", KNOWN)

    assert zone is not None
    assert datetime(2024, 7, 1, tzinfo=ZoneInfo(zone)).utcoffset() == timedelta(hours=hours)


def test_half_hours_never_change_their_clocks() -> None:
    """Whoever states a number is given a zone that shows it all the year round."""
    days = [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13)]

    shown = {part: {day.astimezone(ZoneInfo(zone)).utcoffset() for day in days} for part, zone in BY_OFFSET.items()}

    assert shown == {
        (hours, minutes): {(1 if hours > 0 else -1) * timedelta(hours=abs(hours), minutes=minutes)}
        for hours, minutes in BY_OFFSET
    }


def test_every_zone_of_the_tables_exists() -> None:
    """A name that is not in the database would end a night."""
    zones = {*BY_ABBREVIATION.values(), *BY_NAME.values(), *BY_OFFSET.values()}

    assert {ZoneInfo(zone).key for zone in zones} == zones


@given(text=st.text(alphabet="UTCGM+-:( )/0123456789Eurpe", max_size=30))
def test_any_text_can_be_read(text: str) -> None:
    """Whatever it says, the answer is a time zone or none."""
    zone = written_clock(text, KNOWN)

    assert zone is None or ZoneInfo(zone).key == zone
