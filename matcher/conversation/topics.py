"""Which public topics a member talks about, asks about and answers on."""

import polars as pl

from matcher.conversation.options import ConversationOptions
from matcher.tables.community import Community
from matcher.tables.conversation import Exchanges, MemberTopics

DECLARED_WEIGHT = 3.0
"""A declared interest weighs as much as this many full messages about it."""


def member_topics(community: Community, exchanges: Exchanges, options: ConversationOptions) -> MemberTopics:
    """Share out each member's attention over topics, from public messages and declared interests.

    A question is a message with a question mark that answers nobody; an answer is a reply to one.
    """
    said = community.messages.frame.filter("is_public")
    asked = said.select(reply_to="message", answers_a_question=_is_question())
    substance = exchanges.frame.select("message", "substance").unique("message", keep="any")
    spoken = (
        said.join(asked, on="reply_to", how="left")
        .join(substance, on="message", how="left")
        .select(
            "topics",
            member="author",
            talk=0.2 + pl.col("substance").fill_null(0.8),
            ask=_is_question().cast(pl.Float64),
            answer=pl.col("answers_a_question").fill_null(value=False) * pl.col("substance").fill_null(0.0),
        )
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
        .agg(pl.col("talk", "ask", "answer").sort().sum())
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


def _is_question() -> pl.Expr:
    return pl.col("reply_to").is_null() & pl.col("text").str.contains("?", literal=True)


def _share(name: str) -> pl.Expr:
    total = pl.col(name).sum().over("member")
    return pl.when(total > 0).then((pl.col(name) / total).clip(0, 1)).otherwise(0.0)
