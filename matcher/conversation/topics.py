"""Which public topics a member talks about, asks about and answers on."""

import polars as pl

from matcher.conversation.options import ConversationOptions
from matcher.numeric.exact_sum import exact_sum
from matcher.tables.community import Community
from matcher.tables.conversation import MemberTopics, Readings

DECLARED_WEIGHT = 3.0
"""A declared interest weighs as much as this many full messages about it."""


def member_topics(community: Community, readings: Readings, options: ConversationOptions) -> MemberTopics:
    """Share out each member's attention over topics, from public messages and declared interests.

    An answer is a reply to a question. Fresh messages of substance count most.
    """
    said = community.messages.frame.filter("is_public").join(readings.frame, on="message")
    asked = readings.frame.select(reply_to="message", answers_a_question="is_question")
    weight = pl.col("substance") * pl.col("recency")
    spoken = said.join(asked, on="reply_to", how="left").select(
        "topics",
        member="author",
        talk=weight,
        ask=weight * pl.col("is_question"),
        answer=weight * pl.col("answers_a_question").fill_null(value=False),
    )
    declared = community.members.frame.select(
        topics="interests", member="member", talk=pl.lit(DECLARED_WEIGHT), ask=pl.lit(0.0), answer=pl.lit(0.0)
    )
    sums = (
        pl.concat([spoken, declared.select(spoken.columns)])
        .filter(pl.col("topics").list.len() > 0)
        .explode("topics", empty_as_null=True, keep_nulls=True)
        .with_columns(topic=pl.col("topics").str.strip_chars().str.to_lowercase())
        .filter(pl.col("topic") != "")
        .group_by("member", "topic")
        .agg(exact_sum(pl.col("talk", "ask", "answer")))
        .sort("member", "talk", "topic", descending=[False, True, False])
        .group_by("member", maintain_order=True)
        .head(options.n_topics)
    )
    return MemberTopics.sorted(
        sums.select(
            pl.col("member").cast(community.index.enum),
            "topic",
            talk_share=_share("talk"),
            ask_share=_share("ask"),
            answer_share=_share("answer"),
        )
    )


def _share(name: str) -> pl.Expr:
    total = exact_sum(pl.col(name)).over("member")
    return pl.when(total > 0).then((pl.col(name) / total).clip(0, 1)).otherwise(0.0)
