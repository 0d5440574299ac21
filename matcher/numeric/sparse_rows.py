"""Single entries of a sparse matrix, and sparse rows multiplied with sparse rows, a chunk at a time."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array

from matcher.units import Floats, Rows

CHUNK_ENTRIES = 4_000_000
"""What one chunk may hold, in numbers of a matrix; with their places and a few copies, some 200 MB."""


def entries(matrix: csr_array, rows: Rows, columns: Rows) -> Floats:
    """Look up single entries, shape (pair,)."""
    if not len(rows):
        return np.empty(0)
    return np.asarray(matrix[rows, columns]).ravel().astype(np.float64)


def common_columns(
    starts: np.ndarray, columns: np.ndarray, values: Floats, rows: Sequence[int]
) -> tuple[np.ndarray, Floats]:
    """Find the columns in which each of some rows has an entry, and the entries.

    Args:
        starts: Where each row's entries begin, as in a CSR matrix, shape (row + 1,).
        columns: Of the entries, ascending within each row.
        values: The entries.
        rows: Which rows.

    Returns:
        Columns, ascending, shape (column,), and entries, shape (row, column); no columns where there are no rows.
    """
    spans = [slice(starts[row], starts[row + 1]) for row in rows]
    common = columns[spans[0]] if spans else columns[:0]
    for span in spans[1:]:
        common = np.intersect1d(common, columns[span], assume_unique=True)
    entries = [values[span][np.searchsorted(columns[span], common)] for span in spans]
    return common, np.array(entries, dtype=np.float64).reshape(len(spans), len(common))


def row_products(left: csr_array, right: csr_array, rows_a: Rows, rows_b: Rows) -> Floats:
    """Multiply one row of each matrix, shape (pair,).

    Cost: time O(entries of the left rows x log(entries of a right row)) where the right's columns are sorted, so let
    the left be the sparser; memory O(CHUNK_ENTRIES + entries of the right / 8), or one left row.

    Example:
        >>> eye = csr_array(np.eye(2))
        >>> row_products(eye, eye, np.array([0, 0]), np.array([0, 1]))
        array([1., 0.])
    """
    result = np.zeros(len(rows_a))
    # Asked for less than a tenth of a matrix at once, scipy reads rows from their beginning instead of halving them.
    for chunk in _chunks(np.diff(left.indptr)[rows_a], max(CHUNK_ENTRIES, right.nnz // 8)):
        mine = left[rows_a[chunk]]
        if mine.nnz:
            theirs = np.repeat(rows_b[chunk], np.diff(mine.indptr))
            mine.data = mine.data * right[theirs, mine.indices]
            result[chunk] = mine.sum(axis=1)
    return result


def strongest(left: csr_array, right: csr_array, k: int) -> tuple[Rows, Rows]:
    """Find each row's k largest positive products with the rows of the other matrix, never with its own number.

    Args:
        left: Shape (asker, thing).
        right: Shape (other, thing).
        k: At most so many each; of equal ones those with the smaller number.

    Returns:
        Askers and others, ascending by asker, the strongest first, shape (found,) each.

    Cost: time O(multiplications + askers x k x log k); memory O(CHUNK_ENTRIES, or one row of products, + askers x k)
    and a copy of the right. Meant for 20,000 askers who reach everybody.
    """
    askers, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    turned = csr_array(right.T)
    n_products = np.minimum(_pattern(left) @ np.diff(turned.indptr), turned.shape[1])
    for chunk in _chunks(n_products, CHUNK_ENTRIES):
        mine, other = _strongest_of(csr_array(left[chunk] @ turned), chunk.start, k)
        askers.append(mine)
        others.append(other)
    return np.concatenate(askers), np.concatenate(others)


def _strongest_of(products: csr_array, first: int, k: int) -> tuple[Rows, Rows]:
    """Sort the best of each row; `first` is the number of the first row."""
    n_entries = np.diff(products.indptr)
    mine, other = np.repeat(np.arange(first, first + len(n_entries)), n_entries), products.indices.astype(np.int64)
    products.data[mine == other] = 0
    # Sorting is dear: only what reaches its row's k-th place is sorted, and whatever ties with it.
    is_kept = (products.data > 0) & (products.data >= np.repeat(_kth_largest(products, max(k, 1)), n_entries))
    mine, other, strength = mine[is_kept], other[is_kept], products.data[is_kept]
    order = np.lexsort((other, -strength, mine))
    place = np.arange(len(mine)) - np.searchsorted(mine, mine, "left")
    return mine[place < k], other[order][place < k]


def _kth_largest(products: csr_array, k: int) -> Floats:
    """Find what a row's k-th largest entry is, 0 where there are fewer, shape (row,)."""
    rows = (products.data[start:end] for start, end in pairwise(products.indptr))
    return np.array([np.partition(row, -k)[-k] if len(row) >= k else 0.0 for row in rows])


def _pattern(matrix: csr_array) -> csr_array:
    return csr_array((np.ones(matrix.nnz, np.int64), matrix.indices, matrix.indptr), shape=matrix.shape)


def _chunks(sizes: Rows, most: int) -> Iterator[slice]:
    """Cut rows of these sizes into runs of at most so many entries, or of one row."""
    ends = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    start = 0
    while start < len(sizes):
        fitting = int(np.searchsorted(ends, ends[start] + most, "right")) - 1
        end = max(fitting, start + 1)
        yield slice(start, end)
        start = end
