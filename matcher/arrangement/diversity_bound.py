"""A value that no plan exceeds in which everyone is placed in groups of given sizes."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from matcher.arrangement.diversity_sizes import extreme_sizes, group_limits
from matcher.units import Floats, Rows

MOST_FOR_WAVES: Final = 1_000
"""Members up to whom eigenvalues are asked for: their time grows with the cube, and is about a second here."""

EPSILON: Final = float(np.finfo(np.float64).eps)


def most_inside(weights: Floats, sizes: Sequence[tuple[int, int]]) -> float:
    """Bound the sum of the weights inside groups, for every plan with these sizes.

    The smaller of two bounds, each blind where the other sees. By partners: everyone gets their heaviest partners,
    whoever else wants them. By waves: groups are at best as many leading eigenvectors of what weights differ from
    their mean.

    Args:
        weights: Symmetric with a zero diagonal, shape (member, member).
        sizes: The smallest and the largest size of each group.

    Raises:
        InputError: No plan has these sizes.

    Source: the second is W. E. Donath, A. J. Hoffman, Lower Bounds for the Partitioning of Graphs, IBM J. Res. Dev. 17,
        1973, for sizes that are free within limits.

    Cost: time O(member^2 log member), and O(member^3) up to 1,000 members.
    """
    limits = group_limits(sizes, len(weights))
    if len(weights) < 2:
        return 0.0
    bound = min(_by_partners(weights, limits), float(weights.clip(min=0).sum() / 2))
    if len(weights) <= MOST_FOR_WAVES:
        bound = min(bound, _by_waves(weights, limits))
    return bound


def _partner_range(limits: Rows, n_members: int) -> tuple[int, int]:
    """The fewest and the most partners that all members have together in any plan."""
    fewest, most = (extreme_sizes(limits, n_members, is_lopsided=one) for one in (False, True))
    return int((fewest * (fewest - 1)).sum()), int((most * (most - 1)).sum())


def _by_partners(weights: Floats, limits: Rows) -> float:
    """Half of the heaviest partners of everyone together, each having as many as some group allows.

    Who has one partner more adds at most their next heaviest, and those only fall: so of all these further partners of
    all members the heaviest are taken, at least and at most as many as any plan has.
    """
    n_members = len(weights)
    occupied = limits[limits[:, 1] > 0]
    # A group that may be empty seats nobody with fewer partners than none.
    low, high = max(int(occupied[:, 0].min()) - 1, 0), min(int(occupied[:, 1].max()), n_members) - 1
    others = weights[~np.eye(n_members, dtype=bool)].reshape(n_members, n_members - 1)
    heaviest = -np.sort(-others, axis=1)[:, :high]
    further = -np.sort(-heaviest[:, low:], axis=None)
    fewest, most = (n_partners - n_members * low for n_partners in _partner_range(limits, n_members))
    n_further = int(np.clip((further > 0).sum(), fewest, most))
    return float(heaviest[:, :low].sum() + further[:n_further].sum()) / 2


def _by_waves(weights: Floats, limits: Rows) -> float:
    """Split weights into their mean, which counts pairs, and the rest, whose groups are orthogonal vectors.

    A group of size s is s times the square form of a unit vector, and those of different groups are orthogonal. With
    sizes and eigenvalues each sorted down, the forms together stay below the sum of size x eigenvalue (Ky Fan).
    """
    n_members = len(weights)
    mean = float(weights.sum()) / (n_members * (n_members - 1))
    rest = weights - mean * (1 - np.eye(n_members))
    n_waves = min(len(limits), n_members)
    waves = np.linalg.eigvalsh(rest)[::-1][:n_waves]
    drops = waves - np.append(waves[1:], 0.0)
    # The k largest groups hold at most so many together: their upper sizes, and what the others leave them.
    upper, lower = np.sort(limits[:, 1])[::-1], np.sort(limits[:, 0])[::-1]
    left = n_members - np.append(np.cumsum(lower[::-1])[::-1][1:], 0)
    held = np.minimum(np.minimum(np.cumsum(upper), left), n_members)[:n_waves].astype(np.float64)
    held[-1] = n_members
    n_pairs = _partner_range(limits, n_members)[1 if mean > 0 else 0] / 2
    rounding = EPSILON * n_members * float(np.abs(rest).sum())
    return mean * n_pairs + float(held @ drops) / 2 + rounding
