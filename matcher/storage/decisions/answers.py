"""What members answered by their links: only ever added to, and each link once."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from matcher.storage.decisions.database import Database
from matcher.storage.decisions.schema import ANSWERS, count_erasures
from matcher.tables.answered import Answer, Heard, hear


class AnswerStore:
    """Everything members answered. Threads may share one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._heard: tuple[tuple[int, int], Heard] | None = None

    def record(self, answer: Answer) -> bool:
        """Keep an answer; one by a link that was used already changes nothing.

        Returns:
            Whether it is new.
        """
        return self.record_all([answer])

    def record_all(self, answers: Sequence[Answer]) -> bool:
        """Keep answers that were given at once, all or none: if any of their links was used already, none.

        Returns:
            Whether they are new.
        """
        rows = [{one.name: getattr(answer, one.name) for one in fields(Answer)} for answer in answers]
        links = [answer.link for answer in answers]
        with self._database.writing("answers") as connection:
            is_known = connection.execute(select(ANSWERS.c.number).where(ANSWERS.c.link.in_(links))).first() is not None
            if rows and not is_known:
                connection.execute(insert(ANSWERS), rows)
        return not is_known

    def answers(self, run_id: str | None = None, *, member: str | None = None) -> Sequence[Answer]:
        """All answers, or those about one run, or those by one member, in the order in which they came."""
        query = _ASKED if run_id is None else _ASKED.where(ANSWERS.c.run_id == run_id)
        query = query if member is None else query.where(ANSWERS.c.member == member)
        with self._database.reading() as connection:
            return _read(connection, query)

    def heard(self) -> Heard:
        """What stands after all answers; the very same value until there are more, or somebody is forgotten."""
        counted = select(func.count()).select_from(ANSWERS)
        with self._database.reading() as connection:
            both = select(counted.scalar_subquery(), count_erasures().scalar_subquery())
            n_answers, n_erasures = connection.execute(both).one()
            known = self._heard
            if known is None or known[0] != (n_answers, n_erasures):
                known = self._heard = (n_answers, n_erasures), hear(read_answers(connection))
        return known[1]


def read_answers(connection: Connection) -> Sequence[Answer]:
    """All answers, in the order in which they came."""
    return _read(connection, _ASKED)


_ASKED = select(*(ANSWERS.c[one.name] for one in fields(Answer))).order_by(ANSWERS.c.number)


def _read(connection: Connection, query: Select[Any]) -> Sequence[Answer]:
    return [Answer(**row) for row in connection.execute(query).mappings()]
