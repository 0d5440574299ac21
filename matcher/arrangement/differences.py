"""What became of each group between two drafts: who came, who went."""

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.arrangement.desk import Party
from matcher.units import MemberId

LEAST_IN_COMMON = 2
"""A group comes from another one if so many of its members do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupDifference:
    """What became of one group.

    Attributes:
        kind: 'stayed', 'changed', 'new' or 'gone'.
        before: Its members; None for a new group.
        after: Its members; None for a group that is gone.
        came: Who is in it only now, ascending.
        went: Who was in it only before, ascending.
    """

    kind: str
    before: Party | None
    after: Party | None
    came: Party = ()
    went: Party = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What became of the groups, and of who sits somewhere.

    Attributes:
        groups: Those that there were, in their order, then those that are new, in theirs.
        seated: Who sat nowhere and does now, ascending.
        unseated: Who sat somewhere and does no longer, ascending.
    """

    groups: tuple[GroupDifference, ...]
    seated: Party
    unseated: Party


def tell_difference(before: Sequence[Sequence[MemberId]], after: Sequence[Sequence[MemberId]]) -> Difference:
    """Follow groups from one draft to another, by the members they have in common, most first; ties by their order."""
    old, new = ([tuple(sorted(group)) for group in groups] for groups in (before, after))
    heirs = _heirs(old, new)
    groups = [_became(group, new[heirs[at]] if at in heirs else None) for at, group in enumerate(old)]
    groups += [
        GroupDifference(kind="new", before=None, after=group, came=group)
        for at, group in enumerate(new)
        if at not in heirs.values()
    ]
    sat, sits = ({member for group in groups for member in group} for groups in (old, new))
    return Difference(groups=tuple(groups), seated=tuple(sorted(sits - sat)), unseated=tuple(sorted(sat - sits)))


def _heirs(old: Sequence[Party], new: Sequence[Party]) -> dict[int, int]:
    """Position of the group that each one became."""
    seats: dict[MemberId, list[int]] = {}
    for at, group in enumerate(new):
        for member in group:
            seats.setdefault(member, []).append(at)
    common: dict[tuple[int, int], int] = {}
    for at, group in enumerate(old):
        for member in group:
            for heir in seats.get(member, []):
                common[at, heir] = common.get((at, heir), 0) + 1
    heirs: dict[int, int] = {}
    taken: set[int] = set()
    for (at, heir), n_common in sorted(common.items(), key=lambda one: (-one[1], one[0])):
        if n_common >= LEAST_IN_COMMON and at not in heirs and heir not in taken:
            heirs[at] = heir
            taken.add(heir)
    return heirs


def _became(before: Party, after: Party | None) -> GroupDifference:
    if after is None:
        return GroupDifference(kind="gone", before=before, after=None, went=before)
    came, went = (tuple(sorted({*one} - {*other})) for one, other in ((after, before), (before, after)))
    kind = "changed" if came or went else "stayed"
    return GroupDifference(kind=kind, before=before, after=after, came=came, went=went)
