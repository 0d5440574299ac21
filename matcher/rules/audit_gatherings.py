"""The audit of gatherings: who is asked where, how far it is, and whether everyone gains by it.

Like the rest of the audit it looks at the raw tables and shares no code with what made the plan.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import combinations

import polars as pl
from geopy.distance import geodesic

from matcher.tables.community import GATHERING, Blocks, Members, PastMeetings
from matcher.tables.geography import Places
from matcher.tables.proposals import Plan

ROUNDING = 1e-6

WAY_ERROR_KM = 0.1
"""Ways below it are rounded up."""


def guests_of(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """The members of each gathering, by what the audit calls it."""
    guests: dict[str, tuple[str, ...]] = {}
    for number, member in plan.attendances.frame.select("gathering", "member").iter_rows():
        guests[f"gathering {number}"] = (*guests.get(f"gathering {number}", ()), member)
    return guests


def ill_met(plan: Plan, members: Members, blocks: Blocks) -> Iterable[str]:
    """Everyone agreed, is asked once, and nobody meets whom they block or who blocks them."""
    agreed = set(members.frame.filter("is_opted_in").get_column("member").to_list())
    blocked = {frozenset(pair) for pair in blocks.frame.select("member", "blocked").iter_rows()}
    n_times = Counter(plan.attendances.frame.get_column("member").cast(pl.String).to_list())
    yield from (f"{member} is asked to {times} gatherings" for member, times in sorted(n_times.items()) if times > 1)
    yield from (f"{member} is asked to travel, and did not opt in" for member in sorted(n_times.keys() - agreed))
    for name, guests in guests_of(plan).items():
        for a, b in combinations(guests, 2):
            if frozenset((a, b)) in blocked:
                yield f"{name} brings {a} and {b} together"


def asked_too_soon(plan: Plan, meetings: PastMeetings, rest_days: float) -> Iterable[str]:
    """Nobody is asked to travel again before they have rested."""
    asked = meetings.frame.filter(pl.col("meeting").str.starts_with(GATHERING) & (pl.col("round_at") < plan.as_of))
    last_at = dict(asked.sort("round_at").select("member", "round_at").iter_rows())
    for name, guests in guests_of(plan).items():
        for member in guests:
            if member in last_at and plan.as_of - last_at[member] < timedelta(days=rest_days):
                yield f"{name}: {member} was asked in the round of {last_at[member]:%Y-%m-%d}"


def wrong_guests(plan: Plan, *, sizes: tuple[int, int], most: int) -> Iterable[str]:
    """So many gatherings at most, of these sizes, each in one city that holds them, each with an account."""
    guests = guests_of(plan)
    if len(guests) > most:
        yield f"there are {len(guests)} gatherings; needs at most {most}"
    if list(guests) != [f"gathering {number}" for number in range(len(plan.gathering_accounts))]:
        yield f"{len(guests)} gatherings have {len(plan.gathering_accounts)} accounts"
    for name, some in guests.items():
        if not sizes[0] <= len(some) <= sizes[1]:
            yield f"{name} has {len(some)} members; needs {sizes[0]} to {sizes[1]}"
    capacities = dict(plan.hubs.frame.select("town", "capacity").iter_rows())
    hubs = plan.attendances.frame.group_by("gathering", maintain_order=True).agg(pl.col("hub").unique(), pl.len())
    for number, held_in, n_guests in hubs.iter_rows():
        if len(held_in) > 1:
            yield f"gathering {number} is held in several cities"
        for hub in sorted(held_in):
            if n_guests > (capacities.get(hub) or n_guests):
                yield f"gathering {number} has {n_guests} members; its hall holds {capacities[hub]}"


def wrong_journeys(plan: Plan, members: Members, places: Places) -> Iterable[str]:
    """Nobody travels further than they said, or than their place says; and each way is as long as stated."""
    stated = members.frame.filter(pl.col("reach_km").is_not_null())
    reach = dict(stated.select("member", "reach_km").iter_rows())
    homes = {row["member"]: row for row in places.frame.iter_rows(named=True)}
    hubs = {row["town"]: row for row in plan.hubs.frame.iter_rows(named=True)}
    for number, member, hub, stated_km in plan.attendances.frame.select(
        "gathering", "member", "hub", "travel_km"
    ).iter_rows():
        name = f"gathering {number}"
        if member not in homes or hub not in hubs:
            yield f"{name}: {member} has no home, or no city to go to"
            continue
        home, there = homes[member], hubs[hub]
        true_km = geodesic((home["lat"], home["lon"]), (there["lat"], there["lon"])).km
        if abs(stated_km - true_km) > WAY_ERROR_KM:
            yield f"{name}: {member} travels {true_km:.1f} km; the plan says {stated_km:.1f} km"
        if true_km > min(home["far_km"], reach.get(member, home["far_km"])) + WAY_ERROR_KM:
            yield f"{name}: {member} is sent further than they said"


def wrong_gains(plan: Plan, *, min_gain: float, opening_cost: float) -> Iterable[str]:
    """Everyone gains more by the company than the way costs; the gains add up, and stay below their bound."""
    frame, objective = plan.attendances.frame, plan.gathering_objective
    gains = frame.select("member", gain=pl.col("company") - pl.col("effort"))
    for member, gain in gains.filter(pl.col("gain") < min_gain - ROUNDING).iter_rows():
        yield f"{member} gains {gain:.3f} by travelling; needs {min_gain}"
    total = float(gains.get_column("gain").sum()) - opening_cost * frame.get_column("gathering").n_unique()
    value, bound = (objective.value, objective.upper_bound) if objective else (0.0, None)
    if abs(total - value) > ROUNDING * max(1.0, abs(total)):
        yield f"the gatherings add up to {total:.6f}; the plan says {value:.6f}"
    if bound is not None and value > bound + ROUNDING:
        yield f"the gatherings' value {value:.6f} exceeds its upper bound {bound:.6f}"
