"""The port behind which a solver of linear and integer programs stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from scipy.sparse import csr_array

from matcher.units import Flags, Floats, Rows

Group = tuple[int, ...]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Solved:
    """The answer of a linear program over groups.

    Attributes:
        prices: What a member's seat costs, shape (member,).
        cut_prices: What a cut costs, shape (cut,).
        shares: How much of each group is formed, in [0, 1], in the order they were added, shape (group,).
    """

    prices: Floats
    cut_prices: Floats
    shares: Floats


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Choice:
    """The answer of an integer program over groups.

    Attributes:
        picked: Positions of the chosen groups, ascending; none where nothing was found.
        upper_bound: No choice among these groups is worth more.
    """

    picked: Rows
    upper_bound: float


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Quantities:
    """Quantities to choose, each from 0 up, for the largest gain, so that every row's sum stays within its limits.

    Attributes:
        gains: What one of each is worth, shape (quantity,).
        most: How much of each there may be, shape (quantity,).
        is_whole: Whether nothing between whole numbers is meant, shape (quantity,).
        sums: How much each quantity adds to each row, shape (row, quantity).
        low: Least sums, shape (row,).
        high: Most, shape (row,).
    """

    gains: Floats
    most: Floats
    is_whole: Flags
    sums: csr_array
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Chosen:
    """The quantities found.

    Attributes:
        amounts: One each, shape (quantity,); none at all where nothing was found.
        upper_bound: No choice is worth more.
        prices: What one more of each row's `high` would be worth, shape (row,); zeros where a quantity is whole.
    """

    amounts: Floats
    upper_bound: float
    prices: Floats


class Program(Protocol):
    """Choose shares of groups, so that nobody sits more than once in all, for the largest worth; grows by and by."""

    def add_groups(self, groups: Sequence[Group], worths: Floats) -> None:
        """Add groups that may be formed; who sits in none of this program's seats is not among their members."""
        ...

    def add_cuts(self, trios: Sequence[Group]) -> None:
        """Demand that of all groups with two or three of these three members at most one is formed in all."""
        ...

    def set_worths(self, worths: Floats) -> None:
        """Change what all groups are worth, in the order they were added."""
        ...

    def solve(self, low: Floats, high: Floats) -> Solved:
        """Find shares and prices; prices outside of [low, high] are possible but discouraged."""
        ...


class Programs(Protocol):
    """Makes programs."""

    def begin(self, n_members: int) -> Program:
        """Begin a linear program without groups."""
        ...

    def choose(
        self, groups: Sequence[Group], worths: Floats, *, n_members: int, is_everyone: bool, n_nodes: int,
        stop: Callable[[], bool],
    ) -> Choice:  # fmt: skip
        """Choose whole groups that share no member, for the largest worth found in so many nodes of the search."""
        ...

    def maximize(self, asked: Quantities, *, n_nodes: int, stop: Callable[[], bool]) -> Chosen:
        """Choose quantities for the largest gain found in so many nodes of the search."""
        ...
