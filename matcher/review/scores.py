"""The parts of a pair's score, as one reads them: each multiplies the odds, and together they are the chance."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import comb

from matcher.publish.report_view import Level
from matcher.publish.wording import counted, level, odds
from matcher.reasons.knowledge import Row
from matcher.review.remembered import Remembered
from matcher.tables.pairs import PARTS

PART_WORDS: Mapping[str, str] = {
    "interests": "what they write about is alike",
    "company": "conversations in which both took part",
    "people": "whom one talks with keeps company with the other",
    "wrote": "what this one wrote to the other",
    "was_answered": "what the other wrote back",
    "reach": "how near they live (set by hand)",
    "hostility": "attacks in what they wrote (set by hand)",
    "standing": "the other posts at people rather than with them (set by hand)",
}
"""What changes a direction's score, in an organizer's words."""

BEGINNINGS: Mapping[str, str] = {
    "introduce": "where two begin who have not written to each other",
    "reunite": "where two begin who have written to each other",
}
"""The part that a score begins with, by what it is used for."""

MOST_PAIRS = 30
"""Pairs whose score is opened up, the most mutual first."""

LEAST = 0.05
"""Log-odds nearer to 0 change nothing that is shown: 'times 1'."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """One part in one direction: how many times it makes the odds, and its bar from the middle, in percent."""

    times: str
    left: str
    width: str
    is_against: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part: its words, and what it does each way; None: nothing."""

    words: str
    factors: tuple[Factor | None, Factor | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class PairScore:
    """The score of two.

    Attributes:
        names: A and B.
        beginning: In words, where two such begin.
        begin: Each way, the chance at which they do.
        parts: What changes it.
        chances: Each way, what comes of it: what A would gain from B, and B from A.
        mutual: Both together.
    """

    names: tuple[str, str]
    beginning: str
    begin: tuple[str, str]
    parts: tuple[Part, ...]
    chances: tuple[Level, Level]
    mutual: Level


@dataclass(frozen=True, kw_only=True, slots=True)
class Scores:
    """The scores of all pairs of a suggestion; `more` and `unscored` count the other pairs, in words, or are empty."""

    pairs: tuple[PairScore, ...]
    more: str
    unscored: str


def scores_of(members: Sequence[str], remembered: Remembered, stranger_chance: float) -> Scores:
    """Open up the scores of members who would meet."""
    rows = remembered.affinities_among(members)
    n_unscored, n_more = comb(len(members), 2) - len(rows), max(len(rows) - MOST_PAIRS, 0)
    names = dict(zip(members, remembered.names(members), strict=True))
    return Scores(
        pairs=tuple(
            _pair(row, (names[row["member_a"]], names[row["member_b"]]), stranger_chance)
            for row in islice(rows, MOST_PAIRS)
        ),
        more=f"{counted(n_more, 'other pair')} fit less well and are not listed." if n_more else "",
        unscored=f"Nothing speaks for {counted(n_unscored, 'pair')}: strangers to each other." if n_unscored else "",
    )


def _pair(row: Row, names: tuple[str, str], stranger_chance: float) -> PairScore:
    ways = ("a_to_b", "b_to_a")
    values = {part: tuple(row[f"{part}_{way}"] for way in ways) for part in PARTS}
    changing = {part: values[part] for part in PART_WORDS if max(map(abs, values[part])) >= LEAST}
    most = max((abs(one) for both in changing.values() for one in both), default=1.0)
    one, other = (level(row[way], stranger_chance) for way in ways)
    begin, began = (odds(1 / (1 + math.exp(-log_odds))) for log_odds in values["base"])
    return PairScore(
        names=names,
        beginning=BEGINNINGS[row["use"]],
        begin=(begin, began),
        parts=tuple(
            Part(words=PART_WORDS[part], factors=(_factor(both[0], most), _factor(both[1], most)))
            for part, both in changing.items()
        ),
        chances=(one, other),
        mutual=level(row["mutual"], stranger_chance),
    )


def _factor(log_odds: float, most: float) -> Factor | None:
    if abs(log_odds) < LEAST:
        return None
    width = 50 * abs(log_odds) / most
    return Factor(
        times=f"× {_number(math.exp(log_odds))}",  # noqa: RUF001 -- times, and no letter
        left=f"{50 - width * (log_odds < 0):.1f}",
        width=f"{width:.1f}",
        is_against=log_odds < 0,
    )


def _number(times: float) -> str:
    """Write a factor to two digits: '8.2', '120', '0.37'."""
    rounded = float(f"{times:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:.2g}"
