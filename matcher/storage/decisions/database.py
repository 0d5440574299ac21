"""One database for everything the desk remembers: SQLite in a file by default, PostgreSQL by its address.

What was acknowledged is on the disk: a process killed at any moment, or a machine that loses its power, leaves whole
decisions and nothing else.
"""

import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from matcher.errors import EngineMissingError, InputError
from matcher.storage.decisions.schema import SCHEMA, SCHEMA_VERSION, TABLES

PATIENCE_S = 30
"""How long a writer waits for the others before it gives up."""


class Database:
    """The desk's database, made where there is none.

    Threads may share one; a process that forks makes its own.
    """

    def __init__(self, url: str | Path) -> None:
        """Open `url`: the path of a SQLite file, or `sqlite:///PATH`, or `postgresql://USER@HOST/NAME`.

        Raises:
            InputError: It cannot be opened, or a newer version of this program made it.
            EngineMissingError: It is PostgreSQL, and its driver is not installed.
        """
        self._engine = _engine_of(_read_url(url))
        try:
            _create(self._engine)
        except (DBAPIError, sqlite3.Error, OSError) as failed:
            self._engine.dispose()
            kind = type(getattr(failed, "orig", failed)).__name__
            raise InputError(
                f"the desk's database cannot be opened; {self} answered {kind}; check that it is there, that it is a "
                "database of the desk, and that you may write to it"
            ) from None
        except InputError:
            self._engine.dispose()
            raise

    def __repr__(self) -> str:
        return f"Database({self._engine.url.render_as_string(hide_password=True)!r})"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of everything, however long it looks."""
        with self._engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self, what: str) -> Iterator[Connection]:
        """A transaction; of those for the same `what` one at a time. It is on the disk when the block has ended."""
        with self._engine.connect().execution_options(is_writing=True) as connection, connection.begin():
            self.wait_in_line(connection, what)
            yield connection

    def wait_in_line(self, connection: Connection, what: str) -> None:
        """Within a transaction that writes: of those for the same `what` one at a time, until its end."""
        if connection.dialect.name == "postgresql":  # of SQLite there is only one at a time anyway
            _wait_in_line(connection, what)

    def scrub(self) -> None:
        """Write the database anew without what was removed from it: nothing of it stays in the files.

        What the server or the disk keeps elsewhere (write-ahead logs that are archived, copies) is not reached.
        """
        with self._engine.connect().execution_options(is_writing=None, isolation_level="AUTOCOMMIT") as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"VACUUM (FULL) {', '.join(TABLES.tables)}"))
                return
            # Beside SQLAlchemy, which would begin a transaction.
            raw: Any = connection.connection.dbapi_connection
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                raw.execute(statement).fetchall()

    def close(self) -> None:
        """Let go of all connections; using it again opens new ones."""
        self._engine.dispose()


def _read_url(url: str | Path) -> URL:
    if isinstance(url, Path) or "://" not in url:
        return URL.create("sqlite", database=str(url))
    try:
        read = make_url(url)
    except ArgumentError:
        raise InputError(
            "the address of the desk's database cannot be read; needs sqlite:///PATH or postgresql://USER@HOST/NAME"
        ) from None
    if read.get_backend_name() == "postgresql":
        return read.set(drivername="postgresql+psycopg")
    if read.get_backend_name() != "sqlite" or not read.database or read.database == ":memory:":
        raise InputError(
            f"the desk's database cannot be of this kind; found {read.get_backend_name()!r}; "
            "needs sqlite:///PATH or postgresql://USER@HOST/NAME"
        )
    return read


def _engine_of(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        # hide_parameters: an error must not print what a member answered, or a password's hash.
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": PATIENCE_S}, pool_timeout=PATIENCE_S)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        # Each writer waits for its turn, then sees all that was committed before it.
        return create_engine(
            url, hide_parameters=True, isolation_level="READ COMMITTED", pool_pre_ping=True, pool_timeout=PATIENCE_S
        )
    except ModuleNotFoundError as missing:
        raise EngineMissingError(
            "the driver for PostgreSQL is not installed; found no psycopg; install it with pip install '.[postgres]', "
            "or use a SQLite file"
        ) from missing


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own
    connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
    for setting in (f"busy_timeout = {PATIENCE_S * 1000}", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its place at once: one that had read before could only be refused, not made to wait.
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def _wait_in_line(connection: Connection, what: str) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE_S}s'"))
    connection.execute(
        text("SELECT pg_advisory_xact_lock(:key)"), {"key": zlib.crc32(b"matcher desk " + what.encode())}
    )


def _create(engine: Engine) -> None:
    """Make what is missing, once, however many begin at the same time."""
    if engine.dialect.name == "sqlite":
        _prepare_file(Path(str(engine.url.database)))
    with engine.connect().execution_options(is_writing=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            _wait_in_line(connection, "schema")
        is_new = not inspect(connection).has_table(SCHEMA.name)
        TABLES.create_all(connection)  # tables that came later are added
        if is_new:
            connection.execute(SCHEMA.insert().values(version=SCHEMA_VERSION))
        version = connection.execute(select(SCHEMA.c.version)).scalar_one()
    if version > SCHEMA_VERSION:
        raise InputError(
            f"a newer version of this program made the desk's database; found schema {version}; this one knows up to "
            f"{SCHEMA_VERSION}; upgrade, or name another database"
        )


def _prepare_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(path, timeout=PATIENCE_S)) as connection:
        if _journal(connection, "journal_mode") == "wal":
            return
        # The step to a write-ahead log refuses company instead of waiting for it.
        with FileLock(path.with_name(path.name + ".lock")):
            mode = _journal(connection, "journal_mode = WAL")
    if mode != "wal":
        raise InputError(f"{path} cannot keep a write-ahead log; found mode {mode}; put it on a local disk")


def _journal(connection: sqlite3.Connection, pragma: str) -> str:
    return str(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
