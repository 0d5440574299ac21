"""Whether a score means what it says."""

import numpy as np
import pytest

from matcher.metrics.calibration import calibration


def test_each_bin_holds_its_scores_and_what_came_true() -> None:
    """A score of exactly 1 belongs to the last bin; an empty bin knows nothing."""
    bins = calibration(np.array([0.05, 0.31, 0.39, 1.0]), np.array([False, True, False, True]))

    assert [one.n_pairs for one in bins] == [1, 0, 0, 2, 0, 0, 0, 0, 0, 1]
    assert bins[3].mean_score == pytest.approx(0.35)
    assert bins[3].positive_share == 0.5
    assert (bins[9].low, bins[9].high, bins[9].positive_share) == (0.9, 1.0, 1.0)
    assert np.isnan(bins[1].positive_share)
