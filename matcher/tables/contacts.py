"""Where members can be written to; kept apart from the community, and shown to nobody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from matcher.tables.base import Column, Table
from matcher.tables.community import TEXT


@dataclass(frozen=True, eq=False)
class Contacts(Table):
    """Addresses of members, one each at most; not in any `repr`."""

    key: ClassVar[tuple[str, ...]] = ("member",)
    columns: ClassVar[Mapping[str, Column]] = {
        "member": Column(dtype=TEXT, meaning="Their id; need not be a member's of the community now."),
        "email": Column(dtype=TEXT, meaning="Where mail reaches them; letters of ASCII alone.", is_private=True),
    }

    def __repr__(self) -> str:
        return f"Contacts({len(self)} members)"

    def without(self, members: Collection[str]) -> "Contacts":
        """Addresses of all but these."""
        return Contacts(self.frame.filter(~pl.col("member").is_in(list(members))))

    def by_member(self) -> Mapping[str, str]:
        """Addresses by member."""
        return dict(self.frame.iter_rows())
