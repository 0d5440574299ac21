"""The independent audit: a finished plan, held against the raw tables from scratch.

It shares no code with what made the plan, and measures every way anew. A plan with one violation
is not published. It names ids only, never a member's words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl
from geopy.distance import geodesic

from matcher.rules.audit_company import met_too_lately, untold_repeats, without_a_language, without_a_time
from matcher.rules.audit_gatherings import (
    asked_too_soon,
    guests_of,
    ill_met,
    wrong_gains,
    wrong_guests,
    wrong_journeys,
)
from matcher.rules.audit_sums import wrong_matching, wrong_mutual, wrong_objective
from matcher.rules.checks import Audit, checks_of
from matcher.tables.community import Blocks, Members, Messages, PastMeetings
from matcher.tables.geography import Places
from matcher.tables.proposals import LEFT_OUT_REASONS, Plan

ROUNDING = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditOptions:
    """What the plan is held to.

    Attributes:
        min_size: Fewest members of a group.
        max_size: Most members of a group.
        max_introductions: Most introductions of a member.
        gathering_sizes: Fewest and most members of a gathering.
        max_gatherings: Most gatherings.
        min_gain: What travelling must gain each, in log-odds.
        opening_cost: What each gathering takes, in log-odds.
        rest_days: Who was asked to a gathering less than so many days ago is not asked again.
        cooldown_days: Two who met less than so many days ago do not meet again.
        rounds: Of so many earlier rounds the plan tells who meets again.
        way_error_share: How far a stated way may be off the geodesic, as a share of it.
        way_error_km: And at least so many km, because ways below it are rounded up.
    """

    min_size: int = 4
    max_size: int = 6
    max_introductions: int = 1
    gathering_sizes: tuple[int, int] = (8, 40)
    max_gatherings: int = 3
    min_gain: float = 0.5
    opening_cost: float = 4.0
    rest_days: float = 90.0
    cooldown_days: float = 0.0
    rounds: int = 12
    way_error_share: float = 0.01
    way_error_km: float = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class _Proposal:
    """A group or an introduction, as the audit sees it.

    `ways` are member, town and stated km, all as the plan has them.
    """

    name: str
    members: tuple[str, ...]
    via: str | None
    ways: tuple[tuple[str, int | None, float | None], ...]


def audit_plan(
    plan: Plan, members: Members, messages: Messages, blocks: Blocks, places: Places, options: AuditOptions
) -> Audit:
    """Check a finished plan against the community as it was imported.

    Args:
        plan: The night's proposals.
        members: Everyone in the export, whether they opted in or not.
        messages: Every message in the export, public or not, whenever sent.
        blocks: Every block in the export.
        places: Where tonight's members live and how far they travel.
        options: Sizes and tolerances.
    """
    groups, introductions = _groups(plan), _introductions(plan)
    proposals = groups + introductions
    opted_in = set(members.frame.filter("is_opted_in").get_column("member").to_list())
    found = {
        "opted_in": (len(proposals) + len(plan.unplaced), _not_opted_in(proposals, plan, opted_in)),
        "blocks": (len(blocks), _blocked_together(proposals, blocks)),
        "once": (len(opted_in), _not_once(groups, introductions, plan, opted_in)),
        "languages": (len(proposals), without_a_language(plan, members)),
        "times": (len(proposals), without_a_time(plan, members)),
        "limits": (len(opted_in), _beyond_limit(introductions, options)),
        "sizes": (len(groups), _wrong_sizes(groups, options)),
        "travel": (sum(len(proposal.ways) for proposal in proposals), _wrong_ways(proposals, plan, places, options)),
        "reach": (sum(len(proposal.ways) for proposal in proposals), _beyond_reach(proposals, plan, members)),
        "reasons": (len(plan.unplaced), _undocumented(plan)),
        "evidence": (_n_evidence(plan), _bad_evidence(plan, groups, introductions, messages)),
        "mutual": (len(introductions), wrong_mutual(plan)),
        "accounts": (2, _wrong_accounts(plan, groups, introductions)),
        "objective": (1, wrong_objective(plan)),
        "matching": (1, wrong_matching(plan)),
    }
    return Audit(checks=checks_of(found))


def audit_rounds(plan: Plan, meetings: PastMeetings, options: AuditOptions) -> Audit:
    """Check a finished plan against earlier rounds.

    Args:
        plan: The night's proposals.
        meetings: Of the rounds before it.
        options: Cooldown, rest, and how many rounds the plan tells of.
    """
    n_proposals = len(plan.group_accounts) + len(plan.introduction_accounts)
    found = {
        "cooldown": (n_proposals, met_too_lately(plan, meetings, options.cooldown_days)),
        "repeats": (n_proposals, untold_repeats(plan, meetings, options.rounds)),
        "rested": (len(plan.attendances), asked_too_soon(plan, meetings, options.rest_days)),
    }
    return Audit(checks=checks_of(found))


def audit_gatherings(plan: Plan, members: Members, blocks: Blocks, places: Places, options: AuditOptions) -> Audit:
    """Check the gatherings of a finished plan against the community as it was imported.

    Args:
        plan: The night's proposals.
        members: Everyone in the export.
        blocks: Every block in the export.
        places: Where tonight's members live and how far they travel.
        options: What the plan is held to.
    """
    n_guests, sizes = len(plan.attendances), options.gathering_sizes
    gains = wrong_gains(plan, min_gain=options.min_gain, opening_cost=options.opening_cost)
    found = {
        "guests": (n_guests, ill_met(plan, members, blocks)),
        "gatherings": (len(plan.gathering_accounts), wrong_guests(plan, sizes=sizes, most=options.max_gatherings)),
        "journeys": (n_guests, wrong_journeys(plan, members, places)),
        "gains": (n_guests, gains),
    }
    return Audit(checks=checks_of(found))


def _groups(plan: Plan) -> list[_Proposal]:
    ways: dict[int, list[tuple[str, int | None, float | None]]] = {}
    for group, member, town, km in plan.seats.frame.select("group", "member", "town", "travel_km").iter_rows():
        ways.setdefault(group, []).append((member, town, km))
    return [
        _Proposal(name=f"group {group}", members=tuple(way[0] for way in of_all), via=None, ways=tuple(of_all))
        for group, of_all in ways.items()
    ]


def _introductions(plan: Plan) -> list[_Proposal]:
    columns = ("member_a", "member_b", "via", "town", "travel_km_a", "travel_km_b")
    return [
        _Proposal(name=f"introduction of {a} and {b}", members=(a, b), via=via, ways=((a, town, km_a), (b, town, km_b)))
        for a, b, via, town, km_a, km_b in plan.introductions.frame.select(columns).iter_rows()
    ]


def _named(proposal: _Proposal) -> tuple[str, ...]:
    return proposal.members if proposal.via is None else (*proposal.members, proposal.via)


def _not_opted_in(proposals: list[_Proposal], plan: Plan, opted_in: set[str]) -> Iterable[str]:
    for proposal in proposals:
        for member in _named(proposal):
            if member not in opted_in:
                yield f"{proposal.name} names {member}, who did not opt in"
    for member in plan.unplaced.frame.get_column("member"):
        if member not in opted_in:
            yield f"the unplaced name {member}, who did not opt in"


def _blocked_together(proposals: list[_Proposal], blocks: Blocks) -> Iterable[str]:
    """A block counts both ways, and keeps a go-between away as well."""
    pairs = {frozenset(pair) for pair in blocks.frame.select("member", "blocked").iter_rows()}
    for proposal in proposals:
        named = _named(proposal)
        for position, one in enumerate(named):
            for other in named[position + 1 :]:
                if frozenset((one, other)) in pairs:
                    yield f"{proposal.name} brings {one} and {other} together"


def _not_once(groups: list[_Proposal], introductions: list[_Proposal], plan: Plan, opted_in: set[str]) -> Iterable[str]:
    """Everyone sits in one group, or is introduced, or is left out; who is asked to a gathering may be in no other."""
    n_times = dict.fromkeys(opted_in, 0)
    travelling = set(plan.attendances.frame.get_column("member").cast(pl.String).to_list())
    seated = [member for group in groups for member in group.members]
    introduced = sorted({member for pair in introductions for member in pair.members})
    for member in [*seated, *introduced, *plan.unplaced.frame.get_column("member").to_list()]:
        n_times[member] = n_times.get(member, 0) + 1
    for member, times in sorted(n_times.items()):
        if times != 1 and not (times == 0 and member in travelling):
            yield f"{member} is in {times} places; needs 1"
    for member in plan.unplaced.frame.get_column("member"):
        if member in travelling:
            yield f"{member} is left out and asked to a gathering"
    for pair in introductions:
        if pair.via in pair.members:
            yield f"{pair.name} goes through {pair.via}, who is one of them"


def _beyond_limit(introductions: list[_Proposal], options: AuditOptions) -> Iterable[str]:
    n_times = Counter(member for pair in introductions for member in pair.members)
    for member, times in sorted(n_times.items()):
        if times > options.max_introductions:
            yield f"{member} is in {times} introductions; needs at most {options.max_introductions}"


def _wrong_sizes(groups: list[_Proposal], options: AuditOptions) -> Iterable[str]:
    for group in groups:
        if not options.min_size <= len(group.members) <= options.max_size:
            yield f"{group.name} has {len(group.members)} members; needs {options.min_size} to {options.max_size}"


def _beyond_reach(proposals: list[_Proposal], plan: Plan, members: Members) -> Iterable[str]:
    """Nobody whose home and reach are in the export itself is sent further, measured from that very home."""
    stated = members.frame.filter(pl.all_horizontal(pl.col("lat", "lon", "reach_km").is_not_null()))
    homes = {row["member"]: row for row in stated.iter_rows(named=True)}
    towns = {row["town"]: row for row in plan.towns.frame.iter_rows(named=True)}
    for proposal in proposals:
        for member, town, _ in proposal.ways:
            if member in homes and town in towns:
                home, there = homes[member], towns[town]
                km = geodesic((home["lat"], home["lon"]), (there["lat"], there["lon"])).km
                if km > home["reach_km"] + ROUNDING:
                    yield f"{proposal.name}: {member} is sent further than they said"


def _wrong_ways(proposals: list[_Proposal], plan: Plan, places: Places, options: AuditOptions) -> Iterable[str]:
    """One town for all, within everyone's reach, as far away as stated; or no town and no way at all."""
    homes = {row["member"]: row for row in places.frame.iter_rows(named=True)}
    towns = {row["town"]: row for row in plan.towns.frame.iter_rows(named=True)}
    for proposal in proposals:
        if len({town for _, town, _ in proposal.ways}) > 1:
            yield f"{proposal.name} meets in several towns"
        for member, town, stated_km in proposal.ways:
            if town is None and stated_km is None:
                continue
            if town not in towns or stated_km is None or member not in homes:
                yield f"{proposal.name}: {member} has no home, no town or no way"
                continue
            home, there = homes[member], towns[town]
            true_km = geodesic((home["lat"], home["lon"]), (there["lat"], there["lon"])).km
            allowed_km = options.way_error_km + options.way_error_share * true_km
            if stated_km > home["reach_km"] + ROUNDING:
                yield f"{proposal.name}: {member} travels {stated_km:.1f} km; reaches {home['reach_km']:.1f} km"
            if abs(stated_km - true_km) > allowed_km:
                yield f"{proposal.name}: {member} travels {true_km:.1f} km; the plan says {stated_km:.1f} km"


def _undocumented(plan: Plan) -> Iterable[str]:
    for member, reason in plan.unplaced.frame.select("member", pl.col("reason").cast(pl.String)).iter_rows():
        if reason not in LEFT_OUT_REASONS:
            yield f"{member} is left out for an undocumented reason"


def _n_evidence(plan: Plan) -> int:
    accounts = plan.group_accounts + plan.introduction_accounts + plan.gathering_accounts
    return sum(len(account.evidence) for account in accounts)


def _bad_evidence(
    plan: Plan, groups: list[_Proposal], introductions: list[_Proposal], messages: Messages
) -> Iterable[str]:
    """Quoted are only public messages, of the past, by those concerned."""
    told = [*zip(groups, plan.group_accounts, strict=False)]
    told += zip(introductions, plan.introduction_accounts, strict=False)
    travelling = [_Proposal(name=name, members=guests, via=None, ways=()) for name, guests in guests_of(plan).items()]
    told += zip(travelling, plan.gathering_accounts, strict=False)
    quoted = {message for _, account in told for message in account.evidence}
    rows = messages.frame.filter(pl.col("message").is_in(sorted(quoted)))
    known: Mapping[str, Mapping[str, object]] = {
        row["message"]: row for row in rows.select("message", "author", "sent_at", "is_public").iter_rows(named=True)
    }
    late = set(rows.filter(pl.col("sent_at") > plan.as_of).get_column("message").to_list())
    for proposal, account in told:
        for message in account.evidence:
            if message not in known:
                yield f"{proposal.name} quotes {message}, which does not exist"
                continue
            if not known[message]["is_public"]:
                yield f"{proposal.name} quotes {message}, which is private"
            if message in late:
                yield f"{proposal.name} quotes {message}, which is later than the plan"
            if known[message]["author"] not in proposal.members:
                yield f"{proposal.name} quotes {message}, which none of them wrote"


def _wrong_accounts(plan: Plan, groups: list[_Proposal], introductions: list[_Proposal]) -> Iterable[str]:
    for kind, proposals, accounts in (
        ("groups", groups, plan.group_accounts),
        ("introductions", introductions, plan.introduction_accounts),
    ):
        if len(accounts) != len(proposals):
            yield f"{len(proposals)} {kind} have {len(accounts)} accounts"
    numbers = plan.seats.frame.get_column("group").unique().sort().to_list()
    if numbers != list(range(len(groups))):
        yield "groups are not numbered from 0 without gaps"
