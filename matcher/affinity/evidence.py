"""What is known about each candidate pair, in one direction, as plain numbers."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_array, diags_array

from matcher.affinity.likeness import likeness
from matcher.tables.picture import Picture
from matcher.units import Flags, Floats, Rows


@dataclass(frozen=True, eq=False, kw_only=True)
class DirectedEvidence:
    """One direction, A looking at B; every array has shape (pair,).

    Attributes:
        likeness: A's interests found in B, in deviations from chance, as far as we have heard both:
            times the geometric mean of their `heard_share`.
        help_share: How well B's answers cover A's questions, cosine over topics.
        wrote: Warmth of what A wrote to B.
        received: Warmth of what B wrote to A.
        n_turns: Turns in shared threads.
        people: Adamic-Adar weight of partners in common.
        km: Distance of homes; NaN where either is unknown or vague.
        has_common_town: Whether some town is within both reaches.
        hostile_share: Share of their messages that attack.
        standing_share: B's standing.
    """

    likeness: Floats
    help_share: Floats
    wrote: Floats
    received: Floats
    n_turns: Floats
    people: Floats
    km: Floats
    has_common_town: Flags
    hostile_share: Floats
    standing_share: Floats


def gather(picture: Picture, pairs: pl.DataFrame, *, km: Floats) -> tuple[DirectedEvidence, DirectedEvidence]:
    """Look everything up once, for both directions.

    Args:
        picture: The tables.
        pairs: Columns `member_a`, `member_b`.
        km: Distance of homes, NaN for unknown, shape (pair,).
    """
    rows_a, rows_b = (picture.index.rows(pairs.get_column(side)) for side in ("member_a", "member_b"))
    tied = pairs.select("member_a", "member_b").join(
        picture.ties.frame, on=["member_a", "member_b"], how="left", maintain_order="left"
    )
    people = _people_in_common(picture, rows_a, rows_b)
    reaches = _reaches(picture)
    has_common_town = _entries(csr_array(reaches @ reaches.T), rows_a, rows_b) > 0
    asks, answers = _asked_and_answered(picture)
    heard = picture.standings.frame.get_column("heard_share").to_numpy()
    standing = picture.standings.frame.get_column("standing_share").to_numpy()

    def direction(mine: Rows, other: Rows, wrote: str, received: str) -> DirectedEvidence:
        return DirectedEvidence(
            likeness=likeness(picture.interests, mine, other) * np.sqrt(heard[mine] * heard[other]),
            help_share=np.asarray(asks[mine].multiply(answers[other]).sum(axis=1)).ravel(),
            wrote=_known(tied, wrote),
            received=_known(tied, received),
            n_turns=_known(tied, "n_turns"),
            people=people,
            km=km,
            has_common_town=has_common_town,
            hostile_share=_known(tied, "hostile_share"),
            standing_share=standing[other],
        )

    return (
        direction(rows_a, rows_b, "warmth_a_to_b", "warmth_b_to_a"),
        direction(rows_b, rows_a, "warmth_b_to_a", "warmth_a_to_b"),
    )


def _known(tied: pl.DataFrame, name: str) -> Floats:
    return tied.get_column(name).cast(pl.Float64).fill_null(0.0).to_numpy()


def _entries(matrix: csr_array, rows_a: Rows, rows_b: Rows) -> Floats:
    """Look up single entries of a sparse matrix, shape (pair,)."""
    if not len(rows_a):
        return np.empty(0)
    return np.asarray(matrix[rows_a, rows_b]).ravel().astype(np.float64)


def _reaches(picture: Picture) -> csr_array:
    km = picture.travel.km
    return csr_array((np.ones(len(km.data)), km.indices, km.indptr), shape=km.shape)


def _people_in_common(picture: Picture, rows_a: Rows, rows_b: Rows) -> Floats:
    """Weigh partners in common: one who talks with few says more than one who talks with all.

    Source: L. Adamic, E. Adar, Friends and neighbors on the Web, Social Networks 25(3), 2003.
    """
    friends = picture.ties.partners(picture.index)
    weights = 1 / np.log(np.maximum(friends.sum(axis=1), 2))
    return _entries(csr_array(friends @ diags_array(weights) @ friends), rows_a, rows_b)


def _asked_and_answered(picture: Picture) -> tuple[csr_array, csr_array]:
    """What members ask and answer, rare topics first: unit rows, shape (member, topic) each.

    The product of one's questions with another's answers is their cosine.
    """
    frame = picture.topics.frame.with_columns(
        topic_row=pl.col("topic").rank("dense") - 1,
        rarity=(len(picture.index) / pl.len().over("topic")).log(),
    )
    places = picture.index.rows(frame.get_column("member")), frame.get_column("topic_row").to_numpy()
    shape = (len(picture.index), frame.get_column("topic").n_unique())

    def unit_rows(name: str) -> csr_array:
        matrix = csr_array(((frame.get_column(name) * frame.get_column("rarity")).to_numpy(), places), shape=shape)
        lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1))
        return csr_array(diags_array(1 / np.maximum(lengths, 1e-12)) @ matrix)

    return unit_rows("ask_share"), unit_rows("answer_share")
