"""Which topics of several members are telling: what many of them talk about and few others do."""

from collections.abc import Iterable

import polars as pl

from matcher.numeric.exact_sum import exact_sum


def rare_topics(topics: pl.DataFrame, n_members: int) -> pl.DataFrame:
    """The rows of `MemberTopics`, members as text, with `rarity`: how few of so many members talk about the topic."""
    return topics.with_columns(pl.col("member").cast(pl.String), rarity=(1 + n_members / pl.len().over("topic")).log())


def topics_of(rare: pl.DataFrame, members: Iterable[str], *, at_least: int) -> list[tuple[str, int]]:
    """Topics that so many of these members talk about, with their number, most telling first.

    Args:
        rare: As `rare_topics` makes it.
        members: Of whom.
        at_least: How many of them.
    """
    counted = (
        rare.filter(pl.col("member").is_in(sorted(members)))
        .group_by("topic")
        .agg(n_members=pl.len(), weight=exact_sum(pl.col("talk_share")) * pl.col("rarity").first())
        .filter(pl.col("n_members") >= at_least)
        .sort("n_members", "weight", "topic", descending=[True, True, False])
    )
    return list(counted.select("topic", "n_members").iter_rows())
