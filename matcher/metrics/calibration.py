"""Whether a score means what it says: of the pairs scored 0.3, did 30 % come true?"""

from dataclasses import dataclass

import numpy as np

from matcher.units import Flags, Floats

N_BINS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class CalibrationBin:
    """Pairs whose score lies in [low, high), the last one closed; shares are NaN where there is none."""

    low: float
    high: float
    n_pairs: int
    mean_score: float
    positive_share: float


def calibration(shares: Floats, is_positive: Flags) -> tuple[CalibrationBin, ...]:
    """Compare scores in [0, 1], shape (pair,), with what came true, in ten bins of equal width."""
    bins = np.minimum((shares * N_BINS).astype(np.int64), N_BINS - 1)
    counts = np.bincount(bins, minlength=N_BINS)
    sums = (np.bincount(bins, values, minlength=N_BINS) for values in (shares, is_positive))
    means = [np.divide(total, counts, out=np.full(N_BINS, np.nan), where=counts > 0) for total in sums]
    return tuple(
        CalibrationBin(
            low=number / N_BINS,
            high=(number + 1) / N_BINS,
            n_pairs=int(counts[number]),
            mean_score=float(means[0][number]),
            positive_share=float(means[1][number]),
        )
        for number in range(N_BINS)
    )
