"""Each message read by itself: what it says, how fresh it is, whether it asks or attacks."""

import polars as pl

from matcher.conversation.hostility import is_hostile
from matcher.conversation.options import ConversationOptions
from matcher.conversation.substance import substance
from matcher.tables.community import Community
from matcher.tables.conversation import Readings


def read_messages(community: Community, options: ConversationOptions) -> Readings:
    """Weigh every message once, for all who ask later."""
    said = community.messages.frame
    age_days = (pl.lit(community.as_of) - pl.col("sent_at")).dt.total_seconds() / 86_400
    return Readings.sorted(
        said.with_columns(
            recency=pl.lit(0.5).pow(age_days / options.half_life_days),
            is_hostile=is_hostile(pl.col("text")),
            is_question=pl.col("reply_to").is_null() & pl.col("text").str.contains("?", literal=True),
        ).join(substance(said, telling_nats=options.telling_nats), on="message")
    )
