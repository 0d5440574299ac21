"""What gatherings of some circles could be worth at most, and which circles could be part of a better plan.

Nobody gains more at a gathering than if the whole circle came, and each is asked once. So a plan that opens the circles
S is worth at most what every member gains where they gain most; where a circle is larger than a gathering may be, each
guest's gain there is counted above that of the last who fits in, which is paid for all seats:

    f(S)  =  sum_(c in S) ( most_c · last_c - opening_cost )  +  sum_members max_(c in S) ( margin_c - last_c )+

One more circle adds the less the more there are. So S and what its best further circles would add to it alone bounds
every plan that opens S, and the best S of at most so many circles is found by trying the most promising one first.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.arrangement.circles import ROUNDING, Circle
from matcher.units import Floats, Rows

N_STEPS = 300
"""So many sets of circles are looked at; what is left then bounds the rest, if less well."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Coverage:
    """Whom the circles could bring together, one entry a guest.

    Attributes:
        circles: Of each guest, shape (guest,).
        members: Of each guest, from 0, shape (guest,).
        gains: Of each guest, above that of the last who fits in, 0 or more, shape (guest,).
        alone: Of each circle: what it is worth beside its guests' gains, shape (circle,).
        hubs: Of each circle, shape (circle,).
        n_most: Most gatherings.
    """

    circles: Rows
    members: Rows
    gains: Floats
    alone: Floats
    hubs: Rows
    n_most: int

    def bound(self, at_least: float) -> float:
        """No plan is worth more than this; not looked into further where it is at most `at_least`."""
        circles = np.arange(len(self.alone))
        queue: list[tuple[float, int, tuple[int, ...], Rows]] = [(-self._reach((), circles), 0, (), circles)]
        for step in range(1, N_STEPS):
            below, _, opened, others = queue[0]
            added = self._added(opened, others)
            if -below <= at_least + ROUNDING or len(opened) == self.n_most or added.max(initial=0.0) <= 0:
                break
            heapq.heappop(queue)
            next_one = int(others[added.argmax()])
            more, rest = (*opened, next_one), others[others != next_one]
            elsewhere = rest[self.hubs[rest] != self.hubs[next_one]]
            heapq.heappush(queue, (-self._reach(opened, rest), 2 * step, opened, rest))
            heapq.heappush(queue, (-self._reach(more, elsewhere), 2 * step + 1, more, elsewhere))
        return max(at_least, -queue[0][0])

    def bound_with(self, circle: int) -> float:
        """No plan in which this circle has a gathering is worth more than this."""
        return self._reach((circle,), np.flatnonzero(self.hubs != self.hubs[circle]))

    def _reach(self, opened: tuple[int, ...], others: Rows) -> float:
        """No plan that opens these, and besides them some of the others, is worth more."""
        added = np.sort(self._added(opened, others))[::-1][: self.n_most - len(opened)]
        return float(self.alone[list(opened)].sum() + self._most_gained(opened).sum() + added.clip(0).sum())

    def _added(self, opened: tuple[int, ...], others: Rows) -> Floats:
        """What each of the others would add, shape (other,)."""
        more = np.maximum(self.gains - self._most_gained(opened)[self.members], 0)
        added = self.alone + np.bincount(self.circles, weights=more, minlength=len(self.alone))
        return np.asarray(added[others], dtype=np.float64)

    def _most_gained(self, opened: tuple[int, ...]) -> Floats:
        """What each member gains where they gain most of these, shape (member,)."""
        most = np.zeros(int(self.members.max(initial=-1)) + 1)
        for circle in opened:
            guests = slice(*np.searchsorted(self.circles, [circle, circle + 1]))
            most[self.members[guests]] = np.maximum(most[self.members[guests]], self.gains[guests])
        return most


def cover(circles: Sequence[Circle], *, n_most: int) -> Coverage:
    """Write down who gains how much in which circle, if at most so many gatherings are held."""
    last = np.array([np.sort(one.margin)[-one.most] if len(one.margin) > one.most else 0.0 for one in circles])
    sizes = np.array([len(one.members) for one in circles], dtype=np.int64)
    margins = np.concatenate([np.empty(0), *(one.margin for one in circles)])
    members = np.concatenate([np.empty(0, np.int64), *(one.members for one in circles)])
    costs = np.array([one.opening_cost for one in circles])
    return Coverage(
        circles=np.repeat(np.arange(len(circles)), sizes),
        members=np.unique(members, return_inverse=True)[1],
        gains=np.maximum(margins - np.repeat(last, sizes), 0),
        alone=last * np.array([one.most for one in circles]) - costs,
        hubs=np.array([one.hub for one in circles], dtype=np.int64),
        n_most=n_most,
    )
