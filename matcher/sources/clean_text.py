"""Member text is hostile input: here it loses what could fool a reader, a terminal or a page."""

import polars as pl

UNSEEN = (
    r"[\x00-\x08\x0E-\x1F\x7F-\x84\x86-\x9F"  # control characters that are not white space
    r"\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069"  # marks that turn the direction of reading
    r"\u200B\u2060\uFEFF]"  # white space without width; joiners stay, for emoji and many scripts need them
)
LONGEST_ID = 200


def cleaned(text: pl.Expr) -> pl.Expr:
    """Text without unseen characters, with every run of white space as one space; null stays null."""
    return text.str.replace_all(UNSEEN, "").str.replace_all(r"\s+", " ").str.strip_chars()


def is_id(text: pl.Expr) -> pl.Expr:
    """Whether an id may stand: 1 to 200 characters, none of them unseen or a line break; never null."""
    has_length = text.str.len_chars().is_between(1, LONGEST_ID)
    return (has_length & ~text.str.contains(UNSEEN) & ~text.str.contains(r"[\t-\r\x{85}\x{2028}\x{2029}]")).fill_null(
        value=False
    )
