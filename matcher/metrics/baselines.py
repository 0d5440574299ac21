"""What anybody would try first: scores that ours must beat, each from what was known at the cutoff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl
from scipy.sparse import csr_array, diags_array

from matcher.metrics.history import EligiblePairs, HistoryOptions, exchanged, recent_messages
from matcher.numeric.sparse_rows import entries
from matcher.tables.community import Community
from matcher.units import Floats, Rows


@dataclass(frozen=True, eq=False, kw_only=True)
class Learned:
    """What a library made of the same past.

    Attributes:
        words: Unit TF-IDF rows of what members wrote, CSR, shape (member, word).
        factors: Latent factors of who talks with whom, shape (member, factor).
        partners: The other side's, shape (member, factor).
    """

    words: csr_array
    factors: Floats
    partners: Floats


def member_texts(community: Community, members: Rows, *, within_days: int) -> list[str]:
    """All that each member wrote of late, one text a member, empty for whoever is not among `members`."""
    ids = community.index.column(members).cast(pl.String)
    since = community.as_of - timedelta(days=within_days)
    joined = (
        community.messages.frame.filter(pl.col("author").is_in(ids.implode()), pl.col("sent_at") > since)
        .sort("sent_at", "message")
        .group_by("author", maintain_order=True)
        .agg(pl.col("text").str.join("\n"))
    )
    texts = [""] * len(community.index)
    for row, text in zip(community.index.rows(joined.get_column("author")), joined.get_column("text"), strict=True):
        texts[row] = text
    return texts


def score_baselines(
    pairs: EligiblePairs, learned: Learned, options: HistoryOptions, rng: np.random.Generator
) -> Mapping[str, Floats]:
    """Score every pair by every baseline that says something about its use, shape (pair,) each.

    Partners, degrees and words are those of the last `active_within_days`: measured, they foretell better
    than all that ever was. Amounts enter a sum by log1p: so they rank better than plain ones.
    """
    community, ends = pairs.community, (pairs.rows_a, pairs.rows_b)
    wrote = exchanged(community, within_days=options.active_within_days)
    between = csr_array(wrote + wrote.T)
    partners = csr_array((np.ones(between.nnz), between.indices, between.indptr), shape=between.shape)
    degree: Floats = partners.sum(axis=1)
    rarity = np.where(degree > 1, 1 / np.log(np.maximum(degree, 2)), 0.0)
    recent = np.log1p(recent_messages(community, days=options.recent_days))
    words = _rows_dot(learned.words, ends)
    adamic_adar = entries(csr_array(partners @ diags_array(rarity) @ partners), *ends)
    active = _both(recent, ends)
    topics = _rows_dot(topic_rows(community), ends)
    everything = (adamic_adar, active, words, topics)
    scores = {
        "random": rng.random(len(pairs)),
        "recent activity": active,
        "recency": _both(-_silent_days(community), ends),
        "preferential attachment": degree[pairs.rows_a] * degree[pairs.rows_b],
        "common neighbours": entries(csr_array(partners @ partners), *ends),
        "Adamic-Adar": adamic_adar,
        "text": words,
        "text + recent activity": _standard(words) + _standard(active),
        "Adamic-Adar + recent + text + topic": np.sum([_standard(one) for one in everything], axis=0),
        "collaborative filtering": _two_sided(learned, ends),
    }
    if pairs.use == "reunite":
        scores["exchanges so far"] = entries(between, *ends)
    return scores


def topic_rows(community: Community) -> csr_array:
    """Unit rows of how often members wrote on each topic, rare topics first, CSR, shape (member, topic)."""
    counts = (
        community.messages.frame.select("author", topic="topics")
        .explode("topic", empty_as_null=True, keep_nulls=True)
        .drop_nulls()
        .group_by("author", "topic")
        .len()
        .with_columns(
            column=pl.col("topic").rank("dense").cast(pl.Int64) - 1,
            weight=pl.col("len").log1p() * (len(community.index) / pl.len().over("topic")).log1p(),
        )
        .sort("author", "topic")
    )
    places = community.index.rows(counts.get_column("author")), counts.get_column("column").to_numpy()
    shape = (len(community.index), max(counts.get_column("topic").n_unique(), 1))
    matrix = csr_array((counts.get_column("weight").to_numpy(), places), shape=shape)
    lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1))
    return csr_array(diags_array(1 / np.maximum(lengths, 1e-12)) @ matrix)


def _silent_days(community: Community) -> Floats:
    """Natural log of days since each member last wrote, plus one, shape (member,)."""
    last = community.messages.frame.group_by("author").agg(pl.col("sent_at").max())
    days = (pl.lit(community.as_of) - pl.col("sent_at")) / timedelta(days=1)
    aged = last.with_columns(silent=days.log1p())
    silent = np.full(len(community.index), np.inf)
    silent[community.index.rows(aged.get_column("author"))] = aged.get_column("silent").to_numpy()
    return silent


def _both(amounts: Floats, ends: tuple[Rows, Rows]) -> Floats:
    return amounts[ends[0]] + amounts[ends[1]]


def _two_sided(learned: Learned, ends: tuple[Rows, Rows]) -> Floats:
    both = [np.einsum("pf,pf->p", learned.factors[mine], learned.partners[other]) for mine, other in (ends, ends[::-1])]
    return np.asarray(both[0] + both[1], dtype=np.float64)


def _rows_dot(rows: csr_array, ends: tuple[Rows, Rows]) -> Floats:
    """Dot products of rows through one dense block of the members concerned, shape (pair,)."""
    members, places = np.unique(np.concatenate(ends), return_inverse=True)
    block = rows[members]
    products = (block @ block.T).toarray()
    return np.asarray(products[places[: len(ends[0])], places[len(ends[0]) :]], dtype=np.float64)


def _standard(scores: Floats) -> Floats:
    """Scores in standard deviations; zeros where all are alike."""
    deviation = scores.std() if len(scores) else 0.0
    return (scores - scores.mean()) / deviation if deviation > 0 else np.zeros_like(scores)
