"""What reasons may draw on: tables with public words only, looked up by pair and by member."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import polars as pl

from matcher.reasons.knowledge import Row
from matcher.reasons.topics import rare_topics, topics_of
from matcher.tables.conversation import MOST_VOICES
from matcher.tables.pairs import Affinities
from matcher.tables.picture import Picture

A_HABIT = 0.1
"""A topic of at least this share of somebody's questions, or answers, is one that they ask about, or answer on."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Known:
    """The night's picture and scores, as far as they may be spoken of: `Knowledge`, and what pairs need beside it.

    Attributes:
        picture: For names, ties, public topics and towns.
        affinities: The scores to explain.
    """

    picture: Picture
    affinities: Affinities

    def names(self, members: Iterable[str]) -> list[str]:
        """Names as members see them, in the order asked."""
        return [self._names[member] for member in members]

    def tie(self, member_a: str, member_b: str) -> Row | None:
        """The tie of a pair, either way round as stored; None where they never talked."""
        return self._ties.get((min(member_a, member_b), max(member_a, member_b)))

    def affinity(self, member_a: str, member_b: str) -> Row | None:
        """The affinity of a pair; None where it was no candidate."""
        return self._affinities.get((min(member_a, member_b), max(member_a, member_b)))

    def n_conversations(self, member_a: str, member_b: str) -> int:
        """In how many conversations both took part publicly; neither halls full of people nor flat chats count."""
        return len(self._conversations.get(member_a, frozenset()) & self._conversations.get(member_b, frozenset()))

    def ties_among(self, members: Iterable[str]) -> list[Row]:
        """Ties of all pairs that have any, the warmest first."""
        return warmest_first(tie for pair in combinations(sorted(members), 2) if (tie := self.tie(*pair)))

    def shared_topics(self, members: Iterable[str], *, at_least: int) -> list[tuple[str, int]]:
        """Topics that so many of these members talk about, with their number, most telling first."""
        return topics_of(self._rare_topics, members, at_least=at_least)

    def help_topic(self, asker: str, helper: str) -> str | None:
        """The topic on which the helper answers most of what the asker asks; None where there is no such habit."""
        asks = self._rare_topics.filter((pl.col("member") == asker) & (pl.col("ask_share") >= A_HABIT))
        answers = self._rare_topics.filter((pl.col("member") == helper) & (pl.col("answer_share") >= A_HABIT))
        both = asks.join(answers, on="topic", suffix="_helper").with_columns(
            weight=pl.col("ask_share") * pl.col("answer_share_helper") * pl.col("rarity") ** 2
        )
        best = both.sort("weight", "topic", descending=[True, False]).head(1)
        return None if best.is_empty() else str(best.item(0, "topic"))

    def time_zone(self, member: str) -> str | None:
        """IANA time zone of a member; None where it is not known."""
        return self._time_zones.get(member)

    def telling_message(self, member: str, topics: Iterable[str]) -> str | None:
        """A member's most telling public message on one of the topics; None where there is none fit to show."""
        wanted = set(topics)
        return next((message for message, about in self.telling.get(member, ()) if wanted & set(about)), None)

    def in_order_of_time(self, messages: Iterable[str]) -> tuple[str, ...]:
        """The same messages, each once, the earliest first."""
        wanted = self.picture.community.messages.frame.filter(pl.col("message").is_in(sorted(set(messages))))
        return tuple(wanted.sort("sent_at", "message").get_column("message"))

    def tie_topic(self, tie: Row, topics: Iterable[str]) -> str | None:
        """The first of the topics that the tie's own evidence is about."""
        shown = self.picture.community.messages.frame.filter(pl.col("message").is_in(tie["evidence"]))
        about = {topic.lower() for topics_of in shown.get_column("topics") for topic in topics_of}
        return next((topic for topic in topics if topic in about), None)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        frame = self.picture.community.members.frame
        return dict(zip(frame.get_column("member"), frame.get_column("name"), strict=True))

    @cached_property
    def _time_zones(self) -> Mapping[str, str]:
        return dict(self.picture.clocks.frame.select(pl.col("member").cast(pl.String), "time_zone").iter_rows())

    @cached_property
    def _ties(self) -> Mapping[tuple[str, str], Row]:
        return {(row["member_a"], row["member_b"]): row for row in self.picture.ties.frame.iter_rows(named=True)}

    @cached_property
    def _affinities(self) -> Mapping[tuple[str, str], Row]:
        return {(row["member_a"], row["member_b"]): row for row in self.affinities.frame.iter_rows(named=True)}

    @cached_property
    def _conversations(self) -> Mapping[str, frozenset[str]]:
        # A flat chat has its channel for a thread: to write in the same channel is no conversation.
        flat = self.picture.community.messages.frame.filter(pl.col("thread") == pl.col("channel"))
        public = self.picture.presences.frame.filter("is_public").join(flat, on="thread", how="anti")
        tables = public.filter(pl.len().over("thread").is_between(2, MOST_VOICES))
        spoken = tables.group_by(pl.col("member").cast(pl.String)).agg("thread")
        return {member: frozenset(threads) for member, threads in spoken.iter_rows()}

    @cached_property
    def _rare_topics(self) -> pl.DataFrame:
        return rare_topics(self.picture.topics.frame, len(self.picture.community.index))

    @cached_property
    def telling(self) -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
        """By member their most telling public messages and what each is about, the most telling first.

        None to somebody with whom they quarrel or must not meet, and none that names people.
        """
        about = self.picture.community.messages.frame.filter(pl.col("mentions").list.len() == 0)
        best = (
            self._kind_exchanges.filter("is_public")
            .unique("message", keep="first", maintain_order=True)
            .with_columns(pl.col("author").cast(pl.String), telling=pl.col("substance") * pl.col("recency"))
            .sort("author", "telling", "message", descending=[False, True, False])
            .group_by("author", maintain_order=True)
            .head(50)
            .join(about.select("message", "topics"), on="message", maintain_order="left")
            .group_by("author", maintain_order=True)
            .agg("message", pl.col("topics").list.eval(pl.element().str.to_lowercase()))
        )
        return {
            author: tuple(zip(messages, map(tuple, topics), strict=True))
            for author, messages, topics in best.iter_rows()
        }

    @cached_property
    def _kind_exchanges(self) -> pl.DataFrame:
        """Exchanges of pairs that never attacked each other and may meet."""
        pair = pl.col("author", "to").cast(pl.String)
        sided = self.picture.exchanges.frame.with_columns(
            member_a=pl.min_horizontal(pair), member_b=pl.max_horizontal(pair)
        )
        quarrels = self.picture.ties.frame.filter(pl.col("hostile_share") > 0)
        ids = pl.col("member_a", "member_b").cast(pl.String)
        apart = pl.concat([quarrels.select(ids), self.picture.vetoes.frame.select(ids)])
        return sided.join(apart, on=["member_a", "member_b"], how="anti", maintain_order="left")


def warmest_first(ties: Iterable[Row]) -> list[Row]:
    """Ties in the order in which they are told; those equally warm stay in theirs."""
    return sorted(ties, key=lambda tie: -min(tie["warmth_a_to_b"], tie["warmth_b_to_a"]))
