"""History as a teacher: what was known at a cutoff, and what came of it.

Everything known is read from a `Community` as of the cutoff, which holds nothing later; only `came_true`
sees what was said afterwards. How well a score foretells it lives in `ranking`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zlib import crc32

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.tables.community import Blocks, Community, Members, Messages, community_as_of
from matcher.tables.pairs import Candidates
from matcher.units import Flags, Floats, Rows

N_DECILES = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryOptions:
    """Who is looked at, and how far ahead.

    Attributes:
        horizon_days: How long after the cutoff an exchange still counts.
        active_within_days: Members are active by what they wrote in so many days before the cutoff; what
            lies further back, baselines do not look at either.
        min_messages: At least so many messages.
        min_active_days: On at least so many different days.
        recent_days: Recent activity is the number of messages in so many days before the cutoff.
        max_members: Where more are active, a sample of so many by a hash of their ids: pairs grow by the square.
    """

    horizon_days: int = 180
    active_within_days: int = 365
    min_messages: int = 10
    min_active_days: int = 1
    recent_days: int = 60
    max_members: int = 1_500


@dataclass(frozen=True, eq=False, kw_only=True)
class EligiblePairs:
    """Pairs of active members for one use, ascending by (member_a, member_b).

    Attributes:
        use: 'introduce' (no exchange so far) or 'reunite' (each has answered the other).
        community: What was known.
        rows_a: Row of the smaller member, shape (pair,).
        rows_b: Row of the larger, shape (pair,).
        decile: Of recent activity among active members, 0 to 9; 0 for everybody else, shape (member,).
    """

    use: str
    community: Community
    rows_a: Rows
    rows_b: Rows
    decile: Rows

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.rows_a)

    def activity_stratum(self) -> Rows:
        """The unordered pair of deciles of each pair's members as one number, shape (pair,)."""
        ends = self.decile[self.rows_a], self.decile[self.rows_b]
        return np.minimum(*ends) * N_DECILES + np.maximum(*ends)

    def candidates(self) -> Candidates:
        """All of them as worth scoring: a backtest leaves no pair out."""
        index = self.community.index
        ends = {"member_a": index.column(self.rows_a), "member_b": index.column(self.rows_b)}
        found = {"found_by": pl.lit("backtest"), "n_rules": pl.lit(1, dtype=pl.UInt8)}
        return Candidates(pl.DataFrame(ends).with_columns(**found))


def community_then(members: Members, messages: Messages, as_of: datetime) -> Community:
    """Show the community as a night at that instant could have seen it.

    A profile bears no date and may have been written later, and who had not written yet may not have
    been there: so a replay knows of members only that they wrote, and what. Nor are there blocks.
    """
    wrote = messages.frame.filter(pl.col("sent_at") <= as_of).get_column("author").unique()
    blank = members.frame.filter(pl.col("member").is_in(wrote.implode())).with_columns(
        name="member",
        about=pl.lit(""),
        interests=pl.lit([], dtype=pl.List(pl.String())),
        place_text=pl.lit(""),
        lat=pl.lit(None, dtype=pl.Float64),
        lon=pl.lit(None, dtype=pl.Float64),
        reach_km=pl.lit(None, dtype=pl.Float64),
        languages=pl.lit([], dtype=pl.List(pl.String())),
        availability=pl.lit([], dtype=pl.List(pl.String())),
    )
    return community_as_of(Members(blank), messages, Blocks(pl.DataFrame(schema=Blocks.schema())), as_of)


def answers(messages: Messages) -> pl.DataFrame:
    """List who answered or named whom, and when: columns `author`, `to`, `sent_at`; nobody answers themselves.

    This is the plain truth that scores are held to, so it is read here anew, without weights.
    """
    said = messages.frame.select("message", "author", "sent_at", "reply_to", "mentions")
    replied = said.join(said.select(reply_to="message", to="author"), on="reply_to")
    named = said.filter(pl.col("mentions").list.len() > 0).with_columns(to="mentions")
    both = [
        replied.select("message", "author", "to", "sent_at"),
        named.explode("to", empty_as_null=True, keep_nulls=True).select("message", "author", "to", "sent_at"),
    ]
    return pl.concat(both).unique().filter(pl.col("author") != pl.col("to")).select("author", "to", "sent_at")


def exchanged(community: Community, *, within_days: int | None = None) -> csr_array:
    """Count messages of each member that answered or named each other one, ever or of late, shape (author, to)."""
    since = datetime.min.replace(tzinfo=UTC) if within_days is None else community.as_of - timedelta(days=within_days)
    late = answers(community.messages).filter(pl.col("sent_at") > since)
    counts = late.group_by("author", "to").len().sort("author", "to")
    ends = tuple(community.index.rows(counts.get_column(name)) for name in ("author", "to"))
    n_members = len(community.index)
    return csr_array((counts.get_column("len").to_numpy().astype(np.float64), ends), shape=(n_members, n_members))


def recent_messages(community: Community, *, days: int) -> Floats:
    """Count messages in so many days before now, shape (member,)."""
    fresh = community.messages.frame.filter(pl.col("sent_at") > community.as_of - timedelta(days=days))
    rows = community.index.rows(fresh.get_column("author"))
    return np.bincount(rows, minlength=len(community.index)).astype(np.float64)


def active_members(community: Community, options: HistoryOptions) -> Rows:
    """Find members who wrote enough of late, ascending."""
    since = community.as_of - timedelta(days=options.active_within_days)
    active = (
        community.messages.frame.filter(pl.col("sent_at") > since)
        .group_by("author")
        .agg(n_messages=pl.len(), n_days=pl.col("sent_at").dt.date().n_unique())
        .filter(pl.col("n_messages") >= options.min_messages, pl.col("n_days") >= options.min_active_days)
        .get_column("author")
        .to_list()
    )
    sample = sorted(active, key=lambda member: (crc32(member.encode()), member))[: options.max_members]
    return np.sort(community.index.rows(pl.Series(sample, dtype=pl.String)))


def deciles(amounts: Floats) -> Rows:
    """Tenths by amount, 0 for the smallest; equal amounts share one, by their middle rank."""
    ascending = np.sort(amounts)
    middle = (np.searchsorted(ascending, amounts, "left") + np.searchsorted(ascending, amounts, "right")) / 2
    return (N_DECILES * middle / max(len(amounts), 1)).astype(np.int64)


def eligible_pairs(community: Community, options: HistoryOptions) -> Mapping[str, EligiblePairs]:
    """Sort pairs of active members by what could be proposed to them; who only ever wrote one way is in neither.

    Cost: time and memory O(active members ^ 2).
    """
    active = active_members(community, options)
    activity = recent_messages(community, days=options.recent_days)
    decile = np.zeros(len(community.index), dtype=np.int64)
    decile[active] = deciles(activity[active])
    first, second = np.triu_indices(len(active), k=1)
    wrote = (exchanged(community)[active][:, active]).toarray() > 0
    there, back = wrote[first, second], wrote[second, first]
    return {
        use: EligiblePairs(
            use=use,
            community=community,
            rows_a=active[first[is_eligible]],
            rows_b=active[second[is_eligible]],
            decile=decile,
        )
        for use, is_eligible in (("introduce", ~there & ~back), ("reunite", there & back))
    }


def came_true(pairs: EligiblePairs, messages: Messages, options: HistoryOptions) -> Flags:
    """Say of each pair whether both wrote to the other within the horizon, shape (pair,).

    The one place that looks past the cutoff.
    """
    index, as_of = pairs.community.index, pairs.community.as_of
    ids = pl.Series(list(index.ids), dtype=pl.String)
    later = answers(messages).filter(
        pl.col("sent_at").is_between(as_of, as_of + timedelta(days=options.horizon_days), closed="right"),
        pl.col("author").is_in(ids.implode()),
        pl.col("to").is_in(ids.implode()),
    )
    n_members = len(index)
    wrote = set((index.rows(later.get_column("author")) * n_members + index.rows(later.get_column("to"))).tolist())
    wrote_rows = np.array(sorted(wrote), dtype=np.int64)
    there = np.isin(pairs.rows_a * n_members + pairs.rows_b, wrote_rows)
    back = np.isin(pairs.rows_b * n_members + pairs.rows_a, wrote_rows)
    flags: Flags = there & back
    return flags
