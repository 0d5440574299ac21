"""Rows of any export to tables: every row is kept, mended, skipped or refused, and said which.

Sources differ in how rows are read; what may stand in a community does not. A frame to be settled
has the columns of its table, as far as they could be read, and `file` and `line`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import polars as pl

from matcher.sources.clean_text import cleaned, is_id
from matcher.sources.quarantine import (
    BAD_AUTHOR,
    BAD_COORDINATES,
    BAD_DATE,
    BAD_ID,
    BAD_REACH,
    BAD_URL,
    DUPLICATE,
    FUTURE_DATE,
    NOTHING_WRITTEN,
    REPLY_TO_NOTHING,
    REPLY_TO_SELF,
    TOO_LONG,
    UNCLEAR_CONSENT,
    UNCLEAR_OPENNESS,
    UNKNOWN_AUTHOR,
    Fault,
)

Check = tuple[Fault, pl.Expr]
Settled = tuple[pl.DataFrame, list[pl.DataFrame]]

LONGEST_TEXT = 100_000
MOST_LINKS = 65_535
WEB_ADDRESS = r"^https?://[^\s\"'<>\\]+$"
REACH_LIMIT_KM = 20_100


def settle_members(rows: pl.DataFrame, *, skips: Sequence[Check] = ()) -> Settled:
    """Settle members; whoever is listed twice opted in only if every row says so.

    Args:
        rows: Columns of Members, file and line; text may be null; numbers that could not be read
            are NaN; `is_opted_in` is null where it could not be read.
        skips: What to look at before anything else.

    Returns:
        The rows kept, in the order of the file, and the findings.
    """
    named, refused = sift(rows, [*skips, (BAD_ID, ~is_id(pl.col("member")))])
    agreed = named.with_columns(has_agreed=pl.col("is_opted_in").fill_null(value=False).min().over("member"))
    kept, twice = sift(agreed, [(DUPLICATE, ~pl.col("member").is_first_distinct())])
    findings = [
        mended(kept, UNCLEAR_CONSENT, pl.col("is_opted_in").is_null()),
        mended(kept, BAD_COORDINATES, ~on_earth() & (pl.col("lat").is_not_null() | pl.col("lon").is_not_null())),
        mended(kept, BAD_REACH, ~_is_reach() & pl.col("reach_km").is_not_null()),
    ]
    whole = kept.with_columns(
        cleaned(pl.col("name", "about", "place_text")).fill_null(""),
        pl.col("interests").list.eval(cleaned(pl.element())),
        pl.col("languages", "availability").fill_null([]).list.eval(_alike(pl.element())),
        pl.when(on_earth()).then(pl.col("lat", "lon")),
        pl.when(_is_reach()).then("reach_km").alias("reach_km"),
        is_opted_in="has_agreed",
    ).with_columns(name=pl.when(pl.col("name") == "").then("member").otherwise("name"))
    return whole, [*refused, *twice, *findings]


def settle_messages(
    rows: pl.DataFrame, *, now: datetime, members: pl.Series | None = None, skips: Sequence[Check] = ()
) -> Settled:
    """Settle messages.

    A reply to a message that was refused or skipped quietly becomes a reply to nothing: its own
    row already says why. A reply to a message that no row brings is mended.

    Args:
        rows: Columns of Messages, file and line, and any others; text may be null, `sent_at` and
            `is_public` are null where they could not be read, `n_links` where nobody counted.
        now: With its time zone; nothing is written more than a day later.
        members: Everyone who may have written; None: anyone.
        skips: What to look at before anything else.

    Returns:
        The rows kept, in the order of the file and with the other columns, and the findings.
    """
    spoken = rows.with_columns(
        text=cleaned(pl.col("text")).fill_null(""),
        n_links=pl.col("n_links").fill_null(pl.col("text").str.count_matches(r"https?://\S|\bwww\.\S")).fill_null(0),
    )
    kept, findings = sift(spoken, [*skips, *_message_checks(now, members)])
    kept, twice = sift(kept, [(DUPLICATE, ~pl.col("message").is_first_distinct())])
    to_self = pl.col("reply_to") == pl.col("message")
    to_nothing = ~pl.col("reply_to").is_in(rows.get_column("message").drop_nulls().implode())
    has_address = pl.col("url").fill_null("").str.contains(WEB_ADDRESS)
    findings += [
        *twice,
        mended(kept, REPLY_TO_SELF, to_self),
        mended(kept, REPLY_TO_NOTHING, to_nothing),
        mended(kept, UNCLEAR_OPENNESS, pl.col("is_public").is_null()),
        mended(kept, BAD_URL, ~has_address & (pl.col("url") != "")),
    ]
    is_answer = ~to_self & pl.col("reply_to").is_in(kept.get_column("message").implode())
    return kept.with_columns(
        cleaned(pl.col("thread", "channel")).fill_null(""),
        pl.col("is_public").fill_null(value=False),
        pl.when(is_answer).then("reply_to").alias("reply_to"),
        pl.col("topics").list.eval(cleaned(pl.element())),
        pl.col("n_links").clip(0, MOST_LINKS).cast(pl.UInt16()),
        pl.when(has_address).then("url").otherwise(pl.lit("")).alias("url"),
    ), findings


def _alike(said: pl.Expr) -> pl.Expr:
    """One spelling for one thing, whoever wrote it; each once, ascending."""
    plain = cleaned(said).str.to_lowercase()
    return plain.filter(plain != "").unique().sort()


def sift(rows: pl.DataFrame, checks: Iterable[Check]) -> Settled:
    """Part rows to which no check objects from the others; the first objection is noted."""
    reasons = [pl.when(is_bad).then(pl.lit(fault.reason)) for fault, is_bad in checks]
    judged = rows.with_columns(reason=pl.coalesce(reasons))
    objections = judged.filter(pl.col("reason").is_not_null()).select("file", "line", "reason")
    return judged.filter(pl.col("reason").is_null()).drop("reason"), [objections]


def _message_checks(now: datetime, members: pl.Series | None) -> list[Check]:
    is_unknown = pl.lit(value=False) if members is None else ~pl.col("author").is_in(members.implode())
    return [
        (BAD_ID, ~is_id(pl.col("message"))),
        (BAD_AUTHOR, ~is_id(pl.col("author"))),
        (UNKNOWN_AUTHOR, is_unknown),
        (BAD_DATE, pl.col("sent_at").is_null()),
        (FUTURE_DATE, pl.col("sent_at") > now + timedelta(days=1)),
        (TOO_LONG, pl.col("text").str.len_chars() > LONGEST_TEXT),
        (NOTHING_WRITTEN, pl.col("text") == ""),
    ]


def mended(rows: pl.DataFrame, fault: Fault, is_bad: pl.Expr) -> pl.DataFrame:
    """Note a fault that costs a row only a field."""
    return rows.filter(is_bad).select("file", "line", reason=pl.lit(fault.reason))


def on_earth() -> pl.Expr:
    """Whether both coordinates are there and in range; NaN is in no range."""
    is_inside = pl.col("lat").is_between(-90, 90) & pl.col("lon").is_between(-180, 180)
    return is_inside.fill_null(value=False)


def _is_reach() -> pl.Expr:
    return pl.col("reach_km").is_between(0, REACH_LIMIT_KM).fill_null(value=False)
