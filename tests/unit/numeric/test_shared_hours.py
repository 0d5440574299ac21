"""When two are both awake, around every kind of clock change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.numeric.shared_hours import Hours, awake_hours, hello_hours

ZONES = [
    "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago", "Pacific/Apia",
    "Pacific/Kiritimati", "Pacific/Honolulu", "Asia/Kolkata", "Africa/Casablanca", "Asia/Beirut", "Etc/GMT-2",
]  # fmt: skip
zones = st.sampled_from(ZONES)
days = st.dates(date(2011, 1, 1), date(2030, 12, 31))
changes = st.sampled_from(
    [date(2024, 3, 10), date(2024, 11, 3), date(2024, 3, 31), date(2024, 10, 27), date(2024, 4, 7), date(2024, 10, 6),
     date(2011, 12, 29), date(2011, 12, 30), date(2011, 12, 31), date(2024, 9, 8)]
)  # fmt: skip


def _local(hours: Hours | None, zone: str) -> tuple[str, str]:
    assert hours is not None
    start, end = (instant.astimezone(ZoneInfo(zone)) for instant in (hours.start, hours.end))
    return f"{start:%a %H:%M}", f"{end:%a %H:%M}"


def test_six_hours_apart_leave_an_afternoon() -> None:
    """New York gets up when it is three in the afternoon in Berlin."""
    hours = hello_hours("Europe/Berlin", "America/New_York", date(2024, 7, 1))

    assert _local(hours, "Europe/Berlin") == ("Mon 15:00", "Mon 21:00")
    assert _local(hours, "America/New_York") == ("Mon 09:00", "Mon 15:00")


@pytest.mark.parametrize(
    ("day", "start"),
    [(date(2024, 3, 9), 15), (date(2024, 3, 10), 14), (date(2024, 3, 30), 14), (date(2024, 3, 31), 15)],
    ids=str,
)
def test_summer_time_begins_on_different_days(day: date, start: int) -> None:
    """For three weeks in March New York is five hours behind Berlin."""
    hours = hello_hours("America/New_York", "Europe/Berlin", day)

    assert hours is not None
    assert hours.start.astimezone(ZoneInfo("Europe/Berlin")).hour == start


def test_the_southern_hemisphere_changes_the_other_way() -> None:
    """Santiago and Berlin are four hours apart in European winter, six in summer, five between."""
    lengths = [
        hours.end - hours.start if (hours := hello_hours("America/Santiago", "Europe/Berlin", day)) else None
        for day in (date(2024, 1, 15), date(2024, 4, 3), date(2024, 7, 15))
    ]

    assert lengths == [timedelta(hours=8), timedelta(hours=7), timedelta(hours=6)]


def test_lord_howe_moves_by_half_an_hour() -> None:
    """Its summer time is ten and a half hours to eleven ahead of Greenwich."""
    winter, summer = (
        hello_hours("Australia/Lord_Howe", "Etc/GMT", day) for day in (date(2024, 7, 1), date(2024, 1, 1))
    )

    assert winter is not None
    assert summer is not None
    assert winter.end - winter.start == timedelta(hours=1, minutes=30)
    assert summer.end - summer.start == timedelta(hours=1)


def test_kathmandu_has_its_three_quarters() -> None:
    """UTC+5:45 to the minute."""
    hours = hello_hours("Asia/Kathmandu", "Etc/GMT", date(2024, 7, 1))

    assert _local(hours, "Etc/GMT") == ("Mon 09:00", "Mon 15:15")
    assert _local(hours, "Asia/Kathmandu") == ("Mon 14:45", "Mon 21:00")


def test_across_the_date_line_the_hours_are_the_same_and_the_dates_are_not() -> None:
    """Kiritimati is a whole day ahead of Honolulu: Tuesday there is Monday here, hour by hour."""
    hours = hello_hours("Pacific/Kiritimati", "Pacific/Honolulu", date(2024, 7, 2))

    assert _local(hours, "Pacific/Kiritimati") == ("Tue 09:00", "Tue 21:00")
    assert _local(hours, "Pacific/Honolulu") == ("Mon 09:00", "Mon 21:00")


def test_twelve_hours_apart_leave_none() -> None:
    """One gets up when the other goes to bed."""
    assert hello_hours("Etc/GMT-9", "Etc/GMT+3", date(2024, 7, 1)) is None


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 6, 1), 24), (date(2024, 10, 27), 25)])
def test_days_have_the_length_that_they_have(day: date, hours: int) -> None:
    """Who is awake around the clock is awake for 23, 24 or 25 hours."""
    awake = awake_hours(ZoneInfo("Europe/Berlin"), day, morning=0, evening=24)

    assert awake is not None
    assert awake.end - awake.start == timedelta(hours=hours)


def test_a_day_that_was_skipped_has_no_hours() -> None:
    """Samoa had no 30 December 2011."""
    assert awake_hours(ZoneInfo("Pacific/Apia"), date(2011, 12, 30)) is None


@given(zone_a=zones, zone_b=zones, day=st.one_of(days, changes), evening=st.integers(0, 24))
def test_both_are_awake_in_shared_hours(zone_a: str, zone_b: str, day: date, evening: int) -> None:
    """Read on either clock, no minute is too early or too late, and one of the two reads the date asked for."""
    morning = 9

    hours = hello_hours(zone_a, zone_b, day, morning=morning, evening=evening)

    if hours is not None:
        n_steps = int((hours.end - hours.start) / timedelta(minutes=15))
        steps = [hours.start + step * timedelta(minutes=15) for step in range(n_steps)]
        local = [[step.astimezone(ZoneInfo(zone)) for step in steps] for zone in (zone_a, zone_b)]
        assert all(morning <= at.hour < evening for clock in local for at in clock)
        assert any({at.date() for at in clock} == {day} for clock in local)
        assert hours.start < hours.end


@given(zone_a=zones, zone_b=zones, day=st.one_of(days, changes))
def test_it_makes_no_difference_who_is_asked_first(zone_a: str, zone_b: str, day: date) -> None:
    """A and B share the same hours."""
    assert hello_hours(zone_a, zone_b, day) == hello_hours(zone_b, zone_a, day)


@given(zone_a=zones, zone_b=zones, day=st.one_of(days, changes))
def test_no_shared_hour_is_missed(zone_a: str, zone_b: str, day: date) -> None:
    """Against the slow truth: every quarter of an hour of the days around, asked on both clocks."""
    start = datetime.combine(day, time(), tzinfo=UTC) - timedelta(days=2)
    runs: list[list[datetime]] = [[]]
    for step in range(5 * 24 * 4):
        at = start + step * timedelta(minutes=15)
        local = [at.astimezone(ZoneInfo(zone)) for zone in (zone_a, zone_b)]
        if all(9 <= here.hour < 21 for here in local) and day in {here.date() for here in local}:
            if runs[-1] and runs[-1][-1] != at - timedelta(minutes=15):
                runs.append([])
            runs[-1].append(at)
    longest = max(len(run) for run in runs)

    hours = hello_hours(zone_a, zone_b, day)

    assert (0 if hours is None else (hours.end - hours.start) / timedelta(minutes=15)) == longest
