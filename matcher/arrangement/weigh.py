"""What a change of groups would cost before it is made, and which rules it would break."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.arrangement.broken_rules import BrokenRule, look_inside, rules_broken, with_room
from matcher.arrangement.desk import DeskQuestion, Party
from matcher.numeric.fair_point import mixed_km
from matcher.numeric.sparse_rows import common_columns
from matcher.units import Floats, Km, MemberId, Rows, Share


@dataclass(frozen=True, kw_only=True, slots=True)
class WeighedSeat:
    """What one member brings to a group, term by term as in the plan, in units of the objective.

    Attributes:
        member: Whose seat it is.
        fit_share: Mean mutual affinity to the others, in [0, 1].
        repeat_cost: Mean cost of meeting the others again.
        overdue_bonus: For rounds waited.
        travel_cost: Of the way to where the group meets.
        travel_km: That way; None where the group has no place to meet.
    """

    member: MemberId
    fit_share: Share
    repeat_cost: float
    overdue_bonus: float
    travel_cost: float
    travel_km: Km | None

    @property
    def value(self) -> float:
        """All terms together."""
        return self.fit_share - self.repeat_cost + self.overdue_bonus - self.travel_cost


@dataclass(frozen=True, kw_only=True, slots=True)
class WeighedGroup:
    """A group as it would be.

    Attributes:
        members: Ascending.
        seats: One a member, in that order.
        town: Row of the town in which they would meet; None where there is none for all.
        broken: The rules that it breaks; none for a legal group.
    """

    members: Party
    seats: tuple[WeighedSeat, ...]
    town: int | None
    broken: tuple[BrokenRule, ...]

    @property
    def value(self) -> float:
        """What the group adds to the objective, be it legal or not; pairs who are kept apart count as strangers."""
        return sum(seat.value for seat in self.seats)

    @property
    def cohesion(self) -> Share:
        """The mean fit of the members, in [0, 1]; 0 for nobody."""
        return Share(sum(seat.fit_share for seat in self.seats) / max(len(self.seats), 1))

    @property
    def weakest(self) -> WeighedSeat | None:
        """The seat of the member who fits least, of equal ones the first; None for nobody."""
        return min(self.seats, key=lambda seat: seat.fit_share, default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """A change beside what stands now; groups that stand in both are left out.

    Attributes:
        before: The groups that would go.
        after: The groups that would come, in the order asked for.
    """

    before: tuple[WeighedGroup, ...]
    after: tuple[WeighedGroup, ...]

    @property
    def value_before(self) -> float:
        """What the groups that would go are worth together."""
        return sum(group.value for group in self.before)

    @property
    def value_after(self) -> float:
        """What the groups that would come are worth together."""
        return sum(group.value for group in self.after)

    @property
    def difference(self) -> float:
        """What the change gains; below 0, what it costs."""
        return self.value_after - self.value_before

    @property
    def broken(self) -> tuple[BrokenRule, ...]:
        """The rules that the groups would break that would come; none where the change may be made."""
        return tuple(rule for group in self.after for rule in group.broken)


def weigh(question: DeskQuestion, before: Sequence[Sequence[MemberId]], after: Sequence[Sequence[MemberId]]) -> Weighed:
    """Weigh groups that would take the place of others.

    Args:
        question: What the night asked.
        before: The groups that stand: all of them, or those that the change touches.
        after: The groups that would stand then; whoever sits in two of them is told.
    """
    counts = [Counter(tuple(sorted(group)) for group in groups) for groups in (before, after)]
    stays = {group for group, n in counts[1].items() if n == counts[0][group] == 1}
    seats = Counter(member for group in after for member in set(group))
    return Weighed(
        before=tuple(weigh_group(question, group) for group in before if tuple(sorted(group)) not in stays),
        after=tuple(_once(weigh_group(question, one), seats) for one in after if tuple(sorted(one)) not in stays),
    )


def weigh_group(question: DeskQuestion, group: Sequence[MemberId]) -> WeighedGroup:
    """Weigh one group by itself; whoever could sit nowhere tonight is a stranger to all, with no way known."""
    rows, members = question.rows(group), tuple(sorted(set(group)))
    known, strangers = question.party(rows.tolist()), tuple(one for one in members if one not in question.row_of)
    broken = rules_broken(question.pool, rows, known, strangers)
    town, km = (None, None) if strangers else _meeting(question, rows)
    seats = _seats(question, rows, len(members) - 1, km)
    nothing = WeighedSeat(
        member=MemberId(""), fit_share=Share(0.0), repeat_cost=0.0, overdue_bonus=0.0, travel_cost=0.0, travel_km=None
    )
    whole = WeighedGroup(
        members=members,
        seats=tuple(seats.get(member) or replace(nothing, member=member) for member in members),
        town=town,
        broken=tuple(broken),
    )
    return _once(whole, Counter(group))


def _seats(question: DeskQuestion, rows: Rows, n_others: int, km: Floats | None) -> dict[MemberId, WeighedSeat]:
    """The seats of those who could sit somewhere."""
    pool, inside = question.pool, look_inside(question.pool, rows)
    fits, repeats = (part.sum(axis=1) / max(n_others, 1) for part in (inside.mutual, inside.repeat))
    seats = {}
    for at, row in enumerate(rows.tolist()):
        way = None if km is None else Km(float(km[at]))
        seats[question.members[row]] = WeighedSeat(
            member=question.members[row],
            fit_share=Share(float(fits[at])),
            repeat_cost=float(repeats[at]),
            overdue_bonus=float(pool.bonus[row]),
            travel_cost=pool.km_cost * (way or 0.0),
            travel_km=way,
        )
    return seats


def _meeting(question: DeskQuestion, rows: Rows) -> tuple[int | None, Floats | None]:
    """The fair town that holds them all, and each way there; ties go to the first town, as in the plan."""
    pool = question.pool
    towns, km = common_columns(pool.town_starts, pool.towns, pool.km, rows.tolist())
    has_room = with_room(pool, towns, len(rows))
    if not has_room.any():
        return None, None
    towns, km = towns[has_room], km[:, has_room]
    best = int(mixed_km(km, pool.worst_share).argmin())
    return int(towns[best]), km[:, best]


def _once(group: WeighedGroup, seats: Counter[MemberId]) -> WeighedGroup:
    """Add who would sit twice, unless that is said already."""
    said = {rule.members for rule in group.broken if rule.rule == "seated_twice"}
    twice = [
        BrokenRule(rule="seated_twice", members=(member,), found=seats[member], needed=1)
        for member in group.members
        if seats[member] > 1 and (member,) not in said
    ]
    return replace(group, broken=(*group.broken, *twice)) if twice else group
