"""A run's dossier without one member: what was decided about the others still means the same.

Their suggestions keep their ids; the member in them is a pseudonym, and whatever was said of them is gone.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from matcher.tables.dossier import Dossier, Person
from matcher.tables.proposals import Account
from matcher.tables.proposed import ProposedGathering, ProposedGroup, ProposedIntroduction
from matcher.units import Km, MemberId, Share

T = TypeVar("T")

NOBODY = "(no longer here)"
"""What is shown for whoever was forgotten."""

_UNSAID = Account(reasons=(), shared_topics=(), evidence=(), starter="")


def redact(dossier: Dossier, member: str, *, pseudonym: str, names: Sequence[str] = ()) -> Dossier:
    """Take a member out of a dossier.

    Args:
        dossier: Of one run.
        member: Their id.
        pseudonym: What stands in its place.
        names: What else they are called in what is told of suggestions.
    """
    known = dossier.people.get(MemberId(member))
    called = [member, *names, *([known.name] if known else [])]
    says = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in called), re.IGNORECASE).search
    gone = _Gone(MemberId(member), MemberId(pseudonym), lambda text: says(text) is not None)
    people = {one: person for one, person in dossier.people.items() if one != member}
    if known:
        people[gone.pseudonym] = Person(name=NOBODY, place="", cell=None)
    return replace(
        dossier,
        people=dict(sorted(people.items())),
        unknowns={one: said for one, said in dossier.unknowns.items() if one != member},
        groups=tuple(gone.from_group(one) for one in dossier.groups),
        introductions=tuple(gone.from_introduction(one) for one in dossier.introductions),
        gatherings=tuple(gone.from_gathering(one) for one in dossier.gatherings),
        left_out=tuple(one for one in dossier.left_out if one.member != member),
        is_reduced=True,
    )


class _Gone:
    """One member who goes, and how each suggestion looks without them."""

    def __init__(self, member: MemberId, pseudonym: MemberId, is_named_in: Callable[[str], bool]) -> None:
        self.member = member
        self.pseudonym = pseudonym
        self._is_named_in = is_named_in

    def from_group(self, one: ProposedGroup) -> ProposedGroup:
        members, turn = self._renamed(one.members)
        return replace(
            one,
            members=members,
            travel_km=turn(self._without(one.members, one.travel_km, Km(0.0))),
            fit_shares=turn(self._without(one.members, one.fit_shares, Share(0.0))),
            terms=turn(self._without(one.members, one.terms, dict.fromkeys(one.terms[0], 0.0) if one.terms else {})),
            waited=turn(self._without(one.members, one.waited, 0)),
            repeats=tuple(pair for pair in one.repeats if self.member not in pair[:2]),
            account=self._account(one.members, one.account),
        )

    def from_introduction(self, one: ProposedIntroduction) -> ProposedIntroduction:
        (a, b), turn = self._renamed(one.members)
        is_theirs = self.member in one.members
        there, back = turn((Share(0.0),) * 2 if is_theirs else (one.a_to_b, one.b_to_a))
        waited_a, waited_b = turn(self._without(one.members, one.waited, 0))
        return replace(
            one,
            members=(a, b),
            a_to_b=there,
            b_to_a=back,
            mutual=Share(0.0) if is_theirs else one.mutual,
            via=None if one.via == self.member else one.via,
            travel_km=turn(self._without(one.members, one.travel_km, Km(0.0))),
            waited=(waited_a, waited_b),
            account=_UNSAID if one.via == self.member else self._account(one.members, one.account),
        )

    def from_gathering(self, one: ProposedGathering) -> ProposedGathering:
        members, turn = self._renamed(one.members)
        return replace(
            one,
            members=members,
            travel_km=turn(self._without(one.members, one.travel_km, Km(0.0))),
            companies=turn(self._without(one.members, one.companies, 0.0)),
            efforts=turn(self._without(one.members, one.efforts, 0.0)),
            account=self._account(one.members, one.account),
        )

    def _renamed(self, members: Sequence[MemberId]) -> tuple[tuple[MemberId, ...], "_Turn"]:
        """Members with the pseudonym, ascending, and how what stands beside them is put in the same order."""
        named = [self.pseudonym if one == self.member else one for one in members]
        turn = _Turn(sorted(range(len(named)), key=named.__getitem__))
        return turn(named), turn

    def _without(self, members: Sequence[MemberId], values: Sequence[T], nothing: T) -> Sequence[T]:
        """What stands beside members, with nothing beside the one who goes; empty stays empty."""
        return [nothing if one == self.member else value for one, value in zip(members, values, strict=False)]

    def _account(self, members: Sequence[MemberId], account: Account) -> Account:
        said = (*account.reasons, *account.shared_topics, account.starter)
        return _UNSAID if self.member in members or any(map(self._is_named_in, said)) else account


class _Turn:
    """Puts values in an order; none where there are none."""

    def __init__(self, order: Sequence[int]) -> None:
        self._order = order

    def __call__(self, values: Sequence[T]) -> tuple[T, ...]:
        return tuple(values[place] for place in self._order) if values else ()


def bare_plan(dossier: Dossier, before: Mapping[str, object]) -> dict[str, object]:
    """What `plan.json` says of a run that was reduced: who was proposed with whom, and nothing of why.

    Args:
        dossier: Without the member.
        before: What the file said; its head stays.
    """
    head = ("schema", "run_id", "as_of", "seed", "model", "fingerprints", "attribution")
    return {
        **{name: before[name] for name in head if name in before},
        "notice": f"{dossier.notice} A member of this run was forgotten: reasons, scores and ways are gone.".strip(),
        "groups": [{"id": one.id, "members": list(one.members)} for one in dossier.groups],
        "introductions": [{"id": one.id, "a": one.members[0], "b": one.members[1]} for one in dossier.introductions],
        "gatherings": [{"id": one.id, "members": list(one.members)} for one in dossier.gatherings],
        "unplaced": [{"member": one.member, "reason": one.reason} for one in dossier.left_out],
    }
