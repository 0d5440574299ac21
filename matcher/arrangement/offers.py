"""The best changes that an organizer could make to a member's seat, or to a group, without breaking a rule."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.arrangement.desk import DeskQuestion, Party
from matcher.arrangement.program import Group
from matcher.arrangement.search import value_of
from matcher.arrangement.weigh import weigh_group
from matcher.numeric.pool import FORBIDDEN, Pool
from matcher.units import MemberId

Draft = tuple[str, tuple[Group, ...], tuple[Group, ...]]
"""Kind, groups before, groups after."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A change that breaks no rule.

    Attributes:
        kind: 'swap', 'move', or 'add' for somebody who sits nowhere now.
        before: The groups that it touches.
        after: The same groups then, in this order.
        difference: What it gains in units of the objective; below 0, what it costs.
    """

    kind: str
    before: tuple[Party, ...]
    after: tuple[Party, ...]
    difference: float


def best_changes(
    question: DeskQuestion,
    groups: Sequence[Sequence[MemberId]],
    about: Collection[MemberId],
    *,
    locked: Sequence[Sequence[MemberId]] = (),
    n_offers: int = 5,
) -> tuple[Offer, ...]:
    """The best single changes, best first: swaps with others, seated or not, and moves.

    Args:
        question: What the night asked.
        groups: All groups that stand.
        about: Who changes places: a member; or all members of a group, then also who could join it.
        locked: Groups that no change may touch.
        n_offers: At most so many.

    Cost: some 50,000 changes a second, of which each member has one for each member that they have a tie with.
    """
    fixed = {frozenset(group) for group in locked}
    open_groups = [frozenset(group) for group in groups if frozenset(group) not in fixed]
    known = [tuple(question.rows(group).tolist()) for group in open_groups if group <= question.row_of.keys()]
    taken = question.rows(member for group in groups for member in group)
    closed = frozenset(taken.tolist()) - {row for group in known for row in group}
    asked = [row for row in question.rows(about).tolist() if row not in closed]
    possible = _Possible(question.pool, known, closed)
    worths: dict[Group, float] = {}

    def now(group: Group) -> float:
        """What a group that stands is worth, be it legal or not."""
        if group not in worths:
            value = value_of(question.pool, group)
            worths[group] = value if value > -np.inf else weigh_group(question, question.party(group)).value
        return worths[group]

    offers = []
    is_whole_group = tuple(asked) in known
    for kind, before, after in possible.changes(asked, who_may_join=tuple(asked) if is_whole_group else None):
        values = [value_of(question.pool, group) for group in after]
        if min(values) > -np.inf:
            gain = sum(values) - sum(now(group) for group in before)
            offers.append((-round(gain, 12), kind, before, after))
    return tuple(
        Offer(
            kind=kind,
            before=tuple(question.party(group) for group in before),
            after=tuple(question.party(group) for group in after),
            difference=-loss,
        )
        for loss, kind, before, after in sorted(set(offers))[:n_offers]
    )


class _Possible:
    """Changes that could be legal: whoever comes needs a tie with somebody there, where ties are asked for at all."""

    def __init__(self, pool: Pool, groups: Sequence[Group], closed: Collection[int]) -> None:
        self._pool, self._groups, self._low, self._high = pool, groups, *pool.sizes
        self._known_friends: dict[int, frozenset[int] | None] = {}
        self._home = {row: at for at, group in enumerate(groups) for row in group}
        self._alone = [row for row in range(len(pool.bonus)) if row not in self._home and row not in closed]

    def changes(self, asked: Sequence[int], who_may_join: Group | None) -> Iterator[Draft]:
        """All changes in which one of these comes or goes."""
        for row in asked:
            home = self._groups[self._home[row]] if row in self._home else None
            friends = self._friends(row)
            for group in self._groups:
                if group != home:
                    yield from self._into(row, home, group, friends)
            yield from self._for_someone_alone(row, home)
        if who_may_join:
            yield from self._joining(who_may_join)

    def _into(self, row: int, home: Group | None, group: Group, friends: frozenset[int] | None) -> Iterator[Draft]:
        """The member joins this group, or takes a place in it."""
        in_common = set(group) if friends is None else friends & set(group)
        if not in_common:
            return
        if len(group) < self._high and (home is None or len(home) > self._low):
            left = () if home is None else (home,)
            rest = () if home is None else (_less(home, row),)
            yield ("move" if home else "add"), (*left, group), (*rest, _more(group, row))
        for other in group:
            if in_common == {other}:
                continue
            there = _more(_less(group, other), row)
            if home is None:
                yield "swap", (group,), (there,)
            elif self._has_friend(other, _less(home, row)):
                yield "swap", (home, group), (_more(_less(home, row), other), there)

    def _for_someone_alone(self, row: int, home: Group | None) -> Iterator[Draft]:
        for other in self._alone if home else ():
            if self._has_friend(other, _less(home or (), row)):
                yield "swap", (home or (),), (_more(_less(home or (), row), other),)

    def _joining(self, group: Group) -> Iterator[Draft]:
        if len(group) == self._high:
            return
        for row in (*self._home, *self._alone):
            if row in group or not self._has_friend(row, group):
                continue
            if row not in self._home:
                yield "add", (group,), (_more(group, row),)
            elif len(home := self._groups[self._home[row]]) > self._low:
                yield "move", (home, group), (_less(home, row), _more(group, row))

    def _has_friend(self, row: int, group: Group) -> bool:
        friends = self._friends(row)
        return friends is None or not friends.isdisjoint(group)

    def _friends(self, row: int) -> frozenset[int] | None:
        """Those with whom the member has a real tie; None where nobody needs any."""
        if row not in self._known_friends:
            pool, entries = self._pool, slice(self._pool.starts[row], self._pool.starts[row + 1])
            is_tie = (pool.mutuals[entries] >= pool.floors[1]) & (pool.weights[entries] > FORBIDDEN)
            ties = frozenset(pool.partners[entries][is_tie].tolist())
            self._known_friends[row] = ties if pool.floors[2] > 0.0 else None
        return self._known_friends[row]


def _less(group: Group, row: int) -> Group:
    return tuple(one for one in group if one != row)


def _more(group: Group, row: int) -> Group:
    return tuple(sorted((*group, row)))
