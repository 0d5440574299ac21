"""The community as of one instant: members, messages, blocks and past meetings.

Here is what every stage may read. How an export becomes these tables lives in `sources/`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
import polars as pl

from matcher.tables.base import Column, Table
from matcher.tables.decided import Decided
from matcher.units import Flags, MemberId, Rows

TIME = pl.Datetime("us", "UTC")
TEXT = pl.String()
TEXTS = pl.List(pl.String())

OPTIONAL = ("languages", "availability")
"""Columns of Members that an export, or a workspace of an earlier version, need not have."""


@dataclass(frozen=True, eq=False)
class Members(Table):
    """Everyone the export knows, whether they opted in or not."""

    key: ClassVar[tuple[str, ...]] = ("member",)
    columns: ClassVar[Mapping[str, Column]] = {
        "member": Column(dtype=TEXT, meaning="The member's id in the source."),
        "name": Column(dtype=TEXT, meaning="The name members see; the id where there is none."),
        "about": Column(dtype=TEXT, meaning="What the member says of themselves.", is_private=True),
        "interests": Column(dtype=TEXTS, meaning="Topics the member declared publicly."),
        "place_text": Column(dtype=TEXT, meaning="Home as the member wrote it.", is_private=True),
        "lat": Column(
            dtype=pl.Float64(), meaning="Home, degrees north.", low=-90, high=90, is_nullable=True, is_private=True
        ),
        "lon": Column(
            dtype=pl.Float64(), meaning="Home, degrees east.", low=-180, high=180, is_nullable=True, is_private=True
        ),
        "reach_km": Column(
            dtype=pl.Float64(), meaning="How far the member will travel.", low=0, high=20_100, is_nullable=True
        ),
        "is_opted_in": Column(dtype=pl.Boolean(), meaning="Whether the member agreed to be matched."),
        "languages": Column(dtype=TEXTS, meaning="What the member speaks, in lower case; empty: unknown."),
        "availability": Column(
            dtype=TEXTS, meaning="Times that suit the member, as 'sat-am'; empty: unknown.", is_private=True
        ),
    }

    @classmethod
    def sorted(cls, frame: pl.DataFrame) -> Self:
        """Make the table from a frame in any order; one without `languages` or `availability` knows of none."""
        unsaid = [pl.lit([], dtype=TEXTS).alias(name) for name in OPTIONAL if name not in frame.columns]
        whole = frame.with_columns(unsaid).with_columns(pl.col(OPTIONAL).fill_null([]))
        return cls(whole.select(list(cls.columns)).sort(list(cls.key), maintain_order=True))


@dataclass(frozen=True, eq=False)
class Messages(Table):
    """What was written. A message whose `reply_to` is null answers nobody; it may answer one that is not here."""

    key: ClassVar[tuple[str, ...]] = ("message",)
    columns: ClassVar[Mapping[str, Column]] = {
        "message": Column(dtype=TEXT, meaning="The message's id in the source."),
        "author": Column(dtype=TEXT, meaning="The member who wrote it."),
        "sent_at": Column(dtype=TIME, meaning="When it was written."),
        "thread": Column(dtype=TEXT, meaning="The conversation it belongs to."),
        "channel": Column(dtype=TEXT, meaning="Where it was written."),
        "is_public": Column(dtype=pl.Boolean(), meaning="Whether anyone may read it; only then it is quoted."),
        "reply_to": Column(dtype=TEXT, meaning="The message it answers.", is_nullable=True),
        "mentions": Column(dtype=TEXTS, meaning="Members it addresses by name or quote."),
        "topics": Column(dtype=TEXTS, meaning="Tags of the conversation."),
        "text": Column(dtype=TEXT, meaning="The words, without markup, quotes and code.", is_private=True),
        "n_links": Column(dtype=pl.UInt16(), meaning="How many links it carries."),
        "url": Column(dtype=TEXT, meaning="Where to read it, or empty."),
    }


@dataclass(frozen=True, eq=False)
class Blocks(Table):
    """Who never wants to meet whom; the blocked never learn of it."""

    key: ClassVar[tuple[str, ...]] = ("member", "blocked")
    columns: ClassVar[Mapping[str, Column]] = {
        "member": Column(dtype=TEXT, meaning="Who blocks.", is_private=True),
        "blocked": Column(dtype=TEXT, meaning="Who is blocked.", is_private=True),
    }


GATHERING = "gathering"
"""How the name of a gathering begins in PastMeetings."""

AT_ONE_TABLE = (pl.col("meeting") != "") & ~pl.col("meeting").str.starts_with(GATHERING)
"""Rows of PastMeetings that bring two together: of forty who travel to one city, two need not meet."""


@dataclass(frozen=True, eq=False)
class PastMeetings(Table):
    """Who was proposed with whom in earlier rounds, and who was passed over; a round is the instant of a run.

    A member who was not open to proposals in a round has no row of it. Where organizers decided, what they published
    counts as a meeting; of a round in which nobody decided anything, every proposal does.
    """

    key: ClassVar[tuple[str, ...]] = ("round_at", "member", "meeting")
    columns: ClassVar[Mapping[str, Column]] = {
        "round_at": Column(dtype=TIME, meaning="The instant that the earlier run saw the community at."),
        "member": Column(dtype=TEXT, meaning="The member."),
        "meeting": Column(
            dtype=TEXT, meaning="The group, introduction or gathering, named within its round; empty: passed over."
        ),
    }


@dataclass(frozen=True, eq=False)
class Venues(Table):
    """Places to meet that an organizer supplied."""

    key: ClassVar[tuple[str, ...]] = ("venue",)
    columns: ClassVar[Mapping[str, Column]] = {
        "venue": Column(dtype=TEXT, meaning="Its name."),
        "lat": Column(dtype=pl.Float64(), meaning="Degrees north.", low=-90, high=90),
        "lon": Column(dtype=pl.Float64(), meaning="Degrees east.", low=-180, high=180),
        "capacity": Column(dtype=pl.UInt32(), meaning="Most people; null: not stated.", low=1, is_nullable=True),
        "is_public": Column(dtype=pl.Boolean(), meaning="Whether anybody may walk in: groups meet nowhere else."),
    }


@dataclass(frozen=True, eq=False)
class MemberIndex:
    """The one bridge between a member's id and their row.

    Attributes:
        ids: Tonight's members, ascending.
    """

    ids: tuple[MemberId, ...]

    def __len__(self) -> int:
        """Count tonight's members."""
        return len(self.ids)

    @cached_property
    def enum(self) -> pl.Enum:
        """The Polars type of a member tonight: prints as an id, sorts as a row."""
        return pl.Enum(list(self.ids))

    def column(self, rows: Rows) -> pl.Series:
        """Ids of these rows, as an Enum series."""
        return pl.Series(list(self.ids), dtype=self.enum).gather(np.asarray(rows))

    def rows(self, members: pl.Series) -> Rows:
        """Rows of an Enum or string series of tonight's members."""
        return members.cast(self.enum).to_physical().to_numpy().astype(np.int64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Community:
    """Members who agreed, what they wrote up to `as_of`, and who blocks whom.

    Attributes:
        members: Only those who opted in; row i is member i of the index.
        messages: None later than `as_of`; none by, and no mention of, anyone else.
        blocks: Only between these members.
        index: Tonight's members.
        as_of: The instant of this picture.
        notice: What every reader of a plan must know ("synthetic"), or empty.
        meetings: Of these members, in rounds before `as_of`.
        venues: Where the organizers would have people meet.
        decided: What was decided and answered before tonight, as far as it is about these members.
    """

    members: Members
    messages: Messages
    blocks: Blocks
    index: MemberIndex
    as_of: datetime
    notice: str = ""
    meetings: PastMeetings = field(default_factory=PastMeetings.none)
    venues: Venues = field(default_factory=Venues.none)
    decided: Decided = field(default_factory=Decided)

    @property
    def is_held(self) -> Flags:
        """Who is in a suggestion that organizers keep, shape (member,)."""
        holding = self.decided.holding
        return np.array([member in holding for member in self.index.ids], dtype=np.bool_)


def without(members: Members, left: Collection[str]) -> Members:
    """The same members, of whom those who left agree to nothing any more."""
    if not left:
        return members
    stays = ~pl.col("member").is_in(sorted(left))
    return Members(members.frame.with_columns(is_opted_in=pl.col("is_opted_in") & stays))


def community_as_of(
    members: Members,
    messages: Messages,
    blocks: Blocks,
    as_of: datetime,
    *,
    notice: str = "",
    meetings: PastMeetings | None = None,
) -> Community:
    """Show the community as it stood at one instant, without anyone who did not agree.

    A reply to a message that falls away stays a reply, to a message that is not here: whoever answers
    people who did not agree still answers people. A round of this very instant is tonight's, and not past.

    Args:
        members: Everyone the export knows.
        messages: Whenever sent.
        blocks: Between whomever.
        as_of: The instant.
        notice: What every reader of a plan must know, or empty.
        meetings: Of whomever and whenever; None: no rounds are known.
    """
    agreed = members.frame.filter("is_opted_in")
    ids = agreed.get_column("member")
    said = messages.frame.filter(pl.col("author").is_in(ids.implode()) & (pl.col("sent_at") <= as_of))
    said = said.with_columns(
        pl.col("mentions").list.set_intersection(pl.lit(ids.implode())).list.sort(),
    )
    between = blocks.frame.filter(pl.col("member").is_in(ids.implode()) & pl.col("blocked").is_in(ids.implode()))
    past = (meetings or PastMeetings.none()).frame.filter(
        pl.col("member").is_in(ids.implode()) & (pl.col("round_at") < as_of)
    )
    return Community(
        members=Members(agreed),
        messages=Messages(said),
        blocks=Blocks(between),
        index=MemberIndex(tuple(MemberId(member) for member in ids)),
        as_of=as_of,
        notice=notice,
        meetings=PastMeetings(past),
    )
