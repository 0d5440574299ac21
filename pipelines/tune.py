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
from matcher.errors import InputError, SettingsError
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
from pipelines.wiring import engines_for, take_weights

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
        horizon_days: How long after each cutoff an exchange counted.
        n_positives: By use, what came true among the lessons.
        gains: Of the proposed weights over those in force, on the checks.
        path: The proposal.
    """

    before: AffinityOptions
    after: AffinityOptions
    lessons: tuple[datetime, ...]
    checks: tuple[datetime, ...]
    horizon_days: int
    n_positives: Mapping[str, int]
    gains: tuple[Gain, ...]
    path: Path


def run_tune(workspace: Workspace, settings: Settings, order: TuneOrder, *, now: datetime) -> TuneDone:
    """Learn, check, and leave a proposal; nothing changes until it is accepted.

    Raises:
        InputError: History is too short to learn from one part and check on another, or too little came true.
    """
    stored = workspace.load_community()
    checks, history = plan_cutoffs(stored, order.check)
    lessons_at = plan_lessons(stored, checks[0], order, history)
    n_positives = count_positives(stored, lessons_at, history)
    _refuse_too_few(n_positives)
    engines, _ = engines_for(settings, workspace)
    lessons: dict[str, list[Lesson]] = {"introduce": [], "reunite": []}
    for cutoff in lessons_at:
        with busy(f"learning from {cutoff:%Y-%m-%d}"):
            for use, lesson in lessons_of(stored, cutoff, engines, settings, history).items():
                lessons[use].append(lesson)
    after = learn_options(lessons, settings.affinity, SklearnFitter())
    checked = dataclasses.replace(order.check, cutoffs=checks, history=history)
    gains = gains_of(judge_weights(stored, engines, settings, {IN_FORCE: settings.affinity, PROPOSED: after}, checked))
    store = WeightStore(folder=workspace.weights_folder)
    done = TuneDone(
        before=settings.affinity,
        after=after,
        lessons=lessons_at,
        checks=checks,
        horizon_days=history.horizon_days,
        n_positives=n_positives,
        gains=gains,
        path=store.proposal,
    )
    changed = {use: dataclasses.asdict(getattr(after, use)) for use in USES}
    with hold_lock(workspace.folder, job="tune", now=now):
        store.propose(LearnedWeights(affinity=changed, provenance=_provenance(workspace, stored, done)))
    return done


def change_weights(
    workspace: Workspace, *, is_accepting: bool, is_rolling_back: bool, now: datetime
) -> LearnedWeights | None:
    """Put the proposal in force, or what was before; None: the weights that the program brings are in force.

    Raises:
        InputError: Both are asked for, there is no workspace, what is proposed does not fit the settings, or there is
            nothing to accept or to go back to.
    """
    if is_accepting and is_rolling_back:
        raise InputError("--accept and --rollback contradict each other; choose one")
    if not workspace.folder.is_dir():
        raise InputError(f"there is no workspace at {workspace.folder}; import a community first, or mend --workspace")
    store = WeightStore(folder=workspace.weights_folder)
    with hold_lock(workspace.folder, job="tune", now=now):
        if is_accepting:
            _refuse_misfit(store)
            return store.accept()
        return store.roll_back()


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


def count_positives(stored: StoredCommunity, lessons: Sequence[datetime], history: HistoryOptions) -> Mapping[str, int]:
    """Count by use what came true after all lessons: cheap, so that a hopeless history is refused at once."""
    counts = dict.fromkeys(USES, 0)
    for cutoff in lessons:
        community = community_then(stored.members, stored.messages, cutoff)
        for use, pairs in eligible_pairs(community, history).items():
            counts[use] += int(came_true(pairs, stored.messages, history).sum())
    return counts


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
                f"this history cannot teach {use}; found {number} pairs that came true; needs {FEWEST_POSITIVES}: "
                "keep the weights in force"
            )


def _refuse_misfit(store: WeightStore) -> None:
    """Weights that no later command could read must not come in force."""
    try:
        take_weights(store.proposed())
    except SettingsError as misfit:
        raise InputError(
            f"the weights in {store.proposal} do not fit the settings; {misfit}; run matcher tune again"
        ) from misfit


def _provenance(workspace: Workspace, stored: StoredCommunity, done: TuneDone) -> Mapping[str, Any]:
    """Where the weights come from, as plain values."""
    return {
        "community": workspace.folder.resolve().name,
        "fingerprint": stored.fingerprint,
        "learned_at": [cutoff.isoformat() for cutoff in done.lessons],
        "checked_at": [cutoff.isoformat() for cutoff in done.checks],
        "horizon_days": done.horizon_days,
        "n_positives": dict(done.n_positives),
        "gains": [{**one.asked._asdict(), **dataclasses.asdict(one.figure)} for one in done.gains],
    }
