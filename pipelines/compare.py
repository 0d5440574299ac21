"""Weights side by side on the same history: what changing one of them is worth."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from matcher.affinity.options import AffinityOptions
from matcher.affinity.score import score_pairs
from matcher.errors import InputError
from matcher.metrics.bootstrap import Interval, interval
from matcher.metrics.history import came_true, community_then, eligible_pairs
from matcher.metrics.verdicts import Question, Verdict, judge_replay, pool
from matcher.plan import Engines, study_community
from matcher.settings import Settings
from matcher.storage.workspace import StoredCommunity, Workspace
from pipelines.backtest import BacktestOrder, Result, active_ids, draw_active, plan_cutoffs, results_of
from pipelines.events import busy
from pipelines.replay import replay_of
from pipelines.wiring import engines_for

IN_FORCE = "in force"
"""The weights that the settings hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gain:
    """Changed weights minus those in force, draw by draw on the same members."""

    asked: Question
    figure: Interval


@dataclass(frozen=True, eq=False, kw_only=True)
class Comparison:
    """What weights are worth beside those in force.

    Attributes:
        cutoffs: In order of time.
        results: Of the weights in force and of each change, all cutoffs pooled.
        gains: Of each change; above 0 it foretells better.
    """

    cutoffs: tuple[datetime, ...]
    results: tuple[Result, ...]
    gains: tuple[Gain, ...]


def compare_weights(
    workspace: Workspace, settings: Settings, changes: Mapping[str, AffinityOptions], order: BacktestOrder
) -> Comparison:
    """Replay history once with the weights in force and with each change; nothing but vectors is written.

    Args:
        workspace: Where the community is.
        settings: As on any night.
        changes: Weights to try, by a name of their own.
        order: As of a backtest.

    Raises:
        InputError: There is no history to cut, hardly anybody was active, or a change is named `IN_FORCE`.
    """
    if IN_FORCE in changes:
        raise InputError(f"{IN_FORCE!r} names the weights that the settings hold; call the change something else")
    stored = workspace.load_community()
    cutoffs, history = plan_cutoffs(stored, order)
    engines, _ = engines_for(settings, workspace)
    planned = dataclasses.replace(order, cutoffs=cutoffs, history=history)
    verdicts = judge_weights(stored, engines, settings, {IN_FORCE: settings.affinity, **changes}, planned)
    return Comparison(cutoffs=cutoffs, results=results_of(verdicts), gains=gains_of(verdicts))


def judge_weights(
    stored: StoredCommunity,
    engines: Engines,
    settings: Settings,
    weights: Mapping[str, AffinityOptions],
    order: BacktestOrder,
) -> Mapping[Question, Verdict]:
    """Judge weights by name; all else is the same, so each of the order's cutoffs is studied once."""
    active = [active_ids(stored, cutoff, order.history) for cutoff in order.cutoffs]
    members, draws = draw_active(active, order)
    verdicts = []
    for cutoff in order.cutoffs:
        with busy(f"comparing weights on {cutoff:%Y-%m-%d}"):
            community = community_then(stored.members, stored.messages, cutoff)
            picture = study_community(community, engines, settings)
            for pairs in eligible_pairs(community, order.history).values():
                scores = {
                    name: score_pairs(pairs.candidates(), picture, options).frame["mutual"].to_numpy()
                    for name, options in weights.items()
                }
                true = came_true(pairs, stored.messages, order.history)
                verdicts.append(judge_replay(replay_of(pairs, scores, true, members), draws))
    return pool(verdicts)


def gains_of(verdicts: Mapping[Question, Verdict]) -> tuple[Gain, ...]:
    """Each change minus what is in force."""
    return tuple(
        Gain(
            asked=asked,
            figure=interval(verdict.tally.means() - verdicts[asked._replace(method=IN_FORCE)].tally.means()),
        )
        for asked, verdict in verdicts.items()
        if asked.method != IN_FORCE
    )
