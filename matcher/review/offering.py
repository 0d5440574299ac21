"""Changes that are offered: the best ones, each as an address that previews it."""

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.arrangement.changes import Offer, Party, best_changes
from matcher.review.figures import difference, worth_of
from matcher.review.standing import Standing, party
from matcher.review.wishes import Wish
from matcher.tables.drafts import Suggestion

N_OFFERS = 5

_SPARE = 20
"""So many more are looked for, in place of offers for which somebody would come who may not be asked, or by which a
rejected group would come back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """A change that breaks no rule.

    Attributes:
        wish: The change.
        words: What it is.
        difference: What it gains or costs, in words.
    """

    wish: Wish
    words: str
    difference: str


def offers(now: Standing, group: Suggestion, member: str = "") -> tuple[Offered, ...]:
    """The best changes of a group that stands, or of one member's seat in it, best first."""
    if group.id not in now.groups or is_fixed(group):
        return ()
    return _best(now, party([member] if member in group.members else group.members))


def offers_for(now: Standing, member: str) -> tuple[Offered, ...]:
    """The best changes for one member, whether they sit somewhere or not, best first."""
    seat = now.seat_of.get(member)
    if now.rests(member) or (seat is not None and is_fixed(now.groups[seat])):
        return ()
    return _best(now, party([member]))


def _best(now: Standing, about: Party) -> tuple[Offered, ...]:
    groups = {party(one.members): one for one in now.groups.values()}
    found = best_changes(
        now.question(),
        list(groups),
        about,
        locked=[members for members, one in groups.items() if is_fixed(one)],
        n_offers=N_OFFERS + _SPARE,
    )
    whole = worth_of(now.night)
    told = [
        Offered(wish=wish, words=_words(now, wish), difference=difference(one.difference, whole))
        for one in found
        if not any(now.rests(who) for who in _coming(one)) and not now.turned_down(one.after)
        for wish in [_wish(one, {members: suggestion.id for members, suggestion in groups.items()})]
    ]
    return tuple(told[:N_OFFERS])


def is_fixed(group: Suggestion) -> bool:
    """Whether no change may touch it."""
    return group.is_locked or group.is_published


def _coming(offer: Offer) -> set[str]:
    """Who sits in a group that they were not in."""
    return {who for old, new in zip(offer.before, offer.after, strict=True) for who in {*new} - {*old}}


def _wish(offer: Offer, ids: Mapping[Party, str]) -> Wish:
    first, last = offer.before[0], offer.before[-1]
    went, came = {*first} - {*offer.after[0]}, {*offer.after[0]} - {*first}
    match offer.kind:
        case "swap":
            return Wish(kind="swap", group=ids[first], member=min(went), other=min(came))
        case "move":
            return Wish(kind="move", group=ids[first], member=min(went), to=ids[last])
        case _:
            return Wish(kind="add", group=ids[first], member=min(came))


def _words(now: Standing, wish: Wish) -> str:
    who = now.name(wish.member)
    match wish.kind:
        case "swap":
            seat = now.seat_of.get(wish.other)
            return f"Swap {who} with {now.name(wish.other)} ({f'of {seat}' if seat else 'who sits nowhere'})"
        case "move":
            return f"Move {who} to the group of {now.names(now.groups[wish.to].members)}"
        case _:
            return f"Add {who}, who sits nowhere"
