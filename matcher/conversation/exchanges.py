"""Who answers or addresses whom, message by message."""

import polars as pl

from matcher.conversation.hostility import is_hostile
from matcher.conversation.options import ConversationOptions
from matcher.conversation.substance import substance
from matcher.tables.community import Community
from matcher.tables.conversation import Exchanges


def find_exchanges(community: Community, options: ConversationOptions) -> Exchanges:
    """Turn replies and mentions into one row for each message and person addressed.

    Who answers themselves exchanges nothing; who replies to somebody and names them too
    addresses them once.
    """
    said = community.messages.frame
    addressed = pl.concat([_replies(said), _mentions(said)]).unique().filter(pl.col("author") != pl.col("to"))
    told = said.select("message", "sent_at", "thread", "is_public", is_hostile=is_hostile(pl.col("text")))
    age_days = (pl.lit(community.as_of) - pl.col("sent_at")).dt.total_seconds() / 86_400
    return Exchanges.sorted(
        addressed.join(told, on="message")
        .join(substance(said, telling_nats=options.telling_nats), on="message")
        .with_columns(
            pl.col("author", "to").cast(community.index.enum),
            recency=pl.lit(0.5).pow(age_days / options.half_life_days),
        )
    )


def _replies(said: pl.DataFrame) -> pl.DataFrame:
    answered = said.select(reply_to="message", to="author")
    return said.select("message", "author", "reply_to").join(answered, on="reply_to").select("message", "author", "to")


def _mentions(said: pl.DataFrame) -> pl.DataFrame:
    named = said.select("message", "author", to="mentions").filter(pl.col("to").list.len() > 0)
    return named.explode("to", empty_as_null=True, keep_nulls=True)
