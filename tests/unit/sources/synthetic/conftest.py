"""One made-up community for all tests of this folder: making it is the slow part."""

import numpy as np
import pytest

from matcher.sources.synthetic import SyntheticCommunity, make_community


@pytest.fixture(scope="session")
def commons() -> SyntheticCommunity:
    """The full-size community of seed 7."""
    return make_community(np.random.default_rng(7))
