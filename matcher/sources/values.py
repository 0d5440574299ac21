"""Columns of text to columns of dates, numbers, answers and lists; all at once, never row by row.

Every function takes and gives an expression. What is empty becomes null; what cannot be read
becomes null too, except where its docstring says otherwise.
"""

import polars as pl

from matcher.tables.community import TIME

SEPARATOR = "\x1f"
"""Stands before each element of a list that was one in its file already."""

DATE = r"^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s?(Z|z|UTC|[+-]\d\d:?\d\d)?$"
EPOCH = r"^\d{9,16}(?:\.\d+)?$"
YES = ("true", "t", "yes", "y", "1", "on")
NO = ("false", "f", "no", "n", "0", "off")


def stripped(text: pl.Expr) -> pl.Expr:
    """Text without white space at its ends; empty becomes null."""
    bare = text.str.strip_chars()
    return pl.when(bare != "").then(bare)


def ids(text: pl.Expr) -> pl.Expr:
    """Ids as they are; a number that a spreadsheet turned into 12.0 is 12 again."""
    return stripped(text).str.replace(r"^(\d+)\.0$", "$1")


def instants(text: pl.Expr) -> pl.Expr:
    """ISO 8601 dates, or seconds, milliseconds or microseconds since 1970; without a zone they are UTC.

    A number below 100,000,000 (early 1973) is not taken for a date: 20240531 is no second of 1970.
    """
    bare = stripped(text)
    parts = bare.str.extract_groups(DATE)
    part = [parts.struct.field(str(number)) for number in range(1, 6)]
    zone = part[4].str.to_uppercase().replace({"Z": "+0000", "UTC": "+0000"}).fill_null("+0000").str.replace(":", "")
    fraction = part[3].fill_null("0").str.slice(0, 6).str.pad_end(6, "0")
    spelt = pl.format(
        "{} {}:{}.{}{}", part[0], part[1].fill_null("00:00"), part[2].fill_null("00"), fraction, zone
    ).str.to_datetime("%Y-%m-%d %H:%M:%S%.f%z", time_unit="us", strict=False)
    number = pl.when(bare.str.contains(EPOCH)).then(bare).cast(pl.Float64(), strict=False)
    scale = pl.when(number < 1e11).then(1e6).when(number < 1e14).then(1e3).otherwise(1.0)
    counted = (number * scale).round().cast(pl.Int64(), strict=False).cast(TIME)
    return pl.coalesce(spelt.cast(TIME), counted)


def truths(text: pl.Expr) -> pl.Expr:
    """Yes and no in their usual spellings."""
    bare = text.str.strip_chars().str.to_lowercase()
    return pl.when(bare.is_in(YES)).then(statement=True).when(bare.is_in(NO)).then(statement=False)


def numbers(text: pl.Expr) -> pl.Expr:
    """Floating-point numbers; what is there but is no number becomes NaN."""
    bare = stripped(text)
    return pl.when(bare.is_not_null()).then(bare.cast(pl.Float64(), strict=False).fill_null(float("nan")))


def listed(text: pl.Expr, *, between: str) -> pl.Expr:
    """Lists without empty elements and repeats, in their order; null becomes the empty list.

    Args:
        text: Elements with SEPARATOR before each, or with `between` between them.
        between: A regular expression.
    """
    marked = pl.when(text.str.starts_with(SEPARATOR)).then(text).otherwise(text.str.replace_all(between, SEPARATOR))
    element = pl.element().str.strip_chars()
    return (
        marked.str.split(SEPARATOR).list.eval(element.filter(element != "").unique(maintain_order=True)).fill_null([])
    )
