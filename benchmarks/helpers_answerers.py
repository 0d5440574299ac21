"""Who will answer whom: what was known of every two active members at a cutoff, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from benchmarks.helpers_questions import Talk, closeness, read_answered, read_asked
from matcher.affinity.evidence import gather
from matcher.metrics.history import HistoryOptions, active_members, community_then, deciles, exchanged
from matcher.plan import Engines, study_community
from matcher.settings import Settings
from matcher.storage.workspace import StoredCommunity
from matcher.tables.community import Community, MemberIndex
from matcher.units import Flags, Floats, Rows

METRICS = ("MRR", "MRR, matched", "AUC, matched")
BESIDE = ("interests", "company", "people")
"""Signals of the score that are shown beside."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Ranking:
    """Every two active members at one cutoff; matrices have shape (asker, helper).

    Attributes:
        members: Who they are, ascending.
        scores: By method, larger is better.
        answers: Whether this helper answers a new question of this asker's.
        may_help: Whether the pair counts: two people, of whom this asker has asked before.
        is_new: Whether neither had ever answered the other.
        stratum: The tenth of a helper by answers in the last year, shape (helper,).
    """

    members: MemberIndex
    scores: Mapping[str, Floats]
    answers: Flags
    may_help: Flags
    is_new: Flags
    stratum: Rows

    def judge(self, *, only_new: bool) -> pl.DataFrame:
        """One row for each method and asker who is answered: `method`, `asker`, and the METRICS; ties count half."""
        counts = self.may_help & (self.is_new | (not only_new))
        answered = np.flatnonzero((counts & self.answers).any(axis=1))
        rows = [
            (method, self.members.ids[asker], *_judge_one(scores[asker, mine], self.answers[asker, mine], tenth))
            for method, scores in self.scores.items()
            for asker in answered
            for mine in (counts[asker],)
            for tenth in (self.stratum[mine],)
        ]
        return pl.DataFrame(
            rows,
            schema=dict.fromkeys(("method", "asker"), pl.String()) | dict.fromkeys(METRICS, pl.Float64()),
            orient="row",
        )


def rank_answerers(
    stored: StoredCommunity, talk: Talk, cutoff: datetime, engines: Engines, history: HistoryOptions
) -> Ranking:
    """Say of every two active members what was known at the cutoff, and whether one then answers the other."""
    community = community_then(stored.members, stored.messages, cutoff)
    active = active_members(community, history)
    members = MemberIndex(tuple(community.index.ids[row] for row in active))
    known, later = talk.before(cutoff), talk.between(cutoff, cutoff + timedelta(days=history.horizon_days))
    asked = read_asked(known.questions, members, engines.encoder)
    coming = read_asked(later.questions, members, engines.encoder)
    answered = read_answered(known, members, engines.encoder)
    since = cutoff - timedelta(days=history.active_within_days)
    late = known.answers.filter(pl.col("answered_at") > since).get_column("helper")
    n_answers = np.bincount(members.rows(late.filter(late.is_in(list(members.ids)))), minlength=len(members))
    met = exchanged(community)[active][:, active].toarray() > 0
    n_members = len(members)
    askers, helpers = (side.ravel() for side in np.indices((n_members, n_members)))
    has_asked = np.isin(np.arange(n_members), asked.owners)
    return Ranking(
        members=members,
        scores={
            "random": np.random.default_rng([1, cutoff.toordinal()]).random((n_members, n_members)),
            "answers in the last year": np.tile(n_answers.astype(np.float64), (n_members, 1)),
            "tag": _tag_cosine(known, stored, members),
            "questions": closeness(asked, answered, askers, helpers).reshape(n_members, n_members),
            "questions still to come": closeness(coming, answered, askers, helpers).reshape(n_members, n_members),
            **_signals(community, active, engines),
        },
        answers=_has(later.answers, members),
        may_help=has_asked[:, None] & ~np.eye(n_members, dtype=np.bool_),
        is_new=~(met | met.T),
        stratum=deciles(n_answers.astype(np.float64)),
    )


def _signals(community: Community, active: Rows, engines: Engines) -> Mapping[str, Floats]:
    """What the score knows of every two, shape (asker, helper) each."""
    first, second = np.triu_indices(len(active), k=1)
    ends = {"member_a": community.index.column(active[first]), "member_b": community.index.column(active[second])}
    evidence = gather(study_community(community, engines, Settings()), pl.DataFrame(ends))
    found = {}
    for name in BESIDE:
        found[name] = np.zeros((len(active), len(active)))
        found[name][first, second] = evidence.a_to_b.signals[name]
        found[name][second, first] = evidence.b_to_a.signals[name]
    return found


def _has(answers: pl.DataFrame, members: MemberIndex) -> Flags:
    ids = list(members.ids)
    both = answers.filter(pl.col("asker").is_in(ids) & pl.col("helper").is_in(ids))
    found = np.zeros((len(ids), len(ids)), dtype=np.bool_)
    found[members.rows(both.get_column("asker")), members.rows(both.get_column("helper"))] = True
    return found


def _tag_cosine(known: Talk, stored: StoredCommunity, members: MemberIndex) -> Floats:
    """Cosine of topics asked about and answered on, each by its rarity among members, shape (asker, helper)."""
    about = stored.messages.frame.select("topics", question="message").explode(
        "topics", empty_as_null=True, keep_nulls=True
    )
    names = about.get_column("topics").drop_nulls().unique().sort()

    def unit_rows(said: pl.DataFrame, who: str) -> Floats:
        of_members = said.select("question", member=who).filter(pl.col("member").is_in(list(members.ids)))
        counted = of_members.join(about.drop_nulls(), on="question")
        table = np.zeros((len(members), len(names)))
        topics = names.search_sorted(counted.get_column("topics")).to_numpy()
        np.add.at(table, (members.rows(counted.get_column("member")), topics), 1.0)
        table *= np.log(len(members) / np.maximum((table > 0).sum(axis=0), 1))
        return np.asarray(table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12))

    return np.asarray(unit_rows(known.questions, "asker") @ unit_rows(known.answers, "helper").T)


def _judge_one(scores: Floats, answers: Flags, stratum: Rows) -> tuple[float, float, float]:
    """MRR; then MRR and AUC beside those of the same stratum alone, NaN where there are none."""
    best = scores[answers].max()
    rank = 1 + (scores > best).sum() + ((scores == best) & ~answers).sum() / 2
    ranks, shares = [], []
    for score, tenth in zip(scores[answers], stratum[answers], strict=True):
        others = scores[~answers & (stratum == tenth)]
        if len(others):
            beaten = (others < score).sum() + (others == score).sum() / 2
            shares.append(beaten / len(others))
            ranks.append(1 / (1 + len(others) - beaten))
    of_stratum = [float(np.mean(many)) if many else float("nan") for many in (ranks, shares)]
    return float(1 / rank), of_stratum[0], of_stratum[1]
