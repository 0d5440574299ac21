"""When people meet: on the clocks of the place, also where these jump."""

from datetime import UTC, datetime, timedelta

import pytest

from matcher.errors import InputError
from matcher.publish.meeting_times import Times, on_clocks, read_wall_time, time_in_words

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EVENING = read_wall_time("2026-12-05T18:00")


def test_a_time_is_of_the_place() -> None:
    """The same evening is another instant in another town; where people meet online it takes a zone."""
    times = Times(for_all=EVENING, by_suggestion={"g-2": read_wall_time("2026-12-06 12:30")}, zone="Asia/Tokyo")

    there = [times.at("g-1", zone, now=NOW) for zone in ("Europe/Vienna", "America/Toronto", "")]

    assert [one.astimezone(UTC).hour if one else None for one in there] == [17, 23, 9]
    assert Times(for_all=EVENING).at("g-1", "", now=NOW) is None
    assert Times().at("g-1", "Europe/Vienna", now=NOW) is None
    other = times.at("g-2", "UTC", now=NOW)
    assert other is not None
    assert (other.day, other.hour, other.minute) == (6, 12, 30)


def test_a_time_that_no_clock_shows_is_refused() -> None:
    """In the night in which clocks are put forward."""
    with pytest.raises(InputError, match="no clock in Europe/Vienna shows 2026-03-29 02:30"):
        on_clocks(datetime(2026, 3, 29, 2, 30), "Europe/Vienna", now=NOW)  # noqa: DTZ001


def test_of_a_time_that_clocks_show_twice_the_first_is_meant() -> None:
    """As calendars read it too."""
    twice = on_clocks(datetime(2026, 10, 25, 2, 30), "Europe/Vienna", now=NOW)  # noqa: DTZ001

    assert twice.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    "said", ["", "soon", "2026-12-05", "18:00", "2026-12-05T18:00Z", "2026-12-05T18:00+01:00", "9" * 99]
)
def test_what_is_no_time_on_a_clock_is_refused(said: str) -> None:
    """A day alone would be midnight; a zone would contradict the place's."""
    with pytest.raises(InputError, match="the time cannot be read"):
        read_wall_time(said)


@pytest.mark.parametrize("zone", ["Mars/Base", "../etc/passwd", "/etc/passwd", "Europe", "x\0y"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    """No file is looked for that is not a zone."""
    with pytest.raises(InputError, match="there is no time zone"):
        on_clocks(EVENING, zone, now=NOW)


def test_a_time_that_is_over_is_refused() -> None:
    """On the clocks there, not here."""
    with pytest.raises(InputError, match="the time is over"):
        on_clocks(datetime(2026, 1, 1, 9), "Asia/Tokyo", now=NOW)  # noqa: DTZ001

    assert on_clocks(datetime(2026, 1, 1, 9), "Europe/Vienna", now=NOW) > NOW  # noqa: DTZ001


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
@pytest.mark.parametrize("wall", [datetime.min, datetime.max, datetime(2036, 1, 4)])  # noqa: DTZ001, DTZ901
def test_a_time_years_away_is_refused(wall: datetime, zone: str) -> None:
    """Also at both ends of what can be typed, where no instant can be told and no calendar be written."""
    with pytest.raises(InputError, match="the time is over or many years ahead"):
        on_clocks(wall, zone, now=NOW)


def test_a_time_is_said_with_its_zone() -> None:
    """So that nobody takes it for another."""
    said = [time_in_words(on_clocks(EVENING, zone, now=NOW)) for zone in ("Asia/Kathmandu", "America/Sao_Paulo")]

    assert said == [
        "Saturday, 5 December 2026, 18:00 (time in Kathmandu, UTC+5:45)",
        "Saturday, 5 December 2026, 18:00 (time in Sao Paulo, UTC-3)",
    ]
