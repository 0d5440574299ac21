"""What conversation left behind: exchanges, ties, presences, topics and standing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.tables.base import Column, Table
from matcher.tables.community import TEXT, TEXTS, TIME, MemberIndex
from matcher.tables.pairs import MEMBER, MEMBER_A, MEMBER_B

MOST_VOICES = 200
"""A conversation of more people is a hall, not a table: to have spoken there too says nothing of two of them."""

COUNT = pl.UInt32()
NUMBER = pl.Float64()


def _share(meaning: str) -> Column:
    return Column(dtype=NUMBER, meaning=meaning, low=0, high=1)


def _amount(meaning: str) -> Column:
    return Column(dtype=NUMBER, meaning=meaning, low=0)


@dataclass(frozen=True, eq=False)
class Readings(Table):
    """What each message weighs, read by itself."""

    key: ClassVar[tuple[str, ...]] = ("message",)
    columns: ClassVar[Mapping[str, Column]] = {
        "message": Column(dtype=TEXT, meaning="The message."),
        "substance": _share("How much it says: 0 for nothing, near 1 for a few real sentences."),
        "recency": _share("Half for every half-life that has passed."),
        "is_hostile": Column(dtype=pl.Boolean(), meaning="Whether it attacks its reader."),
        "is_question": Column(dtype=pl.Boolean(), meaning="Whether it asks something and answers nobody."),
    }


@dataclass(frozen=True, eq=False)
class Exchanges(Table):
    """One message that answers or addresses one other member."""

    key: ClassVar[tuple[str, ...]] = ("message", "to")
    columns: ClassVar[Mapping[str, Column]] = {
        "message": Column(dtype=TEXT, meaning="The message."),
        "author": Column(dtype=pl.Enum, meaning="Who wrote it."),
        "to": Column(dtype=pl.Enum, meaning="Whom it answers or addresses."),
        "sent_at": Column(dtype=TIME, meaning="When."),
        "thread": Column(dtype=TEXT, meaning="In which conversation."),
        "substance": _share("As in Readings."),
        "recency": _share("As in Readings."),
        "is_hostile": Column(dtype=pl.Boolean(), meaning="As in Readings."),
        "is_public": Column(dtype=pl.Boolean(), meaning="Whether it may be quoted."),
    }


@dataclass(frozen=True, eq=False)
class Ties(Table):
    """The evidence of all exchanges of a pair, in each direction."""

    key: ClassVar[tuple[str, ...]] = ("member_a", "member_b")
    columns: ClassVar[Mapping[str, Column]] = {
        "member_a": MEMBER_A,
        "member_b": MEMBER_B,
        "n_a_to_b": Column(dtype=COUNT, meaning="Messages of A to B."),
        "n_b_to_a": Column(dtype=COUNT, meaning="Messages of B to A."),
        "warmth_a_to_b": _amount("Friendly substance of A's messages to B, faded by age."),
        "warmth_b_to_a": _amount("Friendly substance of B's messages to A, faded by age."),
        "n_threads": Column(dtype=COUNT, meaning="Conversations in which they met."),
        "hostile_share": _share("Share of their messages that attack the other."),
        "last_at": Column(dtype=TIME, meaning="Their last exchange."),
        "evidence": Column(dtype=TEXTS, meaning="Public messages that show the tie best, in order of time."),
    }

    @property
    def two_way(self) -> pl.DataFrame:
        """The ties in which each has written to the other."""
        return self.frame.filter((pl.col("n_a_to_b") > 0) & (pl.col("n_b_to_a") > 0))

    def warmth(self, index: MemberIndex) -> csr_array:
        """Friendly substance between members, both directions together, symmetric, shape (member, member)."""
        ends = [index.rows(self.frame.get_column(side)) for side in ("member_a", "member_b")]
        warm = self.frame.select(pl.col("warmth_a_to_b") + pl.col("warmth_b_to_a")).to_series().to_numpy()
        both = (np.concatenate(ends), np.concatenate(ends[::-1]))
        return csr_array((np.concatenate([warm, warm]), both), shape=(len(index), len(index)))


@dataclass(frozen=True, eq=False)
class Presences(Table):
    """Who took part in which conversation."""

    key: ClassVar[tuple[str, ...]] = ("member", "thread")
    columns: ClassVar[Mapping[str, Column]] = {
        "member": MEMBER,
        "thread": Column(dtype=TEXT, meaning="A conversation."),
        "presence_share": _share("How much, and how lately, they said something friendly there."),
        "is_public": Column(dtype=pl.Boolean(), meaning="Whether any of that was public; only then it is spoken of."),
    }


@dataclass(frozen=True, eq=False, kw_only=True)
class Company:
    """Who keeps company with whom.

    Attributes:
        together: How much two share conversations, symmetric, zero diagonal, shape (member, member).
        partners: Whom a member talks with, each the less the more people they talk with, shape (member, member).
        index: Tonight's members.
    """

    together: csr_array
    partners: csr_array
    index: MemberIndex

    @cached_property
    def passed_on(self) -> csr_array:
        """The logarithm of `together`: what a partner's company counts to whom they talk with."""
        return csr_array(self.together.log1p())


@dataclass(frozen=True, eq=False)
class MemberTopics(Table):
    """Which public topics a member talks about, asks about and answers on."""

    key: ClassVar[tuple[str, ...]] = ("member", "topic")
    columns: ClassVar[Mapping[str, Column]] = {
        "member": MEMBER,
        "topic": Column(dtype=TEXT, meaning="A tag, a channel or a declared interest; public."),
        "talk_share": _share("Share of the member's attention that goes to it."),
        "ask_share": _share("Share of the member's questions that are about it."),
        "answer_share": _share("Share of the member's answers that are about it."),
    }


@dataclass(frozen=True, eq=False)
class Standings(Table):
    """How well we know a member by their words, and whether they talk with people or at them."""

    key: ClassVar[tuple[str, ...]] = ("member",)
    columns: ClassVar[Mapping[str, Column]] = {
        "member": MEMBER,
        "n_messages": Column(dtype=COUNT, meaning="Messages written."),
        "one_way_share": _share("Share of messages that neither answer anyone nor get an answer."),
        "link_share": _share("Share of messages that carry links."),
        "repeat_share": _share("Share of messages that nearly repeat an earlier one of theirs."),
        "heard_share": _share("How much they have let us hear, lately: 0 for nothing, 1 for plenty."),
        "standing_share": _share("1 for a conversation partner, 0 for a loudspeaker."),
        "why": Column(dtype=TEXT, meaning="The reason in words, empty where there is nothing to say."),
    }


@dataclass(frozen=True, eq=False)
class SaidPlaces(Table):
    """Where members say, in public messages, that they are: words only, for the geography to hold against a home."""

    key: ClassVar[tuple[str, ...]] = ("member", "phrase")
    columns: ClassVar[Mapping[str, Column]] = {
        "member": MEMBER,
        "phrase": Column(dtype=TEXT, meaning="The place as they wrote it.", is_private=True),
        "n": Column(dtype=COUNT, meaning="Messages that say so.", low=1),
    }
