"""Groups and what they are worth in an organizer's words and numbers."""

import math
from collections.abc import Collection
from dataclasses import dataclass

from matcher.arrangement.changes import DeskQuestion, WeighedGroup
from matcher.publish.report_view import Level
from matcher.publish.safe_text import clip_text
from matcher.publish.wording import level, way
from matcher.review.nights import Night
from matcher.review.standing import Standing

NOTHING = 0.0005
"""A smaller share of what all groups are worth is no difference."""

GRADES = ((0.01, "hardly"), (0.05, "a little"), (0.2, "clearly"), (math.inf, "much"))
"""Up to which share of what the groups in question are worth a difference is called what."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatFigures:
    """One member of a group; `mark` says whether they came or went by the change, or is empty."""

    member: str
    name: str
    fit: Level
    way: str
    mark: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupFigures:
    """A group as it is, or as it would be.

    Attributes:
        seats: One a member.
        cohesion: The mean fit.
        weakest: Name of the member who fits least.
        weakest_fit: Theirs.
        town: Where they would meet; empty where no place is within everyone's reach.
        longest: The longest way, in words; empty without a town.
        mean: The mean way, likewise.
        value: What it adds to the plan, as a number.
    """

    seats: tuple[SeatFigures, ...]
    cohesion: Level
    weakest: str
    weakest_fit: Level
    town: str
    longest: str
    mean: str
    value: str


def figures_of(
    now: Standing, question: DeskQuestion, group: WeighedGroup, *, marked: Collection[str] = (), mark: str = ""
) -> GroupFigures:
    """Put a weighed group into words; the marked ones of its members get the mark."""
    least = question.stranger_chance
    ways = [seat.travel_km for seat in group.seats if seat.travel_km is not None]
    weakest = group.weakest
    return GroupFigures(
        seats=tuple(
            SeatFigures(
                member=seat.member,
                name=now.name(seat.member),
                fit=level(seat.fit_share, least),
                way="" if seat.travel_km is None else way(seat.travel_km),
                mark=mark if seat.member in marked else "",
            )
            for seat in group.seats
        ),
        cohesion=level(group.cohesion, least),
        weakest=now.name(weakest.member) if weakest else "",
        weakest_fit=level(weakest.fit_share if weakest else 0.0, least),
        town="" if group.town is None else clip_text(question.towns[group.town].name, limit=80),
        longest=way(max(ways)) if ways else "",
        mean=way(sum(ways) / len(ways)) if ways else "",
        value=number(group.value),
    )


def worth_of(night: Night) -> float:
    """What the groups are worth together that the night formed: what a change is to be compared with."""
    terms = [one for group in night.dossier.groups for one in group.terms]
    added = math.fsum(one["fit_share"] + one["overdue_bonus"] for one in terms)
    return added - math.fsum(one["travel_cost"] + one["repeat_cost"] for one in terms)


def verdict(before: float, after: float, whole: float) -> str:
    """Say which way a change goes, by how much, and what that is of everything.

    Args:
        before: What the groups in question are worth now.
        after: What they would be worth.
        whole: What all groups of the night are worth.

    Example:
        >>> verdict(4.08, 2.2, 29.6)
        'Much worse: from 4.08 to 2.20, which costs 6.4 % of what all groups of the night are worth (29.60).'
        >>> verdict(2.0, 2.0, 29.6)
        'No better and no worse: 2.00 before and after.'
    """
    gain, of_all = after - before, abs(after - before) / max(whole, abs(before), abs(after), TINY)
    if of_all < NOTHING:
        return f"No better and no worse: {number(before)} before and after."
    size = abs(gain) / max(abs(before), abs(after), TINY)
    grade = next(word for most, word in GRADES if size <= most)
    direction, does = ("better", "gains") if gain > 0 else ("worse", "costs")
    share = (
        f", which {does} {100 * abs(gain) / whole:.1f} % of what all groups of the night are worth ({number(whole)})"
    )
    said = f"{grade} {direction}: from {number(before)} to {number(after)}{share if whole > 0 else ''}."
    return said[0].upper() + said[1:]


def difference(gain: float, whole: float) -> str:
    """Say it in a few words.

    Example:
        >>> difference(-0.38, 29.6), difference(0.5, 29.6), difference(0.001, 29.6)
        ('worse by 1.3 %', 'better by 1.7 %', 'no better and no worse')
    """
    share = abs(gain) / max(whole, TINY)
    if share < NOTHING:
        return "no better and no worse"
    return f"{'better' if gain > 0 else 'worse'} by {100 * share:.1f} %"


def number(value: float) -> str:
    """Write what a group is worth; small values keep their digits.

    Example:
        >>> number(2.3251), number(0.018260), number(0)
        ('2.33', '0.018', '0.00')
    """
    return f"{value:.2g}" if TINY < abs(value) < SMALL else f"{value:.2f}"


TINY, SMALL = 1e-9, 0.1
