"""A change of members as an organizer asks for it, and the lists of members that it leads to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from matcher.arrangement.changes import added, merged, moved, removed, split, swapped
from matcher.errors import InputError, MissingError
from matcher.review.standing import GATHERINGS, GROUPS, Standing, party
from matcher.tables.decisions import Members
from matcher.tables.drafts import Suggestion
from matcher.units import MemberId

CHANGES: Mapping[str, str] = {
    "swap": "Swap two members",
    "move": "Move a member to another group",
    "add": "Add somebody who sits nowhere",
    "remove": "Remove a member",
    "split": "Split the group",
    "merge": "Merge with another group",
}
"""Every kind of change, as it is offered."""

NEEDED: Mapping[str, tuple[str, ...]] = {
    "swap": ("member", "other"),
    "move": ("member", "to"),
    "add": ("member",),
    "remove": ("member",),
    "split": ("part",),
    "merge": ("to",),
}
"""What must be said beside the group, in the order in which it is asked for."""

Lists = Mapping[str, Members | None]
"""Members afterwards by suggestion; None: it is dissolved. A new one is called '+1'."""

_FIELDS = {"kind": "kind", "group": "group", "member": "member", "other": "with", "to": "to", "part": "part"}
"""What each part of a wish is called in an address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What an organizer asks for; what is not said yet is empty.

    Attributes:
        kind: One of CHANGES.
        group: The group or gathering to change.
        member: Who goes, or for `add` who comes.
        other: With whom they change places.
        to: The other group.
        part: Members who leave for a new group, ascending.
    """

    kind: str
    group: str
    member: str = ""
    other: str = ""
    to: str = ""
    part: tuple[str, ...] = ()

    @property
    def missing(self) -> str:
        """The first part that has not been said; empty: the wish is whole."""
        return next((name for name in NEEDED[self.kind] if not getattr(self, name)), "")

    def fields(self, **other: str) -> Sequence[tuple[str, str]]:
        """As fields of an address or form, with some parts said otherwise."""
        wish = replace(self, **other)  # type: ignore[arg-type]  # all of them text
        said = [(_FIELDS[one.name], getattr(wish, one.name)) for one in fields(wish) if one.name != "part"]
        return [*(pair for pair in said if pair[1]), *(("part", one) for one in wish.part)]

    def address(self, run_id: str, **other: str) -> str:
        """Where it is looked at, with some parts said otherwise."""
        return f"/runs/{run_id}/change?{urlencode(self.fields(**other))}"


def wish_of(said: Callable[[str], Sequence[str]]) -> Wish:
    """Read a wish from an address or a form.

    Args:
        said: All values of a field.

    Raises:
        InputError: There is no such kind of change.
    """
    found = {name: next(iter(said(field)), "") for name, field in _FIELDS.items() if name != "part"}
    if found["kind"] not in CHANGES:
        raise InputError(f"there is no such change; found {found['kind'][:40]!r}; needs one of {', '.join(CHANGES)}")
    return Wish(**found, part=tuple(sorted({*said("part")})))


def subject(now: Standing, wish: Wish) -> Suggestion:
    """The group or gathering that is to be changed.

    Raises:
        MissingError: There is no such suggestion now.
        InputError: Its members cannot be changed like that.
    """
    found = _found(now, wish.group)
    if not found.id.startswith((*GROUPS, GATHERINGS)):
        raise InputError(f"an introduction keeps its two; found {found.id}; reject it instead")
    if found.id.startswith(GATHERINGS) and wish.kind != "remove":
        raise InputError(f"a gathering can only lose members; found {wish.kind!r} for {found.id}; remove one instead")
    return found


def carried_out(now: Standing, wish: Wish) -> Lists:
    """The members of all that a whole wish touches, afterwards; whether that may be is not asked here.

    Raises:
        InputError: It cannot be done at all.
        MissingError: There is no such suggestion now.
    """
    group, member = subject(now, wish), MemberId(wish.member)
    mine = party(group.members)
    if wish.kind in ("swap", "move", "remove") and member not in mine:
        raise InputError(f"{now.name(member)} is not in {group.id} now; load the page again")
    match wish.kind:
        case "swap":
            return _swapped(now, group, member, MemberId(wish.other))
        case "move":
            to = _other_group(now, wish)
            return dict(zip((group.id, to.id), _or_gone(moved((mine, party(to.members)), member, 1)), strict=True))
        case "add":
            _check_known(now, member)
            return {group.id: added(mine, member)}
        case "remove":
            return {group.id: removed(mine, member)}
        case "split":
            stay, leave = split(mine, [MemberId(one) for one in wish.part])
            return {group.id: stay, "+1": leave}
        case _:
            to = _other_group(now, wish)
            return {group.id: merged(mine, party(to.members)), to.id: None}


def _swapped(now: Standing, group: Suggestion, member: MemberId, other: MemberId) -> Lists:
    _check_known(now, other)
    seat = now.seat_of.get(other)
    touched = [group] if seat in (None, group.id) else [group, now.groups[seat or ""]]
    if seat == group.id or other in group.members:
        raise InputError(f"{now.name(member)} and {now.name(other)} sit in one group; name two who sit apart")
    lists = swapped([party(one.members) for one in touched], member, other)
    return {one.id: members for one, members in zip(touched, lists, strict=True)}


def _or_gone(groups: Sequence[Members]) -> list[Members | None]:
    """A group that lost its last member is left out by `moved`: only the first can have been."""
    return [*([None] if len(groups) == 1 else []), *groups]


def _other_group(now: Standing, wish: Wish) -> Suggestion:
    found = _found(now, wish.to)
    if not found.id.startswith(GROUPS) or found.id == wish.group or found.is_rejected:
        raise InputError(f"that needs another group that is not rejected; found {found.id}; name another")
    return found


def _found(now: Standing, suggestion: str) -> Suggestion:
    found = now.suggestion(suggestion)
    if found is None:
        raise MissingError(f"there is no such suggestion now; found {suggestion[:40]!r}; it may have been dissolved")
    return found


def _check_known(now: Standing, member: str) -> None:
    if member not in now.night.dossier.people:
        raise MissingError(f"there is nobody of that name tonight; found {member[:40]!r}; choose one from the list")
