"""Nearest rows by cosine: against the slow and obvious."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.numeric import nearest as room
from matcher.numeric.nearest import nearest


@given(seed=st.integers(0, 1_000), n_vectors=st.integers(2, 30), k=st.integers(1, 5))
def test_it_finds_what_comparing_everyone_finds(seed: int, n_vectors: int, k: int) -> None:
    """Exact, and never one's own vectors."""
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(n_vectors, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    owners = np.sort(rng.integers(0, 8, n_vectors))

    askers, found = nearest(vectors, owners, k)

    expected = []
    for row in range(n_vectors):
        others = [other for other in range(n_vectors) if owners[other] != owners[row]]
        others.sort(key=lambda other, row=row: -float(vectors[row] @ vectors[other]))  # type: ignore[misc] # typed default
        expected += [(owners[row], owners[other]) for other in others[: min(k, n_vectors - 1)]]
    assert sorted(zip(askers.tolist(), found.tolist(), strict=True)) == sorted(expected)


def test_blocks_change_nothing() -> None:
    """Two thousand vectors take two blocks."""
    rng = np.random.default_rng(7)
    vectors = rng.normal(size=(room.BLOCK_ROWS + 5, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    owners = np.arange(len(vectors))

    askers, found = nearest(vectors, owners, 1)

    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -np.inf)
    assert (askers == owners).all()
    assert (found == likeness.argmax(axis=1)).all()


def test_nobody_has_no_neighbours() -> None:
    """An empty night is a night."""
    askers, found = nearest(np.zeros((0, 4), np.float32), np.empty(0, np.int64), 3)

    assert len(askers) == len(found) == 0
