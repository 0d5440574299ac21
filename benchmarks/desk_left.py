"""What is left of the desk's decisions and parcels after a kill, held to what organizers and receivers know."""

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.desk_offices import Offices
from benchmarks.desk_organizers import Acknowledged
from matcher.publish.channels import CSV_FILE
from matcher.publish.parcels import FILE, RECEIVER, TO_MEMBERS, parcel_key
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.outbox import Entry, Outbox
from matcher.storage.decisions.schema import EVENTS
from matcher.storage.decisions.store import DecisionStore
from matcher.tables.decisions import Event, Members
from matcher.tables.drafts import Draft, Suggestion, draft_of

Key = tuple[str, str, str]
"""Suggestion, channel, recipient."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """One run as its database tells it now.

    Attributes:
        events: Its log.
        draft: What they come to.
        entries: Its part of the outbox.
        n_rows: How many events lie in the database, whole or not.
    """

    events: Sequence[Event]
    draft: Draft
    entries: Sequence[Entry]
    n_rows: int

    @property
    def published(self) -> list[Suggestion]:
        """What went out, or is about to."""
        return [one for one in self.draft.suggestions.values() if one.is_published]


def look(database: Database, run_id: str, plan: Mapping[str, Members]) -> Left:
    """Read everything about a run."""
    events = DecisionStore(database).events(run_id)
    with database.reading() as connection:
        n_rows = connection.execute(
            select(func.count()).select_from(EVENTS).where(EVENTS.c.run_id == run_id)
        ).scalar_one()
    entries = [one for one in Outbox(database).entries() if one.run_id == run_id]
    return Left(events=events, draft=draft_of(plan, events), entries=entries, n_rows=n_rows)


def count_lost(left: Left, acknowledged: Iterable[Acknowledged]) -> int:
    """How many acknowledged decisions are not in the log; what was published must be in the outbox as well."""
    known = {_mark(event.by, event.kind, event.touched, event.undoes, event.words) for event in left.events}
    out = {one.id: one for one in left.published}
    return sum(
        not ({*told.seen} <= {*out} and not missing(left, (out[one] for one in told.seen)))
        if told.kind == "publish"
        else _mark(told.by, told.kind, told.seen, told.undoes, told.words) not in known
        for told in acknowledged
    )


def count_torn(left: Left, plan: Mapping[str, Members]) -> int:
    """How many events are not whole: gaps in their numbers or versions, lists of nobody, a member in two seats."""
    numbers, seen = [event.number for event in left.events], dict[str, list[int]]()
    for event in left.events:
        for suggestion, version in event.touched.items():
            seen.setdefault(suggestion, []).append(version)
    members = {one for seated in plan.values() for one in seated}
    n_torn = sum(versions != list(range(len(versions))) for versions in seen.values())
    n_torn += numbers != list(range(1, left.n_rows + 1))
    for event in left.events:
        lists = event.lists.values()
        n_torn += not event.touched or bool(event.lists) != (event.kind == "change")
        n_torn += any(who is None or not {*who} <= members for who in lists)
    seated = Counter(
        member
        for one in left.draft.suggestions.values()
        if one.id.startswith("g-") and not one.is_rejected
        for member in one.members
    )
    return n_torn + sum(times > 1 for times in seated.values())


def missing(left: Left, published: Iterable[Suggestion]) -> set[Key]:
    """Parcels of what is published that are in no state at all."""
    return {key for one in published for key in _wanted(one)} - {
        (entry.suggestion, entry.channel, entry.recipient) for entry in left.entries
    }


def count_twice(lefts: Collection[Left], offices: Offices) -> int:
    """How many members and receivers had something more than once, or something that nobody has sent."""
    arrived = _arrived(lefts, offices)
    return sum(times > 1 for times in arrived.values()) + arrived[None]


def count_not_once(lefts: Mapping[str, Left], offices: Offices) -> int:
    """How many should have had something and had it not exactly once, or are not told to have had it."""
    arrived = _arrived(lefts.values(), offices)
    wanted = [
        (run_id, *key)
        for run_id, left in lefts.items()
        for one in left.published
        for key in _wanted(one)
        if key[1] in ("smtp", "webhook")
    ]
    unsent = sum(entry.state != "sent" for left in lefts.values() for entry in left.entries)
    return sum(arrived[one] != 1 for one in wanted) + unsent


def count_wrong_files(left: Left, folder: Path) -> int:
    """How many files of a run are not as they should be."""
    rows = csv.reader((folder / CSV_FILE).read_text(encoding="utf-8").splitlines()) if left.published else iter(())
    told = Counter((row[0], row[4]) for row in rows if row[0] != "suggestion")
    wanted = Counter((one.id, member) for one in left.published for member in one.members)
    n_letters, n_calendars = (len([*folder.glob(f"[!.]*.{end}")]) for end in ("eml", "ics"))
    return (told != wanted) + (n_letters != wanted.total()) + (n_calendars != len(left.published))


def _wanted(one: Suggestion) -> Iterator[Key]:
    yield from ((one.id, "csv", FILE), (one.id, "ics", FILE), (one.id, "webhook", RECEIVER))
    yield from ((one.id, channel, member) for channel in TO_MEMBERS for member in one.members)


def _arrived(lefts: Iterable[Left], offices: Offices) -> Counter[tuple[str, str, str, str] | None]:
    """By run, suggestion, channel and recipient how often it came; None: what belongs to no entry, or went astray."""
    known = {parcel_key(entry): entry for left in lefts for entry in left.entries}
    came: Counter[tuple[str, str, str, str] | None] = Counter()
    for message, address in offices.mails:
        entry = known.get(message.removeprefix("<").partition("@")[0])
        came[_place(entry) if entry and address == f"{entry.recipient}@example.org" else None] += 1
    came.update(_place(known.get(post.removeprefix("msg_"))) for post in offices.posts)
    return came


def _place(entry: Entry | None) -> tuple[str, str, str, str] | None:
    return (entry.run_id, entry.suggestion, entry.channel, entry.recipient) if entry else None


def _mark(by: str, kind: str, seen: Mapping[str, int], undoes: int | None, words: str) -> tuple[object, ...]:
    # An undo's page names the event; the versions that it touched are the desk's to find.
    touched = () if kind == "undo" else tuple(sorted(seen.items()))
    return by, kind, touched, undoes, words if kind in ("reject", "note") else ""
