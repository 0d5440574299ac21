"""What organizers decided and members answered, as one night has to keep it.

What follows from a decision, and for how long, stands in `rules/aftermath.py`; here is what is in force tonight.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from matcher.tables.decisions import Members

Pair = tuple[str, str]
"""Two members, ascending."""

KINDS_OF_IDS: Mapping[str, str] = {"g": "group", "n": "group", "i": "introduction", "t": "gathering"}
"""Kind of a suggestion by the first letter of its id; `n-` was made by a change, and only groups are."""

NEVER_TOGETHER = ("declined", "unsafe")
"""Pairs who do not even go to one gathering: a member asked for it, or an organizer feared for somebody."""

APART_RULES = (*NEVER_TOGETHER, "rejected")
"""Why decisions keep two apart; 'rejected' keeps them from one table, not from one gathering of forty."""

REST_REASONS = ("paused", "invited_lately")
"""Why a member gets no new suggestion tonight."""


def kind_of(suggestion: str) -> str:
    """'group', 'introduction' or 'gathering'."""
    return KINDS_OF_IDS[suggestion[:1]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A suggestion that organizers locked or approved, and that nobody was told of yet: tonight has it again.

    Attributes:
        kind: 'group', 'introduction' or 'gathering'.
        members: Ascending.
        hub: Of a gathering its city: name, degrees north, degrees east; else None.
        since: The run in which organizers said so. No plan follows from it.
    """

    kind: str
    members: Members
    hub: tuple[str, float, float] | None = None
    since: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Barred:
    """A suggestion that was turned down: one like it is not made for a while.

    Attributes:
        kind: 'group' or 'gathering'; two who were not to be introduced are kept apart.
        members: Ascending.
        n_same: A suggestion that has so many of these is like it.
    """

    kind: str
    members: Members
    n_same: int

    def is_like(self, members: Collection[str]) -> bool:
        """Whether a suggestion with these members would be much the same."""
        return len({*self.members} & {*members}) >= self.n_same


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """What is in force tonight; by default nothing.

    Attributes:
        apart: By pair the rule, of APART_RULES, that keeps the two apart. Who asked for it is not told.
        resting: By member the reason, of REST_REASONS, for which they get no new suggestion.
        left: Members who want no proposals ever.
        held: Suggestions that stay as they are.
        barred: Suggestions that do not come back.
        again: Pairs who met, and of whom each would meet the other again.
        heard: By run how many decisions about it this follows from. No plan follows from the number.
    """

    apart: Mapping[Pair, str] = field(default_factory=dict)
    resting: Mapping[str, str] = field(default_factory=dict)
    left: frozenset[str] = frozenset()
    held: tuple[Held, ...] = ()
    barred: tuple[Barred, ...] = ()
    again: frozenset[Pair] = frozenset()
    heard: Mapping[str, int] = field(default_factory=dict)

    def among(self, members: Collection[str]) -> "Decided":
        """What of it is about these members alone; a suggestion of which one is missing is not."""
        there = {*members}
        return replace(
            self,
            apart={pair: rule for pair, rule in self.apart.items() if there.issuperset(pair)},
            resting={member: why for member, why in self.resting.items() if member in there},
            held=tuple(one for one in self.held if there.issuperset(one.members)),
            barred=tuple(one for one in self.barred if len(there.intersection(one.members)) >= one.n_same),
            again=frozenset(pair for pair in self.again if there.issuperset(pair)),
        )

    @property
    def holding(self) -> frozenset[str]:
        """Everyone in a suggestion that stays."""
        return frozenset(member for one in self.held for member in one.members)

    def told(self) -> list[object]:
        """All of it in one order, for a fingerprint; an empty list where nothing is in force."""
        everything: list[object] = [
            sorted((*pair, rule) for pair, rule in self.apart.items()),
            sorted(self.resting.items()),
            sorted(self.left),
            sorted((one.kind, one.members, one.hub or ()) for one in self.held),
            sorted((one.kind, one.members, one.n_same) for one in self.barred),
            sorted(self.again),
        ]
        return everything if any(everything) else []


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldPlaces:
    """Held groups and introductions that break no rule tonight, as rows of tonight's members, ascending in each."""

    groups: tuple[tuple[int, ...], ...] = ()
    introductions: tuple[tuple[int, int], ...] = ()
