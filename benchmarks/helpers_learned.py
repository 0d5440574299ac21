"""What closeness of questions adds to the weights learned from history, and to what they foretell."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy.special import expit

from benchmarks.helpers_questions import Talk, closeness, read_answered, read_asked
from matcher.affinity.evidence import DirectedEvidence, Evidence, gather
from matcher.affinity.mutual import mutual_share
from matcher.affinity.options import AffinityOptions
from matcher.engines.sklearn_weights import SklearnFitter
from matcher.metrics.bootstrap import draw_members, interval
from matcher.metrics.history import (
    EligiblePairs,
    HistoryOptions,
    active_members,
    came_true,
    community_then,
    eligible_pairs,
)
from matcher.metrics.verdicts import Question, Verdict, judge_replay, pool
from matcher.plan import Engines, study_community
from matcher.settings import Settings
from matcher.storage.workspace import StoredCommunity
from matcher.tables.community import MemberIndex
from matcher.tables.pairs import USES
from matcher.units import Flags, Floats
from pipelines.backtest import BacktestOrder, active_ids, plan_cutoffs
from pipelines.replay import replay_of
from pipelines.tune import TuneOrder, plan_lessons

HELP = "questions"
WITHOUT, WITH = "without", "with questions"


@dataclass(frozen=True, eq=False, kw_only=True)
class Seen:
    """One use at one cutoff.

    Attributes:
        pairs: Who could be proposed.
        evidence: The signals of the score.
        close: Closeness of questions, A's to what B answered and B's to what A answered, shape (pair,) each.
        is_positive: Whether it came true, shape (pair,).
    """

    pairs: EligiblePairs
    evidence: Evidence
    close: tuple[Floats, Floats]
    is_positive: Flags

    def table(self, names: Sequence[str]) -> Floats:
        """Signals of both directions, the first of all pairs first, shape (2 x pair, signal)."""
        ways = zip((self.evidence.a_to_b, self.evidence.b_to_a), self.close, strict=True)
        return np.concatenate(
            [np.column_stack([{**way.signals, HELP: close}[name] for name in names]) for way, close in ways]
        )


def print_learned(stored: StoredCommunity, talk: Talk, engines: Engines, order: BacktestOrder) -> None:
    """Learn on early cutoffs with and without, and print weights and figures of merit on the later ones."""
    checks, history = plan_cutoffs(stored, order)
    lessons = [
        _see(stored, talk, one, engines, history) for one in plan_lessons(stored, checks[0], TuneOrder(), history)
    ]
    names = {WITHOUT: [name for name in lessons[0][USES[0]].evidence.a_to_b.signals if name != "help"]}
    names[WITH] = [*names[WITHOUT], HELP]
    fits = {(use, how): _fit([one[use] for one in lessons], names[how]) for use in USES for how in names}
    members = MemberIndex(tuple(sorted({one for check in checks for one in active_ids(stored, check, history)})))
    draws = draw_members(len(members), order.n_resamples, np.random.default_rng([order.seed, zlib.crc32(b"draws")]))
    verdicts = []
    for check in checks:
        for use, seen in _see(stored, talk, check, engines, history).items():
            scores = {how: _mutual(seen, names[how], *fits[use, how]) for how in names}
            scores[f"{HELP} alone"] = np.sum(seen.close, axis=0)
            verdicts.append(judge_replay(replay_of(seen.pairs, scores, seen.is_positive, members), draws))
    _print(pool(verdicts), fits)


def _see(
    stored: StoredCommunity, talk: Talk, cutoff: datetime, engines: Engines, history: HistoryOptions
) -> Mapping[str, Seen]:
    community = community_then(stored.members, stored.messages, cutoff)
    picture = study_community(community, engines, Settings())
    active = active_members(community, history)
    among = MemberIndex(tuple(community.index.ids[row] for row in active))
    known = talk.before(cutoff)
    asked = read_asked(known.questions, among, engines.encoder)
    answered = read_answered(known, among, engines.encoder)
    seen = {}
    for use, pairs in eligible_pairs(community, history).items():
        ends = np.searchsorted(active, pairs.rows_a), np.searchsorted(active, pairs.rows_b)
        seen[use] = Seen(
            pairs=pairs,
            evidence=gather(picture, pairs.candidates().frame.select("member_a", "member_b")),
            close=(closeness(asked, answered, *ends), closeness(asked, answered, *ends[::-1])),
            is_positive=came_true(pairs, stored.messages, history),
        )
    return seen


def _fit(lessons: Sequence[Seen], names: Sequence[str]) -> tuple[Floats, float]:
    is_positive = np.concatenate([np.tile(one.is_positive, 2) for one in lessons])
    return SklearnFitter().fit(np.concatenate([one.table(names) for one in lessons]), is_positive)


def _mutual(seen: Seen, names: Sequence[str], weights: Floats, base: float) -> Floats:
    """The mutual share, with the parts that are set by hand."""
    there, back = np.split(seen.table(names) @ weights + base, 2)
    evidence, options = seen.evidence, AffinityOptions()

    def by_hand(way: DirectedEvidence) -> Floats:
        return options.hostility * way.hostile_share + options.standing * (1 - way.standing_share)

    return mutual_share(expit(there + by_hand(evidence.a_to_b)), expit(back + by_hand(evidence.b_to_a)))


def _print(verdicts: Mapping[Question, Verdict], fits: Mapping[tuple[str, str], tuple[Floats, float]]) -> None:
    print("\nActivity-matched, learned on earlier cutoffs; after the semicolon, the difference to without\n")
    print("| | weight | AUC | MRR |\n| --- | --- | --- | --- |")
    for use in USES:
        for how in (WITHOUT, WITH, f"{HELP} alone"):
            weight = f"{fits[use, how][0][-1]:.3f}" if how == WITH else ""
            cells = [_cell(verdicts, Question(use, "activity_matched", how, metric)) for metric in ("auc", "mrr")]
            print(f"| {use}, {how} | {weight} | {' | '.join(cells)} |")


def _cell(verdicts: Mapping[Question, Verdict], asked: Question) -> str:
    means = verdicts[asked].tally.means()
    figure, lead = interval(means), interval(means - verdicts[asked._replace(method=WITHOUT)].tally.means())
    said = f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
    return said if asked.method == WITHOUT else f"{said}; {lead.value:+.4f} ({lead.low:+.4f} to {lead.high:+.4f})"
