"""Everything that the desk remembers, at one moment: what a night reads of it, while organizers go on deciding."""

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.storage.decisions.answers import read_answers
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.store import read_events, read_run_ids
from matcher.tables.answered import Answer
from matcher.tables.decisions import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """All of one moment.

    Attributes:
        events: By run everything decided about it, in order.
        answers: Everything that members answered, in order.
    """

    events: Mapping[str, tuple[Event, ...]]
    answers: tuple[Answer, ...]


def remember(database: Database) -> Memory:
    """Read everything, as it is at this moment; nothing is written."""
    with database.reading() as connection:
        return Memory(
            events={run_id: tuple(read_events(connection, run_id)) for run_id in read_run_ids(connection)},
            answers=tuple(read_answers(connection)),
        )
