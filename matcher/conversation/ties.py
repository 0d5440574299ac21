"""Exchanges of a pair, summed up in each direction."""

import polars as pl

from matcher.conversation.options import ConversationOptions
from matcher.conversation.readings import FRIENDLY
from matcher.numeric.exact_sum import exact_sum
from matcher.tables.conversation import Exchanges, Ties

PAIR = ("member_a", "member_b")


def tie_members(exchanges: Exchanges, options: ConversationOptions) -> Ties:
    """Sum up what each pair has said to each other.

    Hostile messages count as messages, never as warmth and never as evidence.
    """
    paired = _pair(exchanges.frame)
    from_a = pl.col("is_from_a")
    sums = paired.group_by(PAIR).agg(
        n_a_to_b=from_a.sum().cast(pl.UInt32),
        n_b_to_a=(~from_a).sum().cast(pl.UInt32),
        warmth_a_to_b=exact_sum(FRIENDLY.filter(from_a)),
        warmth_b_to_a=exact_sum(FRIENDLY.filter(~from_a)),
        n_threads=pl.col("thread").n_unique().cast(pl.UInt32),
        hostile_share=pl.col("is_hostile").mean(),
        last_at=pl.col("sent_at").max(),
    )
    return Ties.sorted(
        sums.join(_evidence(paired, options.n_evidence), on=PAIR, how="left").with_columns(
            pl.col("evidence").fill_null([])
        )
    )


def _pair(exchanges: pl.DataFrame) -> pl.DataFrame:
    """Write each exchange under its unordered pair, in the order of time."""
    is_from_a = pl.col("author") < pl.col("to")
    return exchanges.with_columns(
        is_from_a=is_from_a,
        member_a=pl.when(is_from_a).then("author").otherwise("to"),
        member_b=pl.when(is_from_a).then("to").otherwise("author"),
    ).sort("sent_at", "message", "to")


def _evidence(paired: pl.DataFrame, n_evidence: int) -> pl.DataFrame:
    """Pick each direction's most telling public messages, then put them in the order of time."""
    telling = pl.col("substance") * pl.col("recency")
    return (
        paired.filter(pl.col("is_public") & ~pl.col("is_hostile"))
        .with_columns(telling=telling)
        .sort("telling", "message", descending=[True, False])
        .group_by(*PAIR, "is_from_a", maintain_order=True)
        .head(n_evidence)
        .sort("sent_at", "message")
        .group_by(PAIR, maintain_order=True)
        .agg(evidence=pl.col("message").unique(maintain_order=True))
    )
