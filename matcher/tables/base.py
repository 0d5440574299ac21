"""What a table is: a Polars frame with a declaration, checked once, when it is made.

Holding a table is the proof that it was checked. The declaration is also the data dictionary.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import polars as pl

from matcher.errors import TableError


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """What one column holds.

    Attributes:
        dtype: Its Polars type. The class `pl.Enum` stands for "tonight's members".
        meaning: One sentence for the data dictionary.
        low: Smallest value allowed.
        high: Largest value allowed.
        is_nullable: Whether null (meaning unknown) is allowed.
        is_private: Whether it must never reach proposals, reasons, reports or logs.
    """

    dtype: pl.DataType | type[pl.Enum]
    meaning: str
    low: float | None = None
    high: float | None = None
    is_nullable: bool = False
    is_private: bool = False

    def accepts(self, dtype: pl.DataType) -> bool:
        """Whether a series of this type may stand in this column."""
        if isinstance(self.dtype, type):
            return isinstance(dtype, self.dtype)
        return dtype == self.dtype


@dataclass(frozen=True, eq=False)
class Table:
    """A checked frame: declared columns in declared order, sorted and unique by key."""

    frame: pl.DataFrame
    columns: ClassVar[Mapping[str, Column]]
    key: ClassVar[tuple[str, ...]]

    def __post_init__(self) -> None:
        """Check the frame against the declaration.

        Raises:
            TableError: The frame does not keep what the declaration promises.
        """
        name = type(self).__name__
        if self.frame.columns != list(self.columns):
            raise TableError(
                f"{name} has other columns than declared; found {self.frame.columns}; needs {list(self.columns)}"
            )
        for column_name, column in self.columns.items():
            self._check_column(column_name, column)
        self._check_key()

    def __len__(self) -> int:
        """Count the rows."""
        return self.frame.height

    @classmethod
    def sorted(cls, frame: pl.DataFrame) -> Self:
        """Make the table from a frame in any order, with the columns in any order."""
        return cls(frame.select(list(cls.columns)).sort(list(cls.key), maintain_order=True))

    @classmethod
    def none(cls, members: pl.Enum | None = None) -> Self:
        """Make the table without a row; `members` is the type of tonight's members, where it names any."""
        nobody = members or pl.Enum([])
        kinds = {
            name: nobody if isinstance(column.dtype, type) else column.dtype for name, column in cls.columns.items()
        }
        return cls(pl.DataFrame(schema=kinds))

    @classmethod
    def schema(cls) -> dict[str, pl.DataType]:
        """Declared types, for building frames; only for tables without tonight's members."""
        return {name: column.dtype for name, column in cls.columns.items() if not isinstance(column.dtype, type)}

    def _check_column(self, name: str, column: Column) -> None:
        series = self.frame.get_column(name)
        label = f"{type(self).__name__}.{name}"
        if not column.accepts(series.dtype):
            raise TableError(f"{label} has the wrong type; found {series.dtype}; needs {column.dtype}")
        if not column.is_nullable and series.null_count():
            raise TableError(f"{label} has {series.null_count()} nulls; needs none")
        if column.low is None and column.high is None:
            return
        outside = series.is_nan() if series.dtype.is_float() else series.is_null() & pl.Series([False])
        if column.low is not None:
            outside = outside | (series < column.low)
        if column.high is not None:
            outside = outside | (series > column.high)
        if outside.any():
            raise TableError(
                f"{label} is out of range; found {series.filter(outside.fill_null(value=False)).head(3).to_list()}; "
                f"needs [{column.low}, {column.high}]"
            )

    def _check_key(self) -> None:
        """Strictly ascending by key says it all: sorted and unique, in one pass."""
        ascending = pl.lit(value=False)
        for name in reversed(self.key):
            before = pl.col(name).shift(1)
            ascending = (before < pl.col(name)) | ((before == pl.col(name)) & ascending)
        offenders = self.frame.filter(~ascending.fill_null(value=True))
        if offenders.height:
            raise TableError(
                f"{type(self).__name__} is not strictly ascending by {self.key}; "
                f"found {offenders.height} rows out of order or twice, first "
                f"{offenders.select(self.key).row(0)}; use {type(self).__name__}.sorted"
            )
