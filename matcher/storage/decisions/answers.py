"""What members answered by their links: only ever added to, and each link once."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from matcher.storage.decisions.database import Database
from matcher.storage.decisions.schema import ANSWERS
from matcher.tables.answered import Answer


class AnswerStore:
    """Everything members answered."""

    def __init__(self, database: Database) -> None:
        self._database = database

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


def read_answers(connection: Connection) -> Sequence[Answer]:
    """All answers, in the order in which they came."""
    return _read(connection, _ASKED)


_ASKED = select(*(ANSWERS.c[one.name] for one in fields(Answer))).order_by(ANSWERS.c.number)


def _read(connection: Connection, query: Select[Any]) -> Sequence[Answer]:
    return [Answer(**row) for row in connection.execute(query).mappings()]
