"""Sparse rows multiplied with sparse rows, a chunk at a time."""

import numpy as np
from scipy.sparse import csr_array

from matcher.units import Floats, Rows

CHUNK_PAIRS = 50_000
CHUNK_ROWS = 2_000


def row_products(left: csr_array, right: csr_array, rows_a: Rows, rows_b: Rows) -> Floats:
    """Multiply one row of each matrix, shape (pair,); memory O(CHUNK_PAIRS x entries of a row).

    Example:
        >>> eye = csr_array(np.eye(2))
        >>> row_products(eye, eye, np.array([0, 0]), np.array([0, 1]))
        array([1., 0.])
    """
    result = np.zeros(len(rows_a))
    for start in range(0, len(rows_a), CHUNK_PAIRS):
        chunk = slice(start, start + CHUNK_PAIRS)
        result[chunk] = left[rows_a[chunk]].multiply(right[rows_b[chunk]]).sum(axis=1)
    return result


def strongest(left: csr_array, right: csr_array, k: int) -> tuple[Rows, Rows]:
    """Find each row's k largest positive products with the rows of the other matrix, never with its own number.

    Args:
        left: Shape (asker, thing).
        right: Shape (other, thing).
        k: At most so many each; of equal ones those with the smaller number.

    Returns:
        Askers and others, ascending by asker, the strongest first, shape (found,) each.
    """
    askers, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    turned = csr_array(right.T)
    for start in range(0, left.shape[0], CHUNK_ROWS):
        products = csr_array(left[start : start + CHUNK_ROWS] @ turned).tocoo()
        mine = products.row.astype(np.int64) + start
        is_kept = (products.data > 0) & (mine != products.col)
        mine, other, strength = mine[is_kept], products.col[is_kept].astype(np.int64), products.data[is_kept]
        order = np.lexsort((other, -strength, mine))
        mine, other = mine[order], other[order]
        place = np.arange(len(mine)) - np.searchsorted(mine, mine, "left")
        askers.append(mine[place < k])
        others.append(other[place < k])
    return np.concatenate(askers), np.concatenate(others)
