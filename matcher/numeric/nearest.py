"""Nearest rows by cosine, exactly, in blocks that fit in memory."""

import numpy as np

from matcher.units import Rows, Vectors

BLOCK_ROWS = 1_024


def nearest(vectors: Vectors, owners: Rows, k: int) -> tuple[Rows, Rows]:
    """Find, for each vector, the k nearest that belong to somebody else.

    Args:
        vectors: Unit vectors, shape (vector, dim).
        owners: Who each belongs to, shape (vector,).
        k: How many neighbours each.

    Returns:
        Owner pairs (asker, found), each shape (vector x k,) or less, unsorted, with repeats.

    Cost: Time O(vector^2 x dim) in BLAS, memory O(1024 x vector).
    """
    n_vectors = len(vectors)
    k = min(k, n_vectors - 1)
    if k < 1:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    askers, found = [], []
    for start in range(0, n_vectors, BLOCK_ROWS):
        block = slice(start, start + BLOCK_ROWS)
        likeness = vectors[block] @ vectors.T
        likeness[owners[block][:, None] == owners[None, :]] = -np.inf
        top = np.argpartition(-likeness, k - 1, axis=1)[:, :k]
        is_real = np.isfinite(np.take_along_axis(likeness, top, axis=1))
        askers.append(np.repeat(owners[block], k).reshape(-1, k)[is_real])
        found.append(owners[top][is_real])
    return np.concatenate(askers), np.concatenate(found)
