"""What a change still needs to know, as a list to choose from; it works without a script."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matcher.review.offering import is_fixed
from matcher.review.standing import Standing
from matcher.review.wishes import Wish
from matcher.tables.drafts import Suggestion
from matcher.units import MemberId

MOST_CHOICES = 200
"""More are not listed; a word of the name finds the others."""

_ASKS = {
    ("swap", "member"): "Who changes places?",
    ("swap", "other"): "With whom?",
    ("move", "member"): "Who moves?",
    ("move", "to"): "To which group?",
    ("add", "member"): "Who joins?",
    ("remove", "member"): "Who leaves?",
    ("split", "part"): "Who leaves for a new group?",
    ("merge", "to"): "Which group joins it?",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One that may be chosen: what it is called, and what else helps to choose."""

    value: str
    name: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        ask: In words.
        field: What the answer is called in an address.
        takes_several: Whether more than one may be chosen.
        choices: At most MOST_CHOICES.
        n_more: How many more there are.
        may_search: Whether a word may narrow the list.
    """

    ask: str
    field: str
    takes_several: bool
    choices: tuple[Choice, ...]
    n_more: int
    may_search: bool


def next_question(now: Standing, wish: Wish, group: Suggestion, search: str) -> Question:
    """What is to be asked next about a wish that is not whole.

    Args:
        now: How the run stands.
        wish: What is said already.
        group: The group that it is about.
        search: Only whose names hold this are listed; empty: all.
    """
    part = wish.missing
    is_inside = part == "part" or (part == "member" and wish.kind != "add")
    found: Iterable[Choice]
    if is_inside:
        found = [member_choice(now, one) for one in group.members]
    elif part == "to":
        found = _groups(now, group)
    else:
        found = _others(now, wish, group)
    word = search.casefold().strip()
    fitting = [one for one in found if is_inside or word in one.name.casefold()]
    return Question(
        ask=_ASKS[wish.kind, part],
        field="with" if part == "other" else part,
        takes_several=part == "part",
        choices=tuple(fitting[:MOST_CHOICES]),
        n_more=max(0, len(fitting) - MOST_CHOICES),
        may_search=not is_inside,
    )


def _groups(now: Standing, group: Suggestion) -> list[Choice]:
    others = [one for one in now.groups.values() if one.id != group.id and not is_fixed(one)]
    return [Choice(value=one.id, name=now.names(one.members), detail=one.id) for one in others]


def _others(now: Standing, wish: Wish, group: Suggestion) -> Sequence[Choice]:
    """Who could take part in groups at all, and sits in no group that is fixed; who sits nowhere comes first."""
    able = [one for one in now.night.question.members if one not in group.members and not now.rests(one)]
    seats = {one: now.groups[now.seat_of[one]] for one in able if one in now.seat_of}
    free = [one for one in able if one not in seats]
    seated = [] if wish.kind == "add" else [one for one, seat in seats.items() if not is_fixed(seat)]
    by_name = [sorted(some, key=lambda one: (now.name(one).casefold(), one)) for some in (free, seated)]
    return [member_choice(now, one) for some in by_name for one in some]


def member_choice(now: Standing, member: str) -> Choice:
    """A member with their home, and with whom they sit."""
    person, seat = now.night.dossier.people.get(MemberId(member)), now.seat_of.get(member)
    others = [one for one in now.groups[seat].members if one != member] if seat else []
    where = f"with {now.names(others, most=2)}" if others else "sits nowhere"
    return Choice(
        value=member, name=now.name(member), detail=", ".join(filter(None, (person.place if person else "", where)))
    )
