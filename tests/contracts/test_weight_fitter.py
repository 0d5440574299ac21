"""What every weight fitter promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from matcher.affinity.learning import WeightFitter
from matcher.engines.sklearn_weights import SklearnFitter
from matcher.units import Flags, Floats

FITTERS: dict[str, WeightFitter] = {"sklearn": SklearnFitter()}


@pytest.fixture(params=sorted(FITTERS), scope="module")
def fitter(request: pytest.FixtureRequest) -> WeightFitter:
    """Each fitter in turn."""
    return FITTERS[request.param]


def history(truth: Floats, base: float, *, seed: int, n_rows: int = 6_000) -> tuple[Floats, Flags]:
    """Pairs whose outcome follows these very weights."""
    rng = np.random.default_rng(seed)
    signals = rng.exponential(size=(n_rows, len(truth)))
    return signals, rng.random(n_rows) < expit(signals @ truth + base)


def test_weights_that_made_history_are_found(fitter: WeightFitter) -> None:
    """In log-odds a unit, so that the sum means what it says."""
    truth = np.array([1.5, 0.0, 0.4])

    weights, base = fitter.fit(*history(truth, -3.0, seed=1))

    assert weights == pytest.approx(truth, abs=0.15)
    assert base == pytest.approx(-3.0, abs=0.2)


@given(truth=st.lists(st.floats(-2, 2), min_size=1, max_size=4), seed=st.integers(0, 9))
def test_what_speaks_for_a_pair_never_speaks_against_it(fitter: WeightFitter, truth: list[float], seed: int) -> None:
    """A signal that would get a weight below 0 says nothing instead."""
    signals, is_positive = history(np.array(truth), -1.0, seed=seed, n_rows=300)
    is_positive[:2] = (True, False)

    weights, base = fitter.fit(signals, is_positive)

    assert (weights >= 0).all()
    assert np.isfinite(base)


def test_a_signal_that_never_speaks_has_no_weight(fitter: WeightFitter) -> None:
    """There is nothing to learn from silence."""
    signals, is_positive = history(np.array([1.0, 1.0]), -2.0, seed=2)
    signals[:, 1] = 0

    weights, _ = fitter.fit(signals, is_positive)

    assert weights[1] == 0
    assert weights[0] > 0


def test_where_nothing_speaks_the_base_is_how_often_it_came_true(fitter: WeightFitter) -> None:
    """One in five."""
    weights, base = fitter.fit(np.zeros((100, 3)), np.arange(100) % 5 == 0)

    assert not weights.any()
    assert expit(base) == pytest.approx(0.2)


def test_the_same_history_teaches_the_same_to_the_byte(fitter: WeightFitter) -> None:
    """Learning throws no dice."""
    lesson = history(np.array([1.0, 0.5]), -2.0, seed=3)

    assert fitter.fit(*lesson)[0].tobytes() == fitter.fit(*lesson)[0].tobytes()
