"""Pairs that must never be proposed together. What a finished plan is held to lives in `audit.py`."""

from dataclasses import dataclass

import polars as pl

from matcher.numeric.ranges import require
from matcher.tables.community import Community
from matcher.tables.conversation import Ties
from matcher.tables.pairs import Vetoes


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleOptions:
    """When a pair is kept apart although neither blocks the other.

    Attributes:
        quarrel_share: From this share of hostile messages on, a pair is a quarrel, in [0, 1].
        quarrel_messages: Fewer messages than this, both ways together, prove no quarrel.
    """

    quarrel_share: float = 0.3
    quarrel_messages: int = 3

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A number is out of range.
        """
        require("rules", self, shares=("quarrel_share",), positive=("quarrel_messages",))


def veto_pairs(community: Community, ties: Ties, options: RuleOptions) -> Vetoes:
    """Collect the pairs that nobody may seat together or introduce.

    A block counts in both directions, so that nobody can tell from a plan who blocked whom; it
    takes the place of a quarrel of the same pair.
    """
    members = community.index.enum
    pair = [pl.min_horizontal("one", "other").alias("member_a"), pl.max_horizontal("one", "other").alias("member_b")]
    blocked = (
        community.blocks.frame.filter(pl.col("member") != pl.col("blocked"))
        .select(one="member", other="blocked")
        .select(*pair, rule=pl.lit("block"))
        .with_columns(pl.col("member_a", "member_b").cast(members))
    )
    n_messages = pl.col("n_a_to_b").cast(pl.UInt64) + pl.col("n_b_to_a").cast(pl.UInt64)
    quarrels = ties.frame.filter(
        (pl.col("hostile_share") >= options.quarrel_share) & (n_messages >= options.quarrel_messages)
    ).select("member_a", "member_b", rule=pl.lit("quarrel"))
    both = pl.concat([blocked, quarrels.with_columns(pl.col("member_a", "member_b").cast(members))])
    return Vetoes.sorted(both.unique(["member_a", "member_b"], keep="first", maintain_order=True))
