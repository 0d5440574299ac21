"""A table of pair weights, from CSV, Parquet or the MDGPLIB text format: which of them, the content says.

Here are CSV and Parquet. Any fault refuses the whole file, for a group that is best but for one lost row is not best.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from matcher.errors import SourceError
from matcher.sources.clean_text import is_id
from matcher.sources.lines import numbered_lines
from matcher.sources.mdgplib import is_mdgplib, read_mdgplib
from matcher.sources.table_files import read_raw_csv
from matcher.sources.values import ids, numbers
from matcher.tables.pair_weights import LARGEST_WEIGHT, PairWeights
from matcher.units import Flags, Rows

COLUMNS = ("a", "b", "weight")
_PARQUET_BEGINS = b"PAR1"
_DIGITS = re.compile("([0-9]+)")


def read_pair_weights(path: Path) -> PairWeights:
    """Read one file; its members are numbered in natural order (m2 before m10), whatever the order of its rows.

    Raises:
        SourceError: It cannot be read, or something in it is wrong: what, where, and what to do.

    Cost: about a second for a million pairs.
    """
    if path.exists() and not path.is_file():
        raise SourceError(f"{path} is no file; found a folder or a device; give a CSV, Parquet or MDGPLIB file")
    _, first_line = next(numbered_lines(path)) if not _is_parquet(path) else (1, None)
    if first_line is None:
        return _weighed(_read_parquet(path))
    if is_mdgplib(first_line):
        return read_mdgplib(path)
    header = _header(path, first_line)
    try:
        return _weighed(_read_plain_csv(path, header))
    except (SourceError, pl.exceptions.PolarsError):
        return _weighed(_read_any_csv(path, header))  # slower; knows the line of each row, whatever the file looks like


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Pairs:
    """Rows as the file has them: columns a and b as text, weight as text or number.

    Attributes:
        place: What stands between the file's name and a row's number.
        lines: The number of each row.
    """

    path: Path
    frame: pl.DataFrame
    lines: pl.Series
    place: str = ":"

    def refuse_any(self, wrong: pl.Series | Flags, *, what: str, remedy: str) -> None:
        """Refuse the file if any row is wrong, naming the first."""
        rows = np.flatnonzero(np.asarray(wrong))
        if rows.size:
            others = f" and {rows.size - 1} more like it" if rows.size > 1 else ""
            raise SourceError(f"{self.path}{self.place}{self.lines[int(rows[0])]}: {what}{others}; {remedy}")


def _is_parquet(path: Path) -> bool:
    if path.suffix.lower() == ".parquet":
        return True
    try:
        with path.open("rb") as file:
            return file.read(len(_PARQUET_BEGINS)) == _PARQUET_BEGINS
    except OSError:
        return False  # the reader of lines says what is wrong


def _read_parquet(path: Path) -> _Pairs:
    """Read three columns; ids may be text or whole numbers, weights any numbers."""
    try:
        schema = pl.read_parquet_schema(path)
        chosen = _columns(path, list(schema))
        frame = pl.read_parquet(path, columns=chosen).select(pl.col(chosen[i]).alias(COLUMNS[i]) for i in range(3))
    except FileNotFoundError as missing:
        raise SourceError(f"{path} is missing; found no such file; check the path, or export it again") from missing
    except (pl.exceptions.PolarsError, OSError) as broken:
        raise SourceError(
            f"{path} cannot be read as Parquet; found a file that is empty, cut off or of another kind; export it again"
        ) from broken
    for name, dtype in frame.schema.items():
        is_text = dtype == pl.String or isinstance(dtype, pl.Categorical | pl.Enum)
        if not (is_text or dtype.is_integer() or (name == "weight" and dtype.is_numeric())):
            needs = "numbers" if name == "weight" else "text or whole numbers"
            raise SourceError(f"{path}: column {name} cannot be used; found {dtype}; store it as {needs}")
    frame = frame.with_columns(pl.col("a", "b").cast(pl.String), pl.col("weight").cast(pl.String))
    return _Pairs(
        path=path, frame=frame, lines=pl.int_range(1, frame.height + 1, dtype=pl.Int64, eager=True), place=", row "
    )


def _read_plain_csv(path: Path, header: "_Header") -> _Pairs:
    """Read a file with a row on every line, fast."""
    schema = {str(i): pl.String() for i in range(header.n_columns)}
    frame = pl.read_csv(path, has_header=False, skip_rows=1, schema=schema, separator=header.separator)
    return _Pairs(
        path=path,
        frame=frame.select(pl.col(str(header.places[i])).alias(COLUMNS[i]) for i in range(3)),
        lines=pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True),
    )


def _read_any_csv(path: Path, header: "_Header") -> _Pairs:
    """Read a file that may hold anything, line by line."""
    raw = read_raw_csv(path)
    if raw.malformed:
        others = f" and {len(raw.malformed) - 1} more like it" if len(raw.malformed) > 1 else ""
        raise SourceError(
            f"{path}:{raw.malformed[0]}: the row cannot be read; found more or fewer fields than in the header, or a "
            f"quote out of place{others}; repair the line, or export the file again"
        )
    frame = raw.frame.select(pl.col(header.names[i]).alias(COLUMNS[i]) for i in range(3))
    return _Pairs(path=path, frame=frame, lines=raw.lines)


class _Header(NamedTuple):
    """The first line of a CSV file: how many columns, and where a, b and weight stand and under which names."""

    separator: str
    n_columns: int
    places: list[int]
    names: list[str]


def _header(path: Path, line: str) -> _Header:
    separator = max(",;\t", key=line.count)
    try:
        found = next(csv.reader([line], delimiter=separator))
    except csv.Error as wrong:
        raise SourceError(
            f"{path}:1: the header cannot be read; found a line end of an old kind; save it with ordinary line ends"
        ) from wrong
    names = _columns(path, found)
    return _Header(separator, len(found), [found.index(name) for name in names], names)


def _columns(path: Path, found: list[str]) -> list[str]:
    """Say under which names a, b and weight stand; no column is named in a message, it may be a member's words."""
    chosen = []
    for wanted in COLUMNS:
        same = [name for name in found if name.strip().lower() == wanted]
        if len(same) != 1:
            raise SourceError(
                f"{path}:1: not one column '{wanted}'; found {len(same)} of that name among {len(found)} columns; "
                f"begin a table with the line {','.join(COLUMNS)}, then a pair a line (or MDGPLIB text with: 120 10 ss)"
            )
        chosen += same
    return chosen


def _weighed(pairs: _Pairs) -> PairWeights:
    """Check every row, and number the members."""
    frame = pairs.frame
    if frame.is_empty():
        raise SourceError(f"{pairs.path} names no pair; found a header alone; add a line a pair, like ana,ben,0.5")
    names, first, second = _number_members(pairs)
    pairs.refuse_any(first == second, what="pairs a member with themselves", remedy="leave the row out")
    weights = frame.select(numbers(pl.col("weight"))).to_series()
    number = "write a number, like 0.25"
    pairs.refuse_any(weights.is_null(), what="the weight is missing", remedy=f"{number}, or leave the row out")
    pairs.refuse_any(weights.is_nan(), what="the weight is not a number", remedy=number)
    pairs.refuse_any(
        weights.abs() > LARGEST_WEIGHT,
        what=f"the weight is infinite or beyond {LARGEST_WEIGHT:g}",
        remedy="give weights on a smaller scale, like 0 to 1",
    )
    low, high = np.minimum(first, second), np.maximum(first, second)
    key = low * len(names) + high
    order = np.argsort(key, kind="stable")
    _refuse_twins(pairs, key, order)
    return PairWeights(
        names=names, edges=np.stack([low, high], axis=1)[order], weights=weights.to_numpy().astype(np.float64)[order]
    )


def _number_members(pairs: _Pairs) -> tuple[tuple[str, ...], Rows, Rows]:
    """Names in natural order; for each pair its two members' rows."""
    frame = pairs.frame
    spelt = pl.concat([frame.get_column("a"), frame.get_column("b")]).unique()
    known = pl.DataFrame({"spelt": spelt}).with_columns(name=ids(pl.col("spelt")))
    bad = known.filter(~is_id(pl.col("name"))).get_column("spelt")
    for column in ("a", "b"):
        series = frame.get_column(column)
        pairs.refuse_any(
            series.is_in(bad.implode()) | series.is_null() if len(bad) else pl.Series([], dtype=pl.Boolean),
            what=f"{column} is no name",
            remedy="give a name of 1 to 200 visible characters",
        )
    names = tuple(sorted(known.get_column("name").unique(), key=_natural))
    row_of = pl.DataFrame({"name": names, "row": np.arange(len(names))})
    rows = known.join(row_of, on="name", how="left", maintain_order="left")
    first, second = (
        frame.get_column(column).replace_strict(rows["spelt"], rows["row"], return_dtype=pl.Int64).to_numpy()
        for column in ("a", "b")
    )
    return names, first, second


def _natural(name: str) -> tuple[list[str | int], str]:
    """Order by the numbers inside a name as numbers, and by the rest as text."""
    parts: list[str | int] = list(_DIGITS.split(name))  # text and digits by turns
    parts[1::2] = map(int, parts[1::2])
    return parts, name


def _refuse_twins(pairs: _Pairs, key: Rows, order: Rows) -> None:
    """Refuse a pair that is named twice, in either direction: nobody knows which weight is meant."""
    is_twin = np.diff(key[order]) == 0
    if is_twin.any():
        twin = int(np.flatnonzero(is_twin)[order[1:][is_twin].argmin()])
        one, other = pairs.lines[int(order[twin])], pairs.lines[int(order[twin + 1])]
        others = f", and {int(is_twin.sum()) - 1} more such rows" if is_twin.sum() > 1 else ""
        raise SourceError(
            f"{pairs.path}{pairs.place}{other}: names a pair that {pairs.place.strip(':, ') or 'line'} {one} names "
            f"already{others}; name each pair once, with one weight for both directions"
        )
