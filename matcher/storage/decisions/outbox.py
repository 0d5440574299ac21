"""What is to be sent, each thing once: what was begun and never reported back is shown, not repeated."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from matcher.errors import ConflictError
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.schema import OUTBOX

_KEY = ("run_id", "suggestion", "version", "channel", "recipient")


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """One thing to send; the first five fields are its key.

    Attributes:
        run_id: The run.
        suggestion: The suggestion.
        version: Of the suggestion, as it was approved.
        channel: How: 'mail', 'webhook', …
        recipient: To whom, in that channel's words; not in any `repr`.
        payload: What; not in any `repr`. Empty once it was sent.
    """

    run_id: str
    suggestion: str
    version: int
    channel: str
    recipient: str = field(repr=False)
    payload: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry(Parcel):
    """A parcel and how far it is.

    Attributes:
        number: In the order in which they came.
        state: 'waiting', 'sending' (begun, and nothing heard since), 'sent' or 'failed' (for good).
        attempt: How often it was begun.
        at: When it came into this state.
        not_before: While it waits, when it may be begun.
        why: Why the last attempt failed, or empty.
        resolved_by: Who said what became of an attempt in doubt; None: nobody had to.
    """

    number: int
    state: str
    attempt: int
    at: datetime
    not_before: datetime
    why: str
    resolved_by: str | None


class Outbox:
    """Everything that was to be sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(self, *parcels: Parcel, now: datetime) -> int:
        """Put parcels in line, all or none; one whose key is known already changes nothing.

        Returns:
            How many are new.
        """
        with self._database.writing("outbox") as connection:
            return put_in_line(connection, parcels, now=now)

    def take_next(self, *, now: datetime, channels: Collection[str] | None = None) -> Entry | None:
        """Begin an attempt: it is on the disk that it was begun, before anything is sent. None: nothing is due.

        Args:
            now: The instant.
            channels: Those that can be sent by; None: all.
        """
        is_due = (OUTBOX.c.state == "waiting") & (OUTBOX.c.not_before <= now)
        is_due = is_due if channels is None else is_due & OUTBOX.c.channel.in_(channels)
        with self._database.writing("outbox") as connection:
            number = connection.execute(select(OUTBOX.c.number).where(is_due).order_by(OUTBOX.c.number)).scalar()
            if number is None:
                return None
            begun = update(OUTBOX).where(OUTBOX.c.number == number)
            connection.execute(begun.values(state="sending", attempt=OUTBOX.c.attempt + 1, at=now))
            return _entries(connection, OUTBOX.c.number == number)[0]

    def mark_sent(self, entry: Entry, *, now: datetime) -> None:
        """The attempt succeeded. What was sent is not kept; that it was, is.

        Raises:
            ConflictError: It is not under way any more: somebody resolved it meanwhile.
        """
        self._end(entry, state="sent", at=now, why="", payload="")

    def mark_failed(self, entry: Entry, *, why: str, retry_at: datetime | None, now: datetime) -> None:
        """The attempt failed, and for certain nothing arrived; None: there will be no other.

        Raises:
            ConflictError: It is not under way any more: somebody resolved it meanwhile.
        """
        if retry_at is None:
            self._end(entry, state="failed", at=now, why=why)
        else:
            self._end(entry, state="waiting", at=now, why=why, not_before=retry_at)

    def in_doubt(self, *, begun_before: datetime) -> Sequence[Entry]:
        """Attempts begun before an instant of which nothing was heard; they are never repeated by themselves.

        Take an instant before which no send that is still alive can have begun: now, less a sender's time limit.
        """
        return self.entries(state="sending", before=begun_before)

    def resolve(self, entry: Entry, *, was_sent: bool, by: str, now: datetime) -> None:
        """An organizer says what became of an attempt in doubt: it arrived, or it may be tried again.

        Raises:
            ConflictError: It is not in doubt any more.
        """
        if was_sent:
            self._end(entry, state="sent", at=now, resolved_by=by, payload="")
        else:
            self._end(entry, state="waiting", at=now, not_before=now, resolved_by=by)

    def try_again(self, entry: Entry, *, by: str, now: datetime) -> None:
        """An organizer puts what failed for good in line again: nothing of it had arrived.

        Raises:
            ConflictError: It did not fail, or is in line already.
        """
        self._end(entry, begun="failed", state="waiting", at=now, not_before=now, resolved_by=by)

    def entries(self, *, state: str | None = None, before: datetime | None = None) -> Sequence[Entry]:
        """All entries, or those of one state or come into it before an instant, in order."""
        which = OUTBOX.c.number > 0
        which = which if state is None else which & (OUTBOX.c.state == state)
        which = which if before is None else which & (OUTBOX.c.at < before)
        with self._database.reading() as connection:
            return _entries(connection, which)

    def ends(self, run_id: str) -> Mapping[str, Mapping[tuple[str, str], int]]:
        """By suggestion of a run, and then by channel and state, how many entries there are."""
        by = (OUTBOX.c.suggestion, OUTBOX.c.channel, OUTBOX.c.state)
        counted = select(*by, func.count()).where(OUTBOX.c.run_id == run_id).group_by(*by)
        found: dict[str, dict[tuple[str, str], int]] = {}
        with self._database.reading() as connection:
            for suggestion, channel, state, number in connection.execute(counted):
                found.setdefault(suggestion, {})[channel, state] = number
        return found

    def _end(self, entry: Entry, *, begun: str = "sending", **values: str | datetime) -> None:
        is_it = (OUTBOX.c.number == entry.number) & (OUTBOX.c.state == begun) & (OUTBOX.c.attempt == entry.attempt)
        with self._database.writing("outbox") as connection:
            if connection.execute(update(OUTBOX).where(is_it).values(**values)).rowcount:
                return
            now = _entries(connection, OUTBOX.c.number == entry.number)[0]
        raise ConflictError(
            f"attempt {entry.attempt} at sending entry {entry.number} is not under way any more; found it {now.state} "
            f"at attempt {now.attempt} since {now.at:%Y-%m-%d %H:%M:%S} UTC"
            + (f", resolved by {now.resolved_by}" if now.resolved_by else "")
            + "; nothing was changed"
        )


def put_in_line(connection: Connection, parcels: Collection[Parcel], *, now: datetime) -> int:
    """Put parcels in line within a transaction; how many are new."""
    if not parcels:
        return 0
    by_key = {tuple(getattr(one, name) for name in _KEY): one for one in parcels}
    of_runs = OUTBOX.c.run_id.in_({one.run_id for one in by_key.values()})
    known = {tuple(row) for row in connection.execute(select(*(OUTBOX.c[name] for name in _KEY)).where(of_runs))}
    state = {"state": "waiting", "attempt": 0, "at": now, "not_before": now, "why": ""}
    rows = [
        {**dict(zip(_KEY, key, strict=True)), **state, "payload": one.payload}
        for key, one in by_key.items()
        if key not in known
    ]
    if rows:
        connection.execute(insert(OUTBOX), rows)
    return len(rows)


def _entries(connection: Connection, which: ColumnElement[bool]) -> list[Entry]:
    rows = connection.execute(select(OUTBOX).where(which).order_by(OUTBOX.c.number)).mappings()
    return [Entry(**row) for row in rows]
