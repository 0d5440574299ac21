"""When two people in different time zones are both awake: exact over every change of the clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MORNING, EVENING = 9, 21
"""Between these hours of the local day people are taken to be awake, and free at some time."""

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """A stretch of time.

    Attributes:
        start: Its first instant, in UTC.
        end: The instant at which it is over, in UTC, after `start`.
    """

    start: datetime
    end: datetime


def hello_hours(zone_a: str, zone_b: str, day: date, *, morning: int = MORNING, evening: int = EVENING) -> Hours | None:
    """Longest stretch of one day in which both are awake; None where there is none.

    The day is the date that at least one of the two reads on the calendar at home: when it is Monday in Kiritimati,
    it is Sunday in Honolulu by the same clock. Of equally long stretches the first is taken.

    Args:
        zone_a: IANA time zone.
        zone_b: The same of the other; it makes no difference who is A.
        day: A date.
        morning: Full hour of the local day from which on people are awake, in [0, 24].
        evening: Full hour at which they no longer are, in [0, 24].

    Returns:
        Hours in which both local clocks show a time from `morning` to `evening`.

    Example:
        >>> hours = hello_hours("Europe/Berlin", "America/New_York", date(2024, 7, 1))
        >>> hours.start.isoformat(), hours.end.isoformat()
        ('2024-07-01T13:00:00+00:00', '2024-07-01T19:00:00+00:00')
    """
    a, b = ZoneInfo(zone_a), ZoneInfo(zone_b)
    apart = (-_ONE_DAY, timedelta(0), _ONE_DAY)
    dates = [(day, day + days) for days in apart] + [(day + days, day) for days in apart]
    shared = (
        _both(
            awake_hours(a, of_a, morning=morning, evening=evening),
            awake_hours(b, of_b, morning=morning, evening=evening),
        )
        for of_a, of_b in dates
    )
    found = [hours for hours in shared if hours is not None]
    return min(found, key=lambda hours: (hours.start - hours.end, hours.start), default=None)


def awake_hours(zone: ZoneInfo, day: date, *, morning: int = MORNING, evening: int = EVENING) -> Hours | None:
    """From morning to evening on the local date; None where the clocks leave nothing of that.

    An hour that the clocks skip or show twice is read so that nobody is called too early or too late: it
    begins at the later and ends at the earlier of the instants that it may mean.
    """
    start, end = max(_instants(zone, day, morning)), min(_instants(zone, day, evening))
    return Hours(start=start, end=end) if start < end else None


def _instants(zone: ZoneInfo, day: date, hour: int) -> list[datetime]:
    """Both instants that a local hour may mean, in UTC; they are one but where the clocks change."""
    local = datetime.combine(day, time.min) + timedelta(hours=hour)
    return [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]


def _both(one: Hours | None, other: Hours | None) -> Hours | None:
    if one is None or other is None:
        return None
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Hours(start=start, end=end) if start < end else None
