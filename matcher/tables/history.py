"""What earlier rounds left behind for tonight: who is still waiting, and which pairs have met."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from matcher.tables.base import Column, Table
from matcher.tables.community import TIME
from matcher.tables.pairs import MEMBER, MEMBER_A, MEMBER_B, PairTable


@dataclass(frozen=True, eq=False)
class Waits(Table):
    """Members who have been passed over since they were last placed; others have no row."""

    key: ClassVar[tuple[str, ...]] = ("member",)
    columns: ClassVar[Mapping[str, Column]] = {
        "member": MEMBER,
        "n_rounds": Column(dtype=pl.UInt32(), meaning="Rounds in which they were open and got no place.", low=1),
    }


@dataclass(frozen=True, eq=False)
class PastPairs(PairTable):
    """Pairs who were proposed to each other in a remembered round, in a group or an introduction."""

    columns: ClassVar[Mapping[str, Column]] = {
        "member_a": MEMBER_A,
        "member_b": MEMBER_B,
        "last_at": Column(dtype=TIME, meaning="The last such round."),
    }
