"""The backtest: replays history at several cutoffs, and sets our scores beside the baselines."""

import dataclasses
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from matcher.errors import InputError
from matcher.metrics.bootstrap import Interval, draw_members, interval
from matcher.metrics.calibration import CalibrationBin, calibration
from matcher.metrics.exposure import Exposure
from matcher.metrics.history import HistoryOptions, active_members, community_then
from matcher.metrics.verdicts import Question, Verdict, pool
from matcher.settings import Settings
from matcher.storage.workspace import StoredCommunity, Workspace
from matcher.tables.community import MemberIndex
from matcher.units import Floats, MemberId
from pipelines.events import Stopwatch, busy, peak_megabytes
from pipelines.replay import OURS, JudgedCutoff, ReplaySetup, judge_cutoff
from pipelines.wiring import engines_for, learned_until


@dataclass(frozen=True, kw_only=True, slots=True)
class BacktestOrder:
    """What is asked of a backtest.

    Attributes:
        cutoffs: Where to cut history; empty: `n_cutoffs`, spread over its later half so that the horizon fits.
        n_cutoffs: See `cutoffs`.
        n_resamples: Bootstrap draws behind each interval.
        seed: Of the draws and of the random baseline.
        history: Who is looked at, and how far ahead.
    """

    cutoffs: tuple[datetime, ...] = ()
    n_cutoffs: int = 4
    n_resamples: int = 1_000
    seed: int = 1
    history: HistoryOptions = field(default_factory=HistoryOptions)


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One figure of one method, with its 95 % interval."""

    asked: Question
    figure: Interval
    n_members: int
    n_pairs: int
    n_positives: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """Ours minus the method asked about, draw by draw on the same members."""

    asked: Question
    figure: Interval


@dataclass(frozen=True, kw_only=True, slots=True)
class CutoffResults:
    """One cutoff by itself."""

    cutoff: datetime
    n_active: int
    results: tuple[Result, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class BacktestDone:
    """What a backtest came to.

    Attributes:
        community: Name of the workspace's folder.
        notice: What every reader must know, or empty.
        caution: That the weights have seen what they are judged on, or empty.
        cutoffs: In order of time.
        horizon_days: How long after each an exchange counted; shorter than asked for where history is short.
        results: All cutoffs pooled.
        differences: Of ours to every other method, pooled.
        by_cutoff: The same for each.
        exposures: By (use, method), mean over cutoffs.
        calibrations: By use, of ours, all cutoffs together.
        seconds: The whole job.
        peak_mb: Most memory used at once.
    """

    community: str
    notice: str
    caution: str
    cutoffs: tuple[datetime, ...]
    horizon_days: int
    results: tuple[Result, ...]
    differences: tuple[Difference, ...]
    by_cutoff: tuple[CutoffResults, ...]
    exposures: Mapping[tuple[str, str], Exposure]
    calibrations: Mapping[str, tuple[CalibrationBin, ...]]
    seconds: float
    peak_mb: float


def run_backtest(workspace: Workspace, settings: Settings, order: BacktestOrder) -> BacktestDone:
    """Replay history; nothing is written but vectors into the cache.

    Raises:
        InputError: There is no history to cut, or fewer than three members were active at a cutoff.
    """
    watch = Stopwatch()
    stored = workspace.load_community()
    cutoffs, history = plan_cutoffs(stored, order)
    engines, _ = engines_for(settings, workspace)
    active = [active_ids(stored, cutoff, history) for cutoff in cutoffs]
    members, draws = draw_active(active, order)
    setup = ReplaySetup(
        engines=engines,
        settings=settings,
        history=history,
        seed=order.seed,
        members=members,
        draws=draws,
    )
    judged = []
    for cutoff, who in zip(cutoffs, active, strict=True):
        with busy(f"replaying {cutoff:%Y-%m-%d}: {len(who)} active members"):
            judged.append(judge_cutoff(stored, cutoff, setup))
    pooled = pool(one.verdicts for one in judged)
    return BacktestDone(
        community=workspace.folder.resolve().name,
        notice=stored.notice,
        caution=_caution(learned_until(workspace), cutoffs[0]),
        cutoffs=cutoffs,
        horizon_days=history.horizon_days,
        results=results_of(pooled),
        differences=_differences(pooled),
        by_cutoff=tuple(_by_cutoff(one, len(who)) for one, who in zip(judged, active, strict=True)),
        exposures=_mean_exposures(judged),
        calibrations=_calibrations(judged),
        seconds=round(watch.total(), 1),
        peak_mb=peak_megabytes(),
    )


def plan_cutoffs(stored: StoredCommunity, order: BacktestOrder) -> tuple[tuple[datetime, ...], HistoryOptions]:
    """Choose cutoffs after each of which the whole horizon has been seen.

    Unless they are given, they are spread over the later half of history, each at midnight. Where history is
    shorter than two horizons it is cut once, in the middle, and the horizon is what is left.

    Raises:
        InputError: There is no history, or a given cutoff leaves too little of it.
    """
    sent_at = stored.messages.frame.get_column("sent_at")
    first, last = sent_at.min(), sent_at.max()
    if not (isinstance(first, datetime) and isinstance(last, datetime) and (last - first).days >= 2):
        raise InputError("there is no history to replay; found less than two days of messages; import some more")
    horizon, half = timedelta(days=order.history.horizon_days), (last - first) / 2
    if order.cutoffs:
        _refuse_unseen(order.cutoffs, last, order.history.horizon_days)
        return tuple(sorted(order.cutoffs)), order.history
    if half < horizon:
        return (midnight(first + half),), dataclasses.replace(order.history, horizon_days=half.days)
    step = (half - horizon) / max(order.n_cutoffs - 1, 1)
    spread = {midnight(last - horizon - step * number) for number in range(order.n_cutoffs)}
    return tuple(sorted(spread)), order.history


def _caution(learned: datetime | None, first: datetime) -> str:
    if learned is None or learned <= first:
        return ""
    return f"The weights in force were learned from history until {learned:%Y-%m-%d}: cutoffs before that flatter them."


def _refuse_unseen(cutoffs: Sequence[datetime], last: datetime, horizon_days: int) -> None:
    """What came true must be known: silence after the end of an export is no answer."""
    if max(cutoffs) + timedelta(days=horizon_days - 1) > last:
        raise InputError(
            f"too little is known of what came after {max(cutoffs).date()}; found messages until {last.date()}; "
            f"needs {horizon_days} days: choose an earlier --cutoff or a smaller --horizon-days"
        )


def midnight(instant: datetime) -> datetime:
    """The day begins."""
    return instant.replace(hour=0, minute=0, second=0, microsecond=0)


def active_ids(stored: StoredCommunity, cutoff: datetime, history: HistoryOptions) -> frozenset[MemberId]:
    """Who was active then.

    Raises:
        InputError: Hardly anybody.
    """
    community = community_then(stored.members, stored.messages, cutoff)
    active = frozenset(community.index.ids[row] for row in active_members(community, history))
    if len(active) < 3:
        raise InputError(
            f"hardly anybody was active before {cutoff.date()}; found {len(active)} members with "
            f"{history.min_messages} messages in {history.active_within_days} days; needs at least 3: "
            "choose a smaller --min-messages, or another --cutoff"
        )
    return active


def draw_active(active: Sequence[frozenset[MemberId]], order: BacktestOrder) -> tuple[MemberIndex, Floats]:
    """Draw everybody who was active at some cutoff: the same order, the same draws, whatever is judged by them."""
    members = MemberIndex(tuple(sorted(frozenset[MemberId]().union(*active))))
    rng = np.random.default_rng([order.seed, zlib.crc32(b"draws")])
    return members, draw_members(len(members), order.n_resamples, rng)


def _by_cutoff(one: JudgedCutoff, n_active: int) -> CutoffResults:
    return CutoffResults(
        cutoff=one.cutoff,
        n_active=n_active,
        results=results_of(one.verdicts),
        differences=_differences(one.verdicts),
    )


def results_of(verdicts: Mapping[Question, Verdict]) -> tuple[Result, ...]:
    """Figures with their intervals."""
    return tuple(
        Result(
            asked=asked,
            figure=interval(verdict.tally.means()),
            n_members=len(verdict.members),
            n_pairs=verdict.n_pairs,
            n_positives=verdict.n_positives,
        )
        for asked, verdict in verdicts.items()
    )


def _differences(verdicts: Mapping[Question, Verdict]) -> tuple[Difference, ...]:
    return tuple(
        Difference(
            asked=asked,
            figure=interval(verdicts[asked._replace(method=OURS)].tally.means() - verdict.tally.means()),
        )
        for asked, verdict in verdicts.items()
        if asked.method != OURS
    )


def _mean_exposures(judged: Sequence[JudgedCutoff]) -> Mapping[tuple[str, str], Exposure]:
    asked = dict.fromkeys(asked for one in judged for asked in one.exposures)
    found = {name: [one.exposures[name] for one in judged if name in one.exposures] for name in asked}
    return {
        name: Exposure(
            gini=float(np.mean([one.gini for one in many])),
            coverage_share=float(np.mean([one.coverage_share for one in many])),
        )
        for name, many in found.items()
    }


def _calibrations(judged: Sequence[JudgedCutoff]) -> Mapping[str, tuple[CalibrationBin, ...]]:
    return {
        use: calibration(*(np.concatenate([one.ours[use][side] for one in judged]) for side in (0, 1)))
        for use in judged[0].ours
    }
