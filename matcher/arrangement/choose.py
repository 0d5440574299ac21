"""The plan chosen among the groups written down: an integer program for one window of the pool after another."""

from collections.abc import Sequence

import numpy as np

from matcher.arrangement.means import Means
from matcher.arrangement.pools import owed_to, part_of
from matcher.arrangement.program import Group
from matcher.arrangement.prove import Proof
from matcher.arrangement.search import search, value_of, values_of
from matcher.arrangement.shards import cut_into_windows
from matcher.numeric.pool import Pool
from matcher.units import Rows

WINDOW = 200
"""Members whose groups are chosen together."""

N_STARTS, N_MOVES = 2, 5_000
"""A window is also seated anew, from scratch: its groups complete those that prices have found."""

GAINING = 1e-9
GOOD_ENOUGH = 1e-4
"""A plan within this share of the bound is not chosen anew."""

WORTH_GOING_ON, MANY_MEMBERS = 1e-5, 2_000
WORTH_GOING_ON_WITH_MANY = 5e-4
"""A pass that gains less than this share is the last; it takes long with many members."""


class Chooser:
    """A plan, and the groups that could take its groups' place."""

    def __init__(self, pool: Pool, plan: Sequence[Group], proof: Proof, means: Means, *, is_everyone: bool) -> None:
        self._pool, self._proof, self._means, self._is_everyone = pool, proof, means, is_everyone
        self._worth = dict(zip(proof.groups, proof.worths.tolist(), strict=True))
        self._loss = dict(zip(proof.groups, proof.tariff.losses(proof.groups, proof.worths).tolist(), strict=True))
        # What prices would form is the better beginning, though at first it leaves more members standing.
        self.plan = sorted(plan) if is_everyone or not proof.shares.any() else _formed_first(proof)

    @property
    def value(self) -> float:
        """What the plan is worth."""
        return self.value_of(self.plan)

    def value_of(self, groups: Sequence[Group]) -> float:
        """What these groups are worth together."""
        return float(sum(self._worth[group] for group in groups))

    def n_placed(self, groups: Sequence[Group]) -> int:
        """How many sit in these groups, where that comes before all; else 0."""
        return sum(len(group) for group in groups) if self._is_everyone else 0

    def go_through(self) -> None:
        """Choose anew in each window; where it gains nothing, or there is no time left, all stays."""
        options = self._useful()
        windows = self._windows(options)
        window_of = np.zeros(len(self._pool.bonus), np.int64)
        for at, rows in enumerate(windows):
            window_of[rows] = at
        could_be: list[list[Group]] = [[] for _ in windows]
        for group in options:
            if (window_of[list(group)] == window_of[group[0]]).all():
                could_be[window_of[group[0]]].append(group)
        stands: list[list[Group]] = [[] for _ in windows]
        for group in self.plan:
            stands[window_of[group[0]]].append(group)
        self.plan = sorted(
            group
            for rows, inside, now in zip(windows, could_be, stands, strict=True)
            for group in (now if self._means.stop() else self._choose(rows, inside, now))
        )

    def _useful(self) -> list[Group]:
        """Groups that a plan better than this one may hold, as far as is proved."""
        most = self._proof.upper_bound - self.value + GAINING
        return [group for group, loss in self._loss.items() if loss <= most]

    def _windows(self, options: Sequence[Group]) -> list[Rows]:
        seated = {member for group in self.plan for member in group}
        alone = [price for member, price in enumerate(self._proof.tariff.seats.tolist()) if member not in seated]
        losses = np.array([*(self._loss.get(group, 0.0) for group in self.plan), *alone])
        chance = self._means.rng.uniform(0.5, 1.0, len(losses))
        return cut_into_windows(len(self._pool.bonus), self.plan, options, losses * chance, WINDOW)

    def _seated_anew(self, rows: Rows) -> list[Group]:
        part = part_of(self._pool, rows)
        seated = search(part, self._means, n_starts=N_STARTS, n_moves=N_MOVES, is_everyone=self._is_everyone)
        groups = [tuple(rows[list(group)].tolist()) for groups in seated for group in groups]
        for group in groups:
            if group not in self._worth:
                self._worth[group] = value_of(self._pool, group)
        return groups

    def _choose(self, rows: Rows, inside: list[Group], now: list[Group]) -> list[Group]:
        """The best for these members that was found, or what stands now."""
        options = list(dict.fromkeys([*inside, *self._seated_anew(rows), *now]))
        place = {member: at for at, member in enumerate(rows.tolist())}
        worths = np.array([self._worth[group] for group in options])
        choice = self._means.programs.choose(
            [tuple(place[member] for member in group) for group in options],
            worths,
            n_members=len(rows),
            is_everyone=self._is_everyone,
            n_nodes=self._means.work.n_nodes,
            stop=self._means.stop,
        )
        chosen = [options[at] for at in choice.picked.tolist()]
        is_gain = self.value_of(chosen) > self.value_of(now) + GAINING
        return chosen if is_gain or self.n_placed(chosen) > self.n_placed(now) else now


def choose_groups(pool: Pool, plan: Sequence[Group], proof: Proof, means: Means, *, is_everyone: bool) -> list[Group]:
    """A plan at least as good as this one, made of the groups of the proof and some more.

    Args:
        pool: Who could sit with whom.
        plan: Where to start; its groups are among the proof's.
        proof: The groups, and what is lost by each.
        means: A solver of integer programs, chance, how much work, and when to stop.
        is_everyone: Whether nobody may be left out.
    """
    is_whole = not is_everyone or sum(len(group) for group in plan) == len(pool.bonus)
    owed = owed_to(pool, plan)
    value, bound = float(values_of(pool, list(plan)).sum()) - owed, proof.upper_bound - owed
    is_good = value >= bound * (1 - GOOD_ENOUGH)
    if not proof.groups or (is_whole and is_good):
        return sorted(plan)
    chooser = Chooser(pool, plan, proof, means, is_everyone=is_everyone)
    value, least = chooser.value, WORTH_GOING_ON if len(pool.bonus) <= MANY_MEMBERS else WORTH_GOING_ON_WITH_MANY
    for _ in range(means.work.n_passes):
        chooser.go_through()
        if means.stop() or chooser.value <= value + max(GAINING, least * abs(value - owed)):
            break
        value = chooser.value
    return max(sorted(plan), chooser.plan, key=lambda groups: (chooser.n_placed(groups), chooser.value_of(groups)))


def _formed_first(proof: Proof) -> list[Group]:
    """The groups that prices would form most fully, as long as they share no member."""
    taken: set[int] = set()
    groups = []
    for row in np.argsort(-proof.shares, kind="stable").tolist():
        group = proof.groups[row]
        if proof.shares[row] > 0 and taken.isdisjoint(group):
            taken.update(group)
            groups.append(group)
    return sorted(groups)
