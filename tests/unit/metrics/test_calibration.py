"""Whether a score means what it says."""

import numpy as np
import pytest

from matcher.metrics.calibration import calibration


def test_each_bin_holds_its_scores_and_what_came_true() -> None:
    """A score of exactly 1 belongs to the last bin; an empty bin knows nothing."""
    bins = calibration(np.array([0.0005, 0.31, 0.39, 1.0]), np.array([False, True, False, True]))

    found = {one.low: one for one in bins if one.n_pairs}
    assert {low: one.n_pairs for low, one in found.items()} == {0.0003: 1, 0.3: 2, 0.9: 1}
    assert found[0.3].mean_score == pytest.approx(0.35)
    assert found[0.3].positive_share == 0.5
    assert (found[0.9].high, found[0.9].positive_share) == (1.0, 1.0)
    assert np.isnan(bins[0].positive_share)
