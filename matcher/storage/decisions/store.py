"""The decisions of all runs, each added in one transaction and never changed."""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, func, insert, select

from matcher.storage.decisions.database import Database
from matcher.storage.decisions.schema import EVENTS, TOUCHES
from matcher.tables.deciding import next_event
from matcher.tables.decisions import Decision, Event, Members
from matcher.tables.drafts import Draft, draft_of

_PARTS = tuple(column.name for column in EVENTS.columns)


class DecisionStore:
    """What was decided; two who decide about one suggestion at once never both win.

    Threads may share one. Since events never change, those of a run are read once, and then only the new ones.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[Event, ...]] = {}

    def append(self, decision: Decision, suggestions: Mapping[str, Members]) -> int:
        """Take a decision, if all it touches is still as it was seen.

        Args:
            decision: What is wanted.
            suggestions: Members by id, as the night proposed them: whether a seat is still free is asked here, where
                nobody can come between.

        Returns:
            The number of the event. It is on the disk.

        Raises:
            ConflictError: Somebody decided first; the message says who, what and when.
            InputError: It was never possible.
        """
        with self._database.writing(f"run {decision.run_id}") as connection:
            event = next_event(suggestions, self._events(connection, decision.run_id), decision)
            connection.execute(insert(EVENTS), _row(event))
            connection.execute(
                insert(TOUCHES),
                [
                    {"run_id": event.run_id, "suggestion": one, "version": seen, "number": event.number}
                    for one, seen in event.touched.items()
                ],
            )
        return event.number

    def events(self, run_id: str) -> Sequence[Event]:
        """Everything decided about a run, in order."""
        with self._database.reading() as connection:
            return self._events(connection, run_id)

    def versions(self, run_id: str) -> Mapping[str, int]:
        """How many events touched each suggestion of a run; those never touched are not named."""
        counted = select(TOUCHES.c.suggestion, func.count()).where(TOUCHES.c.run_id == run_id)
        with self._database.reading() as connection:
            rows = connection.execute(counted.group_by(TOUCHES.c.suggestion))
            return dict(sorted((one, n_events) for one, n_events in rows))

    def draft(self, run_id: str, suggestions: Mapping[str, Members]) -> Draft:
        """A run's suggestions as they stand.

        Raises:
            InputError: They are not those that were decided on.
        """
        return draft_of(suggestions, self.events(run_id))

    def run_ids(self) -> Sequence[str]:
        """Runs about which anything was decided, ascending."""
        with self._database.reading() as connection:
            return read_run_ids(connection)

    def _events(self, connection: Connection, run_id: str) -> tuple[Event, ...]:
        known = self._known.get(run_id, ())
        counted = select(func.count()).select_from(EVENTS).where(EVENTS.c.run_id == run_id)
        n_events = connection.execute(counted).scalar_one()
        if n_events < len(known):  # an earlier state of the database was brought back under us
            known = ()
        if n_events > len(known):
            known = (*known, *read_events(connection, run_id, after=len(known)))
        self._known[run_id] = known
        return known


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
