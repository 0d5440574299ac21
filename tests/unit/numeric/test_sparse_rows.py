"""Sparse rows: the quick way gives what the obvious way gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from matcher.numeric import sparse_rows
from matcher.numeric.sparse_rows import row_products, strongest
from matcher.units import Floats

matrices = st.integers(0, 10_000).map(
    lambda seed: np.random.default_rng(seed).integers(0, 3, (5, 7)).astype(np.float64)
)


@given(left=matrices, right=matrices)
def test_products_of_rows_are_dot_products(left: Floats, right: Floats) -> None:
    """Pair by pair, as the full matrix has them."""
    rows_a, rows_b = np.array([0, 4, 2, 2]), np.array([1, 0, 2, 3])

    products = row_products(csr_array(left), csr_array(right), rows_a, rows_b)

    np.testing.assert_array_equal(products, (left @ right.T)[rows_a, rows_b])


@given(left=matrices, right=matrices, k=st.integers(0, 6))
def test_the_strongest_are_those_that_sorting_finds(left: Floats, right: Floats, k: int) -> None:
    """Never oneself, never for nothing, ties by number."""
    full = left @ right.T
    expected = []
    for asker in range(5):
        met = sorted((-full[asker, other], other) for other in range(5) if other != asker and full[asker, other] > 0)
        expected += [(asker, other) for _, other in met[:k]]

    askers, others = strongest(csr_array(left), csr_array(right), k)

    assert list(zip(askers.tolist(), others.tolist(), strict=True)) == expected


@given(chunk_entries=st.integers(1, 60))
def test_chunks_change_nothing(chunk_entries: int) -> None:
    """However little fits into one, even less than a row; and with empty rows between."""
    left, right = np.random.default_rng(1).integers(0, 2, (2, 9, 7)).astype(np.float64)
    left[[0, 4, 5, 8]] = 0
    rows_a, rows_b = np.arange(9).repeat(9), np.tile(np.arange(9), 9)
    at_once = strongest(csr_array(left), csr_array(right), 3)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sparse_rows, "CHUNK_ENTRIES", chunk_entries)
        products = row_products(csr_array(left), csr_array(right), rows_a, rows_b)
        in_chunks = strongest(csr_array(left), csr_array(right), 3)

    np.testing.assert_array_equal(products, (left @ right.T).ravel())
    np.testing.assert_array_equal(in_chunks, at_once)
