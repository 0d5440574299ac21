"""Whether a score means what it says: of the pairs scored 0.3, did 30 % come true?"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from matcher.units import Flags, Floats

EDGES = (0.0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Fine where most pairs of strangers lie, and where the night draws its bars."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CalibrationBin:
    """Pairs whose score lies in [low, high), the last one closed; shares are NaN where there is none."""

    low: float
    high: float
    n_pairs: int
    mean_score: float
    positive_share: float


def calibration(shares: Floats, is_positive: Flags) -> tuple[CalibrationBin, ...]:
    """Compare scores in [0, 1], shape (pair,), with what came true, between `EDGES`."""
    n_bins = len(EDGES) - 1
    bins = np.minimum(np.searchsorted(EDGES, shares, "right") - 1, n_bins - 1)
    counts = np.bincount(bins, minlength=n_bins)
    sums = (np.bincount(bins, values, minlength=n_bins) for values in (shares, is_positive))
    means = [np.divide(total, counts, out=np.full(n_bins, np.nan), where=counts > 0) for total in sums]
    return tuple(
        CalibrationBin(
            low=low,
            high=high,
            n_pairs=int(counts[number]),
            mean_score=float(means[0][number]),
            positive_share=float(means[1][number]),
        )
        for number, (low, high) in enumerate(pairwise(EDGES))
    )
