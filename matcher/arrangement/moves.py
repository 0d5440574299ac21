"""The groups under construction, and every small move of one member that would make them better."""

from collections.abc import Iterable

from matcher.arrangement.construct import grow
from matcher.arrangement.seating import ROUNDING, Group, SeatingQuestion

NOWHERE = -1

Move = tuple[float, tuple[tuple[int, Group], ...]]
"""What a move gains if it is legal, and which groups it changes into what."""


class Seating:
    """The groups under construction; every change can be taken back.

    Attributes:
        question: Who could sit with whom.
        groups: Members of each group, ascending, by its number.
        seat: Number of each member's group, or `NOWHERE`.
        worth: Worth of each group, by its number.
        drawn: Each seated member's total mutual affinity to their group.
    """

    def __init__(self, question: SeatingQuestion, groups: Iterable[Group]) -> None:
        self.question = question
        self.groups: dict[int, Group] = {}
        self.seat = [NOWHERE] * len(question.weights)
        self.worth: dict[int, float] = {}
        self.drawn = [0.0] * len(question.weights)
        self._n_numbers = 0
        self._undone: list[dict[int, Group]] = []
        for group in groups:
            self.change(((self.new_number(), group),))

    def new_number(self) -> int:
        """A number that no group has had yet."""
        self._n_numbers += 1
        return self._n_numbers - 1

    def change(self, changes: Iterable[tuple[int, Group]]) -> float:
        """Give groups new members (none: the group is gone); returns what it gained."""
        before = {number: self.groups.get(number, ()) for number, _ in changes}
        self._undone.append(before)
        return self._put(changes, before)

    def commit(self) -> None:
        """Forget how to undo what was changed so far."""
        self._undone.clear()

    def take_back(self) -> None:
        """Undo every change since the last commit, the latest first."""
        while self._undone:
            earlier = self._undone.pop()
            self._put(tuple(earlier.items()), {number: self.groups.get(number, ()) for number in earlier})

    def _put(self, changes: Iterable[tuple[int, Group]], before: dict[int, Group]) -> float:
        gained = 0.0
        for number, members in before.items():
            for member in members:
                self.seat[member] = NOWHERE
            gained -= self.worth.pop(number, 0.0)
            self.groups.pop(number, None)
        for number, members in changes:
            if not members:
                continue
            self.groups[number] = members
            for member in members:
                self.seat[member] = number
                self.drawn[member] = self.draw(member, members)
            self.worth[number] = sum(self.drawn[member] for member in members) / (len(members) - 1)
            gained += self.worth[number]
        return gained

    def idle_near(self, members: Iterable[int]) -> set[int]:
        """Unseated neighbours of these members, themselves not counted."""
        asked = set(members)
        near = {other for member in asked for other in self.question.weights[member]}
        return {other for other in near - asked if self.seat[other] == NOWHERE}

    def draw(self, member: int, group: Group) -> float:
        """The member's total mutual affinity to a group; their own place in it counts 0."""
        mine = self.question.weights[member]
        return sum(mine[other] for other in group if other in mine)


def moves_of(seating: Seating, member: int) -> list[Move]:
    """Every move of one member that would gain if the groups it makes were legal."""
    drawn_to: dict[int, float] = {}
    for other, mutual in seating.question.weights[member].items():
        number = seating.seat[other]
        if number != NOWHERE:
            drawn_to[number] = drawn_to.get(number, 0.0) + mutual
    home = seating.seat[member]
    drawn_to.pop(home, None)
    moves = _moves_in(seating, member, drawn_to) if home == NOWHERE else _moves_on(seating, member, drawn_to)
    return [move for move in moves if move[0] > ROUNDING]


def _moves_in(seating: Seating, member: int, drawn_to: dict[int, float]) -> list[Move]:
    """An unseated member joins a group, takes another's seat, or founds a group with other unseated ones."""
    moves: list[Move] = []
    mine = seating.question.weights[member]
    for number, drawn in drawn_to.items():
        group, worth, size = seating.groups[number], seating.worth[number], len(seating.groups[number])
        if size < seating.question.options.max_size:
            gain = (worth * (size - 1) + 2 * drawn) / size - worth
            moves.append((gain, ((number, _with(group, member)),)))
        for other in group:
            gain = 2 * (drawn - mine.get(other, 0.0) - seating.drawn[other]) / (size - 1)
            if gain > ROUNDING:
                moves.append((gain, ((number, _with(_without(group, other), member)),)))
    idle = seating.idle_near([member])
    if len(idle) >= seating.question.options.ties_needed(seating.question.options.min_size):
        friend = min(idle, key=lambda other: (-mine[other], other))
        founded = grow(seating.question, _with((friend,), member), idle | seating.idle_near(idle), {})
        if founded:
            moves.append((seating.question.worth(founded), ((seating.new_number(), founded),)))
    return moves


def _moves_on(seating: Seating, member: int, drawn_to: dict[int, float]) -> list[Move]:
    """A seated member leaves, moves to another group, or changes seats with someone there."""
    options = seating.question.options
    home = seating.seat[member]
    rest, worth, size = _without(seating.groups[home], member), seating.worth[home], len(seating.groups[home])
    mine, lost = seating.question.weights[member], seating.drawn[member]
    moves: list[Move] = []
    if size > options.min_size:
        left = (worth * (size - 1) - 2 * lost) / (size - 2) - worth
        moves.append((left, ((home, rest),)))
    for number, drawn in drawn_to.items():
        there, n_there = seating.groups[number], len(seating.groups[number])
        if size > options.min_size and n_there < options.max_size:
            joined = (seating.worth[number] * (n_there - 1) + 2 * drawn) / n_there - seating.worth[number]
            moves.append((left + joined, ((home, rest), (number, _with(there, member)))))
        for other in there:
            here = 2 * (seating.draw(other, rest) - lost) / (size - 1)
            gain = here + 2 * (drawn - mine.get(other, 0.0) - seating.drawn[other]) / (n_there - 1)
            if gain > ROUNDING:
                swapped = ((home, _with(rest, other)), (number, _with(_without(there, other), member)))
                moves.append((gain, swapped))
    return moves


def _with(group: Group, member: int) -> Group:
    return tuple(sorted((*group, member)))


def _without(group: Group, member: int) -> Group:
    return tuple(other for other in group if other != member)
