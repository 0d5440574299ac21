"""A walk through groupings: what it keeps beside the labels is what the labels say."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.numeric.diverse_groups import Walk, settle, start_walk, wander
from matcher.units import Floats


def lopsided_walk(seed: int) -> Walk:
    """Seventeen members in groups of 2 to 5, 5 to 9 and exactly 6; weights of either sign."""
    rng = np.random.default_rng(seed)
    above: Floats = np.triu(rng.normal(3, 10, (17, 17)), 1)
    labels = rng.permutation(np.repeat([0, 1, 2], [3, 8, 6]))
    return start_walk(above + above.T, np.array([[2, 5], [5, 9], [6, 6]]), labels, seed)


def value(walk: Walk, labels: list[int]) -> float:
    """Pair by pair, as slowly as can be."""
    return sum(
        float(walk.weights[one, other])
        for one in range(len(labels))
        for other in range(one)
        if labels[one] == labels[other]
    )


@given(seed=st.integers(0, 1_000), temperature=st.sampled_from([0.5, 5.0, 50.0]), n_sweeps=st.integers(0, 40))
def test_sizes_pulls_and_values_are_those_of_the_labels_after_any_walk(
    seed: int, temperature: float, n_sweeps: int
) -> None:
    """They are changed move by move; one forgotten change would mislead all moves after it."""
    walk = lopsided_walk(seed)

    wander(walk, temperature, n_sweeps)

    counts = np.bincount(walk.labels, minlength=3)
    assert walk.sizes.tolist() == counts.tolist()
    assert (walk.limits[:, 0] <= counts).all()
    assert (counts <= walk.limits[:, 1]).all()
    for group in range(3):
        np.testing.assert_allclose(walk.pulls[group], walk.weights[:, walk.labels == group].sum(axis=1), atol=1e-9)
    np.testing.assert_allclose(walk.values, [value(walk, one.tolist()) for one in (walk.labels, walk.best)], atol=1e-9)


def test_losses_are_accepted_more_often_where_it_is_hotter() -> None:
    """The share that a walk reports is what temperatures are chosen by."""
    shares = [wander(lopsided_walk(4), temperature, 200) for temperature in (0.01, 5.0, 50.0, 5_000.0)]

    assert shares == sorted(shares)
    assert shares[0] < 0.01
    assert shares[-1] > 0.9


def test_settling_begins_at_the_best_place_and_ends_where_nothing_gains() -> None:
    """A hot walk ends far from its best place; what it found must not be lost."""
    walk = lopsided_walk(9)
    wander(walk, 100.0, 50)
    best_seen = value(walk, walk.best.tolist())

    while settle(walk):
        pass

    assert value(walk, walk.best.tolist()) >= best_seen - 1e-9
    assert walk.labels.tolist() == walk.best.tolist()
