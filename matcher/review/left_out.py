"""Who has no place as things stand: left out by the night, or free since a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from weakref import WeakKeyDictionary

from matcher.publish.wording import waited
from matcher.review.nights import Night
from matcher.review.overview import folded
from matcher.review.standing import Standing
from matcher.tables.drafts import Draft
from matcher.tables.proposals import LEFT_OUT_REASONS
from matcher.units import MemberId

FREED = "had a place in the night's plan, which was rejected or changed since"


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """Somebody without a place.

    Attributes:
        member: Their id.
        name: What they are called.
        place: Their home as it is shown, or empty.
        reason: In words that follow their name.
        detail: The numbers behind it, or empty.
        waited: How long they were passed over before tonight, in words, or empty.
        text: What a search looks in.
    """

    member: str
    name: str
    place: str
    reason: str
    detail: str
    waited: str
    text: str


def left_out_now(now: Standing) -> Sequence[LeftOut]:
    """Everyone without a place: first whom decisions freed, then by the night's reasons, in their documented order."""
    draft, found = _found.get(now.night, (None, ()))
    if draft is not now.draft:
        found = _left_out(now)
        _found[now.night] = now.draft, found
    return found


def find_left_out(now: Standing, words: str) -> list[LeftOut]:
    """Those whose name, place or reason holds all of these words."""
    asked = folded(words).split()
    return [one for one in left_out_now(now) if all(word in one.text for word in asked)]


def _left_out(now: Standing) -> Sequence[LeftOut]:
    night = now.night
    placed = {MemberId(who) for one in now.draft.suggestions.values() if not one.is_rejected for who in one.members}
    by_night, seated = _by_night(night)
    freed = [one for member, one in seated.items() if member not in placed]
    return (*freed, *(one for member, one in by_night.items() if member not in placed))


def _by_night(night: Night) -> tuple[Mapping[MemberId, LeftOut], Mapping[MemberId, LeftOut]]:
    """What would be told of everyone: of whom the night left out, by reason, and of whom it placed."""
    if night not in _told_once:
        reasons = {reason: place for place, reason in enumerate(LEFT_OUT_REASONS)}
        ordered = sorted(night.dossier.left_out, key=lambda one: reasons[one.reason])
        had_waited = _had_waited(night)
        seated = sorted({MemberId(one) for members in night.suggestions.values() for one in members})
        _told_once[night] = (
            {
                one.member: _told(night, one.member, LEFT_OUT_REASONS[one.reason], one.detail, one.waited)
                for one in ordered
            },
            {member: _told(night, member, FREED, "", had_waited.get(member, 0)) for member in seated},
        )
    return _told_once[night]


def _had_waited(night: Night) -> Mapping[MemberId, int]:
    """Rounds that those were passed over before whom the night placed."""
    said = night.dossier
    seats = [zip(one.members, one.waited, strict=True) for one in said.groups]
    seats += [zip(one.members, one.waited, strict=True) for one in said.introductions]
    return dict(chain.from_iterable(seats))


def _told(night: Night, member: MemberId, reason: str, detail: str, n_rounds: int) -> LeftOut:
    person = night.dossier.people[member]
    return LeftOut(
        member=member,
        name=person.name,
        place=person.place,
        reason=reason,
        detail=detail,
        waited=waited(n_rounds),
        text=folded(f"{person.name}\n{person.place}\n{reason}"),
    )


_found: WeakKeyDictionary[Night, tuple[Draft, Sequence[LeftOut]]] = WeakKeyDictionary()
_told_once: WeakKeyDictionary[Night, tuple[Mapping[MemberId, LeftOut], Mapping[MemberId, LeftOut]]] = (
    WeakKeyDictionary()
)
