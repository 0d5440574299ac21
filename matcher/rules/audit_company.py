"""The audit of who may sit with whom: languages, times, and how lately they met.

Like the rest of the audit it looks at the raw tables, pair by pair, and shares no code with what made the plan.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations

import polars as pl

from matcher.tables.community import AT_ONE_TABLE, Members, PastMeetings
from matcher.tables.proposals import Plan

Company = tuple[str, Sequence[str]]
"""A group or an introduction: what to call it, and its members."""


def companies(plan: Plan) -> list[Company]:
    """Every group and every introduction of a plan."""
    seats: dict[int, list[str]] = {}
    for group, member in plan.seats.frame.select("group", "member").iter_rows():
        seats.setdefault(group, []).append(member)
    pairs = plan.introductions.frame.select("member_a", "member_b").iter_rows()
    return [(f"group {group}", members) for group, members in seats.items()] + [
        (f"introduction of {a} and {b}", (a, b)) for a, b in pairs
    ]


def without_a_language(plan: Plan, members: Members) -> Iterable[str]:
    """Any two who state languages have one in common."""
    spoken = _stated(members, "languages")
    for name, company in companies(plan):
        for a, b in combinations(company, 2):
            if a in spoken and b in spoken and not spoken[a] & spoken[b]:
                yield f"{name}: {a} and {b} have no language in common"


def without_a_time(plan: Plan, members: Members) -> Iterable[str]:
    """All who state times have one in common."""
    free = _stated(members, "availability")
    for name, company in companies(plan):
        times = [free[member] for member in company if member in free]
        if times and not frozenset.intersection(*times):
            yield f"{name} has no time that suits everyone"


def met_too_lately(plan: Plan, meetings: PastMeetings, cooldown_days: float) -> Iterable[str]:
    """Nobody meets again before the cooldown is over."""
    last_at = _last_rounds(plan, meetings)
    for name, company in companies(plan):
        for a, b in _pairs(company):
            if (a, b) in last_at and plan.as_of - last_at[a, b] < timedelta(days=cooldown_days):
                yield f"{name}: {a} and {b} met in the round of {last_at[a, b]:%Y-%m-%d}"


def untold_repeats(plan: Plan, meetings: PastMeetings, n_rounds: int) -> Iterable[str]:
    """Whoever met in one of the last so many rounds and meets again, the plan says so; and of nobody else."""
    rounds = sorted(set(meetings.frame.get_column("round_at").to_list()))[-n_rounds:] if n_rounds else []
    last_at = {pair: at for pair, at in _last_rounds(plan, meetings).items() if at in rounds}
    again = {pair: last_at[pair] for _, company in companies(plan) for pair in _pairs(company) if pair in last_at}
    told = {(a, b): at for a, b, at in plan.repeats.frame.iter_rows()}
    for pair in sorted(again.keys() | told.keys()):
        held, said = (f"{at:%Y-%m-%d}" if at else "no round" for at in (again.get(pair), told.get(pair)))
        if again.get(pair) != told.get(pair):
            yield f"{pair[0]} and {pair[1]} meet again after {held}; the plan says {said}"


def _stated(members: Members, column: str) -> Mapping[str, frozenset[str]]:
    return {member: frozenset(said) for member, said in members.frame.select("member", column).iter_rows() if said}


def _last_rounds(plan: Plan, meetings: PastMeetings) -> Mapping[tuple[str, str], datetime]:
    """When each pair met last, before the plan."""
    held = meetings.frame.filter((pl.col("round_at") < plan.as_of) & AT_ONE_TABLE).sort("round_at")
    together = held.group_by("round_at", "meeting", maintain_order=True).agg("member")
    return {pair: at for at, _, members in together.iter_rows() for pair in _pairs(members)}


def _pairs(company: Sequence[str]) -> Iterable[tuple[str, str]]:
    return combinations(sorted(company), 2)
