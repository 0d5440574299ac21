"""Pairs that must never be proposed together. What a finished plan is held to lives in `audit.py`."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from matcher.numeric.ranges import require
from matcher.rules.shared import pairs_without_common
from matcher.tables.community import AT_ONE_TABLE, Community
from matcher.tables.conversation import Ties
from matcher.tables.pairs import Vetoes


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleOptions:
    """When a pair is kept apart although neither blocks the other.

    Attributes:
        quarrel_share: From this share of hostile messages on, a pair is a quarrel, in [0, 1].
        quarrel_messages: Fewer messages than this, both ways together, prove no quarrel.
        cooldown_days: Two who were proposed to each other less than so many days ago are kept apart; 0: nobody. Runs
            less than `rotation.days_apart` days old are not rounds yet, so a cooldown must be longer than that.
    """

    quarrel_share: float = 0.3
    quarrel_messages: int = 3
    cooldown_days: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A number is out of range.
        """
        require(
            "rules", self, shares=("quarrel_share",), positive=("quarrel_messages",), not_negative=("cooldown_days",)
        )


def veto_pairs(community: Community, ties: Ties, options: RuleOptions) -> Vetoes:
    """Collect the pairs that nobody may seat together or introduce.

    A block counts in both directions, so that nobody can tell from a plan who blocked whom. A pair
    stands once, under the first of block, declined, unsafe, quarrel, cooldown, no_common_language, rejected,
    no_common_time: the longer one lasts and the further it reaches, the earlier. What a member declined keeps both
    apart in either direction, as a block does.
    """
    kept_apart = (
        ("block", community.blocks.frame.select(one="member", other="blocked")),
        ("declined", _decided_apart(community, "declined")),
        ("unsafe", _decided_apart(community, "unsafe")),
        ("quarrel", _quarrels(ties, options)),
        ("cooldown", _met_within(community, options.cooldown_days)),
        ("no_common_language", pairs_without_common(community.members, "languages", community.index)),
        ("rejected", _decided_apart(community, "rejected")),
        ("no_common_time", pairs_without_common(community.members, "availability", community.index)),
    )
    members = community.index.enum
    rows = [pairs.select(pl.col("one", "other").cast(members), rule=pl.lit(rule)) for rule, pairs in kept_apart]
    pair = [pl.min_horizontal("one", "other").alias("member_a"), pl.max_horizontal("one", "other").alias("member_b")]
    found = pl.concat(rows).filter(pl.col("one") != pl.col("other")).select(*pair, "rule")
    return Vetoes.sorted(found.unique(["member_a", "member_b"], keep="first", maintain_order=True))


def _decided_apart(community: Community, rule: str) -> pl.DataFrame:
    """Pairs whom members' answers or organizers' rejections keep apart."""
    pairs = sorted(pair for pair, why in community.decided.apart.items() if why == rule)
    return pl.DataFrame(pairs, schema={"one": pl.String, "other": pl.String}, orient="row")


def _quarrels(ties: Ties, options: RuleOptions) -> pl.DataFrame:
    n_messages = pl.col("n_a_to_b").cast(pl.UInt64) + pl.col("n_b_to_a").cast(pl.UInt64)
    is_quarrel = (pl.col("hostile_share") >= options.quarrel_share) & (n_messages >= options.quarrel_messages)
    return ties.frame.filter(is_quarrel).select(one="member_a", other="member_b")


def _met_within(community: Community, days: float) -> pl.DataFrame:
    """Pairs who were in one group or introduction less than so many days ago."""
    since = community.as_of - timedelta(days=days)
    lately = community.meetings.frame.filter((pl.col("round_at") > since) & AT_ONE_TABLE)
    others = lately.select("round_at", "meeting", other="member")
    both = lately.join(others, on=["round_at", "meeting"]).select(one="member", other="other")
    return both.filter(pl.col("one") < pl.col("other"))
