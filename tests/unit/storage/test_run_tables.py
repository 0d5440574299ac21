"""Tables of a run, read again without its index of members."""

from pathlib import Path

import polars as pl
import pytest

from matcher.errors import InputError
from matcher.storage.run_tables import read_run_table
from matcher.tables.history import Waits


def _left(run: Path, content: bytes | None = None) -> Path:
    path = run / "tables" / "waits.parquet"
    path.parent.mkdir(parents=True)
    if content is None:
        members = pl.Series("member", ["ana", "ben"], dtype=pl.Enum(["ana", "ben", "cem"]))
        pl.DataFrame({"member": members, "n_rounds": pl.Series([1, 2], dtype=pl.UInt32)}).write_parquet(path)
    else:
        path.write_bytes(content)
    return run


def test_members_come_back_as_text(tmp_path: Path) -> None:
    """The desk compares members of several nights, whose enumerations differ."""
    read = read_run_table(_left(tmp_path / "run"), "waits", Waits)

    assert read.rows() == [("ana", 1), ("ben", 2)]
    assert read.schema["member"] == pl.String


def test_a_missing_table_says_what_to_do(tmp_path: Path) -> None:
    """An older version planned the run."""
    with pytest.raises(InputError, match="left no waits for the desk"):
        read_run_table(tmp_path, "waits", Waits)


def test_a_damaged_table_is_refused(tmp_path: Path) -> None:
    """It is no fault of the desk's."""
    with pytest.raises(InputError, match="cannot be read"):
        read_run_table(_left(tmp_path / "run", b"no parquet"), "waits", Waits)
