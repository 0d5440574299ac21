"""One use at one cutoff, judged by both protocols; verdicts of several cutoffs add up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from matcher.metrics.ranking import Contest, Tally, tally
from matcher.units import Flags, Floats, Rows

PROTOCOLS = ("all_pairs", "activity_matched")


class Question(NamedTuple):
    """What a figure is about."""

    use: str
    protocol: str
    method: str
    metric: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Replay:
    """What methods said of all eligible pairs of one use at one cutoff, and what came true.

    Attributes:
        use: 'introduce' or 'reunite'.
        member_a: One end, a number below the draws' n_members, shape (pair,).
        member_b: The other, shape (pair,).
        activity_stratum: Pairs of one stratum have members alike in recent activity, shape (pair,).
        is_positive: Whether it came true, shape (pair,).
        scores: By method, larger is better, shape (pair,).
    """

    use: str
    member_a: Rows
    member_b: Rows
    activity_stratum: Rows
    is_positive: Flags
    scores: Mapping[str, Floats]

    def contests(self) -> Mapping[str, Contest]:
        """Everybody against everybody; and positives only against negatives whose members are as active."""
        strata = dict(zip(PROTOCOLS, (np.zeros_like(self.activity_stratum), self.activity_stratum), strict=True))
        return {
            protocol: Contest(
                member_a=self.member_a, member_b=self.member_b, is_positive=self.is_positive, stratum=stratum
            )
            for protocol, stratum in strata.items()
        }


@dataclass(frozen=True, eq=False, kw_only=True)
class Verdict:
    """A figure for every draw of the members, and what it rests on.

    Attributes:
        tally: Of the metric.
        members: Who has a positive, ascending.
        n_pairs: Pairs compared.
        n_positives: Of them positive.
    """

    tally: Tally
    members: Rows
    n_pairs: int
    n_positives: int

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(
            tally=self.tally + other.tally,
            members=np.union1d(self.members, other.members),
            n_pairs=self.n_pairs + other.n_pairs,
            n_positives=self.n_positives + other.n_positives,
        )


def judge_replay(replay: Replay, draws: Floats) -> Mapping[Question, Verdict]:
    """Judge every method by every protocol and metric.

    Args:
        replay: One use at one cutoff.
        draws: How often each member is drawn, shape (draw, member).
    """
    verdicts = {}
    for protocol, contest in replay.contests().items():
        decided = contest.decided()
        won = decided.only(decided.is_positive)
        members = np.union1d(won.member_a, won.member_b)
        for method, scores in replay.scores.items():
            for metric, tallied in tally(contest, scores, draws).items():
                verdicts[Question(replay.use, protocol, method, metric)] = Verdict(
                    tally=tallied,
                    members=members,
                    n_pairs=len(decided.is_positive),
                    n_positives=len(won.is_positive),
                )
    return verdicts


def pool(verdicts: Iterable[Mapping[Question, Verdict]]) -> Mapping[Question, Verdict]:
    """Add up verdicts of several cutoffs; a method weighs in where it was asked."""
    sums: dict[Question, Verdict] = {}
    for one_cutoff in verdicts:
        for asked, verdict in one_cutoff.items():
            sums[asked] = sums[asked] + verdict if asked in sums else verdict
    return sums
