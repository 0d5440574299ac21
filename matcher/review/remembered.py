"""What a run kept of its members' talk, topics and scores: what the desk may say of people put together anew."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from pathlib import Path

import polars as pl

from matcher.reasons.knowledge import Row
from matcher.reasons.known import warmest_first
from matcher.reasons.topics import rare_topics, topics_of
from matcher.storage.run_tables import no_rows, read_run_table
from matcher.tables.base import Table
from matcher.tables.conversation import MemberTopics, Ties
from matcher.tables.dossier import Person, Quote
from matcher.tables.history import PastPairs, Waits
from matcher.tables.pairs import Affinities
from matcher.tables.quotable import Quotable
from matcher.units import MemberId

PAIR = ("member_a", "member_b")


class Remembered:
    """The tables of one run, each read when it is first asked for: `Knowledge`, and what a card shows beside it.

    Of a run that was reduced they are gone, and nothing is remembered.
    """

    def __init__(self, folder: Path, people: Mapping[MemberId, Person], *, is_reduced: bool = False) -> None:
        self._folder = folder
        self._people = people
        self._ids = tuple(people)
        self._is_reduced = is_reduced

    def names(self, members: Iterable[str], /) -> list[str]:
        """Names as a reader sees them, in the order asked."""
        return [self._people[MemberId(member)].name for member in members]

    def ties_among(self, members: Iterable[str], /) -> list[Row]:
        """Rows of `Ties` of all pairs that have any, the warmest first; of pairs kept apart nothing is known."""
        return warmest_first(self._among(self._ties, members))

    def affinities_among(self, members: Iterable[str], /) -> list[Row]:
        """Rows of `Affinities` of all pairs that were scored, the most mutual first."""
        return sorted(self._among(self._affinities, members), key=lambda row: -row["mutual"])

    def met_among(self, members: Iterable[str], /) -> list[Row]:
        """Rows of `PastPairs` of all pairs that were proposed to each other before, the latest first."""
        return sorted(self._among(self._past_pairs, members), key=lambda row: row["last_at"], reverse=True)

    def waited(self, member: str) -> int:
        """Rounds that a member was passed over before tonight."""
        return self._waits.get(member, 0)

    def shared_topics(self, members: Iterable[str], /, *, at_least: int) -> list[tuple[str, int]]:
        """Topics that so many of these members talk about, with their number, most telling first."""
        rows = self._rows(members)
        named = self._topics.filter(pl.col("member").is_in(rows))
        return topics_of(named.with_columns(pl.col("member").cast(pl.String)), map(str, rows), at_least=at_least)

    def telling_message(self, member: str, topics: Iterable[str], /) -> str | None:
        """A member's most telling public message on one of the topics; None where there is none fit to show."""
        wanted = set(topics)
        return next((message for message, about in self._telling.get(member, ()) if wanted & set(about)), None)

    def in_order_of_time(self, messages: Iterable[str], /) -> tuple[str, ...]:
        """The same messages, each once, the earliest first; those that may not be quoted are left out."""
        return tuple(self._quoted(messages).sort("sent_at", "message").get_column("message"))

    def quotes(self, messages: Iterable[str], /) -> Mapping[str, Quote]:
        """Messages that may be quoted, by id, the earliest first."""
        columns = ("message", "name", "date", "channel", "text", "url")
        found = self._quoted(messages).sort("sent_at", "message").select(columns)
        return {
            message: Quote(author=name, date=date, channel=channel, text=text, url=url)
            for message, name, date, channel, text, url in found.iter_rows()
        }

    @cached_property
    def _row_of(self) -> Mapping[str, int]:
        return {member: row for row, member in enumerate(self._ids)}

    @cached_property
    def _ties(self) -> pl.DataFrame:
        return self._read("ties", Ties)

    @cached_property
    def _affinities(self) -> pl.DataFrame:
        # Half the width is more than enough for what is shown, and this is the largest table of a run.
        return self._read("affinities", Affinities).with_columns(pl.col(pl.Float64).cast(pl.Float32))

    @cached_property
    def _past_pairs(self) -> pl.DataFrame:
        return self._read("past_pairs", PastPairs)

    @cached_property
    def _topics(self) -> pl.DataFrame:
        return self._numbered(rare_topics(self._table("topics", MemberTopics), len(self._ids)))

    @cached_property
    def _waits(self) -> Mapping[str, int]:
        return dict(self._table("waits", Waits).iter_rows())

    @cached_property
    def _quotes(self) -> pl.DataFrame:
        return self._table("quotes", Quotable).sort("message")

    @cached_property
    def _telling(self) -> Mapping[str, Sequence[tuple[str, Sequence[str]]]]:
        ranked = self._quotes.filter(pl.col("rank").is_not_null()).sort("author", "rank", "message")
        by_author: dict[str, list[tuple[str, Sequence[str]]]] = {}
        for author, message, topics in ranked.select("author", "message", "topics").iter_rows():
            by_author.setdefault(author, []).append((message, topics))
        return by_author

    def _read(self, name: str, kind: type[Ties | Affinities | PastPairs]) -> pl.DataFrame:
        return self._numbered(self._table(name, kind))

    def _table(self, name: str, kind: type[Table]) -> pl.DataFrame:
        return no_rows(kind) if self._is_reduced else read_run_table(self._folder, name, kind)

    def _numbered(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Members as numbers, which are compared a hundred times faster than text."""
        columns = [name for name in ("member", *PAIR) if name in frame.columns]
        numbers = [pl.col(name).replace_strict(self._row_of, default=None, return_dtype=pl.UInt32) for name in columns]
        return frame.with_columns(numbers).drop_nulls(columns)

    def _rows(self, members: Iterable[str]) -> list[int]:
        return sorted({self._row_of[member] for member in members if member in self._row_of})

    def _among(self, pairs: pl.DataFrame, members: Iterable[str]) -> list[Row]:
        rows = self._rows(members)
        found = pairs.filter(pl.col("member_a").is_in(rows) & pl.col("member_b").is_in(rows))
        by_pair = {(row["member_a"], row["member_b"]): row for row in found.iter_rows(named=True)}
        return [
            {**by_pair[pair], "member_a": self._ids[pair[0]], "member_b": self._ids[pair[1]]}
            for pair in combinations(rows, 2)
            if pair in by_pair
        ]

    def _quoted(self, messages: Iterable[str]) -> pl.DataFrame:
        found = self._quotes.filter(pl.col("message").is_in(sorted(set(messages))))
        return found.unique("message", keep="first", maintain_order=True)
