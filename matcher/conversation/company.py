"""Whom people meet without a word: conversations they share, and people whose company they keep."""

import numpy as np
from scipy.sparse import csr_array, diags_array

from matcher.tables.community import MemberIndex
from matcher.tables.conversation import MOST_VOICES, Company, Presences, Ties


def keep_company(presences: Presences, ties: Ties, index: MemberIndex) -> Company:
    """Say who shares conversations with whom, and who talks with whom.

    Two members' company is the sum over conversations of the product of their presences, divided by the number of
    voices: a talk among three says more than one among thirty. A partner counts by the logarithm of the friendly
    words exchanged, shared out over all whom the partner talks with.

    Source:
        Sharing out by degree: T. Zhou, L. Lü, Y.-C. Zhang, Predicting missing links via local
        information, European Physical Journal B 71, 2009 (resource allocation).

    Cost: time and memory O(sum over conversations of voices ^ 2), with at most `MOST_VOICES` voices each.
    """
    warmth = ties.warmth(index).log1p()
    shared_out = diags_array(1 / (1 + warmth.sum(axis=1)))
    return Company(together=_together(presences, index), partners=csr_array(warmth @ shared_out), index=index)


def _together(presences: Presences, index: MemberIndex) -> csr_array:
    here = _presence_matrix(presences, index)
    voices = (here > 0).sum(axis=0)
    weights = np.where(voices <= MOST_VOICES, 1 / np.maximum(voices, 1), 0.0)
    root = csr_array(here @ diags_array(np.sqrt(weights)))
    # A hall's zeros would cost voices ^ 2; and only rows in one order add up the same from both sides, to the last bit.
    root.eliminate_zeros()
    root.sort_indices()
    together = csr_array(root @ root.T)
    together.setdiag(0)
    together.eliminate_zeros()
    together.sort_indices()
    return together


def _presence_matrix(presences: Presences, index: MemberIndex) -> csr_array:
    frame = presences.frame
    threads = frame.get_column("thread").rank("dense").to_numpy().astype(np.int64) - 1
    places = index.rows(frame.get_column("member")), threads
    shape = (len(index), max(frame.get_column("thread").n_unique(), 1))
    return csr_array((frame.get_column("presence_share").to_numpy(), places), shape=shape)
