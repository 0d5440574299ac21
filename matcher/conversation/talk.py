"""A chat without reply links, as arrays: who speaks, when, to whom by name, in which words."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.units import Flags, Floats, Rows

MOST_NAMED = 3
"""People one message may address; further ones are not looked at."""

WORD_NOT_NAME = 5
"""A name written more than so many times as often as its owner speaks is a word of the language ("the")."""

COMMON_SHARE, FEW = 0.05, 20
"""A word that more messages than this share have, and more than a few, tells no conversation from another."""

STREAM = pl.when(pl.col("thread") != "").then("thread").otherwise("channel")
"""Messages may answer each other within a thread, or where that is empty, a channel."""

NOBODY = -1

# A word ends before a full stop or an apostrophe; "neil_d" and "127.0.0.1" are one word.
_INSIDE = r"[^\s,:;!?()<>\"@|]"
_TOKEN = rf"[\p{{L}}\p{{N}}_](?:{_INSIDE}*[^\s,:;!?()<>\"@|.'\u2019])?"
_SLICE = 50_000
_ASKS = "[?\uff1f\u061f]"


@dataclass(frozen=True, eq=False, kw_only=True)
class Talk:
    """Messages in the order of stream, time and id: row by row, so row i is answered by later rows only.

    Attributes:
        message: Ids, shape (row,).
        speaker: Who speaks, by id, shape (row,).
        author: The same as a number, shape (row,).
        first: The first row of each row's stream, shape (row,).
        minutes: When, in minutes since some instant, shape (row,).
        pace: Minutes within which three of four messages of the row's stream follow the one before, at least 1:
            an hour is a silence in a busy channel, and none in a slow one; shape (row,).
        is_question: Whether it has a question mark, shape (row,).
        named: Whom it addresses by name, NOBODY where fewer, shape (row, MOST_NAMED).
        own_before: The author's latest earlier row in the stream, or NOBODY, shape (row,).
        partner: Whom the author last addressed, or was last addressed by, before, or NOBODY, shape (row,).
        words: Rarer words: the product of two rows is the surprise they share, over the geometric mean of
            their surprise, in [0, 1]; shape (row, word).
    """

    message: pl.Series
    speaker: pl.Series
    author: Rows
    first: Rows
    minutes: Floats
    pace: Floats
    is_question: Flags
    named: Rows
    own_before: Rows
    partner: Rows
    words: csr_array

    def __len__(self) -> int:
        """Count the messages."""
        return len(self.author)


def hear_talk(said: pl.DataFrame, names: pl.DataFrame) -> Talk:
    """Put messages in order and read what each shows by itself.

    Args:
        said: As in Messages: message, author, sent_at, thread, channel, mentions, text.
        names: As in Members: member, name. A name of one word, with a letter, is recognized in a text.
    """
    in_order = said.with_columns(stream=STREAM).sort("stream", "sent_at", "message").with_row_index("row")
    slices = [in_order.slice(at, _SLICE) for at in range(0, max(in_order.height, 1), _SLICE)]
    tokens = pl.concat([_tokens(part) for part in slices])
    in_order = in_order.with_columns(
        is_question=pl.col("text").str.contains(_ASKS), minutes=pl.col("sent_at").dt.epoch("us") / 60_000_000
    ).drop("text")
    called = _callable(in_order, names, tokens)
    people = pl.concat([in_order.get_column("author"), in_order.get_column("mentions").explode()]).drop_nulls()
    number = people.unique().sort().to_frame("person").with_row_index("number")
    authors = in_order.select(person="author").join(number, on="person", how="left", maintain_order="left")
    author = authors.get_column("number").to_numpy().astype(np.int64)
    first = in_order.select(pl.col("row").first().over("stream")).to_series().to_numpy().astype(np.int64)
    named = _named(in_order, called, number, author)
    before = in_order.select(pl.col("row").cast(pl.Int64).shift(1).over("stream", "author").fill_null(NOBODY))
    return Talk(
        message=in_order.get_column("message"),
        speaker=in_order.get_column("author"),
        author=author,
        first=first,
        minutes=in_order.get_column("minutes").to_numpy(),
        pace=in_order.select(_pace()).to_series().to_numpy(),
        is_question=in_order.get_column("is_question").to_numpy(),
        named=named,
        own_before=before.to_series().to_numpy(),
        partner=_partners(first, author, named),
        words=_words(tokens.join(called, on=["row", "token"], how="anti"), len(author)),
    )


def _pace() -> pl.Expr:
    gaps = pl.col("minutes").diff().over("stream")
    return pl.max_horizontal(gaps.quantile(0.75, interpolation="higher").over("stream").fill_null(1.0), pl.lit(1.0))


def _tokens(said: pl.DataFrame) -> pl.DataFrame:
    """List each row's distinct words, as numbers that save memory: columns `row`, `token`."""
    words = pl.col("text").str.to_lowercase().str.extract_all(_TOKEN)
    return (
        said.select("row", token=words.list.eval(pl.element().hash()).list.unique())
        .explode("token", empty_as_null=True, keep_nulls=True)
        .drop_nulls("token")
    )


def _callable(in_order: pl.DataFrame, names: pl.DataFrame, tokens: pl.DataFrame) -> pl.DataFrame:
    """Find names of authors among the tokens: columns `row`, `token`, `person`."""
    n_said = in_order.group_by(person="author").agg(n_said=pl.len())
    known = (
        names.select(person="member", token=pl.col("name").str.to_lowercase())
        .filter(pl.col("token").str.contains(r"^\S{3,}$") & pl.col("token").str.contains(r"\p{L}"))
        .with_columns(pl.col("token").hash())
        .join(n_said, on="person")
        .filter(~pl.col("token").is_duplicated())
    )
    found = tokens.join(known, on="token")
    is_name = pl.len().over("token") <= WORD_NOT_NAME * pl.col("n_said")
    return found.filter(is_name).select("row", "token", "person")


def _named(in_order: pl.DataFrame, called: pl.DataFrame, number: pl.DataFrame, author: Rows) -> Rows:
    """Write down whom each row addresses, not counting itself, shape (row, MOST_NAMED)."""
    mentioned = in_order.select("row", person="mentions").explode("person", empty_as_null=True, keep_nulls=True)
    pairs = (
        pl.concat([mentioned.drop_nulls(), called.select("row", "person")])
        .unique()
        .join(number, on="person")
        .sort("row", "number")
    )
    rows = pairs.get_column("row").to_numpy().astype(np.int64)
    people = pairs.get_column("number").to_numpy().astype(np.int64)
    is_other = people != author[rows]
    rows, people = rows[is_other], people[is_other]
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    fits = place < MOST_NAMED
    named = np.full((len(author), MOST_NAMED), NOBODY, dtype=np.int64)
    named[rows[fits], place[fits]] = people[fits]
    return named


def _partners(first: Rows, author: Rows, named: Rows) -> Rows:
    """Find with whom each row's author last had to do by name, in the stream, shape (row,)."""
    rows, places = np.nonzero(named != NOBODY)
    one, other = author[rows], named[rows, places]
    turned = pl.DataFrame(
        {
            "stream": np.concatenate([first[rows], first[rows]]),
            "person": np.concatenate([one, other]),
            "row": np.concatenate([rows, rows]),
            "partner": np.concatenate([other, one]),
        }
    ).unique(["stream", "person", "row"], keep="first", maintain_order=True)
    asked = pl.DataFrame({"stream": first, "person": author, "row": np.arange(len(author))})
    met = asked.join_asof(
        turned.sort("row"), on="row", by=["stream", "person"], allow_exact_matches=False, check_sortedness=False
    )
    return met.get_column("partner").fill_null(NOBODY).to_numpy().astype(np.int64)


def _words(tokens: pl.DataFrame, n_rows: int) -> csr_array:
    """Weigh rarer words by their surprise, ln(1 + N / n), as a share of the row's."""
    surprise = (
        tokens.group_by("token")
        .agg(n=pl.len())
        .filter((pl.col("n") > 1) & (pl.col("n") <= max(FEW, COMMON_SHARE * n_rows)))
        .sort("token")
        .with_row_index("word")
        .with_columns(nats=(1 + n_rows / pl.col("n")).log().cast(pl.Float32))
    )
    kept = tokens.join(surprise.select("token", "word", "nats"), on="token").sort("row", "word")
    rows, columns, nats = (kept.get_column(name).to_numpy() for name in ("row", "word", "nats"))
    total = np.bincount(rows, weights=nats, minlength=n_rows)
    values = np.sqrt(nats / total[rows]).astype(np.float32)
    return csr_array((values, (rows, columns)), shape=(n_rows, max(surprise.height, 1)))
