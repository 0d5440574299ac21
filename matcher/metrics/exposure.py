"""Who gets suggested: whether a score spreads its suggestions, or names the same few to everybody."""

from dataclasses import dataclass

import numpy as np

from matcher.metrics.ranking import TOP, tie_groups
from matcher.units import Floats, Rows


@dataclass(frozen=True, kw_only=True, slots=True)
class Exposure:
    """How suggestions spread.

    Attributes:
        gini: 0 where everyone is suggested equally often, near 1 where a few take all.
        coverage_share: Share of members suggested to anybody at all.
    """

    gini: float
    coverage_share: float


def exposure(member_a: Rows, member_b: Rows, scores: Floats) -> Exposure:
    """Suggest to each member their TOP best pairs, and see who comes up.

    Args:
        member_a: One end, shape (pair,).
        member_b: The other, shape (pair,).
        scores: Larger is better, shape (pair,); ties at the edge share the place.
    """
    members, ends = np.unique(np.concatenate([member_a, member_b]), return_inverse=True)
    if not len(members):
        return Exposure(gini=float("nan"), coverage_share=float("nan"))
    n_pairs = len(scores)
    others = np.concatenate([ends[n_pairs:], ends[:n_pairs]])
    groups = tie_groups(ends, np.tile(scores, 2), np.zeros(2 * n_pairs, dtype=bool))
    times: Floats = np.bincount(others, groups.top_share(TOP)[groups.group_of], minlength=len(members)).astype(
        np.float64
    )
    return Exposure(gini=gini(times), coverage_share=float((times > 1e-9).mean()))


def gini(amounts: Floats) -> float:
    """Half the mean absolute difference of two members, over the mean; 0 where nobody has anything.

    Example:
        >>> gini(np.array([0.0, 0.0, 0.0, 4.0]))
        0.75
    """
    ascending = np.sort(amounts)
    n_members, total = len(ascending), float(ascending.sum())
    if total == 0:
        return 0.0
    places = np.arange(1, n_members + 1)
    return float(((2 * places - n_members - 1) * ascending).sum() / (n_members * total))
