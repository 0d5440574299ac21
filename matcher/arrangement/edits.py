"""The changes that an organizer can make to groups, as lists of members; whether they may be made says `weigh`."""

from collections.abc import Iterable, Sequence

from matcher.arrangement.desk import Party
from matcher.errors import InputError
from matcher.units import MemberId

Groups = Sequence[Sequence[MemberId]]


def swapped(groups: Groups, a: MemberId, b: MemberId) -> tuple[Party, ...]:
    """Let two change places; where one of them sits nowhere, the other one will.

    Raises:
        InputError: Both sit in one group, or neither sits anywhere.
    """
    seats = [_seat_of(groups, one) for one in (a, b)]
    if seats[0] == seats[1]:
        where = "in no group" if seats[0] is None else "in one group"
        raise InputError(f"{a!r} and {b!r} cannot be swapped; found both {where}; name two who sit apart")
    other = {a: b, b: a}
    return tuple(_party(other.get(member, member) for member in group) for group in groups)


def moved(groups: Groups, member: MemberId, to: int) -> tuple[Party, ...]:
    """Let a member leave their group for another, given by its position; a group that loses its last member is gone.

    Raises:
        InputError: The member sits nowhere, or there already, or there is no such group.
    """
    seat = _seat_of(groups, member)
    if seat is None:
        raise InputError(f"{member!r} sits in none of these groups; add them to one instead")
    if not 0 <= to < len(groups) or seat == to:
        raise InputError(f"{member!r} cannot move to group {to}; found them in {seat} of {len(groups)}; name another")
    sets = [{*group} - {member} | ({member} if at == to else set()) for at, group in enumerate(groups)]
    return tuple(_party(one) for one in sets if one)


def split(group: Sequence[MemberId], part: Iterable[MemberId]) -> tuple[Party, Party]:
    """Part a group in two: those who stay, and this part.

    Raises:
        InputError: The part holds somebody else, nobody, or everybody.
    """
    leaving = {*part}
    if not leaving or not leaving < {*group}:
        raise InputError(
            f"a group of {len({*group})} cannot be split like that; found {len(leaving)} to leave, of whom "
            f"{len(leaving - {*group})} are not in it; name some of its members, not all"
        )
    return _party({*group} - leaving), _party(leaving)


def merged(a: Sequence[MemberId], b: Sequence[MemberId]) -> Party:
    """Make one group of two.

    Raises:
        InputError: They share somebody: they are one group, or overlap.
    """
    both = {*a} & {*b}
    if both:
        raise InputError(f"two groups that share {sorted(both)[:3]} cannot be merged; name two different groups")
    return _party([*a, *b])


def added(group: Sequence[MemberId], member: MemberId) -> Party:
    """Let somebody join a group.

    Raises:
        InputError: They are in it.
    """
    if member in group:
        raise InputError(f"{member!r} is in the group already; name somebody else")
    return _party([*group, member])


def removed(group: Sequence[MemberId], member: MemberId) -> Party:
    """Let somebody leave a group.

    Raises:
        InputError: They are not in it.
    """
    if member not in group:
        raise InputError(f"{member!r} is not in the group; found {len(group)} others; name one of these")
    return _party(one for one in group if one != member)


def _party(members: Iterable[MemberId]) -> Party:
    return tuple(sorted(members))


def _seat_of(groups: Groups, member: MemberId) -> int | None:
    """The first group in which they sit, or None."""
    return next((at for at, group in enumerate(groups) if member in group), None)
