"""Pairs of members: candidates and affinities. Always `member_a < member_b`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from matcher.errors import TableError
from matcher.tables.base import Column, Table

MEMBER = Column(dtype=pl.Enum, meaning="A member of tonight's community.")
MEMBER_A = Column(dtype=pl.Enum, meaning="The member of the pair with the smaller id.")
MEMBER_B = Column(dtype=pl.Enum, meaning="The member of the pair with the larger id.")
SHARE = Column(dtype=pl.Float64(), meaning="A share.", low=0, high=1)


@dataclass(frozen=True, eq=False)
class PairTable(Table):
    """A table with one row an unordered pair."""

    key: ClassVar[tuple[str, ...]] = ("member_a", "member_b")

    def __post_init__(self) -> None:
        """Check the declaration, and that a pair is written one way only.

        Raises:
            TableError: A pair is written backwards, or a member is paired with themselves.
        """
        Table.__post_init__(self)
        backwards = self.frame.filter(pl.col("member_a") >= pl.col("member_b"))
        if backwards.height:
            raise TableError(
                f"{type(self).__name__} has {backwards.height} pairs written backwards; found "
                f"{backwards.select('member_a', 'member_b').row(0)}; needs member_a < member_b"
            )


@dataclass(frozen=True, eq=False)
class Candidates(PairTable):
    """Pairs that at least one rule found worth scoring."""

    columns: ClassVar[Mapping[str, Column]] = {
        "member_a": MEMBER_A,
        "member_b": MEMBER_B,
        "found_by": Column(dtype=pl.String(), meaning="The first rule to find it."),
        "n_rules": Column(dtype=pl.UInt8(), meaning="How many rules found it.", low=1),
    }


@dataclass(frozen=True, eq=False)
class Vetoes(PairTable):
    """Pairs that must never be proposed together, whoever else is there."""

    columns: ClassVar[Mapping[str, Column]] = {
        "member_a": MEMBER_A,
        "member_b": MEMBER_B,
        "rule": Column(dtype=pl.String(), meaning="The first rule that forbids it, as 'block'."),
    }


USES = ("introduce", "reunite")
"""People who should know each other; and people who know each other online and may never have met."""

PARTS = (
    "base",
    "interests",
    "company",
    "people",
    "wrote",
    "was_answered",
    "reach",
    "hostility",
    "standing",
)
"""The named parts of a direction's score, in the order in which a waterfall shows them."""


@dataclass(frozen=True, eq=False)
class Affinities(PairTable):
    """How well each candidate pair would get on, each way, and why.

    The parts of a direction are log-odds and add up to its total; the share is the logistic
    function of the total; `mutual` is the harmonic mean of the two shares.
    """

    columns: ClassVar[Mapping[str, Column]] = {
        "member_a": MEMBER_A,
        "member_b": MEMBER_B,
        "use": Column(dtype=pl.Enum(USES), meaning="'reunite' (each has written to the other) or 'introduce'."),
        "a_to_b": Column(dtype=pl.Float64(), meaning="What A would gain from meeting B.", low=0, high=1),
        "b_to_a": Column(dtype=pl.Float64(), meaning="What B would gain from meeting A.", low=0, high=1),
        "mutual": Column(dtype=pl.Float64(), meaning="The harmonic mean of both.", low=0, high=1),
        **{
            f"{part}_{direction}": Column(dtype=pl.Float64(), meaning=f"Part '{part}' of {direction}, in log-odds.")
            for direction in ("a_to_b", "b_to_a")
            for part in PARTS
        },
    }
