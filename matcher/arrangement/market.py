"""The market of seats: the groups written down so far, the prices they make, and what the prices prove."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.arrangement.half_formed import trios_to_cut
from matcher.arrangement.program import Group, Program, Programs
from matcher.arrangement.search import values_of
from matcher.arrangement.tariff import Tariff, find_groups, padded
from matcher.numeric.dense_sets import pick_sets, raise_prices
from matcher.numeric.pool import Pool
from matcher.units import Floats, Rows

NEW_EACH = 5
"""An answer brings so many groups a member."""

SAFETY = 1e-9
"""The share by which a bound is raised against rounding."""

TIE_BREAK = 1e-7
"""Prices differ by up to this share of what a seat may be worth, so that no two members contribute the same."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Answer:
    """What prices, raised until nothing is worth more, prove, and the groups that were worth more.

    Attributes:
        bound: No legal plan is worth more.
        tariff: Prices as raised.
        news: Groups that are worth more than they cost, the most first.
        is_complete: Whether all were found; else the bound is infinite.
    """

    bound: float
    tariff: Tariff
    news: list[Group]
    is_complete: bool


class Market:
    """Groups, and prices of seats that a linear program for each block of members finds.

    A group across blocks is in the program of each, worth there what is left after the seats elsewhere are paid.
    """

    def __init__(self, pool: Pool, programs: Programs, blocks: Sequence[Rows]) -> None:
        self.groups: list[Group] = []
        self.worths = np.empty(0)
        self.cut_prices = np.empty(0)
        self._pool = pool
        self._known: set[Group] = set()
        self._blocks = [_Block(members, programs.begin(len(members))) for members in blocks]
        self._block_of = np.zeros(len(pool.bonus), np.int64)
        self._place = np.zeros(len(pool.bonus), np.int64)
        for number, members in enumerate(blocks):
            self._block_of[members], self._place[members] = number, np.arange(len(members))

    @property
    def trios(self) -> list[Group]:
        """The cuts, by block."""
        return [trio for block in self._blocks for trio in block.trios]

    def add(self, groups: Sequence[Group]) -> int:
        """Write down groups that are not yet; returns how many were new."""
        news = [group for group in dict.fromkeys(groups) if group not in self._known]
        worths = values_of(self._pool, news)
        first = len(self.groups)
        self.groups += news
        self.worths = np.concatenate([self.worths, worths])
        self._known.update(news)
        shared: list[list[tuple[int, Group]]] = [[] for _ in self._blocks]
        for number, group in enumerate(news, start=first):
            numbers = self._block_of[list(group)]
            for block in np.unique(numbers).tolist():
                inside = tuple(self._place[member] for member, at in zip(group, numbers, strict=True) if at == block)
                shared[block].append((number, inside))
        for block, mine in zip(self._blocks, shared, strict=True):
            block.add([number for number, _ in mine], [inside for _, inside in mine], self.worths)
        return len(news)

    def solve(self, best: Floats, leeway: Floats) -> Floats:
        """New prices, near the best so far, shape (member,)."""
        prices = best.copy()
        for block in self._blocks:
            mine = block.members
            worths = self.worths[block.numbers] if len(self._blocks) == 1 else self._worths_in(block, prices)
            prices[mine] = block.solve(worths, np.maximum(best[mine] - leeway[mine], 0.0), best[mine] + leeway[mine])
        self.cut_prices = np.concatenate([block.cut_prices for block in self._blocks])
        return prices

    def shares(self) -> Floats:
        """How much of each group the blocks agree to form, in [0, 1], shape (group,)."""
        shares = np.ones(len(self.groups))
        for block in self._blocks:
            shares[block.numbers] = np.minimum(shares[block.numbers], block.shares)
        return shares

    def tariff(self, prices: Floats) -> Tariff:
        """These prices of seats, and the present ones of cuts."""
        return Tariff(seats=prices, trios=self.trios, cuts=self.cut_prices)

    def cut(self) -> int:
        """Cut off half-formed groups where there are any; returns how many cuts were made."""
        n_cuts = sum(block.cut() for block in self._blocks)
        self.cut_prices = np.concatenate([block.cut_prices for block in self._blocks])
        return n_cuts

    def ask(self, prices: Floats, slack: float, unit: Floats) -> Answer:
        """Find the groups worth more than they cost at prices raised by some slack, and raise prices until none is.

        Args:
            prices: Of the members' seats, shape (member,).
            slack: In units.
            unit: What a seat may be worth, shape (member,).
        """
        uneven = np.arange(len(unit)) * 0.6180339887498949 % 1.0
        asked = np.maximum(prices - self._pool.bonus, 0.0) + (slack + TIE_BREAK * uneven) * unit
        found = find_groups(self._pool, asked)
        tariff = self.tariff(asked)
        if not found.is_complete:
            return Answer(bound=np.inf, tariff=tariff, news=[], is_complete=False)
        surplus = found.surplus - tariff.cut_costs(found.members, found.sizes)
        order = np.argsort(-surplus, kind="stable")
        order = order[surplus[order] > 0]
        picked = order[pick_sets(found, order, len(unit), NEW_EACH)]
        raise_prices(asked, found, surplus, order)
        tariff = replace(tariff, seats=asked + self._pool.bonus)
        return Answer(
            bound=tariff.total * (1 + SAFETY),
            tariff=tariff,
            news=[tuple(sorted(found.members[number, : found.sizes[number]].tolist())) for number in picked.tolist()],
            is_complete=True,
        )

    def _worths_in(self, block: "_Block", prices: Floats) -> Floats:
        """What this block's groups are worth to it, shape (group,)."""
        found, _ = padded([self.groups[number] for number in block.numbers])
        is_elsewhere = (found >= 0) & (self._block_of[found] != self._block_of[block.members[0]])
        return np.asarray(self.worths[block.numbers] - np.where(is_elsewhere, prices[found], 0.0).sum(axis=1))


class _Block:
    """Members whose prices are found together."""

    def __init__(self, members: Rows, program: Program) -> None:
        self.members = members
        self.numbers: list[int] = []
        self.trios: list[Group] = []
        self.cut_prices = np.empty(0)
        self._inside: list[Group] = []
        self._cut: list[Group] = []
        self._program = program
        self._shares = np.empty(0)

    def add(self, numbers: list[int], inside: list[Group], worths: Floats) -> None:
        """Add groups by their numbers in the market."""
        self.numbers += numbers
        self._inside += inside
        self._program.add_groups(inside, worths[numbers])

    def solve(self, worths: Floats, low: Floats, high: Floats) -> Floats:
        """Prices of the block's members; the cuts' prices are kept."""
        self._program.set_worths(worths)
        solved = self._program.solve(low, high)
        self._shares, self.cut_prices = solved.shares, solved.cut_prices
        return solved.prices

    @property
    def shares(self) -> Floats:
        """How much of each group was formed when last solved; 0 for newer ones, shape (group,)."""
        return np.concatenate([self._shares, np.zeros(len(self._inside) - len(self._shares))])

    def cut(self) -> int:
        """Cut off what is half-formed."""
        cuts = trios_to_cut(self._inside, self.shares, set(self._cut))
        self._program.add_cuts(cuts)
        self._cut += cuts
        self.trios += [tuple(self.members[list(trio)].tolist()) for trio in cuts]
        self.cut_prices = np.concatenate([self.cut_prices, np.zeros(len(cuts))])
        return len(cuts)
