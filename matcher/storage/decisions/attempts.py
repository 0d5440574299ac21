"""How often somebody may try a password: counted by name and by address, in the database, over a sliding window."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from matcher.errors import TooManyAttemptsError
from matcher.storage.decisions.passwords import folded_address, folded_name, sha256
from matcher.storage.decisions.schema import ATTEMPTS


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptOptions:
    """How many wrong passwords are too many.

    Attributes:
        per_name: For one name within the window, from wherever.
        per_address: From one address within the window, for whatever names.
        window: How long an attempt is remembered.
    """

    per_name: int = 10
    per_address: int = 50
    window: timedelta = timedelta(minutes=15)


def count_attempt(connection: Connection, name: str, address: str, now: datetime, options: AttemptOptions) -> int:
    """Note an attempt before it is made, so that many at once cannot slip through.

    Returns:
        Its number, for `forgive`.

    Raises:
        TooManyAttemptsError: One more would be too many; nothing is noted.
    """
    connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.at <= now - options.window))
    by_name = (ATTEMPTS.c.name_hash == sha256(folded_name(name))) & (ATTEMPTS.c.counts_for_name == 1)
    by_address = ATTEMPTS.c.address_hash == sha256(folded_address(address))
    _refuse_more(connection, by_name, options.per_name, options.window)
    _refuse_more(connection, by_address, options.per_address, options.window)
    hashes = {"name_hash": sha256(folded_name(name)), "address_hash": sha256(folded_address(address))}
    noted = insert(ATTEMPTS).values(**hashes, at=now, counts_for_name=1).returning(ATTEMPTS.c.number)
    return int(connection.execute(noted).scalar_one())


def forgive(connection: Connection, number: int, name: str) -> None:
    """An attempt was right: it does not count, and the wrong ones before it do not count for the name any more.

    They still count for the address: who has one account must not get more tries at the others by it.
    """
    connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.number == number))
    by_name = ATTEMPTS.c.name_hash == sha256(folded_name(name))
    connection.execute(update(ATTEMPTS).where(by_name).values(counts_for_name=0))


def _refuse_more(connection: Connection, which: ColumnElement[bool], at_most: int, window: timedelta) -> None:
    times = list(connection.execute(select(ATTEMPTS.c.at).where(which).order_by(ATTEMPTS.c.at)).scalars())
    if len(times) >= at_most:
        retry_at = times[len(times) - at_most] + window
        raise TooManyAttemptsError(
            f"too many wrong passwords; found {len(times)}; try again at {retry_at:%H:%M:%S} UTC", retry_at=retry_at
        )
