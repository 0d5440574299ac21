"""What seats and cuts cost, which groups are worth more, and how much a plan with a given group in it falls short."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from matcher.arrangement.program import Group
from matcher.numeric.dense_sets import Found, find_sets
from matcher.numeric.pool import Pool
from matcher.units import Floats, Rows

MOST_SETS, SETS_EACH = 300_000, 50
LOOKS_EACH = 100_000
"""One question may find so many sets, or so many for each member, with so many looks each; else it is not answered."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Tariff:
    """What seats and cuts cost.

    Attributes:
        seats: Price of each member's seat, shape (member,).
        trios: Of all groups with two or three of such three members only one can be formed.
        cuts: What a group with two or three of them pays, shape (trio,).
    """

    seats: Floats
    trios: Sequence[Group]
    cuts: Floats

    @property
    def total(self) -> float:
        """What all seats and cuts cost: where no group is worth more than it costs, no plan is worth more than this."""
        return float(self.seats.sum() + self.cuts.sum())

    def cut_costs(self, members: Rows, sizes: Rows) -> Floats:
        """What each set pays for cuts, shape (set,).

        Args:
            members: Padded with -1, shape (set, most members).
            sizes: Shape (set,).
        """
        if not self.trios or not len(members):
            return np.zeros(len(members))
        n_members, ends = len(self.seats), np.concatenate([[0], np.cumsum(sizes)])
        inside = csr_array((np.ones(ends[-1]), members[members >= 0], ends), (len(members), n_members))
        thirds = np.arange(0, 3 * len(self.trios) + 1, 3)
        cuts = csr_array((np.ones(thirds[-1]), np.ravel(self.trios), thirds), (len(self.trios), n_members))
        shared = csr_array(inside @ cuts.T)
        shared.data = (shared.data >= 2).astype(np.float64)
        return np.asarray(shared @ self.cuts)

    def losses(self, groups: Sequence[Group], worths: Floats) -> Floats:
        """How much each group costs more than it is worth, shape (group,)."""
        members, sizes = padded(groups)
        paid = np.where(members >= 0, self.seats[members], 0.0).sum(axis=1)
        return np.asarray(paid + self.cut_costs(members, sizes) - worths)


def padded(groups: Sequence[Group]) -> tuple[Rows, Rows]:
    """Members of each group, padded with -1, shape (group, most members), and sizes."""
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    members = np.full((len(groups), int(sizes.max(initial=0))), -1, np.int64)
    for row, group in enumerate(groups):
        members[row, : len(group)] = group
    return members, sizes


def find_groups(pool: Pool, prices: Floats) -> Found:
    """All legal groups that are worth more than their members' prices, bonus taken off; some, where there are many."""
    (low, high), n_members = pool.sizes, len(prices)
    most, most_looks = max(MOST_SETS, SETS_EACH * n_members), LOOKS_EACH * n_members
    if not pool.is_sum:
        return find_sets(pool, prices, (low, high), 2.0, most, most_looks)
    # Summed weights weigh the more, beside a member's price, the larger the group: each size is asked for alone.
    answers = [find_sets(pool, prices, (size, size), size - 1.0, most, most_looks) for size in range(low, high + 1)]
    return Found(
        members=np.concatenate([_widened(one.members, high) for one in answers]),
        sizes=np.concatenate([one.sizes for one in answers]),
        surplus=np.concatenate([one.surplus for one in answers]),
        n_looks=sum(one.n_looks for one in answers),
        is_complete=all(one.is_complete for one in answers),
    )


def _widened(members: Rows, most: int) -> Rows:
    return np.pad(members, ((0, 0), (0, most - members.shape[1])), constant_values=-1)
