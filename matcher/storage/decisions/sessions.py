"""Who is signed in: random tokens of which only a fingerprint is kept, and which end by themselves."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from matcher.storage.decisions.passwords import sha256
from matcher.storage.decisions.schema import ACCOUNTS, SESSIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionOptions:
    """How long one stays signed in.

    Attributes:
        idle: Without doing anything.
        absolute: At most.
        seen_every: How exactly it is noted that somebody did something: each note costs a write to the disk.
    """

    idle: timedelta = timedelta(hours=1)
    absolute: timedelta = timedelta(hours=12)
    seen_every: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """Somebody who is signed in.

    Attributes:
        name: Of the account.
        role: 'viewer', 'organizer' or 'admin', as it is now.
        created_at: When they signed in.
        last_seen: When they last did something, to `seen_every`.
        ends_at: When it ends at the latest, whatever they do.
    """

    name: str
    role: str
    created_at: datetime
    last_seen: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """What a right password brings.

    Attributes:
        token: For the cookie, and for nothing else: it stands nowhere in the database, in no log and in no `repr`.
        session: Whose it is.
    """

    token: str = field(repr=False)
    session: Session


def begin_session(connection: Connection, folded: str, now: datetime) -> str:
    """A new token for an account; the ones it had stay."""
    token = secrets.token_urlsafe(32)
    values = {"token_hash": sha256(token), "folded": folded, "created_at": now, "last_seen": now}
    connection.execute(insert(SESSIONS).values(**values))
    return token


def session_of(connection: Connection, token: str, now: datetime, options: SessionOptions) -> Session | None:
    """Who has this token; None: nobody, or not any more."""
    query = (
        select(ACCOUNTS.c.name, ACCOUNTS.c.role, SESSIONS.c.created_at, SESSIONS.c.last_seen)
        .join(ACCOUNTS, ACCOUNTS.c.folded == SESSIONS.c.folded)
        .where(SESSIONS.c.token_hash == sha256(token), ACCOUNTS.c.is_disabled == 0)
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    found = Session(**row, ends_at=row["created_at"] + options.absolute)
    return None if now >= min(found.ends_at, found.last_seen + options.idle) else found


def note_seen(connection: Connection, token: str, now: datetime) -> None:
    """They did something just now."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.token_hash == sha256(token)).values(last_seen=now))


def end_session(connection: Connection, token: str) -> None:
    """Make a token worthless; one that is nobody's is no fault."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == sha256(token)))


def end_sessions_of(connection: Connection, folded: str) -> None:
    """Make all tokens of an account worthless."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.folded == folded))


def sweep_sessions(connection: Connection, now: datetime, options: SessionOptions) -> None:
    """Forget what has ended."""
    is_old = (SESSIONS.c.created_at <= now - options.absolute) | (SESSIONS.c.last_seen <= now - options.idle)
    connection.execute(delete(SESSIONS).where(is_old))
