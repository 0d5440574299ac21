"""Who took part in which conversation: people may keep company for long before they answer each other."""

import polars as pl

from matcher.conversation.options import ConversationOptions
from matcher.conversation.readings import FRIENDLY
from matcher.numeric.exact_sum import exact_sum
from matcher.tables.community import Community
from matcher.tables.conversation import Presences, Readings


def note_presences(community: Community, readings: Readings, options: ConversationOptions) -> Presences:
    """Weigh each member's part in each conversation: W / (W + 1), W their friendly substance there, faded by age.

    A hundred messages in one conversation are hardly more presence than five. Who attacked there was no company.
    What is public of it is the same whether private messages are read or not.
    """
    said = community.messages.frame.filter(pl.col("is_public") | options.read_private)
    voiced = said.select("message", "author", "thread", "is_public").join(readings.frame, on="message")
    return Presences.sorted(
        voiced.group_by("author", "thread")
        .agg(heard=exact_sum(FRIENDLY), is_public=(pl.col("is_public") & (FRIENDLY > 0)).any())
        .filter(pl.col("heard") > 0)
        .select(
            "thread",
            "is_public",
            member=pl.col("author").cast(community.index.enum),
            presence_share=pl.col("heard") / (pl.col("heard") + 1),
        )
    )
