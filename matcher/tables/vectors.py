"""Meaning as numbers: several weighted topic vectors a member, never one average."""

from dataclasses import dataclass

import numpy as np

from matcher.errors import TableError
from matcher.tables.community import MemberIndex
from matcher.units import Rows, Vectors


@dataclass(frozen=True, eq=False, kw_only=True)
class Interests:
    """Every member's interests, member after member.

    Attributes:
        vectors: Unit vectors, float32, shape (interest, dim).
        owners: Row of the member each belongs to, ascending, shape (interest,).
        weights: Share of the member's attention, in (0, 1], float32, shape (interest,);
            a member's weights sum to 1; members without words have no interest at all.
        index: Tonight's members.
        encoder: Name and fingerprint of what made the vectors; two encoders never meet.
    """

    vectors: Vectors
    owners: Rows
    weights: Vectors
    index: MemberIndex
    encoder: str

    def __post_init__(self) -> None:
        """Check lengths, order and norms.

        Raises:
            TableError: The arrays do not belong together.
        """
        n_interests = len(self.vectors)
        if not (len(self.owners) == len(self.weights) == n_interests):
            raise TableError(
                f"Interests has arrays of different lengths; found {n_interests}, {len(self.owners)}, "
                f"{len(self.weights)}; needs one owner and one weight a vector"
            )
        if n_interests and (np.diff(self.owners) < 0).any():
            raise TableError("Interests is not in the order of its owners; found a step back; needs ascending owners")
        norms = np.linalg.norm(self.vectors, axis=1)
        if n_interests and not np.allclose(norms, 1, atol=1e-3):
            raise TableError(f"Interests has vectors of length {norms.min():.3f} to {norms.max():.3f}; needs 1")
        for array in (self.vectors, self.owners, self.weights):
            array.flags.writeable = False
