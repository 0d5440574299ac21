"""One cutoff of a backtest: what every method would have said then, beside what came true."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.affinity.ablation import mutual_without, parts_at_work
from matcher.affinity.score import score_pairs
from matcher.engines.sklearn_baselines import factorize, tfidf_rows
from matcher.metrics.baselines import Learned, member_texts, score_baselines
from matcher.metrics.exposure import Exposure, exposure
from matcher.metrics.history import (
    EligiblePairs,
    HistoryOptions,
    active_members,
    came_true,
    community_then,
    eligible_pairs,
    exchanged,
)
from matcher.metrics.verdicts import Question, Replay, Verdict, judge_replay
from matcher.plan import Engines, study_community
from matcher.settings import Settings
from matcher.storage.workspace import StoredCommunity
from matcher.tables.community import Community, MemberIndex
from matcher.tables.picture import Picture
from matcher.units import Flags, Floats

OURS = "ours"
ABLATED = "ours without "
"""Begins the name of what is left of ours when one part is set to zero."""
NO_EMBEDDINGS = "ours without embeddings"
"""The same as without interests: the one part that words as vectors feed."""

N_FACTORS = 8


@dataclass(frozen=True, eq=False, kw_only=True)
class ReplaySetup:
    """What is the same at every cutoff.

    Attributes:
        engines: As on any night.
        settings: As on any night.
        history: Who is looked at, and how far ahead.
        seed: Of the random baseline.
        members: Everybody active at some cutoff: numbers the columns of `draws`.
        draws: How often each of them is drawn, shape (draw, member).
    """

    engines: Engines
    settings: Settings
    history: HistoryOptions
    seed: int
    members: MemberIndex
    draws: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class JudgedCutoff:
    """What one cutoff came to.

    Attributes:
        cutoff: Nothing later was seen.
        verdicts: Every method, by every protocol and metric.
        exposures: By (use, method).
        ours: Our scores, and what came true, by use, shape (pair,) each.
    """

    cutoff: datetime
    verdicts: Mapping[Question, Verdict]
    exposures: Mapping[tuple[str, str], Exposure]
    ours: Mapping[str, tuple[Floats, Flags]]


def judge_cutoff(stored: StoredCommunity, cutoff: datetime, setup: ReplaySetup) -> JudgedCutoff:
    """Score with what was known, then look at what came of it."""
    community = community_then(stored.members, stored.messages, cutoff)
    scored = score_history(community, setup.engines, setup.settings, setup.history, seed=setup.seed)
    verdicts: dict[Question, Verdict] = {}
    exposures: dict[tuple[str, str], Exposure] = {}
    ours: dict[str, tuple[Floats, Flags]] = {}
    for use, (pairs, scores) in scored.items():
        is_positive = came_true(pairs, stored.messages, setup.history)
        verdicts.update(judge_replay(replay_of(pairs, scores, is_positive, setup.members), setup.draws))
        for method, values in scores.items():
            exposures[use, method] = exposure(pairs.rows_a, pairs.rows_b, values)
        ours[use] = (scores[OURS], is_positive)
    return JudgedCutoff(cutoff=cutoff, verdicts=verdicts, exposures=exposures, ours=ours)


def score_history(
    community: Community, engines: Engines, settings: Settings, history: HistoryOptions, *, seed: int
) -> Mapping[str, tuple[EligiblePairs, Mapping[str, Floats]]]:
    """Score all eligible pairs by every method, by use; only what the community holds can matter.

    Args:
        community: As of the cutoff.
        engines: Encoder and gazetteer.
        settings: As on any night.
        history: Who is eligible.
        seed: Of the random baseline.
    """
    picture = study_community(community, engines, settings)
    learned = _learn(community, history)
    scored = {}
    for use, pairs in eligible_pairs(community, history).items():
        rng = np.random.default_rng([seed, community.as_of.toordinal(), len(use)])
        baselines = score_baselines(pairs, learned, history, rng)
        scored[use] = (pairs, {**_ours(pairs, picture, settings), **baselines})
    return scored


def _ours(pairs: EligiblePairs, picture: Picture, settings: Settings) -> Mapping[str, Floats]:
    """Our score, and what is left of it without each part."""
    affinities = score_pairs(pairs.candidates(), picture, settings.affinity)
    without = {f"{ABLATED}{part}": mutual_without(affinities, part) for part in parts_at_work(affinities)}
    return {
        OURS: affinities.frame.get_column("mutual").to_numpy(),
        NO_EMBEDDINGS: mutual_without(affinities, "interests"),
        **without,
    }


def _learn(community: Community, history: HistoryOptions) -> Learned:
    """What the libraries make of the last year."""
    within_days = history.active_within_days
    texts = member_texts(community, active_members(community, history), within_days=within_days)
    wrote = exchanged(community, within_days=within_days)
    factors, partners = factorize(csr_array(wrote + wrote.T), n_factors=N_FACTORS)
    return Learned(words=tfidf_rows(texts), factors=factors, partners=partners)


def replay_of(pairs: EligiblePairs, scores: Mapping[str, Floats], is_positive: Flags, members: MemberIndex) -> Replay:
    """Number members the same way at every cutoff, so that a drawn member is drawn at all of them."""
    index = pairs.community.index
    ends = [members.rows(index.column(rows).cast(pl.String)) for rows in (pairs.rows_a, pairs.rows_b)]
    return Replay(
        use=pairs.use,
        member_a=ends[0],
        member_b=ends[1],
        activity_stratum=pairs.activity_stratum(),
        is_positive=is_positive,
        scores=scores,
    )
