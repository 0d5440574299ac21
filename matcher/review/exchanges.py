"""What members of a suggestion wrote to each other: how much, how lately, and what of it is public."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from math import comb

from matcher.publish.wording import counted, day
from matcher.reasons.knowledge import Row
from matcher.review.remembered import Remembered
from matcher.tables.dossier import Quote

MOST_PAIRS = 12
"""Pairs whose exchange is shown, the warmest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """What two wrote to each other; `said` counts it, `quotes` are of it, the earliest first."""

    names: tuple[str, str]
    said: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchanges:
    """What several wrote to each other.

    Attributes:
        said: How many of their pairs wrote, how much, and when last.
        pairs: The warmest, each by itself.
        more: How many other pairs wrote, in words, or empty.
        others: What else is quoted of them: said to others, on what they share.
    """

    said: str
    pairs: tuple[Exchange, ...]
    more: str
    others: tuple[Quote, ...]


def exchanges_of(members: Sequence[str], evidence: Iterable[str], remembered: Remembered) -> Exchanges:
    """Gather what members wrote to each other.

    Args:
        members: Of one suggestion.
        evidence: Messages that its account quotes.
        remembered: What the run kept.
    """
    ties = remembered.ties_among(members)
    shown = list(islice(ties, MOST_PAIRS))
    of_ties = {message for tie in ties for message in tie["evidence"]}
    others = [message for message in evidence if message not in of_ties]
    quotes = remembered.quotes([*others, *(message for tie in shown for message in tie["evidence"])])
    n_more = len(ties) - len(shown)
    return Exchanges(
        said=_summed(ties, comb(len(members), 2)),
        pairs=tuple(
            Exchange(
                names=_two(remembered, tie),
                said=_said(tie, *_two(remembered, tie)),
                quotes=tuple(quotes[one] for one in tie["evidence"] if one in quotes),
            )
            for tie in shown
        ),
        more=f"{counted(n_more, 'more pair')} wrote to each other" if n_more else "",
        others=tuple(quotes[one] for one in others if one in quotes),
    )


def _two(remembered: Remembered, tie: Row) -> tuple[str, str]:
    one, other = remembered.names((tie["member_a"], tie["member_b"]))
    return one, other


def _summed(ties: Sequence[Row], n_pairs: int) -> str:
    if not ties:
        return "They have not written to each other."
    n_messages = sum(tie["n_a_to_b"] + tie["n_b_to_a"] for tie in ties)
    last = day(max(tie["last_at"] for tie in ties))
    who = "They" if n_pairs == 1 else f"{len(ties)} of their {n_pairs} pairs"
    return f"{who} wrote to each other: {counted(n_messages, 'message')}, last on {last}."


def _said(tie: Row, name_a: str, name_b: str) -> str:
    n_a, n_b, last = tie["n_a_to_b"], tie["n_b_to_a"], day(tie["last_at"])
    where = f"in {counted(tie['n_threads'], 'conversation')}, last on {last}"
    if n_a and n_b:
        return f"{counted(n_a, 'message')} from {name_a}, {n_b} from {name_b}, {where}."
    writer, reader = (name_a, name_b) if n_a else (name_b, name_a)
    return f"{counted(n_a or n_b, 'message')} from {writer}, none back from {reader} so far, {where}."
