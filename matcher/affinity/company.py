"""Whom people meet without a word: conversations they share, and people whose company they keep."""

import numpy as np
from scipy.sparse import csr_array, diags_array

from matcher.tables.conversation import MOST_VOICES, Presences
from matcher.tables.picture import Picture
from matcher.units import Floats, Rows

CHUNK_PAIRS = 50_000


def keep_company(picture: Picture) -> csr_array:
    """How much two members share conversations, symmetric, zero diagonal, shape (member, member).

    The sum over conversations of the product of their presences, divided by the number of voices:
    a talk among three says more than one among thirty.

    Cost: time and memory O(sum over conversations of voices ^ 2), with at most `MOST_VOICES` voices each.
    """
    here = _presence_matrix(picture.presences, picture)
    voices = (here > 0).sum(axis=0)
    weights = np.where(voices <= MOST_VOICES, 1 / np.maximum(voices, 1), 0.0)
    together = csr_array(here @ diags_array(weights) @ here.T)
    together.setdiag(0)
    together.eliminate_zeros()
    return together


def through_people(picture: Picture, company: csr_array) -> tuple[csr_array, csr_array]:
    """Two matrices whose rows' product tells how far A's conversation partners keep company with B.

    Each partner counts by the logarithm of the friendly words exchanged with A, shared out over all whom the
    partner talks with, and by the logarithm of the company they keep with B.

    Returns:
        Of A (their partners) and of B (their company), shape (member, member) each.

    Source:
        Sharing out by degree: T. Zhou, L. Lü, Y.-C. Zhang, Predicting missing links via local
        information, European Physical Journal B 71, 2009 (resource allocation).
    """
    warmth = picture.ties.warmth(picture.index).log1p()
    shared_out = diags_array(1 / (1 + warmth.sum(axis=1)))
    return csr_array(warmth @ shared_out), csr_array(company.log1p())


def rows_product(left: csr_array, right: csr_array, rows_a: Rows, rows_b: Rows) -> Floats:
    """Products of one row of each matrix, shape (pair,); memory O(CHUNK_PAIRS x entries of a row)."""
    result = np.zeros(len(rows_a))
    for start in range(0, len(rows_a), CHUNK_PAIRS):
        chunk = slice(start, start + CHUNK_PAIRS)
        result[chunk] = left[rows_a[chunk]].multiply(right[rows_b[chunk]]).sum(axis=1)
    return result


def _presence_matrix(presences: Presences, picture: Picture) -> csr_array:
    frame = presences.frame
    threads = frame.get_column("thread").rank("dense").to_numpy().astype(np.int64) - 1
    places = picture.index.rows(frame.get_column("member")), threads
    shape = (len(picture.index), max(frame.get_column("thread").n_unique(), 1))
    return csr_array((frame.get_column("presence_share").to_numpy(), places), shape=shape)
