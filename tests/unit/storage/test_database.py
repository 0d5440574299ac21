"""How the desk's database is opened, and how safely it writes."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from matcher.errors import InputError
from matcher.storage.decisions.database import Database


@pytest.mark.parametrize(
    ("setting", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)],
)
def test_sqlite_is_set_to_be_safe_and_patient(tmp_path: Path, setting: str, value: object) -> None:
    """Synchronous 2 is FULL: a commit is on the disk before anybody is told of it."""
    database = Database(tmp_path / "desk.sqlite")

    with database.reading() as connection:
        found = connection.execute(text(f"PRAGMA {setting}")).scalar()
    database.close()

    assert found == value


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """It holds hashes of passwords and what members said; so its folder is made, too."""
    Database(tmp_path / "deep" / "desk.sqlite").close()

    assert stat.S_IMODE((tmp_path / "deep" / "desk.sqlite").stat().st_mode) == 0o600


def test_a_file_that_is_no_database_stays_as_it_is(tmp_path: Path) -> None:
    """The message says which, and what to check."""
    path = tmp_path / "desk.sqlite"
    path.write_text("my notes " * 1_000, encoding="utf-8")

    with pytest.raises(InputError, match=r"cannot be opened.*desk\.sqlite"):
        Database(path)
    assert path.read_text(encoding="utf-8").startswith("my notes")


@pytest.mark.parametrize("url", ["mysql://root@localhost/desk", "sqlite://", "sqlite:///:memory:", "post gres://x"])
def test_other_databases_are_refused(url: str) -> None:
    """Those that no test ran on, and one that forgets."""
    with pytest.raises(InputError, match="needs sqlite:///PATH or postgresql://"):
        Database(url)


def test_no_password_of_a_database_is_shown(tmp_path: Path) -> None:
    """Neither where it cannot be reached, nor in its repr."""
    address = f"postgresql://desk:open-sesame@/desk?host={tmp_path}"

    with pytest.raises(InputError) as told:
        Database(address)

    assert "open-sesame" not in f"{told.value!r}{told.value.__cause__!r}"
    assert "***" in str(told.value)
