"""Sparse rows: the quick way gives what the obvious way gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

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
