"""What a night leaves to the organizers' desk: everything that it may show, cleaned and no finer than a reader sees."""

from collections.abc import Mapping

import polars as pl

from matcher.publish.night_words import lead, objective_in_words
from matcher.publish.people import SURE_SHARE, people_of
from matcher.publish.proposed import proposed_gatherings, proposed_groups, proposed_introductions, rounds_waited
from matcher.publish.safe_text import clean_text
from matcher.tables.community import Community
from matcher.tables.decided import kind_of
from matcher.tables.dossier import UNKNOWNS, Dossier, LeftOutMember
from matcher.tables.geography import Places, Towns
from matcher.tables.proposals import Plan, RunFacts
from matcher.tables.proposed import Proposed, Town
from matcher.units import MemberId


def dossier_of(plan: Plan, community: Community, places: Places, facts: RunFacts) -> Dossier:
    """Gather what the desk may show of a run.

    Args:
        plan: What was proposed.
        community: Whose plan it is; the same that the plan was made from.
        places: Coarse homes.
        facts: What the run was made from.
    """
    groups, introductions, gatherings = proposed_groups(plan), proposed_introductions(plan), proposed_gatherings(plan)
    since = {(one.kind, one.members): one.since for one in community.decided.held}
    every: tuple[Proposed, ...] = (*groups, *introductions, *gatherings)
    return Dossier(
        run_id=facts.run_id,
        as_of=plan.as_of,
        notice=clean_text(community.notice),
        attribution=clean_text(facts.attribution),
        lead=lead(plan, community),
        objective=objective_in_words(plan.objective),
        stranger_chance=plan.objective.stranger_chance,
        people=people_of(community, places),
        unknowns=_unknowns(community, places),
        groups=groups,
        introductions=introductions,
        gatherings=gatherings,
        left_out=_left_out(plan),
        towns=_towns(plan.towns),
        kept={one.id: since[same] for one in every if (same := (kind_of(one.id), one.members)) in since},
        heard=community.decided.heard,
    )


def _unknowns(community: Community, places: Places) -> Mapping[MemberId, tuple[str, ...]]:
    """What is not known of each member, in the order of UNKNOWNS."""
    homes = places.frame.select(pl.col("member").cast(pl.String), "share")
    is_unknown = {
        "home": pl.col("share").is_null(),
        "sure_home": pl.col("share") < SURE_SHARE,
        "reach": pl.col("reach_km").is_null(),
        "languages": pl.col("languages").list.len() == 0,
        "times": pl.col("availability").list.len() == 0,
    }
    asked = community.members.frame.join(homes, on="member", how="left", maintain_order="left")
    rows = asked.select("member", *(is_unknown[name].fill_null(value=False).alias(name) for name in UNKNOWNS))
    told = {row["member"]: tuple(name for name in UNKNOWNS if row[name]) for row in rows.iter_rows(named=True)}
    return {member: unknown for member, unknown in told.items() if unknown}


def _left_out(plan: Plan) -> tuple[LeftOutMember, ...]:
    waited = rounds_waited(plan)
    rows = plan.unplaced.frame.select(pl.col("member", "reason").cast(pl.String), pl.col("detail"))
    return tuple(
        LeftOutMember(
            member=MemberId(member), reason=reason, detail=clean_text(detail), waited=waited.get(MemberId(member), 0)
        )
        for member, reason, detail in rows.iter_rows()
    )


def _towns(towns: Towns) -> tuple[Town, ...]:
    largest = towns.frame.sort("population", "town", descending=[True, False])
    rows = largest.select("name", "lat", "lon", "time_zone").iter_rows()
    return tuple(Town(name=name, lat=lat, lon=lon, time_zone=zone) for name, lat, lon, zone in rows)
