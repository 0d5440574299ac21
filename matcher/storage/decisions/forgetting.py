"""Forgetting one member in the desk's database: the one way in which what was only ever added to is changed.

Who decided what, when and why stays; the member in it becomes a pseudonym. For this the triggers that keep the log are
lifted, within one transaction: whoever looks sees the log of before or of after, and no other writer comes between.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, or_, select, text, update

from matcher.storage.decisions.database import Database
from matcher.storage.decisions.schema import ANSWERS, APPEND_ONLY, ERASURES, EVENTS, OUTBOX

FORGOTTEN_WHY = "a member of it was forgotten"
"""What stands beside a parcel that is not sent any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """What was changed in the database.

    Attributes:
        n_events: Decisions that named the member, or whose words did.
        n_answers: Answers of the member, removed, and of others about the member, removed or kept under the pseudonym.
        n_parcels: Things to send to or about the member, emptied.
    """

    n_events: int
    n_answers: int
    n_parcels: int


def erase_member(database: Database, member: str, *, pseudonym: str, names: Sequence[str] = ()) -> Erased:
    """Take a member out of the database for good, and let no byte of it lie in the file.

    Of others' answers only that they do not want to meet this member stays, under the pseudonym, so that it holds
    again if the member ever comes back.

    Args:
        database: The desk's.
        member: Their id.
        pseudonym: What stands in its place; always the same for one member.
        names: What else they are called in the words of organizers, as whole words.
    """
    with database.writing("forgetting") as connection, _unguarded(connection):
        erased = Erased(
            n_events=_erase_events(connection, member, pseudonym, names),
            n_answers=_erase_answers(connection, member, pseudonym),
            n_parcels=_erase_parcels(connection, member, pseudonym),
        )
    database.scrub()
    return erased


def readmit_member(database: Database, member: str, *, pseudonym: str) -> int:
    """Let others' wishes not to meet somebody hold again who was forgotten and comes back.

    Returns:
        How many there are.
    """
    with database.writing("forgetting") as connection, _unguarded(connection):
        is_about = ANSWERS.c.other == pseudonym
        return connection.execute(update(ANSWERS).where(is_about).values(other=member)).rowcount


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """Lift the triggers of the log, and put the very same back; undone with the transaction if it fails.

    It is noted that rows were rewritten, so that an open desk forgets what it has read.
    """
    connection.execute(insert(ERASURES))
    tables = [table.name for table in APPEND_ONLY]
    if connection.dialect.name == "postgresql":
        for table in tables:  # waits for whoever writes to it, and lets nobody in until the end
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        return
    found = connection.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"))
    triggers = {name: sql for name, table, sql in found if table in tables}
    for name in triggers:
        connection.execute(text(f"DROP TRIGGER {name}"))
    yield
    for sql in triggers.values():
        connection.exec_driver_sql(sql)


def _erase_events(connection: Connection, member: str, pseudonym: str, names: Sequence[str]) -> int:
    rows = connection.execute(select(EVENTS.c.run_id, EVENTS.c.number, EVENTS.c.lists, EVENTS.c.words)).all()
    said = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in (member, *names)), re.IGNORECASE)
    n_events = 0
    for run_id, number, lists, words in rows:
        values = {"lists": _renamed(lists, member, pseudonym), "words": said.sub(pseudonym, words)}
        if values != {"lists": lists, "words": words}:
            is_it = (EVENTS.c.run_id == run_id) & (EVENTS.c.number == number)
            connection.execute(update(EVENTS).where(is_it).values(values))
            n_events += 1
    return n_events


def _renamed(lists: str, member: str, pseudonym: str) -> str:
    read = json.loads(lists)
    if not any(member in (members or ()) for members in read.values()):
        return lists
    changed = {
        one: members and sorted(pseudonym if who == member else who for who in members) for one, members in read.items()
    }
    return json.dumps(changed, ensure_ascii=False)


def _erase_answers(connection: Connection, member: str, pseudonym: str) -> int:
    is_theirs, is_about, shuns = ANSWERS.c.member == member, ANSWERS.c.other == member, ANSWERS.c.kind == "not_with"
    takes_back = ANSWERS.c.kind == "with_again"
    kept = connection.execute(update(ANSWERS).where(is_about & (shuns | takes_back)).values(other=pseudonym))
    gone = connection.execute(delete(ANSWERS).where(or_(is_theirs, is_about)))
    return kept.rowcount + gone.rowcount


def _erase_parcels(connection: Connection, member: str, pseudonym: str) -> int:
    """Empty what names the member, so that it is not sent any more; that something was sent stays."""
    quoted = json.dumps(member, ensure_ascii=False)
    rows = connection.execute(select(OUTBOX.c.number, OUTBOX.c.recipient, OUTBOX.c.payload, OUTBOX.c.state)).all()
    n_parcels = 0
    for number, recipient, payload, state in rows:
        is_named = quoted in payload
        if not is_named and recipient != member:
            continue
        values = {"recipient": pseudonym if recipient == member else recipient}
        if is_named:
            values["payload"] = ""
        if state != "sent":
            values |= {"state": "failed", "why": FORGOTTEN_WHY}
        connection.execute(update(OUTBOX).where(OUTBOX.c.number == number).values(values))
        n_parcels += 1
    return n_parcels
