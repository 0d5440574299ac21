"""What history teaches: both directions of each pair, one outcome, one weighting a use."""

import numpy as np

from matcher.affinity.evidence import DirectedEvidence, Evidence
from matcher.affinity.learning import Lesson, learn_options
from matcher.affinity.nearness import Apart
from matcher.affinity.options import AffinityOptions
from matcher.units import Flags, Floats

NAMES = ("interests", "company", "people", "wrote", "was_answered")


class Recorder:
    """Remembers what it is asked, and answers 1, 2, 3 … in the order of the questions."""

    def __init__(self) -> None:
        self.asked: list[tuple[Floats, Flags]] = []

    def fit(self, signals: Floats, is_positive: Flags) -> tuple[Floats, float]:
        """Give every signal the same weight: the number of the question."""
        self.asked.append((signals, is_positive))
        return np.full(signals.shape[1], float(len(self.asked))), -float(len(self.asked))


def lesson(*, there: float, back: float, outcomes: list[bool]) -> Lesson:
    """Pairs whose every signal is `there` one way and `back` the other."""
    n_pairs = len(outcomes)

    def direction(value: float) -> DirectedEvidence:
        whole = np.full(n_pairs, value)
        return DirectedEvidence(
            signals=dict.fromkeys(NAMES, whole), hostile_share=whole * 0, standing_share=whole * 0 + 1
        )

    nowhere = Apart(
        pairs=np.empty(0, np.int64), km=np.empty(0), uncertainty_km=np.empty(0), share=np.empty(0), n_pairs=n_pairs
    )
    is_reunion = np.zeros(n_pairs, dtype=bool)
    evidence = Evidence(is_reunion=is_reunion, apart=nowhere, a_to_b=direction(there), b_to_a=direction(back))
    return Lesson(evidence=evidence, is_positive=np.array(outcomes))


def test_both_directions_are_lessons_with_the_outcome_of_the_pair() -> None:
    """Neither side's evidence is lost, and no outcome is invented for one side."""
    fitter = Recorder()
    lessons = {
        "reunite": [lesson(there=1, back=2, outcomes=[True, False])],
        "introduce": [lesson(there=3, back=4, outcomes=[True])],
    }

    learn_options(lessons, AffinityOptions(), fitter)

    signals, is_positive = fitter.asked[0]
    assert signals[:, 0].tolist() == [1, 1, 2, 2]
    assert is_positive.tolist() == [True, False, True, False]


def test_what_strangers_cannot_teach_is_taken_from_friends_and_the_rest_stays() -> None:
    """Nobody who is introduced has written yet; and history knows neither distance nor attacks."""
    start = AffinityOptions(near=0.25)
    same = [lesson(there=1, back=1, outcomes=[True, False])]

    learned = learn_options({"reunite": same, "introduce": same}, start, Recorder())

    assert (learned.reunite.wrote, learned.reunite.company, learned.reunite.base) == (1.0, 1.0, -1.0)
    assert (learned.introduce.wrote, learned.introduce.was_answered) == (1.0, 1.0)
    assert (learned.introduce.company, learned.introduce.base) == (2.0, -2.0)
    assert (learned.near, learned.hostility) == (0.25, start.hostility)
