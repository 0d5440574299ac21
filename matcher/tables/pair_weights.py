"""How much it is worth to seat two members together: what the optimizer alone works on."""

from dataclasses import dataclass

import numpy as np

from matcher.errors import TableError
from matcher.units import Flags, Floats, Rows

LARGEST_WEIGHT = 1e12
"""Beyond, sums of a million weights would lose whole units to rounding."""

GroupSizes = tuple[tuple[int, int], ...]
"""Fewest and most members of each group, where a file brings a group list of its own."""


@dataclass(frozen=True, eq=False, kw_only=True)
class PairWeights:
    """Members by number, and a weight for each pair that was named; every other pair weighs 0.

    Attributes:
        names: What a member is called; member i of the optimizer is `names[i]`.
        edges: Rows of the named pairs, shape (pair, 2), first < second, strictly ascending.
        weights: Larger is better, within LARGEST_WEIGHT of 0, shape (pair,).
        sizes: Fewest and most members of each group, in the file's order; everyone must then be placed.
            None where any number of groups may be formed.
    """

    names: tuple[str, ...]
    edges: Rows
    weights: Floats
    sizes: GroupSizes | None = None

    def __post_init__(self) -> None:
        """Check names, pairs, weights and sizes.

        Raises:
            TableError: One of them does not keep its promise.
        """
        _check("names stand twice", len(set(self.names)), len(self.names))
        _check("edges have another type or shape", (self.edges.dtype, self.edges.shape[1:]), (np.int64, (2,)))
        _check(
            "weights have another type or shape",
            (self.weights.dtype, self.weights.shape),
            (float, self.edges.shape[:1]),
        )
        _check("edges out of range, backwards, out of order or twice", np.flatnonzero(~_stand_in_order(self)).size, 0)
        _check("weights out of range", np.flatnonzero(~(np.abs(self.weights) <= LARGEST_WEIGHT)).size, 0)
        if self.sizes is not None:
            _check(
                "group sizes are not 1 <= fewest <= most", [one for one in self.sizes if not 1 <= one[0] <= one[1]], []
            )
            fewest, most = (sum(bounds) for bounds in zip(*self.sizes, strict=True)) if self.sizes else (0, 0)
            _check("group sizes do not hold everyone", fewest <= len(self.names) <= most, expected=True)

    def __len__(self) -> int:
        """Count the members."""
        return len(self.names)

    def matrix(self) -> Floats:
        """All weights, symmetric, with a zero diagonal, shape (member, member).

        Cost: 8 bytes for each two members; meant for a few thousand.
        """
        dense = np.zeros((len(self), len(self)))
        first, second = self.edges.T
        dense[first, second] = dense[second, first] = self.weights
        return dense


def _stand_in_order(pairs: PairWeights) -> Flags:
    """Whether each pair is in range, written forwards, and after the one before."""
    first, second = pairs.edges.T
    stands: Flags = (first >= 0) & (first < second) & (second < len(pairs))
    stands[1:] &= (first[:-1] < first[1:]) | ((first[:-1] == first[1:]) & (second[:-1] < second[1:]))
    return stands


def _check(fault: str, found: object, expected: object) -> None:
    if found != expected:
        raise TableError(f"PairWeights: {fault}; found {found}; needs {expected}")
