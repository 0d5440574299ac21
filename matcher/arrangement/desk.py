"""The question that a night leaves behind for the organizers' desk: who could sit with whom, and who does."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from matcher.arrangement.pools import keep_pairs_apart, part_of
from matcher.arrangement.seating import SeatingQuestion
from matcher.numeric.pool import Pool
from matcher.tables.geography import Towns, Travel
from matcher.tables.proposals import Objective, Seats
from matcher.units import MemberId, Rows

Party = tuple[MemberId, ...]
"""Who should meet, ascending."""


class Area(NamedTuple):
    """A town or venue in which a group could meet; time zone IANA, or empty."""

    name: str
    lat: float
    lon: float
    time_zone: str


@dataclass(frozen=True, eq=False, kw_only=True)
class DeskQuestion:
    """What a night asked of its groups, and what it answered.

    Why two are kept apart is not told: a block looks like a cooldown, or like two who speak no common language.

    Attributes:
        pool: Of those who could sit somewhere.
        members: Ids of the pool's members, ascending.
        towns: Rows of the pool's towns, numbered as in the plan.
        groups: As the night formed them, in the plan's order.
        stranger_chance: The share of two for whom nothing speaks, in [0, 1]: what any affinity is to be compared with.
        upper_bound: No legal groups of this pool are worth more together; None where nothing was proved.
    """

    pool: Pool
    members: Party
    towns: tuple[Area, ...]
    groups: tuple[Party, ...]
    stranger_chance: float
    upper_bound: float | None

    @cached_property
    def row_of(self) -> dict[MemberId, int]:
        """Position of each member in the pool; who could sit nowhere tonight has none."""
        return {member: row for row, member in enumerate(self.members)}

    def rows(self, members: Iterable[MemberId]) -> Rows:
        """Positions of those who could sit somewhere, ascending, each once."""
        return np.array(sorted({self.row_of[one] for one in members if one in self.row_of}), np.int64)

    def party(self, rows: Iterable[int]) -> Party:
        """Ids of these positions, ascending."""
        return tuple(self.members[row] for row in sorted(rows))


def leave_question(question: SeatingQuestion, travel: Travel, seats: Seats, objective: Objective) -> DeskQuestion:
    """Put beside a night's question what the desk needs to read it: names, towns, and what the night answered."""
    ids = travel.index.ids
    seated = seats.frame.group_by("group", maintain_order=True).agg(pl.col("member").cast(pl.String))
    return DeskQuestion(
        pool=question.pool,
        members=tuple(ids[row] for row in question.rows.tolist()),
        towns=areas_of(travel.towns),
        groups=tuple(tuple(map(MemberId, group)) for group in seated.get_column("member").to_list()),
        stranger_chance=objective.stranger_chance,
        # Around what organizers keep, the bound says nothing about other groups.
        upper_bound=objective.upper_bound if question.is_whole else None,
    )


def areas_of(towns: Towns) -> tuple[Area, ...]:
    """Towns as the desk shows them, in their order."""
    return tuple(Area(*row) for row in towns.frame.select("name", "lat", "lon", "time_zone").iter_rows())


def without(question: DeskQuestion, member: MemberId) -> DeskQuestion:
    """The same question of all but one member, as if they had never been asked about; what they sat in is not told."""
    stays = np.array([row for row, one in enumerate(question.members) if one != member], np.int64)
    return replace(
        question,
        pool=part_of(question.pool, stays),
        members=tuple(one for one in question.members if one != member),
        groups=tuple(group for group in question.groups if member not in group),
    )


def keep_apart(question: DeskQuestion, pairs: Iterable[tuple[MemberId, MemberId]]) -> DeskQuestion:
    """The same question, with more pairs who must not sit together; who could sit nowhere does not matter."""
    rows = [sorted(question.rows(pair).tolist()) for pair in pairs]
    apart = np.array(sorted({(a, b) for a, b in (pair for pair in rows if len(pair) == 2)}), np.int64).reshape(-1, 2)
    return replace(question, pool=keep_pairs_apart(question.pool, apart))
