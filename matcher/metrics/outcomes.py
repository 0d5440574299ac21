"""What came of suggestions: how many were approved and published, who answered what, who met and how it was."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from matcher.metrics.shares import Share, hide_few

Key = TypeVar("Key", str, date)

SHARES = ("yes", "met", "good", "again")
"""The shares of a Came, in the order of a suggestion's life."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """One suggestion and what became of it.

    Attributes:
        kind: 'introduce', 'reunite', 'group' or 'gathering'.
        has_topic: Whether its members were told of a topic they share; None: organizers made it.
        is_approved: Whether organizers approved it.
        rejected_for: The code of the reason for which they rejected it, or empty.
        published_on: The day on which its members were told, or None.
        n_members: How many are in it.
        comes: What members answered: whether they come.
        has_met: Whether they say that it took place.
        was_good: Whether they say that it was good.
        again: For each of the others, whether they would meet them again.
    """

    kind: str
    has_topic: bool | None
    is_approved: bool = False
    rejected_for: str = ""
    published_on: date | None = None
    n_members: int = 2
    comes: tuple[bool, ...] = ()
    has_met: tuple[bool, ...] = ()
    was_good: tuple[bool, ...] = ()
    again: tuple[bool, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Came:
    """What came of some suggestions.

    Attributes:
        n_suggested: How many there were.
        n_approved: How many organizers approved.
        n_published: Of how many their members were told.
        n_invited: How many invitations these were.
        yes: Of the members who answered, those who come.
        met: Of the suggestions of which anybody said whether it took place, those of which somebody says so.
        good: Of the members who said how it was, those for whom it was good.
        again: Of all answers whether one would meet another again, the yeses.
    """

    n_suggested: int
    n_approved: int
    n_published: int
    n_invited: int
    yes: Share
    met: Share
    good: Share
    again: Share


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcomes:
    """What came of everything, and of parts of it; shares of few answers are kept back.

    Attributes:
        total: Everything.
        weeks: By the Monday of the ISO week in which they were published, ascending.
        kinds: By kind.
        topics: By whether a shared topic was told: 'topic', 'no_topic', or 'by_hand' for what organizers made.
        rejections: How many were rejected for each reason, the most frequent first.
    """

    total: Came
    weeks: Mapping[date, Came]
    kinds: Mapping[str, Came]
    topics: Mapping[str, Came]
    rejections: Mapping[str, int]


def count_outcomes(followed: Sequence[Followed]) -> Outcomes:
    """Add up what came of suggestions, each given once."""
    published = [one for one in followed if one.published_on]
    why = [one.rejected_for for one in followed if one.rejected_for]
    return Outcomes(
        total=_hidden([came_of(followed)])[0],
        weeks=_parts(published, lambda one: _monday(one.published_on)),
        kinds=_parts(followed, lambda one: one.kind),
        topics=_parts(followed, lambda one: {True: "topic", False: "no_topic", None: "by_hand"}[one.has_topic]),
        rejections={code: why.count(code) for code in sorted({*why}, key=lambda code: (-why.count(code), code))},
    )


def came_of(followed: Sequence[Followed]) -> Came:
    """Add up, with every share told."""
    published = [one for one in followed if one.published_on]
    heard = [one.has_met for one in published if one.has_met]
    return Came(
        n_suggested=len(followed),
        n_approved=sum(one.is_approved for one in followed),
        n_published=len(published),
        n_invited=sum(one.n_members for one in published),
        yes=_share(one.comes for one in published),
        met=_share([any(said)] for said in heard),
        good=_share(one.was_good for one in published),
        again=_share(one.again for one in published),
    )


def _parts(followed: Sequence[Followed], key: Callable[[Followed], Key]) -> Mapping[Key, Came]:
    keys = sorted({key(one) for one in followed})
    parts = _hidden([came_of([one for one in followed if key(one) == part]) for part in keys])
    return dict(zip(keys, parts, strict=True))


def _hidden(parts: Sequence[Came]) -> list[Came]:
    yes, met, good, again = (hide_few([getattr(part, name) for part in parts]) for name in SHARES)
    shares = zip(parts, yes, met, good, again, strict=True)
    return [replace(part, yes=one, met=two, good=three, again=four) for part, one, two, three, four in shares]


def _share(answers: Iterable[Sequence[bool]]) -> Share:
    said = [one for some in answers for one in some]
    return Share(n_yes=sum(said), n=len(said))


def _monday(day: date | None) -> date:
    # Who asks has left out what was not published.
    return date.min if day is None else date.fromordinal(day.toordinal() - day.weekday())
