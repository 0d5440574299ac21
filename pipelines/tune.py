"""Learns weights from earlier history, and checks them on later history that the lessons never saw."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from matcher.affinity.evidence import gather
from matcher.affinity.learning import Lesson, learn_options
from matcher.affinity.options import AffinityOptions
from matcher.engines.sklearn_weights import SklearnFitter
from matcher.errors import InputError
from matcher.metrics.history import HistoryOptions, came_true, community_then, eligible_pairs
from matcher.plan import Engines, study_community
from matcher.settings import Settings
from matcher.storage.lock import hold_lock
from matcher.storage.weights import LearnedWeights, WeightStore
from matcher.storage.workspace import StoredCommunity, Workspace
from matcher.tables.pairs import USES
from pipelines.backtest import BacktestOrder, midnight, plan_cutoffs
from pipelines.compare import IN_FORCE, Gain, gains_of, judge_weights
from pipelines.events import busy
from pipelines.wiring import engines_for

PROPOSED = "proposed"

FEWEST_POSITIVES = 20
"""Fewer pairs that came true teach chance, not people."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TuneOrder:
    """What is asked of a tuning.

    Attributes:
        n_lessons: Cutoffs to learn from, spread over earlier history.
        check: Where and how the weights are checked; lessons end a horizon before the first of these cutoffs.
    """

    n_lessons: int = 8
    check: BacktestOrder = field(default_factory=BacktestOrder)


@dataclass(frozen=True, eq=False, kw_only=True)
class TuneDone:
    """What was learned, and what it is worth.

    Attributes:
        before: The weights in force.
        after: The weights proposed.
        lessons: Cutoffs learned from.
        checks: Cutoffs checked on.
        n_positives: By use, what came true among the lessons.
        gains: Of the proposed weights over those in force, on the checks.
        path: The proposal.
    """

    before: AffinityOptions
    after: AffinityOptions
    lessons: tuple[datetime, ...]
    checks: tuple[datetime, ...]
    n_positives: Mapping[str, int]
    gains: tuple[Gain, ...]
    path: Path


def run_tune(workspace: Workspace, settings: Settings, order: TuneOrder, *, now: datetime) -> TuneDone:
    """Learn, check, and leave a proposal; nothing changes until it is accepted.

    Raises:
        InputError: History is too short to learn from one part and check on another.
    """
    stored = workspace.load_community()
    checks, history = plan_cutoffs(stored, order.check)
    lessons_at = plan_lessons(stored, checks[0], order, history)
    engines, _ = engines_for(settings, workspace)
    lessons: dict[str, list[Lesson]] = {"introduce": [], "reunite": []}
    for cutoff in lessons_at:
        with busy(f"learning from {cutoff:%Y-%m-%d}"):
            for use, lesson in lessons_of(stored, cutoff, engines, settings, history).items():
                lessons[use].append(lesson)
    n_positives = {use: int(sum(one.is_positive.sum() for one in many)) for use, many in lessons.items()}
    _refuse_too_few(n_positives)
    after = learn_options(lessons, settings.affinity, SklearnFitter())
    checked = dataclasses.replace(order.check, cutoffs=checks, history=history)
    gains = gains_of(judge_weights(stored, engines, settings, {IN_FORCE: settings.affinity, PROPOSED: after}, checked))
    provenance = _provenance(workspace, stored, lessons_at, checks, n_positives, gains)
    changed = {use: dataclasses.asdict(getattr(after, use)) for use in USES}
    with hold_lock(workspace.folder, job="tune", now=now):
        path = WeightStore(folder=workspace.weights_folder).propose(
            LearnedWeights(affinity=changed, provenance=provenance)
        )
    return TuneDone(
        before=settings.affinity,
        after=after,
        lessons=lessons_at,
        checks=checks,
        n_positives=n_positives,
        gains=gains,
        path=path,
    )


def change_weights(
    workspace: Workspace, *, is_accepting: bool, is_rolling_back: bool, now: datetime
) -> LearnedWeights | None:
    """Put the proposal in force, or what was before; None: the weights that the program brings are in force.

    Raises:
        InputError: Both are asked for, or there is nothing to accept or to go back to.
    """
    if is_accepting and is_rolling_back:
        raise InputError("--accept and --rollback contradict each other; choose one")
    store = WeightStore(folder=workspace.weights_folder)
    with hold_lock(workspace.folder, job="tune", now=now):
        return store.accept() if is_accepting else store.roll_back()


def plan_lessons(
    stored: StoredCommunity, first_check: datetime, order: TuneOrder, history: HistoryOptions
) -> tuple[datetime, ...]:
    """Choose cutoffs whose horizon is over before the first check, none in the first tenth of history.

    Raises:
        InputError: There is no such time.
    """
    first = stored.messages.frame.get_column("sent_at").min()
    last = first_check - timedelta(days=history.horizon_days)
    begin = cast("datetime", first) + (first_check - cast("datetime", first)) / 10
    if last <= begin:
        raise InputError(
            f"history before {first_check.date()} is too short to learn from; found {begin.date()} to {last.date()}; "
            "choose a smaller --horizon-days"
        )
    step = (last - begin) / max(order.n_lessons - 1, 1)
    return tuple(sorted({midnight(last - step * number) for number in range(order.n_lessons)}))


def lessons_of(
    stored: StoredCommunity, cutoff: datetime, engines: Engines, settings: Settings, history: HistoryOptions
) -> Mapping[str, Lesson]:
    """What one cutoff teaches, by use."""
    picture = study_community(community_then(stored.members, stored.messages, cutoff), engines, settings)
    lessons = {}
    for use, pairs in eligible_pairs(picture.community, history).items():
        ends = pairs.candidates().frame.select("member_a", "member_b")
        lessons[use] = Lesson(
            evidence=gather(picture, ends),
            is_positive=came_true(pairs, stored.messages, history),
        )
    return lessons


def _refuse_too_few(n_positives: Mapping[str, int]) -> None:
    for use, number in n_positives.items():
        if number < FEWEST_POSITIVES:
            raise InputError(
                f"too little came true to learn {use} from; found {number} pairs; needs {FEWEST_POSITIVES}: "
                "keep the weights in force, or choose a larger --horizon-days"
            )


def _provenance(
    workspace: Workspace,
    stored: StoredCommunity,
    lessons: Sequence[datetime],
    checks: Sequence[datetime],
    n_positives: Mapping[str, int],
    gains: Sequence[Gain],
) -> Mapping[str, Any]:
    """Where the weights come from, as plain values."""
    return {
        "community": workspace.folder.resolve().name,
        "fingerprint": stored.fingerprint,
        "learned_at": [cutoff.isoformat() for cutoff in lessons],
        "checked_at": [cutoff.isoformat() for cutoff in checks],
        "n_positives": dict(n_positives),
        "gains": [{**one.asked._asdict(), **dataclasses.asdict(one.figure)} for one in gains],
    }
