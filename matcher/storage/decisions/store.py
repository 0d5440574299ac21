"""The decisions of all runs, each added in one transaction and never changed."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, func, insert, select

from matcher.errors import RunError
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.outbox import Parcel, put_in_line
from matcher.storage.decisions.schema import EVENTS, TOUCHES, count_erasures
from matcher.tables.deciding import next_event
from matcher.tables.decisions import Decision, Event, Members
from matcher.tables.drafts import Draft, draft_of

_PARTS = tuple(column.name for column in EVENTS.columns)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """What a decision to publish sends.

    Attributes:
        parcels: What is put into the outbox.
        n_published_elsewhere: `n_published` of the other runs when it was looked at whom they told.
    """

    parcels: tuple[Parcel, ...]
    n_published_elsewhere: int


class DecisionStore:
    """What was decided; two who decide about one suggestion at once never both win.

    Threads may share one. Since events never change but where a member is forgotten, those of a run are read once, and
    then only the new ones.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[int, tuple[Event, ...]]] = {}

    def append(
        self,
        decision: Decision,
        suggestions: Mapping[str, Members],
        *,
        kept: Collection[str] = (),
        sending: Sending | None = None,
    ) -> int:
        """Take a decision, if all it touches is still as it was seen.

        Args:
            decision: What is wanted.
            suggestions: Members by id, as the night proposed them: whether a seat is still free is asked here, where
                nobody can come between.
            kept: Those of them that begin locked.
            sending: What is put into the outbox with the decision, or not at all.

        Returns:
            The number of the event. It is on the disk.

        Raises:
            ConflictError: Somebody decided first; the message says who, what and when.
            InputError: It was never possible.
            RunError: Another run was published since it was looked at what others told.
        """
        with self._database.writing(f"run {decision.run_id}") as connection:
            event = next_event(suggestions, self._events(connection, decision.run_id), decision, kept=kept)
            connection.execute(insert(EVENTS), _row(event))
            connection.execute(
                insert(TOUCHES),
                [
                    {"run_id": event.run_id, "suggestion": one, "version": seen, "number": event.number}
                    for one, seen in event.touched.items()
                ],
            )
            if sending:
                self._database.wait_in_line(connection, "publishing")
                _refuse_blind(connection, decision.run_id, sending.n_published_elsewhere)
                put_in_line(connection, sending.parcels, now=event.at)
        return event.number

    def n_published(self, *, but: str) -> int:
        """How many times anything of other runs than one was published."""
        with self._database.reading() as connection:
            return _n_published(connection, but)

    def events(self, run_id: str) -> Sequence[Event]:
        """Everything decided about a run, in order."""
        with self._database.reading() as connection:
            return self._events(connection, run_id)

    def all_events(self) -> Mapping[str, Sequence[Event]]:
        """Everything decided about each run about which anything was; the very same values until there are more."""
        counted = select(EVENTS.c.run_id, func.count()).group_by(EVENTS.c.run_id)
        with self._database.reading() as connection:
            n_erasures = int(connection.execute(count_erasures()).scalar_one())
            return {
                run_id: self._caught_up(connection, run_id, n_events, n_erasures)
                for run_id, n_events in connection.execute(counted).all()
            }

    def versions(self, run_id: str) -> Mapping[str, int]:
        """How many events touched each suggestion of a run; those never touched are not named."""
        counted = select(TOUCHES.c.suggestion, func.count()).where(TOUCHES.c.run_id == run_id)
        with self._database.reading() as connection:
            rows = connection.execute(counted.group_by(TOUCHES.c.suggestion))
            return dict(sorted((one, n_events) for one, n_events in rows))

    def draft(self, run_id: str, suggestions: Mapping[str, Members], *, kept: Collection[str] = ()) -> Draft:
        """A run's suggestions as they stand.

        Raises:
            InputError: They are not those that were decided on.
        """
        return draft_of(suggestions, self.events(run_id), kept=kept)

    def run_ids(self) -> Sequence[str]:
        """Runs about which anything was decided, ascending."""
        with self._database.reading() as connection:
            return read_run_ids(connection)

    def _events(self, connection: Connection, run_id: str) -> tuple[Event, ...]:
        counted = select(func.count()).select_from(EVENTS).where(EVENTS.c.run_id == run_id)
        both = select(counted.scalar_subquery(), count_erasures().scalar_subquery())
        n_events, n_erasures = connection.execute(both).one()
        return self._caught_up(connection, run_id, n_events, n_erasures)

    def _caught_up(self, connection: Connection, run_id: str, n_events: int, n_erasures: int) -> tuple[Event, ...]:
        read_at, known = self._known.get(run_id, (n_erasures, ()))
        # Somebody was forgotten since, or an earlier state of the database was brought back under us.
        if read_at != n_erasures or n_events < len(known):
            known = ()
        if n_events > len(known):
            known = (*known, *read_events(connection, run_id, after=len(known)))
        self._known[run_id] = n_erasures, known
        return known


def _refuse_blind(connection: Connection, run_id: str, n_known: int) -> None:
    """Refuse to publish past another run that was published in between: it may have told the same people."""
    if _n_published(connection, run_id) != n_known:
        raise RunError(
            "another night was published at this very moment, and this one was not; load the page again, then publish"
        )


def _n_published(connection: Connection, but: str) -> int:
    is_other = (EVENTS.c.kind == "publish") & (EVENTS.c.run_id != but)
    return int(connection.execute(select(func.count()).select_from(EVENTS).where(is_other)).scalar_one())


def _row(event: Event) -> dict[str, object]:
    plain = {name: getattr(event, name) for name in _PARTS}
    return {**plain, "lists": json.dumps(event.lists, ensure_ascii=False)}


def read_run_ids(connection: Connection) -> Sequence[str]:
    """Runs about which anything was decided, ascending."""
    return sorted(connection.execute(select(EVENTS.c.run_id).distinct()).scalars())


def read_events(connection: Connection, run_id: str, *, after: int = 0) -> Sequence[Event]:
    """Everything decided about a run after so many events, in order."""
    # One statement, so that an event and what it touched are of one moment.
    whole = (
        select(EVENTS, TOUCHES.c.suggestion, TOUCHES.c.version)
        .join(TOUCHES, (TOUCHES.c.run_id == EVENTS.c.run_id) & (TOUCHES.c.number == EVENTS.c.number))
        .where(EVENTS.c.run_id == run_id, EVENTS.c.number > after)
        .order_by(EVENTS.c.number)
    )
    events: list[Event] = []
    for _, rows in groupby(connection.execute(whole).mappings(), key=itemgetter("number")):
        touches = list(rows)
        parts = {name: touches[0][name] for name in _PARTS}
        touched = {row["suggestion"]: row["version"] for row in touches}
        events.append(Event(**{**parts, "lists": json.loads(parts["lists"])}, touched=touched))
    return events
