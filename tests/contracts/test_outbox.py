"""What the desk promises about what goes out, on every database: each thing once, and what is unclear is shown."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matcher.errors import ConflictError
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.outbox import Entry, Outbox, Parcel

NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
MAIL = Parcel(
    run_id="r", suggestion="g-1", version=2, channel="mail", recipient="ana@example.org", payload="Come on Sunday."
)


@pytest.fixture(name="outbox")
def _outbox(database: Database) -> Outbox:
    """With one mail in it."""
    made = Outbox(database)
    made.enqueue(MAIL, now=NOW)
    return made


def taken(outbox: Outbox, now: datetime = NOW) -> Entry:
    """The next, which there is."""
    entry = outbox.take_next(now=now)
    assert entry is not None
    return entry


def test_the_same_parcel_is_put_in_line_once(outbox: Outbox) -> None:
    """Before and after it was sent, even with other words; one thing of the key different is another parcel."""
    assert not outbox.enqueue(MAIL, now=LATER)
    outbox.mark_sent(taken(outbox), now=NOW)
    assert not outbox.enqueue(replace(MAIL, payload="Come on Monday."), now=LATER)

    others = [
        replace(MAIL, run_id="s"),
        replace(MAIL, suggestion="g-2"),
        replace(MAIL, version=3),
        replace(MAIL, channel="webhook"),
        replace(MAIL, recipient="ben@example.org"),
    ]

    assert all(outbox.enqueue(other, now=NOW) for other in others)
    assert [entry.version for entry in outbox.entries(state="sent")] == [2]


def test_what_is_begun_is_not_given_out_again(outbox: Outbox) -> None:
    """It is known to be begun before anything is sent, with the number of the attempt and the time."""
    entry = taken(outbox, LATER)

    assert (entry.state, entry.attempt, entry.at, entry.payload) == ("sending", 1, LATER, "Come on Sunday.")
    assert outbox.take_next(now=LATER + timedelta(days=365)) is None


def test_parcels_leave_in_the_order_in_which_they_came(outbox: Outbox) -> None:
    """Those that have to wait let the others go first."""
    outbox.enqueue(replace(MAIL, version=3), now=NOW)
    outbox.mark_failed(taken(outbox), why="busy", retry_at=LATER, now=NOW)

    assert taken(outbox).version == 3
    assert outbox.take_next(now=NOW) is None
    again = taken(outbox, LATER)
    assert (again.version, again.attempt, again.why) == (2, 2, "busy")


def test_what_failed_for_good_is_not_tried_again(outbox: Outbox) -> None:
    """It is listed with the reason."""
    outbox.mark_failed(taken(outbox), why="no such mailbox", retry_at=None, now=LATER)

    assert outbox.take_next(now=LATER + timedelta(days=365)) is None
    assert [(one.why, one.at) for one in outbox.entries(state="failed")] == [("no such mailbox", LATER)]


def test_what_a_crash_left_begun_is_in_doubt(outbox: Outbox) -> None:
    """Not while its sender may still be at it; and never repeated by itself."""
    entry = taken(outbox)

    assert not outbox.in_doubt(begun_before=NOW)
    assert outbox.in_doubt(begun_before=LATER) == [entry]


@pytest.mark.parametrize("was_sent", [True, False])
def test_an_organizer_says_what_became_of_it(outbox: Outbox, *, was_sent: bool) -> None:
    """It arrived, or it is tried again; who said so is kept."""
    entry = taken(outbox)

    outbox.resolve(entry, was_sent=was_sent, by="Ana", now=LATER)

    (resolved,) = outbox.entries()
    assert (resolved.state, resolved.resolved_by) == ("sent" if was_sent else "waiting", "Ana")
    assert not outbox.in_doubt(begun_before=LATER + timedelta(days=1))
    assert (outbox.take_next(now=LATER) is None) == was_sent


def test_a_sender_given_up_for_dead_cannot_report_any_more(outbox: Outbox) -> None:
    """Its report would be taken for that of the attempt under way."""
    lost = taken(outbox)
    outbox.resolve(lost, was_sent=False, by="Ana", now=LATER)
    taken(outbox, LATER)

    with pytest.raises(ConflictError, match=r"attempt 1 .* at attempt 2 .*resolved by Ana"):
        outbox.mark_sent(lost, now=LATER)
    with pytest.raises(ConflictError):
        outbox.resolve(lost, was_sent=True, by="Ben", now=LATER)
    assert [entry.state for entry in outbox.entries()] == ["sending"]


def test_many_senders_never_get_the_same(outbox: Outbox) -> None:
    """Each parcel goes to one of them."""
    for version in range(3, 32):
        outbox.enqueue(replace(MAIL, version=version), now=NOW)

    with ThreadPoolExecutor(10) as pool:
        given = [entry for entry in pool.map(lambda _: outbox.take_next(now=NOW), range(40)) if entry]

    assert sorted(entry.version for entry in given) == list(range(2, 32))


@pytest.mark.parametrize("is_reported", [True, False])
def test_what_was_sent_is_not_kept(outbox: Outbox, *, is_reported: bool) -> None:
    """That it was sent must be known for ever; what it said about people need not be."""
    entry = taken(outbox)

    if is_reported:
        outbox.mark_sent(entry, now=NOW)
    else:
        outbox.resolve(entry, was_sent=True, by="Ana", now=NOW)

    assert [(one.state, one.payload) for one in outbox.entries()] == [("sent", "")]


def test_a_sender_takes_only_what_it_can_send(outbox: Outbox) -> None:
    """What goes another way waits for another sender."""
    outbox.enqueue(replace(MAIL, channel="webhook"), now=NOW)

    (webhook, nothing) = (outbox.take_next(now=NOW, channels=("webhook",)) for _ in range(2))

    assert webhook is not None
    assert webhook.channel == "webhook"
    assert nothing is None


def test_an_organizer_may_have_what_failed_tried_again(outbox: Outbox) -> None:
    """Nothing of it had arrived; who said so is kept. What did not fail cannot be put in line a second time."""
    failed = taken(outbox)
    outbox.mark_failed(failed, why="no such mailbox", retry_at=None, now=NOW)

    outbox.try_again(failed, by="Ana", now=LATER)

    (entry,) = outbox.entries()
    assert (entry.state, entry.attempt, entry.payload, entry.resolved_by) == ("waiting", 1, "Come on Sunday.", "Ana")
    with pytest.raises(ConflictError):
        outbox.try_again(failed, by="Ben", now=LATER)


def test_addresses_and_letters_stand_in_no_repr(outbox: Outbox) -> None:
    """A log may print an entry."""
    assert "ana@example.org" not in f"{MAIL!r}{taken(outbox)!r}"
    assert "Sunday" not in f"{MAIL!r}{outbox.entries()!r}"
