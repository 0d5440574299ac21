"""A plan's groups and introductions, one value each, with ids that stay the same from night to night.

Every file of a run is written from these, so that they cannot tell different stories.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from matcher.tables.proposals import Account, Plan
from matcher.units import Km, MemberId, Share


@dataclass(frozen=True, kw_only=True, slots=True)
class Town:
    """Where people would meet; a public place.

    Attributes:
        name: With region or country.
        lat: Degrees north.
        lon: Degrees east.
    """

    name: str
    lat: float
    lon: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedGroup:
    """Members who should meet.

    Attributes:
        id: `g-` and a hash of the members, the same every night.
        members: Ascending.
        town: Where they meet.
        travel_km: One a member.
        fit_shares: Each member's mean mutual affinity to the others.
        account: What an organizer is told.
    """

    id: str
    members: tuple[MemberId, ...]
    town: Town
    travel_km: tuple[Km, ...]
    fit_shares: tuple[Share, ...]
    account: Account

    @property
    def cohesion(self) -> float:
        """The mean fit of the members, in [0, 1]."""
        return sum(self.fit_shares) / len(self.fit_shares)

    @property
    def weakest_link(self) -> float:
        """The fit of the member who fits least, in [0, 1]."""
        return min(self.fit_shares)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedIntroduction:
    """A pair who should meet.

    Attributes:
        id: `i-` and a hash of the two, the same every night.
        members: A and B, ascending.
        a_to_b: What A would gain.
        b_to_a: What B would gain.
        mutual: Both together.
        kind: 'reunite' or 'introduce'.
        via: A mutual acquaintance, or None.
        town: Where both can get to; None means they begin online.
        travel_km: A's and B's way there; empty where they begin online.
        account: What an organizer is told.
    """

    id: str
    members: tuple[MemberId, MemberId]
    a_to_b: Share
    b_to_a: Share
    mutual: Share
    kind: str
    via: MemberId | None
    town: Town | None
    travel_km: tuple[Km, ...]
    account: Account


def proposed_groups(plan: Plan) -> tuple[ProposedGroup, ...]:
    """List the groups in the plan's order, best first."""
    towns = _towns(plan)
    seats = plan.seats.frame.with_columns(pl.col("member").cast(pl.String()))
    tables = seats.partition_by("group", maintain_order=True)
    return tuple(
        ProposedGroup(
            id=lasting_id("g", table["member"].to_list()),
            members=tuple(table["member"]),
            town=towns[table["town"][0]],
            travel_km=tuple(table["travel_km"]),
            fit_shares=tuple(table["fit_share"]),
            account=account,
        )
        for table, account in zip(tables, plan.group_accounts, strict=True)
    )


def proposed_introductions(plan: Plan) -> tuple[ProposedIntroduction, ...]:
    """List the introductions in the plan's order."""
    towns = _towns(plan)
    rows = plan.introductions.frame.with_columns(pl.col("member_a", "member_b", "via").cast(pl.String()))
    return tuple(
        ProposedIntroduction(
            id=lasting_id("i", [row["member_a"], row["member_b"]]),
            members=(row["member_a"], row["member_b"]),
            a_to_b=row["a_to_b"],
            b_to_a=row["b_to_a"],
            mutual=row["mutual"],
            kind=row["kind"],
            via=row["via"],
            town=None if row["town"] is None else towns[row["town"]],
            travel_km=() if row["town"] is None else (row["travel_km_a"], row["travel_km_b"]),
            account=account,
        )
        for row, account in zip(rows.iter_rows(named=True), plan.introduction_accounts, strict=True)
    )


def lasting_id(prefix: str, members: Sequence[str]) -> str:
    """Name a proposal after its members alone, so that a decision about it outlives the night."""
    together = json.dumps(sorted(members), ensure_ascii=True)
    return f"{prefix}-{hashlib.sha256(together.encode()).hexdigest()[:12]}"


def _towns(plan: Plan) -> dict[int, Town]:
    rows = plan.towns.frame.select("town", "name", "lat", "lon").iter_rows()
    return {town: Town(name=name, lat=lat, lon=lon) for town, name, lat, lon in rows}
