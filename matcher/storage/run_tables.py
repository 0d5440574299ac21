"""Tables that a run left behind, read again by the desk."""

from pathlib import Path

import polars as pl

from matcher.errors import InputError
from matcher.tables.base import Table


def read_run_table(run: Path, name: str, kind: type[Table]) -> pl.DataFrame:
    """Read the declared columns of a table; members are text, since the desk knows no other night's index.

    Args:
        run: Folder of the run.
        name: Of the file, without its ending.
        kind: What it holds.

    Raises:
        InputError: The run left none, another version left it, or it is damaged.
    """
    path = run / "tables" / f"{name}.parquet"
    try:
        return _as_text(kind, pl.read_parquet(path, columns=list(kind.columns)))
    except FileNotFoundError:
        raise InputError(
            f"the run {run.name} left no {name} for the desk; found no {path.name}; an older version planned it: "
            "start a new one with matcher run"
        ) from None
    except (OSError, pl.exceptions.PolarsError) as damage:
        raise InputError(
            f"{path} cannot be read; found {type(damage).__name__}; start a new run with matcher run"
        ) from damage


def no_rows(kind: type[Table]) -> pl.DataFrame:
    """The same of a run that has nothing of that kind any more."""
    return _as_text(kind, kind.none().frame)


def _as_text(kind: type[Table], frame: pl.DataFrame) -> pl.DataFrame:
    members = [column for column, one in kind.columns.items() if isinstance(one.dtype, type)]
    return frame.with_columns(pl.col(members).cast(pl.String))
