"""How much of what one member cares about is found in another: several interests against several."""

import numpy as np

from matcher.tables.vectors import Interests
from matcher.units import Floats, Rows, Vectors

CHUNK_PAIRS = 4_096
N_STRIDES = 8


def likeness(interests: Interests, rows_a: Rows, rows_b: Rows) -> Floats:
    """Say how much of each A's interests is found in B, beyond what chance pairs share.

    For each interest of A the closest of B's counts, weighted by A's attention: so that one shared
    passion is enough, and it differs by direction. Interests are compared by how they differ from what
    all members care about on average: what everybody shares tells nobody apart. The result is in standard
    deviations of the same measure over chance pairs, clipped to [-2, 4]; it is 0 where either side has no interest.

    Args:
        interests: Of all members.
        rows_a: Whose interests, shape (pair,).
        rows_b: Found in whom, shape (pair,).

    Returns:
        Shape (pair,).

    Cost: Time O(pair x interest^2 x dim), memory O(4096 x interest x dim).
    """
    padded, weights = _pad(interests)
    has_any = weights.sum(axis=1) > 0
    raw = _closest(padded, weights, rows_a, rows_b)
    chance = _chance_pairs(np.flatnonzero(has_any))
    if chance is None:
        return np.zeros(len(rows_a))
    usual = _closest(padded, weights, *chance)
    deviations = (raw - usual.mean()) / max(float(usual.std()), 1e-6)
    return np.where(has_any[rows_a] & has_any[rows_b], np.clip(deviations, -2, 4), 0.0)


def _pad(interests: Interests) -> tuple[Vectors, Vectors]:
    """Lay interests out as (member, interest, dim) and (member, interest), with zeros to spare."""
    counts = np.bincount(interests.owners, minlength=len(interests.index))
    most = int(counts.max(initial=1))
    slots = np.arange(len(interests.owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    padded = np.zeros((len(counts), most, interests.vectors.shape[1]), np.float32)
    weights = np.zeros((len(counts), most), np.float32)
    padded[interests.owners, slots] = _apart_from_all(interests)
    weights[interests.owners, slots] = interests.weights
    return padded, weights


def _apart_from_all(interests: Interests) -> Vectors:
    """Unit vectors of how each interest differs from the mean of all, shape (interest, dim)."""
    if not len(interests.owners):
        return interests.vectors
    apart = interests.vectors - np.average(interests.vectors.astype(np.float64), axis=0, weights=interests.weights)
    lengths = np.linalg.norm(apart, axis=1, keepdims=True)
    return np.asarray(apart / np.maximum(lengths, 1e-6), dtype=np.float32)


def _closest(padded: Vectors, weights: Vectors, rows_a: Rows, rows_b: Rows) -> Floats:
    result = np.empty(len(rows_a))
    for start in range(0, len(rows_a), CHUNK_PAIRS):
        chunk = slice(start, start + CHUNK_PAIRS)
        cosines = np.matmul(padded[rows_a[chunk]], padded[rows_b[chunk]].transpose(0, 2, 1))
        cosines[np.broadcast_to((weights[rows_b[chunk]] == 0)[:, None, :], cosines.shape)] = -1.0
        result[chunk] = (cosines.max(axis=2) * weights[rows_a[chunk]]).sum(axis=1)
    return result


def _chance_pairs(members: Rows) -> tuple[Rows, Rows] | None:
    """Pair members with others a fixed stride away: the same chance pairs every night, no dice."""
    n_members = len(members)
    strides = [stride for stride in np.unique(np.linspace(1, n_members - 1, N_STRIDES).astype(int)) if stride > 0]
    if n_members < 2:
        return None
    rolled = [np.roll(members, -stride) for stride in strides]
    return np.tile(members, len(strides)), np.concatenate(rolled)
