"""Which of a member's texts are worth embedding: cost is bounded by members, not by the loudest.

What a message tells is measured, not looked up in a list of words: rare words tell more than common
ones, recent messages more than old ones, and the second message of a thread less than the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from matcher.embedding.options import EmbeddingOptions
from matcher.tables.base import Column, Table
from matcher.tables.community import Community
from matcher.tables.conversation import Readings

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}ー"
WORD = rf"[{_UNSPACED}]|[\p{{L}}--[{_UNSPACED}]]{{2,24}}"
"""What counts as a word: a run of letters, or one sign of a script that puts no spaces."""

MIN_WORDS = 4
"""A message with fewer different words tells nothing: "ok", "thanks", "+1"."""

DECLARED_WEIGHT = 1.0
"""What all declared interests weigh together; a typical message weighs 0.3, for how people talk says more."""

ABOUT_WEIGHT = 0.5
"""What their own description weighs."""

SECOND_OF_THREAD = 0.5
"""What each further message of one thread is worth beside the one before it."""


@dataclass(frozen=True, eq=False)
class MemberTexts(Table):
    """What is embedded of each member; `rank` counts from 0: declared, about, most telling messages."""

    key: ClassVar[tuple[str, ...]] = ("member", "rank")
    columns: ClassVar[Mapping[str, Column]] = {
        "member": Column(dtype=pl.Enum, meaning="Who said it."),
        "rank": Column(dtype=pl.UInt16(), meaning="Its place among the member's texts."),
        "text": Column(dtype=pl.String(), meaning="The words, cut to the budget.", is_private=True),
        "weight": Column(dtype=pl.Float64(), meaning="How much it says of the member.", low=1e-6),
    }


def choose_texts(community: Community, readings: Readings, options: EmbeddingOptions) -> MemberTexts:
    """Choose what of each member's words is embedded.

    A message tells as much as it has substance, and a stale one half as much as a fresh one.

    Returns:
        At most `declared_per_member` + 1 + `texts_per_member` texts a member, no text twice.
    """
    pieces = [_declared(community, options), _about(community, options), _most_telling(community, readings, options)]
    chosen = (
        pl.concat([piece.with_columns(kind=pl.lit(kind)) for kind, piece in enumerate(pieces)])
        .sort("member", "kind", "place", maintain_order=True)
        .unique(["member", "text"], keep="first", maintain_order=True)
        .with_columns(rank=pl.int_range(pl.len(), dtype=pl.UInt16).over("member"))
    )
    return MemberTexts.sorted(chosen)


def _declared(community: Community, options: EmbeddingOptions) -> pl.DataFrame:
    """The first so many topics a member declared."""
    return (
        community.members.frame.select(
            pl.col("member").cast(community.index.enum),
            pl.col("interests").list.head(options.declared_per_member).alias("text"),
        )
        .explode("text")
        .with_columns(cut_text(pl.col("text"), options.max_characters))
        .filter(pl.col("text").str.len_chars() > 0)
        .with_columns(
            place=pl.int_range(pl.len()).over("member"),
            weight=DECLARED_WEIGHT / pl.len().over("member"),
        )
    )


def _about(community: Community, options: EmbeddingOptions) -> pl.DataFrame:
    """What members say of themselves, where they say anything."""
    return (
        community.members.frame.select(
            pl.col("member").cast(community.index.enum), cut_text(pl.col("about"), options.max_characters).alias("text")
        )
        .filter(pl.col("text").str.count_matches(WORD) >= MIN_WORDS)
        .with_columns(place=pl.lit(0, dtype=pl.Int64), weight=pl.lit(ABOUT_WEIGHT))
    )


def _most_telling(community: Community, readings: Readings, options: EmbeddingOptions) -> pl.DataFrame:
    """The most telling messages of each member, no thread drowning the others."""
    said = (
        community.messages.frame.filter(pl.col("is_public") | options.read_private)
        .select(
            "message",
            "thread",
            pl.col("author").cast(community.index.enum).alias("member"),
            cut_text(pl.col("text"), options.max_characters).alias("text"),
        )
        .filter(pl.col("text").str.count_matches(WORD) >= MIN_WORDS)
    )
    weight = pl.col("substance") * (1 + pl.col("recency")) / 2
    telling = said.join(readings.frame, on="message").with_columns(weight=weight)
    # A text said twice counts once, as the best of its tellings.
    best_first = telling.sort("member", "weight", "message", descending=[False, True, False]).unique(
        ["member", "text"], keep="first", maintain_order=True
    )
    worth = pl.col("weight") * SECOND_OF_THREAD ** pl.int_range(pl.len()).over("member", "thread")
    return (
        best_first.with_columns(worth=worth)
        .sort("member", "worth", "message", descending=[False, True, False])
        .with_columns(place=pl.int_range(pl.len()).over("member"))
        .filter(pl.col("place") < options.texts_per_member)
        .select("member", "text", "place", pl.col("weight").clip(1e-6))
    )


def cut_text(text: pl.Expr, max_characters: int) -> pl.Expr:
    """Text on one line without control signs, cut between two words."""
    line = text.str.slice(0, 4 * max_characters).str.replace_all(r"[\s\p{Cc}\p{Cf}]+", " ").str.strip_chars()
    cut = line.str.slice(0, max_characters + 1).str.replace(r"\s\S*$", "").str.slice(0, max_characters)
    return pl.when(line.str.len_chars() > max_characters).then(cut).otherwise(line)
