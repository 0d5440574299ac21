"""When people would meet: a time on the clocks of the place where they do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from matcher.errors import InputError
from matcher.publish.wording import MONTHS

LASTS = timedelta(hours=2)
"""How long a meeting is taken to last."""

FARTHEST = timedelta(days=10 * 365)
"""So far away may a time be: further, it is a slip, and clocks and calendars do not reach as far as one can type."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """What an organizer says about when.

    Attributes:
        for_all: Time on the clocks of each meeting place; None: no time is set.
        by_suggestion: The same for one suggestion, in its place.
        zone: IANA time zone for whoever meets in no place, or in one of which it is not known.
    """

    for_all: datetime | None = None
    by_suggestion: Mapping[str, datetime] = field(default_factory=dict)
    zone: str = ""

    def at(self, suggestion: str, place_zone: str, *, now: datetime) -> datetime | None:
        """When a suggestion's members meet; None where no time is set, or on no known clock.

        Raises:
            InputError: That time is over, or no clock ever shows it.
        """
        wall, zone = self.by_suggestion.get(suggestion, self.for_all), place_zone or self.zone
        return None if wall is None or not zone else on_clocks(wall, zone, now=now)


def read_wall_time(said: str) -> datetime:
    """Read a time on a clock.

    Raises:
        InputError: It is none, or names a zone.
    """
    try:
        wall = datetime.fromisoformat(said.strip())
    except ValueError:
        wall = None
    if wall is None or wall.tzinfo is not None or "T" not in said.strip().upper().replace(" ", "T"):
        raise InputError(
            f"the time cannot be read; found {said[:40]!r}; needs a time on the clocks of the place, like "
            "2026-12-05T18:00"
        )
    return wall.replace(second=0, microsecond=0)


def on_clocks(wall: datetime, zone: str, *, now: datetime) -> datetime:
    """The instant at which the clocks of a zone show a time; of two such instants the first.

    Raises:
        InputError: The zone is unknown, the time is over or many years ahead, or no clock ever shows it.
    """
    try:
        there = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"there is no time zone {zone[:60]!r}; needs one like Europe/Vienna") from None
    if abs(wall - now.astimezone(UTC).replace(tzinfo=None)) > FARTHEST:
        raise InputError(f"the time is over or many years ahead; found {wall:%Y-%m-%d %H:%M}; choose one to come soon")
    if there.astimezone(UTC).astimezone(there.tzinfo).replace(tzinfo=None) != wall:
        raise InputError(f"no clock in {zone} shows {wall:%Y-%m-%d %H:%M}: it is put forward then; choose another time")
    if there <= now:
        raise InputError(f"the time is over; found {wall:%Y-%m-%d %H:%M} in {zone}; choose one that is to come")
    return there


def time_text(when: datetime | None) -> str:
    """Write a time with its zone, to be kept; none is empty."""
    return f"{when:%Y-%m-%dT%H:%M} {when.tzinfo}" if when else ""


def read_time_text(text: str) -> datetime | None:
    """Read what `time_text` wrote: it was right then, and may be over by now. None where it is no time.

    Example:
        >>> time_text(read_time_text("2026-12-05T18:00 Europe/Vienna"))
        '2026-12-05T18:00 Europe/Vienna'
    """
    wall, _, zone = text.partition(" ")
    try:
        return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=0)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def time_in_words(when: datetime) -> str:
    """Say when: not by strftime, whose names depend on the machine.

    Example:
        >>> time_in_words(datetime(2026, 12, 5, 18, tzinfo=ZoneInfo("Europe/Vienna")))
        'Saturday, 5 December 2026, 18:00 (time in Vienna, UTC+1)'
    """
    day = f"{_WEEKDAYS[when.weekday()]}, {when.day} {MONTHS[when.month - 1]} {when.year}"
    city = str(when.tzinfo).rpartition("/")[2].replace("_", " ")
    return f"{day}, {when:%H:%M} (time in {city}, {_offset(when)})"


def _offset(when: datetime) -> str:
    minutes = round((when.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")
