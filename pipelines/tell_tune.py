"""What the command line says of learned weights."""

import dataclasses
from typing import Any

from matcher.affinity.options import Weights
from matcher.metrics.bootstrap import Interval
from matcher.metrics.ranking import METRICS
from matcher.storage.weights import LearnedWeights
from matcher.tables.pairs import USES
from pipelines.tune import TuneDone

PROTOCOL = "activity_matched"


def tune(done: TuneDone) -> list[str]:
    """Say what was learned, what it is worth on later history, and how to take it."""
    lines = [f"Learned from {_days(done.lessons)}; checked on {_days(done.checks)}."]
    for use in USES:
        before, after = (getattr(options, use) for options in (done.before, done.after))
        lines += ["", f"{use} ({done.n_positives[use]} pairs came true in the lessons): log-odds a unit"]
        lines += [f"  {name:<14}{old:>8.3f} -> {new:>8.3f}" for name, old, new in _changes(before, after)]
        lines += [f"  {metric:<14}{_figure(one)}" for metric, one in _gains(done, use)]
    return [*lines, "", f"Proposed in {done.path}; nothing has changed. Take them with: matcher tune --accept"]


def tune_facts(done: TuneDone) -> dict[str, Any]:
    """The same for programs."""
    return {
        "learned_at": [cutoff.isoformat() for cutoff in done.lessons],
        "checked_at": [cutoff.isoformat() for cutoff in done.checks],
        "horizon_days": done.horizon_days,
        "n_positives": dict(done.n_positives),
        "before": {use: dataclasses.asdict(getattr(done.before, use)) for use in USES},
        "after": {use: dataclasses.asdict(getattr(done.after, use)) for use in USES},
        "gains": [{**one.asked._asdict(), **dataclasses.asdict(one.figure)} for one in done.gains],
        "path": str(done.path),
    }


def weights_in_force(weights: LearnedWeights | None) -> list[str]:
    """Say which weights the next night will use."""
    if weights is None:
        return ["In force: the weights that the program brings."]
    return [f"In force: weights learned from {weights.provenance.get('community', 'an unnamed community')}."]


def weights_facts(weights: LearnedWeights | None) -> dict[str, Any]:
    """The same for programs; empty for the weights that the program brings."""
    return {} if weights is None else dataclasses.asdict(weights)


def _changes(before: Weights, after: Weights) -> list[tuple[str, float, float]]:
    names = [one.name for one in dataclasses.fields(Weights)]
    return [(name, getattr(before, name), getattr(after, name)) for name in names]


def _gains(done: TuneDone, use: str) -> list[tuple[str, Interval]]:
    asked = [one for one in done.gains if (one.asked.use, one.asked.protocol) == (use, PROTOCOL)]
    return [(metric, one.figure) for metric in METRICS for one in asked if one.asked.metric == metric]


def _figure(gain: Interval) -> str:
    return f"{gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}) {PROTOCOL}, proposed minus in force"


def _days(cutoffs: tuple[Any, ...]) -> str:
    return ", ".join(f"{cutoff:%Y-%m-%d}" for cutoff in cutoffs)
