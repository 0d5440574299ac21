"""What members answered by their links: only ever added to, and each link once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import insert, select

from matcher.errors import InputError
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.schema import ANSWERS
from matcher.tables.decisions import may_be_kept

ANSWER_KINDS: Mapping[str, str] = {
    "yes": "would like to",
    "not_now": "not now",
    "not_with": "not with this person; the other never learns of it",
    "pause": "wants no proposals for a while",
    "leave": "wants no proposals ever",
    "met": "they met",
    "not_met": "they did not meet",
    "good": "it was good",
    "bad": "it was not good",
    "again": "would meet them again",
    "not_again": "would not meet them again",
}
"""Everything a member may answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One answer of one member.

    Attributes:
        link: Id of the signed link and of what was answered by it, unique.
        run_id: The run.
        suggestion: The suggestion.
        member: Who answers.
        kind: One of ANSWER_KINDS.
        other: For `not_with` the person, elsewhere one it is about or None.
        at: When.

    Raises:
        InputError: It contradicts itself.
    """

    link: str
    run_id: str
    suggestion: str
    member: str
    kind: str
    other: str | None = None
    at: datetime

    def __post_init__(self) -> None:
        if self.kind not in ANSWER_KINDS:
            raise InputError(f"there is no such answer; found {self.kind!r}; needs one of {', '.join(ANSWER_KINDS)}")
        said = (self.link, self.run_id, self.suggestion, self.member, self.other or "nobody")
        if not all(map(may_be_kept, said)):
            raise InputError("an id of the answer is missing or cannot be seen; needs ids of visible characters")
        if (self.kind == "not_with" and not self.other) or self.other == self.member:
            raise InputError("the answer must say about which other person it is; found none, or the member")


class AnswerStore:
    """Everything members answered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, answer: Answer) -> bool:
        """Keep an answer; one by a link that was used already changes nothing.

        Returns:
            Whether it is new.
        """
        with self._database.writing("answers") as connection:
            is_known = connection.execute(select(ANSWERS.c.number).where(ANSWERS.c.link == answer.link)).first()
            if is_known is None:
                connection.execute(insert(ANSWERS), {one.name: getattr(answer, one.name) for one in fields(answer)})
        return is_known is None

    def answers(self, run_id: str | None = None) -> Sequence[Answer]:
        """All answers, or those about one run, in the order in which they came."""
        query = select(*(ANSWERS.c[one.name] for one in fields(Answer))).order_by(ANSWERS.c.number)
        if run_id is not None:
            query = query.where(ANSWERS.c.run_id == run_id)
        with self._database.reading() as connection:
            return [Answer(**row) for row in connection.execute(query).mappings()]
