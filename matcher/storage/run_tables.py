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
    members = [column for column, one in kind.columns.items() if isinstance(one.dtype, type)]
    try:
        return pl.read_parquet(path, columns=list(kind.columns)).with_columns(pl.col(members).cast(pl.String))
    except FileNotFoundError:
        raise InputError(
            f"the run {run.name} left no {name} for the desk; found no {path.name}; an older version planned it: "
            "start a new one with matcher run"
        ) from None
    except (OSError, pl.exceptions.PolarsError) as damage:
        raise InputError(
            f"{path} cannot be read; found {type(damage).__name__}; start a new run with matcher run"
        ) from damage
