"""The databases on which the desk's memory is held to its promises: SQLite always, PostgreSQL where it is installed."""

import importlib.util
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from matcher.storage.decisions.database import Database
from tests.postgres import postgres_programs, postgres_server

_numbers = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a server of our own."""
    programs = postgres_programs()
    if programs is None or importlib.util.find_spec("psycopg") is None:
        pytest.skip("no PostgreSQL: needs initdb and pg_ctl, a user to run them, and pip install '.[postgres]'")
    with postgres_server(programs) as address:
        yield address


# One worker runs all that needs the server, so that one server is begun.
@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a new, empty database, one of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.sqlite'}"
    import psycopg  # noqa: PLC0415 - only where there is a server

    server = request.getfixturevalue("postgres")
    name = f"desk{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"{server}&options=-csearch_path%3D{name}"


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """The desk's database, new."""
    opened = Database(address)
    yield opened
    opened.close()
