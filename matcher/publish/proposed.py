"""A plan's groups, introductions and gatherings, one value each, with ids that stay the same from night to night.

Every file of a run is written from these, so that they cannot tell different stories.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import combinations

import polars as pl

from matcher.tables.geography import Towns
from matcher.tables.proposals import Plan
from matcher.tables.proposed import TERMS, HubChoice, ProposedGathering, ProposedGroup, ProposedIntroduction, Town
from matcher.units import MemberId


def proposed_groups(plan: Plan) -> tuple[ProposedGroup, ...]:
    """List the groups in the plan's order, best first."""
    towns, waited, met = _towns(plan.towns), rounds_waited(plan), _met(plan)
    seats = plan.seats.frame.with_columns(pl.col("member").cast(pl.String()))
    tables = seats.partition_by("group", maintain_order=True)
    return tuple(
        ProposedGroup(
            id=lasting_id("g", table["member"].to_list()),
            members=tuple(table["member"]),
            town=towns[table["town"][0]],
            travel_km=tuple(table["travel_km"]),
            fit_shares=tuple(table["fit_share"]),
            terms=tuple(table.select(TERMS).iter_rows(named=True)),
            waited=tuple(waited.get(member, 0) for member in table["member"]),
            repeats=tuple((a, b, met[a, b]) for a, b in combinations(table["member"], 2) if (a, b) in met),
            account=account,
        )
        for table, account in zip(tables, plan.group_accounts, strict=True)
    )


def proposed_introductions(plan: Plan) -> tuple[ProposedIntroduction, ...]:
    """List the introductions in the plan's order."""
    towns, waited, met = _towns(plan.towns), rounds_waited(plan), _met(plan)
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
            waited=(waited.get(row["member_a"], 0), waited.get(row["member_b"], 0)),
            met_at=met.get((row["member_a"], row["member_b"])),
            account=account,
        )
        for row, account in zip(rows.iter_rows(named=True), plan.introduction_accounts, strict=True)
    )


def proposed_gatherings(plan: Plan) -> tuple[ProposedGathering, ...]:
    """List the gatherings in the plan's order, the most worthwhile first."""
    hubs = _towns(plan.hubs)
    choices: dict[int, list[HubChoice]] = {}
    for row in plan.hub_choices.frame.iter_rows(named=True):
        weighed = {name: row[name] for name in ("n_within", "mean_km", "longest_km", "value")}
        choices.setdefault(row["gathering"], []).append(HubChoice(town=hubs[row["hub"]], **weighed))
    attendances = plan.attendances.frame.with_columns(pl.col("member").cast(pl.String()))
    tables = attendances.partition_by("gathering", maintain_order=True)
    return tuple(
        ProposedGathering(
            id=lasting_id("t", table["member"].to_list()),
            members=tuple(table["member"]),
            hub=hubs[table["hub"][0]],
            travel_km=tuple(table["travel_km"]),
            companies=tuple(table["company"]),
            efforts=tuple(table["effort"]),
            choices=tuple(choices.get(table["gathering"][0], ())),
            account=account,
        )
        for table, account in zip(tables, plan.gathering_accounts, strict=True)
    )


def rounds_waited(plan: Plan) -> Mapping[MemberId, int]:
    """Rounds that members were passed over before tonight; who has not waited is not named."""
    return dict(plan.waits.frame.iter_rows())


def lasting_id(prefix: str, members: Sequence[str]) -> str:
    """Name a proposal after its members alone, so that a decision about it outlives the night."""
    together = json.dumps(sorted(members), ensure_ascii=True)
    return f"{prefix}-{hashlib.sha256(together.encode()).hexdigest()[:12]}"


def _met(plan: Plan) -> Mapping[tuple[MemberId, MemberId], datetime]:
    return {(a, b): last_at for a, b, last_at in plan.repeats.frame.iter_rows()}


def _towns(towns: Towns) -> dict[int, Town]:
    rows = towns.frame.select("town", "name", "lat", "lon", "time_zone").iter_rows()
    return {town: Town(name=name, lat=lat, lon=lon, time_zone=zone) for town, name, lat, lon, zone in rows}
