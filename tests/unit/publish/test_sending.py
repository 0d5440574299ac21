"""Driving the outbox: each thing once, whoever drives, whatever fails, and wherever it is killed."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from matcher.errors import NotSentError
from matcher.publish.sending import FIRST_WAIT, MOST_ATTEMPTS, SEND_LIMIT, Driven, drive
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.outbox import Entry, Outbox, Parcel
from tests.unit.publish.evening import NOW, Hands, Recorder

MAIL = Parcel(run_id="r", suggestion="g-1", version=1, channel="smtp", recipient="a", payload="Come.")


@pytest.fixture(name="outbox")
def _outbox(tmp_path: Path) -> Outbox:
    """With one mail in it."""
    outbox = Outbox(Database(tmp_path / "desk.sqlite"))
    outbox.enqueue(MAIL, now=NOW)
    return outbox


def driven(outbox: Outbox, channel: Recorder, hands: Hands | None = None, **others: Recorder) -> Driven:
    """One drive."""
    hands = hands or Hands()
    return drive(outbox, {"smtp": channel, **others}, clock=lambda: hands.now)


def test_what_arrived_is_not_sent_again(outbox: Outbox) -> None:
    """However often the outbox is driven."""
    channel = Recorder()

    done = [driven(outbox, channel) for _ in range(3)]

    assert [one.n_sent for one in done] == [1, 0, 0]
    assert len(channel.entries) == 1
    assert [one.state for one in outbox.entries()] == ["sent"]


@pytest.mark.parametrize("crash", [SystemExit(), KeyboardInterrupt(), OSError("lost"), RuntimeError()])
def test_a_crash_between_sending_and_writing_it_down_leaves_a_doubt(outbox: Outbox, crash: BaseException) -> None:
    """The mail may have arrived: no later drive sends it, and a person is shown it."""
    channel, hands = Recorder(fails=[crash]), Hands()
    with suppress(SystemExit, KeyboardInterrupt):
        driven(outbox, channel, hands)
    hands.now += timedelta(days=30)

    again = driven(outbox, channel, hands)

    assert again == Driven()
    assert len(channel.entries) == 1
    assert [one.state for one in outbox.in_doubt(begun_before=hands.now - SEND_LIMIT)] == ["sending"]


def test_a_file_in_doubt_is_written_again(outbox: Outbox) -> None:
    """Nobody can tell one writing from two; a person need not be asked. But not while somebody may be at it."""
    outbox.enqueue(replace(MAIL, channel="ics"), now=NOW)
    mail, files, hands = Recorder(), Recorder(is_repeatable=True, fails=[SystemExit()]), Hands()
    with pytest.raises(SystemExit):
        driven(outbox, mail, hands, ics=files)

    at_once = driven(outbox, mail, hands, ics=files)
    hands.now += SEND_LIMIT + timedelta(seconds=1)
    later = driven(outbox, mail, hands, ics=files)

    assert (at_once.n_sent, later.n_sent) == (0, 1)
    assert Counter(one.state for one in outbox.entries()) == {"sent": 2}


def test_what_did_not_arrive_is_tried_again_at_growing_intervals(outbox: Outbox) -> None:
    """Until it arrives."""
    busy = [NotSentError("busy", may_retry=True) for _ in range(3)]
    channel, hands, waits = Recorder(fails=[*busy]), Hands(), []

    for _ in range(4):
        driven(outbox, channel, hands)
        (entry,) = outbox.entries()
        waits.append((entry.not_before - hands.now) / FIRST_WAIT)
        assert driven(outbox, channel, hands) == Driven()
        hands.now = max(hands.now, entry.not_before)

    assert waits[:3] == [1, 2, 4]
    assert entry.state == "sent"
    assert len(channel.entries) == 4


def test_it_is_not_tried_for_ever(outbox: Outbox) -> None:
    """After that, an organizer is asked."""
    channel = Recorder(fails=[NotSentError("busy", may_retry=True) for _ in range(99)])
    hands = Hands()

    for _ in range(99):
        driven(outbox, channel, hands)
        hands.now += timedelta(days=1)

    assert len(channel.entries) == MOST_ATTEMPTS
    assert [(one.state, one.why) for one in outbox.entries()] == [("failed", "busy")]


def test_what_can_never_arrive_fails_at_once(outbox: Outbox) -> None:
    """With the reason."""
    channel = Recorder(fails=[NotSentError("no such mailbox", may_retry=False)])

    done = driven(outbox, channel)

    assert done == Driven(n_failed=1)
    assert [(one.state, one.why) for one in outbox.entries()] == [("failed", "no such mailbox")]


def test_what_is_held_back_is_not_given_to_a_channel(outbox: Outbox) -> None:
    """Somebody left after it was put in line."""
    channel = Recorder()

    drive(outbox, {"smtp": channel}, clock=lambda: NOW, held=lambda entry: f"{entry.suggestion} is held")

    assert not channel.entries
    assert [(one.state, one.why) for one in outbox.entries()] == [("failed", "g-1 is held")]


def test_a_driver_leaves_what_it_cannot_send(outbox: Outbox) -> None:
    """The mail waits for whoever has the password."""
    assert drive(outbox, {"csv": Recorder()}, clock=lambda: NOW) == Driven()
    assert [(one.state, one.attempt) for one in outbox.entries()] == [("waiting", 0)]


def test_a_driver_leaves_off_when_the_program_ends(outbox: Outbox) -> None:
    """Between two things, not within one."""
    outbox.enqueue(replace(MAIL, recipient="b"), now=NOW)
    channel = Recorder()

    drive(outbox, {"smtp": channel}, clock=lambda: NOW, is_over=lambda: bool(channel.entries))

    assert [one.state for one in outbox.entries()] == ["sent", "waiting"]


def test_an_organizer_who_was_faster_is_not_overruled(outbox: Outbox) -> None:
    """A sender given up for dead comes back: what the organizer said stands."""

    class Slow(Recorder):
        def deliver(self, entry: Entry) -> None:
            super().deliver(entry)
            outbox.resolve(entry, was_sent=False, by="Ana", now=NOW)

    done = drive(outbox, {"smtp": Slow()}, clock=lambda: NOW, is_over=iter([False, True]).__next__)

    assert done == Driven(n_in_doubt=1)
    assert [(one.state, one.resolved_by) for one in outbox.entries()] == [("waiting", "Ana")]


def test_two_drivers_send_each_of_two_hundred_once(tmp_path: Path) -> None:
    """At the same time, on one outbox, by two connections."""
    outboxes = [Outbox(Database(tmp_path / "desk.sqlite")) for _ in range(2)]
    for number in range(200):
        outboxes[0].enqueue(replace(MAIL, recipient=f"m{number:03}"), now=NOW)
    channels = [Recorder(), Recorder()]

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(driven, outboxes, channels))

    given = Counter(entry.recipient for channel in channels for entry in channel.entries)
    assert given == {f"m{number:03}": 1 for number in range(200)}
    assert sum(one.n_sent for one in done) == 200
    assert {one.state for one in outboxes[0].entries()} == {"sent"}
