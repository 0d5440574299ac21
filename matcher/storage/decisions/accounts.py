"""Accounts of organizers: who they are, what they may do, and how they sign in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from matcher.errors import AccountError
from matcher.storage.decisions.attempts import AttemptOptions, count_attempt, forgive
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.passwords import Passwords, clean_name, folded_name
from matcher.storage.decisions.schema import ACCOUNTS
from matcher.storage.decisions.sessions import (
    Session,
    SessionOptions,
    SignedIn,
    begin_session,
    end_session,
    end_sessions_of,
    note_seen,
    session_of,
    sweep_sessions,
)

ROLES: Mapping[str, str] = {
    "viewer": "may look",
    "organizer": "may decide and publish",
    "admin": "may also manage accounts",
}
"""What an account may do, the least first; each may do what the ones before it may."""

_WRONG = "the name or the password is wrong; nobody was signed in; try again, or ask an admin"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskAccount:
    """An organizer's account, without its password.

    Attributes:
        name: As it is shown.
        role: One of ROLES.
        is_disabled: Whether nobody can sign in with it.
        created_at: When it was added.
    """

    name: str
    role: str
    is_disabled: bool
    created_at: datetime


class AccountStore:
    """Accounts, their passwords, and who is signed in."""

    def __init__(
        self,
        database: Database,
        *,
        passwords: Passwords | None = None,
        attempts: AttemptOptions | None = None,
        sessions: SessionOptions | None = None,
    ) -> None:
        self._database = database
        self._passwords = passwords or Passwords()
        self._attempts = attempts or AttemptOptions()
        self._sessions = sessions or SessionOptions()

    def add(self, name: str, password: str, role: str, *, now: datetime) -> None:
        """Add an account.

        Raises:
            AccountError: The name is taken (its case does not count) or cannot be used, or so the password or the role.
        """
        shown, kept = clean_name(name), self._passwords.hash(password)
        _check_role(role)
        values = {"folded": folded_name(shown), "name": shown, "role": role, "password_hash": kept}
        with self._database.writing("accounts") as connection:
            if _find(connection, shown) is not None:
                raise AccountError(f"there is an account of this name; found {shown!r}; choose another name")
            connection.execute(insert(ACCOUNTS).values(**values, is_disabled=0, created_at=now))

    def change_password(self, name: str, password: str) -> None:
        """Give an account another password; whoever is signed in with it is signed out.

        Raises:
            AccountError: There is no such account, or the password cannot be used.
        """
        self._change(name, password_hash=self._passwords.hash(password))

    def change_role(self, name: str, role: str) -> None:
        """Let an account do more or less, from its next click on.

        Raises:
            AccountError: There is no such account or role, or no admin would be left.
        """
        _check_role(role)
        self._change(name, role=role)

    def disable(self, name: str) -> None:
        """Let nobody sign in with an account; whoever is, is signed out. What it decided stays.

        Raises:
            AccountError: There is no such account, or no admin would be left.
        """
        self._change(name, is_disabled=1)

    def enable(self, name: str) -> None:
        """Let an account be used again.

        Raises:
            AccountError: There is no such account.
        """
        self._change(name, is_disabled=0)

    def accounts(self) -> Sequence[DeskAccount]:
        """All accounts, the disabled ones too, by name."""
        columns = [ACCOUNTS.c[name] for name in ("name", "role", "is_disabled", "created_at")]
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns)).mappings()
            found = [DeskAccount(**{**row, "is_disabled": bool(row["is_disabled"])}) for row in rows]
        return sorted(found, key=lambda one: folded_name(one.name))

    def sign_in(self, name: str, password: str, *, address: str, now: datetime) -> SignedIn:
        """Begin a session, with a token that nobody had before.

        An unknown name, a disabled account and a wrong password cost the same work and get the same answer.

        Args:
            name: In any case.
            password: As typed.
            address: Where the attempt comes from.
            now: The instant.

        Raises:
            AccountError: Something is wrong, and it is not said what.
            TooManyAttemptsError: Something was wrong too often; the password was not looked at.
        """
        with self._database.writing("attempts") as connection:
            number = count_attempt(connection, name, address, now, self._attempts)
        with self._database.reading() as connection:
            row = _find(connection, name)
        kept = None if row is None else str(row["password_hash"])
        is_right = self._passwords.is_right(password, kept)
        if row is None or kept is None or not is_right or row["is_disabled"]:
            raise AccountError(_WRONG)
        # Some hashes are made while nobody waits for the database.
        fresh = self._passwords.hash(password) if self._passwords.is_outdated(kept) else kept
        with self._database.writing("accounts") as connection:
            return self._welcome(connection, str(row["folded"]), kept, fresh, now=now, attempt=number)

    def session(self, token: str, *, now: datetime) -> Session | None:
        """Who is signed in with a token; None: nobody, or not any more."""
        with self._database.reading() as connection:
            found = session_of(connection, token, now, self._sessions)
        if found is not None and now >= found.last_seen + self._sessions.seen_every:
            with self._database.writing("accounts") as connection:
                note_seen(connection, token, now)
        return found

    def sign_out(self, token: str) -> None:
        """Make a token worthless."""
        with self._database.writing("accounts") as connection:
            end_session(connection, token)

    def _welcome(
        self, connection: Connection, folded: str, kept: str, fresh: str, *, now: datetime, attempt: int
    ) -> SignedIn:
        row = _find(connection, folded)
        if row is None or row["is_disabled"] or row["password_hash"] != kept:
            raise AccountError(_WRONG)  # changed while the password was being looked at
        if fresh != kept:
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.folded == folded).values(password_hash=fresh))
        forgive(connection, attempt, folded)
        sweep_sessions(connection, now, self._sessions)
        token = begin_session(connection, folded, now)
        session = session_of(connection, token, now, self._sessions)
        if session is None:
            raise AccountError(_WRONG)
        return SignedIn(token=token, session=session)

    def _change(self, name: str, **values: str | int) -> None:
        with self._database.writing("accounts") as connection:
            row = _find(connection, name)
            if row is None:
                raise AccountError(f"there is no account of this name; found {name!r}; matcher accounts lists them")
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.folded == row["folded"]).values(**values))
            is_admin = (ACCOUNTS.c.role == "admin") & (ACCOUNTS.c.is_disabled == 0)
            was_admin = row["role"] == "admin" and not row["is_disabled"]
            if was_admin and connection.execute(select(ACCOUNTS.c.name).where(is_admin)).first() is None:
                raise AccountError(f"no admin would be left; found only {row['name']!r}; make another admin first")
            end_sessions_of(connection, row["folded"])


def _find(connection: Connection, name: str) -> RowMapping | None:
    return connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.folded == folded_name(name))).mappings().one_or_none()


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise AccountError(f"there is no such role; found {role!r}; needs one of {', '.join(ROLES)}")
