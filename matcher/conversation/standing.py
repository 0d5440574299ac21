"""How well we know a member by their words, and whether they talk with people or at them."""

import polars as pl

from matcher.conversation.options import ConversationOptions
from matcher.conversation.readings import freshness
from matcher.numeric.exact_sum import exact_sum
from matcher.tables.community import Community
from matcher.tables.conversation import Exchanges, Readings, Standings

_MARKS = r"https?://\S+|[^\p{L} ]+"
_OPENING = 40
"""Letters at the beginning that make two messages alike: what a machine fills in mostly comes later."""


def judge_standings(
    community: Community, exchanges: Exchanges, readings: Readings, options: ConversationOptions
) -> Standings:
    """Judge everyone who wrote enough to be judged; everyone else stands at 1.

    A message is one-way if it answers nobody, nobody answers it, and it names at most people who
    never turned to its author. A loudspeaker writes one-way *and* links, or begins the same way again
    and again. One alone is no fault: an unanswered newcomer and a helper who links to the manual stand
    at 1. The standing is 1 - one_way_share x max(link_share, repeat_share). Heard is W / (W +
    enough_messages), W the substance of a member's messages, halved with every `heard_half_life_days`:
    one question of years ago tells us nothing.
    """
    said = community.messages.frame.join(readings.frame, on="message")
    two_way = pl.concat([_answers(said), _returned(exchanges)]).unique().get_column("message")
    members = community.members.frame.select("member")
    fresh = freshness(community.as_of, options.heard_half_life_days)
    shares = (
        said.with_columns(
            is_one_way=~pl.col("message").is_in(two_way.implode()),
            repeats=pl.struct(
                "author", pl.col("text").str.to_lowercase().str.replace_all(_MARKS, "").str.slice(0, _OPENING)
            ),
        )
        .group_by(member="author")
        .agg(
            n_messages=pl.len().cast(pl.UInt32),
            one_way_share=pl.col("is_one_way").mean(),
            link_share=(pl.col("n_links") > 0).mean(),
            repeat_share=1 - pl.col("repeats").n_unique() / pl.len(),
            heard=exact_sum(pl.col("substance") * fresh),
        )
    )
    told = members.join(shares, on="member", how="left").with_columns(
        pl.col("n_messages").fill_null(0),
        pl.col("one_way_share", "link_share", "repeat_share", "heard").fill_null(0.0),
    )
    loudness = pl.col("one_way_share") * pl.max_horizontal("link_share", "repeat_share")
    is_judged = pl.col("n_messages") >= options.min_messages_to_judge
    return Standings.sorted(
        told.with_columns(
            pl.col("member").cast(community.index.enum),
            heard_share=pl.col("heard") / (pl.col("heard") + options.enough_messages),
            standing_share=pl.when(is_judged).then(1 - loudness).otherwise(1.0),
        ).with_columns(why=pl.when(pl.col("standing_share") < 0.7).then(_why()).otherwise(pl.lit("")))
    )


def _answers(said: pl.DataFrame) -> pl.DataFrame:
    """Find messages that answer somebody else, even somebody who is not here, and those that somebody else answers."""
    asked = said.select(reply_to="message", asker="author")
    replies = said.filter(pl.col("reply_to").is_not_null()).join(asked, on="reply_to", how="left")
    to_others = replies.filter(pl.col("author").ne_missing(pl.col("asker")))
    return pl.concat([to_others.select("message"), to_others.select(message="reply_to")])


def _returned(exchanges: Exchanges) -> pl.DataFrame:
    """Find messages to somebody who also turned to their author."""
    turned = exchanges.frame.select(author="to", to="author").unique()
    return exchanges.frame.join(turned, on=["author", "to"], how="semi").select("message")


def _why() -> pl.Expr:
    def percent(name: str) -> pl.Expr:
        return (pl.col(name) * 100).round(0).cast(pl.Int64)

    return pl.format(
        "{} % of {} messages answer nobody and get no answer; {} % carry links; {} % repeat an earlier one",
        percent("one_way_share"),
        "n_messages",
        percent("link_share"),
        percent("repeat_share"),
    )
