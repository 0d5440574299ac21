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
        limited_gini: The same as `gini`, where nobody is suggested more than TOP times.
    """

    gini: float
    coverage_share: float
    limited_gini: float


def exposure(member_a: Rows, member_b: Rows, scores: Floats) -> Exposure:
    """Suggest to each member their TOP best pairs, and see who comes up; then the best pairs of all, within limits.

    Lists of the best say what a score by itself would do. Within limits, pairs are suggested from the best
    down while both members have been suggested fewer than TOP times: what an arrangement does that lets nobody be
    everybody's match.

    Args:
        member_a: One end, shape (pair,).
        member_b: The other, shape (pair,).
        scores: Larger is better, shape (pair,); ties at the edge share the place.
    """
    members, ends = np.unique(np.concatenate([member_a, member_b]), return_inverse=True)
    if not len(members):
        return Exposure(gini=float("nan"), coverage_share=float("nan"), limited_gini=float("nan"))
    n_pairs = len(scores)
    others = np.concatenate([ends[n_pairs:], ends[:n_pairs]])
    groups = tie_groups(ends, np.tile(scores, 2), np.zeros(2 * n_pairs, dtype=bool))
    times: Floats = np.bincount(others, groups.top_share(TOP)[groups.group_of], minlength=len(members)).astype(
        np.float64
    )
    limited = _within_limits(ends[:n_pairs], ends[n_pairs:], scores, n_members=len(members))
    return Exposure(
        gini=gini(times), coverage_share=float((times > 1e-9).mean()), limited_gini=gini(limited.astype(np.float64))
    )


def _within_limits(ends_a: Rows, ends_b: Rows, scores: Floats, *, n_members: int) -> Rows:
    """How often each member is suggested from the best pair down, at most TOP times, shape (member,).

    Pairs of equal score come in an order that has nothing to do with ids.
    """
    scattered = (ends_a * 2_654_435_761 + ends_b * 40_503) % 2**32
    times = [0] * n_members
    order = np.lexsort((scattered, -scores))
    for a, b in zip(ends_a[order].tolist(), ends_b[order].tolist(), strict=True):
        if times[a] < TOP and times[b] < TOP:
            times[a] += 1
            times[b] += 1
    return np.array(times, dtype=np.int64)


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
