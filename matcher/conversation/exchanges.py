"""Who answers or addresses whom, message by message."""

import polars as pl

from matcher.conversation.options import ConversationOptions
from matcher.tables.community import Community
from matcher.tables.conversation import Exchanges, Readings


def find_exchanges(community: Community, readings: Readings, options: ConversationOptions) -> Exchanges:
    """Turn replies and mentions into one row for each message and person addressed.

    Who answers themselves exchanges nothing; who replies to somebody and names them too
    addresses them once.
    """
    said = community.messages.frame
    addressed = pl.concat([_replies(said), _mentions(said)]).unique().filter(pl.col("author") != pl.col("to"))
    return Exchanges.sorted(
        addressed.join(said.select("message", "sent_at", "thread", "is_public"), on="message")
        .filter(pl.col("is_public") | options.read_private)
        .join(readings.frame, on="message")
        .with_columns(pl.col("author", "to").cast(community.index.enum))
    )


def _replies(said: pl.DataFrame) -> pl.DataFrame:
    answered = said.select(reply_to="message", to="author")
    return said.select("message", "author", "reply_to").join(answered, on="reply_to").select("message", "author", "to")


def _mentions(said: pl.DataFrame) -> pl.DataFrame:
    named = said.select("message", "author", to="mentions").filter(pl.col("to").list.len() > 0)
    return named.explode("to", empty_as_null=True, keep_nulls=True)
