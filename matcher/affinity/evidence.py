"""What is known about each candidate pair, in one direction, as plain numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from matcher.affinity.likeness import likeness
from matcher.affinity.nearness import Apart, homes_apart
from matcher.numeric.sparse_rows import entries, row_products
from matcher.tables.pairs import USES
from matcher.tables.picture import Picture
from matcher.units import Flags, Floats, Rows

COMPANY_UNIT = 0.1
"""About one conversation of three, lately, with some sentences of each."""

PEOPLE_UNIT = 0.001
"""About one partner of A's, who talks with many, and keeps some company with B."""


@dataclass(frozen=True, eq=False, kw_only=True)
class DirectedEvidence:
    """One direction, A looking at B; every array has shape (pair,).

    Attributes:
        signals: What speaks for a pair, by the name of its part, each on a scale on which it adds up: interests in
            deviations from chance as far as we have heard both, amounts by their natural logarithm.
        hostile_share: Share of their messages that attack.
        standing_share: B's standing.
    """

    signals: Mapping[str, Floats]
    hostile_share: Floats
    standing_share: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """Both directions of each pair.

    Attributes:
        is_reunion: Whether each has written to the other, shape (pair,).
        apart: How far apart they may live.
        a_to_b: What A would gain from B.
        b_to_a: The other way round.
    """

    is_reunion: Flags
    apart: Apart
    a_to_b: DirectedEvidence
    b_to_a: DirectedEvidence

    def uses(self) -> pl.Series:
        """Column `use`."""
        names = [USES[int(is_reunion)] for is_reunion in self.is_reunion]
        return pl.Series("use", names, dtype=pl.Enum(USES))


def gather(picture: Picture, pairs: pl.DataFrame) -> Evidence:
    """Look everything up once, for both directions.

    Args:
        picture: The tables.
        pairs: Columns `member_a`, `member_b`.
    """
    rows_a, rows_b = (picture.index.rows(pairs.get_column(side)) for side in ("member_a", "member_b"))
    tied = pairs.select("member_a", "member_b").join(
        picture.ties.frame, on=["member_a", "member_b"], how="left", maintain_order="left"
    )
    company = picture.company
    shared = np.log1p(entries(company.together, rows_a, rows_b) / COMPANY_UNIT)
    heard = picture.standings.frame.get_column("heard_share").to_numpy()
    standing = picture.standings.frame.get_column("standing_share").to_numpy()
    hostile = _known(tied, "hostile_share")

    def direction(mine: Rows, other: Rows, wrote: str, received: str) -> DirectedEvidence:
        through = row_products(company.partners, company.passed_on, mine, other)
        return DirectedEvidence(
            signals={
                "interests": likeness(picture.interests, mine, other) * np.sqrt(heard[mine] * heard[other]),
                "company": shared,
                "people": np.log1p(through / PEOPLE_UNIT),
                "wrote": np.log1p(_known(tied, wrote)),
                "was_answered": np.log1p(_known(tied, received)),
            },
            hostile_share=hostile,
            standing_share=standing[other],
        )

    return Evidence(
        is_reunion=(_known(tied, "n_a_to_b") > 0) & (_known(tied, "n_b_to_a") > 0),
        apart=homes_apart(picture.readings, picture.index, rows_a, rows_b),
        a_to_b=direction(rows_a, rows_b, "warmth_a_to_b", "warmth_b_to_a"),
        b_to_a=direction(rows_b, rows_a, "warmth_b_to_a", "warmth_a_to_b"),
    )


def _known(tied: pl.DataFrame, name: str) -> Floats:
    return tied.get_column(name).cast(pl.Float64).fill_null(0.0).to_numpy()
