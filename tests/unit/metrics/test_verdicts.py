"""Two protocols, several cutoffs, one figure."""

from itertools import combinations

import numpy as np
import pytest

from matcher.metrics.verdicts import PROTOCOLS, Question, Replay, judge_replay, pool
from matcher.units import Floats

PAIRS = np.array(list(combinations(range(12), 2)))
LOUD = np.repeat([0, 1], 6)


def replay(scores: Floats, *, seed: int = 0) -> Replay:
    """Twelve members, six of them loud; four pairs of loud ones came true."""
    is_loud_pair = np.flatnonzero(LOUD[PAIRS].sum(axis=1) == 2)
    is_positive = np.zeros(len(PAIRS), dtype=bool)
    is_positive[np.random.default_rng(seed).choice(is_loud_pair, 4, replace=False)] = True
    return Replay(
        use="introduce",
        member_a=PAIRS[:, 0],
        member_b=PAIRS[:, 1],
        activity_stratum=LOUD[PAIRS].sum(axis=1),
        is_positive=is_positive,
        scores={"ours": scores},
    )


def test_being_loud_wins_among_all_pairs_and_nothing_among_equals() -> None:
    """The trap, and the protocol that does not fall into it."""
    loudness = LOUD[PAIRS].sum(axis=1).astype(np.float64)

    verdicts = judge_replay(replay(loudness), np.ones((1, 12)))

    auc = {protocol: verdicts[Question("introduce", protocol, "ours", "auc")] for protocol in PROTOCOLS}
    assert auc["all_pairs"].tally.means()[0] > 0.85
    assert auc["activity_matched"].tally.means()[0] == 0.5
    assert (auc["all_pairs"].n_pairs, auc["activity_matched"].n_pairs) == (66, 15)
    assert auc["all_pairs"].n_positives == 4


def test_cutoffs_are_pooled_by_their_positives() -> None:
    """A pair is compared with pairs of its own cutoff only."""
    one, other = (replay(np.random.default_rng(seed).random(66), seed=seed) for seed in (1, 2))
    draws = np.ones((1, 12))
    asked = Question("introduce", "all_pairs", "ours", "auc")

    apart = [judge_replay(each, draws)[asked] for each in (one, other)]
    pooled = pool([judge_replay(each, draws) for each in (one, other)])[asked]

    assert pooled.tally.means()[0] == pytest.approx(np.mean([each.tally.means()[0] for each in apart]))
    assert pooled.n_pairs == 132
    assert pooled.n_positives == 8
    assert pooled.members.tolist() == sorted(set(apart[0].members.tolist()) | set(apart[1].members.tolist()))
