"""Weights from history: what told those apart who went on to talk.

How a regression is solved lives in `engines/`; who is asked about, and when, in the job.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from matcher.affinity.evidence import DirectedEvidence, Evidence
from matcher.affinity.options import AffinityOptions, Weights
from matcher.units import Flags, Floats

UNSEEN_AMONG_STRANGERS = ("wrote", "was_answered")
"""Who has never written to each other teaches nothing about these: an introduction takes them from reunions."""


class WeightFitter(Protocol):
    """Fits weights to what came true."""

    def fit(self, signals: Floats, is_positive: Flags) -> tuple[Floats, float]:
        """Learn what each signal adds to the log-odds.

        Args:
            signals: Shape (row, signal).
            is_positive: Both kinds, shape (row,).

        Returns:
            Log-odds a unit of each signal, never below 0, shape (signal,); and the log-odds where all are 0.
        """
        ...


@dataclass(frozen=True, eq=False, kw_only=True)
class Lesson:
    """One use at one cutoff: what was known of each pair, and what came true.

    Attributes:
        evidence: Of each pair.
        is_positive: Whether it came true, shape (pair,).
    """

    evidence: Evidence
    is_positive: Flags


def learn_options(
    lessons: Mapping[str, Sequence[Lesson]], start: AffinityOptions, fitter: WeightFitter
) -> AffinityOptions:
    """Learn both weightings; what history cannot teach stays as it is in `start`.

    Args:
        lessons: By use.
        start: The weights so far.
        fitter: Solves the regressions.
    """
    reunite = learn_weights(lessons["reunite"], fitter)
    introduce = learn_weights(lessons["introduce"], fitter)
    known = {name: getattr(reunite, name) for name in UNSEEN_AMONG_STRANGERS}
    return replace(start, reunite=reunite, introduce=replace(introduce, **known))


def learn_weights(lessons: Sequence[Lesson], fitter: WeightFitter) -> Weights:
    """Learn one use's weights from both directions of each pair, each with its own evidence and the pair's outcome.

    Pairs are not matched by activity here: no signal knows how loud a member is, and lessons within strata of
    activity foretold no better, by either protocol.
    """
    names = tuple(lessons[0].evidence.a_to_b.signals)
    there = np.concatenate([_signals(lesson.evidence.a_to_b, names) for lesson in lessons])
    back = np.concatenate([_signals(lesson.evidence.b_to_a, names) for lesson in lessons])
    is_positive = np.concatenate([lesson.is_positive for lesson in lessons])
    weights, base = fitter.fit(np.concatenate([there, back]), np.tile(is_positive, 2))
    return Weights(base=base, **dict(zip(names, weights.tolist(), strict=True)))


def _signals(seen: DirectedEvidence, names: Sequence[str]) -> Floats:
    return np.column_stack([seen.signals[name] for name in names])
