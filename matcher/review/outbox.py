"""The page of what is on its way: what waits, what failed, and what nobody knows of until a person says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from matcher.errors import ConflictError, InputError
from matcher.publish.parcels import CHANNELS, TO_MEMBERS
from matcher.review.publishing import publisher_at
from matcher.review.visits import Page, Visit
from matcher.storage.decisions.outbox import Entry

MOST_SHOWN = 100

ARRIVED, AGAIN = "arrived", "again"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One entry on the page; never its address, nor what it says.

    Attributes:
        number: In the outbox.
        attempt: How often it was begun.
        run_id: Its run.
        suggestion: Its suggestion.
        channel: How.
        recipient: Name of the member; empty where it goes to none.
        at: When it came into its state.
        not_before: When it is tried.
        why: Why the last attempt failed.
    """

    number: int
    attempt: int
    run_id: str
    suggestion: str
    channel: str
    recipient: str
    at: datetime
    not_before: datetime
    why: str


def show(visit: Visit) -> Response:
    """Show how far everything is."""
    publisher = publisher_at(visit)
    entries = publisher.outbox.entries()
    doubtful = {one.number for one in publisher.in_doubt()}
    parts = {
        "doubtful": [one for one in entries if one.number in doubtful],
        "under_way": [one for one in entries if one.state == "sending" and one.number not in doubtful],
        "failed": [one for one in entries if one.state == "failed"],
        "waiting": [one for one in entries if one.state == "waiting"],
    }
    return visit.show(
        "outbox.html.jinja",
        counts=_counts(entries),
        totals={name: len(some) for name, some in parts.items()},
        most=MOST_SHOWN,
        parts={name: _lines(visit, some[:MOST_SHOWN]) for name, some in parts.items()},
    )


def resolve(visit: Visit) -> Response:
    """Take an organizer's word for what became of one entry: it arrived, or it is tried again."""
    publisher, entry = publisher_at(visit), _entry(visit)
    now, what = publisher.clock(), visit.said("what")
    if what not in (ARRIVED, AGAIN):
        raise InputError(f"it is not said what became of it; found {what[:20]!r}; needs '{ARRIVED}' or '{AGAIN}'")
    if entry.state == "failed" and what == AGAIN:
        publisher.outbox.try_again(entry, by=visit.name, now=now)
    elif entry.number in {one.number for one in publisher.in_doubt()}:
        publisher.outbox.resolve(entry, was_sent=what == ARRIVED, by=visit.name, now=now)
    else:
        raise ConflictError(f"entry {entry.number} is not in doubt; found it {entry.state}; load the page again")
    publisher.courier.go()
    words = "it arrived" if what == ARRIVED else "it is tried again"
    return visit.go("/outbox", told=f"Noted for entry {entry.number}: {words}")


def send_on(visit: Visit) -> Response:
    """Begin to send what is due."""
    publisher_at(visit).courier.go()
    return visit.go("/outbox", told="Sending what is due has begun")


def _entry(visit: Visit) -> Entry:
    """The entry that the form is about, if it is still at the attempt that was looked at."""
    number, attempt = visit.path["number"], visit.said("attempt")
    entry = next((one for one in publisher_at(visit).outbox.entries() if str(one.number) == number), None)
    if entry is None:
        raise InputError(f"the outbox has no such entry; found {number[:20]!r}; go back to the page Outbox")
    if str(entry.attempt) != attempt:
        raise ConflictError(
            f"entry {number} is not as it was when you looked; found attempt {entry.attempt}; load the page again"
        )
    return entry


def _counts(entries: Sequence[Entry]) -> list[tuple[str, Mapping[str, int]]]:
    """By channel how many entries are in each state; only channels that were used."""
    counted = Counter((one.channel, one.state) for one in entries)
    used = [channel for channel in CHANNELS if any(channel == known for known, _ in counted)]
    return [
        (channel, {state: counted[channel, state] for state in ("waiting", "sending", "sent", "failed")})
        for channel in used
    ]


def _lines(visit: Visit, entries: Sequence[Entry]) -> list[Line]:
    names: dict[str, Mapping[str, str]] = {}
    for run_id in {one.run_id for one in entries}:
        names[run_id] = _names(visit, run_id)
    shared = ("number", "attempt", "run_id", "suggestion", "channel", "at", "not_before", "why")
    return [
        Line(
            recipient=names[one.run_id].get(one.recipient, one.recipient) if one.channel in TO_MEMBERS else "",
            **{name: getattr(one, name) for name in shared},
        )
        for one in entries
    ]


def _names(visit: Visit, run_id: str) -> Mapping[str, str]:
    """Names of a run's members; none where the run is gone."""
    try:
        people = visit.desk.nights.night(run_id).dossier.people
    except InputError:
        return {}
    return {member: person.name for member, person in people.items()}


PAGES = (
    Page(path="/outbox", answer=show),
    Page(path="/outbox/send", answer=send_on, needs="organizer", is_form=True),
    Page(path="/outbox/{number}/resolve", answer=resolve, needs="organizer", is_form=True),
)
