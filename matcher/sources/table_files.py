"""CSV, JSON Lines and Parquet as columns of text, with the line of each row."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import polars as pl
from polars.datatypes import DataTypeClass

from matcher.errors import SourceError
from matcher.sources.lines import LONGEST_LINE, numbered_lines
from matcher.sources.values import SEPARATOR

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class RawTable:
    """One file, read but not understood.

    Attributes:
        path: The file.
        frame: Its columns under their own names, all text; elements of lists have SEPARATOR before each.
        lines: The line of each row, from 1; in Parquet the number of the row.
        malformed: Lines of rows that cannot be read.
    """

    path: Path
    frame: pl.DataFrame
    lines: pl.Series
    malformed: Sequence[int] = ()


def read_raw_table(path: Path) -> RawTable:
    """Read one file by the ending of its name.

    Raises:
        SourceError: The ending is none of ours, or the file as a whole cannot be read.
    """
    readers: Mapping[str, Callable[[Path], RawTable]] = {
        ".csv": read_raw_csv,
        ".tsv": read_raw_csv,
        ".jsonl": _read_json_lines,
        ".ndjson": _read_json_lines,
        ".parquet": _read_parquet,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise SourceError(f"{path} is of no known kind; found '{path.suffix}'; give one of {', '.join(readers)}")
    return reader(path)


def read_raw_csv(path: Path) -> RawTable:
    """Read CSV; the separator is whichever of , ; and tab the header has most of."""
    lines = _CsvLines(path)
    header_line = next(lines, "")
    separator = max(",;\t", key=header_line.count)
    csv.field_size_limit(LONGEST_LINE)  # the module's own limit would break a row that we refuse in one piece
    header = next(csv.reader([header_line], delimiter=separator), [])
    if not any(header):
        raise SourceError(f"{path}:1: no header; found an empty line; begin with the names of the columns")
    rows, numbers, malformed = [], [], []
    for number, row in _csv_rows(path, lines, separator):
        if row is not None and len(row) == len(header):
            rows.append(row)
            numbers.append(number)
        elif row != []:
            malformed.append(number)
    frame = pl.DataFrame(rows, schema={str(i): pl.String() for i in range(len(header))}, orient="row")
    frame = frame.select(pl.col(str(i)).alias(name) for i, name in enumerate(header) if name not in header[:i])
    return RawTable(path=path, frame=frame, lines=_as_lines(numbers), malformed=malformed)


class _CsvLines(Iterator[str]):
    """The lines of a file, which remembers how far it was read."""

    def __init__(self, path: Path) -> None:
        self._lines = numbered_lines(path)
        self.number = 0

    def __next__(self) -> str:
        self.number, line = next(self._lines)
        return "\x00\n" if line is None else line  # one field: in any table of two columns a malformed row


def _csv_rows(path: Path, lines: _CsvLines, separator: str) -> Iterator[tuple[int, list[str] | None]]:
    """Every row with the line it begins on; None where the quotes are wrong, then on from the next line."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        begin = lines.number + 1
        try:
            yield begin, next(reader)
        except StopIteration:
            return
        except csv.Error as wrong:
            if "unexpected end of data" in str(wrong):
                raise SourceError(
                    f"{path}:{begin}: cut off; found the end of the file inside a quoted field; "
                    "export it again, or close the quote"
                ) from wrong
            yield begin, None


def _read_json_lines(path: Path) -> RawTable:
    rows, numbers, malformed = [], [], []
    for number, line in numbered_lines(path):
        row = None if line is None else _json_object(line)
        if row is not None:
            rows.append(row)
            numbers.append(number)
        elif line is None or line.strip():
            malformed.append(number)
    names = sorted({name for row in rows for name in row})
    frame = pl.DataFrame({name: pl.Series([row.get(name) for row in rows], dtype=pl.String()) for name in names})
    return RawTable(path=path, frame=frame, lines=_as_lines(numbers), malformed=malformed)


def _json_object(line: str) -> dict[str, str | None] | None:
    try:
        row = json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict):
        return None
    return {_spelt(name): _json_text(value) for name, value in row.items()}


def _json_text(value: Json) -> str | None:
    """One value as text; an object has no text of its own."""
    if isinstance(value, list):
        return "".join(SEPARATOR + (_json_text(element) or "") for element in value)
    if value is None or isinstance(value, dict):
        return None
    return _spelt(value) if isinstance(value, str) else str(value)


def _spelt(text: str) -> str:
    """Text without half characters, which JSON can write and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _read_parquet(path: Path) -> RawTable:
    try:
        frame = pl.read_parquet(path)
    except FileNotFoundError as missing:
        raise SourceError(f"{path} is missing; found no such file; check the path, or export it again") from missing
    except (pl.exceptions.PolarsError, OSError) as broken:
        raise SourceError(
            f"{path} cannot be read as Parquet; found a file that is empty, cut off or of another kind; export it again"
        ) from broken
    frame = frame.with_columns(_parquet_text(pl.col(name), dtype).alias(name) for name, dtype in frame.schema.items())
    return RawTable(path=path, frame=frame, lines=pl.int_range(1, frame.height + 1, dtype=pl.UInt32(), eager=True))


def _parquet_text(column: pl.Expr, dtype: pl.DataType | DataTypeClass) -> pl.Expr:
    """One column as text; what has no text, such as a structure or bytes, becomes null."""
    if isinstance(dtype, pl.List) and not dtype.inner.is_nested():
        return column.list.eval(pl.lit(SEPARATOR) + _parquet_text(pl.element(), dtype.inner)).list.join("")
    if isinstance(dtype, pl.Datetime):
        zoned = column.dt.replace_time_zone("UTC") if dtype.time_zone is None else column.dt.convert_time_zone("UTC")
        return zoned.dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ")
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        return pl.lit(None, dtype=pl.String())
    return column.cast(pl.String())


def _as_lines(numbers: Sequence[int]) -> pl.Series:
    return pl.Series(numbers, dtype=pl.UInt32())
