"""Each message read by itself: what it says, how fresh it is, whether it asks or attacks."""

from datetime import datetime

import polars as pl

from matcher.conversation.hostility import is_hostile
from matcher.conversation.options import ConversationOptions
from matcher.conversation.substance import substance
from matcher.tables.community import Community
from matcher.tables.conversation import Readings

FRIENDLY = pl.col("substance") * pl.col("recency") * ~pl.col("is_hostile")
"""What a message adds to warmth and presence: its substance, faded by age, and nothing where it attacks."""


def freshness(as_of: datetime, half_life_days: float) -> pl.Expr:
    """How much of a message is left by now: half for every half-life that has passed since `sent_at`."""
    age_days = (pl.lit(as_of) - pl.col("sent_at")).dt.total_seconds() / 86_400
    return pl.lit(0.5).pow(age_days / half_life_days)


def read_messages(community: Community, options: ConversationOptions) -> Readings:
    """Weigh every message once, for all who ask later."""
    said = community.messages.frame
    return Readings.sorted(
        said.with_columns(
            recency=freshness(community.as_of, options.half_life_days),
            is_hostile=is_hostile(pl.col("text")),
            is_question=pl.col("reply_to").is_null() & pl.col("text").str.contains("?", literal=True),
        ).join(substance(said, telling_nats=options.telling_nats), on="message")
    )
