"""Calendar files: read by a second reader, whatever the names and wherever clocks jump."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject  # a second reader, for tests alone
from hypothesis import given
from hypothesis import strategies as st

from matcher.publish.calendar_files import calendar_file, meeting_uid
from matcher.publish.invitations import Invitation, invitation_of
from matcher.publish.meeting_times import on_clocks
from tests.unit.publish.evening import ADDRESSES, NAMES, NOW, edition, suggestion

EVENING = datetime(2026, 12, 5, 18)  # noqa: DTZ001 -- on a clock
SENDER = "organizers@example.org"


def invited(wall: datetime = EVENING, zone: str = "Europe/Vienna", **names: str) -> Invitation:
    """A group in Graz, on the clocks of any place."""
    night = edition({**NAMES, **names})
    return invitation_of(night, suggestion(), night.town_of(suggestion()), on_clocks(wall, zone, now=NOW))


def written(one: Invitation, sender: str = SENDER) -> str:
    """As a file."""
    return calendar_file(one, sender=sender, sender_name="The organizers", now=NOW)


def read(file: str) -> Any:  # noqa: ANN401 -- the other reader's own
    """The one event, by the other reader."""
    calendar = vobject.readOne(file)
    assert len(calendar.vevent_list) == 1
    return calendar.vevent


def test_another_reader_finds_what_was_meant() -> None:
    """When, where, what, since when, and which version."""
    event = read(written(invited()))

    assert event.dtstart.value.astimezone(UTC) == datetime(2026, 12, 5, 17, tzinfo=UTC)
    assert event.duration.value == timedelta(hours=2)
    assert event.dtstamp.value == NOW
    assert (event.summary.value, event.location.value) == ("Ana, Ben and Cem meet", "Graz, Austria")
    assert (event.sequence.value, event.status.value) == ("2", "TENTATIVE")
    assert event.uid.value == meeting_uid("2026-03-01-abc", "g-1")
    assert event.geo.value == "47.07;15.44"


@pytest.mark.parametrize(
    ("wall", "zone", "instant"),
    [
        pytest.param(datetime(2026, 10, 25, 2, 30), "Europe/Vienna", datetime(2026, 10, 25, 0, 30), id="shown-twice"),  # noqa: DTZ001
        pytest.param(datetime(2026, 3, 29, 1, 30), "Europe/Vienna", datetime(2026, 3, 29, 0, 30), id="before-a-jump"),  # noqa: DTZ001
        pytest.param(datetime(2026, 3, 29, 3, 0), "Europe/Vienna", datetime(2026, 3, 29, 1, 0), id="after-a-jump"),  # noqa: DTZ001
        pytest.param(datetime(2026, 7, 1, 18), "America/Toronto", datetime(2026, 7, 1, 22), id="summer"),  # noqa: DTZ001
        pytest.param(datetime(2026, 7, 1, 18), "Asia/Kathmandu", datetime(2026, 7, 1, 12, 15), id="no-jumps"),  # noqa: DTZ001
        pytest.param(datetime(2031, 7, 1, 18), "Australia/Lord_Howe", datetime(2031, 7, 1, 7, 30), id="years-ahead"),  # noqa: DTZ001
    ],
)
def test_the_instant_survives_the_jumps_of_clocks(wall: datetime, zone: str, instant: datetime) -> None:
    """Read with the rules of the zone that the file brings along."""
    event = read(written(invited(wall, zone)))

    assert event.dtstart.value.astimezone(UTC) == instant.replace(tzinfo=UTC)


def test_the_same_meeting_has_the_same_uid_and_the_same_people_later_another() -> None:
    """So that publishing again changes an entry, and the next round makes a new one."""
    assert meeting_uid("r1", "g-1") == meeting_uid("r1", "g-1")
    assert meeting_uid("r1", "g-1") != meeting_uid("r2", "g-1")


def test_nobodys_address_is_in_it_but_the_organizers() -> None:
    """No attendees: a calendar's own answer would tell everybody who comes."""
    file = written(invited())

    assert "ATTENDEE" not in file
    assert not [address for address in ADDRESSES.values() if address in file]
    assert "METHOD:PUBLISH\r\n" in file
    assert f"mailto:{SENDER}" in file.replace("\r\n ", "")
    assert "METHOD" not in written(invited(), sender="")


@given(st.text(st.sampled_from('ab,;\\:"\n\r\u2028ä👩\u202eN '), min_size=1, max_size=70))
def test_no_name_breaks_out_of_its_line(name: str) -> None:
    """Commas, quotes, line ends, backslashes: the other reader gets the same words back."""
    one = invited(b=name + "\r\nEND:VEVENT\r\nATTENDEE:mailto:x@evil.example")
    file = written(one)

    lines = file.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not [line for line in lines if "\n" in line or "\r" in line]
    assert sum(line.startswith(("ATTENDEE", "END:VEVENT")) for line in lines) == 1
    assert one.names["b"].replace("\\N", "\\ N") in read(file).summary.value


def test_without_a_time_there_is_nothing_for_a_calendar() -> None:
    """That is a fault of whoever asks."""
    night = edition()
    with pytest.raises(ValueError, match="no time"):
        written(invitation_of(night, suggestion(), None, None))
