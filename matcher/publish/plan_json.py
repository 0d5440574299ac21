"""`plan.json`: what a night proposes, for programs; `docs/plan-format.md` describes it.

The same plan gives the same bytes: keys in a fixed order, floats rounded, nothing measured.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from matcher.publish.gathering_cards import why_here
from matcher.publish.proposed import proposed_gatherings, proposed_groups, proposed_introductions, rounds_waited
from matcher.tables.community import Community
from matcher.tables.proposals import Account, Objective, Plan, RunFacts
from matcher.tables.proposed import ProposedGathering, ProposedGroup, ProposedIntroduction, Town

SCHEMA_NAME = "matcher-plan/1"
"""Changes when a reader of the old form would misread the new one."""

Json = dict[str, Any]


def plan_json(plan: Plan, community: Community, facts: RunFacts) -> str:
    """Write a plan as JSON that is valid by `plan_schema`.

    `objective.seconds` is always null: measured time would make two identical runs differ, so
    it stands in metrics.json.
    """
    waited = rounds_waited(plan)
    document: Json = {
        "schema": SCHEMA_NAME,
        "run_id": facts.run_id,
        "as_of": instant(plan.as_of),
        "seed": facts.seed,
        "model": facts.model,
        "fingerprints": {"input": facts.input_fingerprint, "settings": facts.settings_fingerprint},
        "notice": community.notice,
        "attribution": facts.attribution,
        "groups": [_group(group) for group in proposed_groups(plan)],
        "introductions": [_introduction(pair) for pair in proposed_introductions(plan)],
        "gatherings": [_gathering(gathering) for gathering in proposed_gatherings(plan)],
        "unplaced": [
            {"member": member, "reason": reason, "detail": detail, "waited_rounds": waited.get(member, 0)}
            for member, reason, detail in plan.unplaced.frame.select("member", "reason", "detail").iter_rows()
        ],
        "objective": {
            "value": _rounded(plan.objective.value),
            "upper_bound": _rounded(plan.objective.upper_bound),
            "gap": _rounded(plan.objective.gap),
            "bound_scope": plan.objective.bound_scope,
            "owed": _rounded(plan.objective.owed),
            "was_cut_short": plan.objective.was_cut_short,
            "seconds": None,
        },
        "matching": {
            "value": _rounded(plan.matching.value),
            "upper_bound": _rounded(plan.matching.upper_bound),
            "gap": _rounded(plan.matching.gap),
            "bound_scope": plan.matching.bound_scope,
            "owed": _rounded(plan.matching.owed),
            "n_blocking_pairs": plan.matching.n_blocking_pairs,
        },
        "travelling": None if plan.gathering_objective is None else _travelling(plan.gathering_objective),
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def plan_schema() -> Json:
    """Read the JSON Schema (2020-12) that every plan.json obeys; it comes with the package."""
    text = files("matcher.publish").joinpath("plan.schema.json").read_text(encoding="utf-8")
    schema: Json = json.loads(text)
    return schema


def instant(moment: datetime) -> str:
    """Write an instant in ISO 8601, UTC, to the second: '2024-05-01T03:00:00Z'."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _group(group: ProposedGroup) -> Json:
    return {
        "id": group.id,
        "members": list(group.members),
        "meeting_area": _area(group.town),
        "travel_km": _travel(group.members, group.travel_km),
        "shared_topics": list(group.account.shared_topics),
        "cohesion": _rounded(group.cohesion),
        "weakest_link": _rounded(group.weakest_link),
        "terms": {
            member: {name: _rounded(value) for name, value in terms.items()}
            for member, terms in zip(group.members, group.terms, strict=True)
        },
        "waited_rounds": _waited(group.members, group.waited),
        "repeats": [[a, b, instant(met_at)] for a, b, met_at in group.repeats],
        **_told(group.account),
    }


def _introduction(pair: ProposedIntroduction) -> Json:
    return {
        "id": pair.id,
        "a": pair.members[0],
        "b": pair.members[1],
        "mutual": _rounded(pair.mutual),
        "a_to_b": _rounded(pair.a_to_b),
        "b_to_a": _rounded(pair.b_to_a),
        "via": pair.via,
        "kind": pair.kind,
        "meeting_area": None if pair.town is None else _area(pair.town),
        "travel_km": _travel(pair.members, pair.travel_km) if pair.travel_km else {},
        "waited_rounds": _waited(pair.members, pair.waited),
        "met_at": None if pair.met_at is None else instant(pair.met_at),
        "shared_topics": list(pair.account.shared_topics),
        **_told(pair.account),
    }


def _gathering(gathering: ProposedGathering) -> Json:
    ways = zip(gathering.members, gathering.companies, gathering.efforts, strict=True)
    return {
        "id": gathering.id,
        "hub": _area(gathering.hub),
        "members": list(gathering.members),
        "travel_km": _travel(gathering.members, gathering.travel_km),
        "terms": {
            member: {"company": _rounded(company), "effort": _rounded(effort)} for member, company, effort in ways
        },
        "choices": [
            {
                "hub": _area(choice.town),
                "n_members": choice.n_within,
                "mean_km": _rounded(choice.mean_km, digits=1),
                "longest_km": _rounded(choice.longest_km, digits=1),
                "value": _rounded(choice.value),
            }
            for choice in gathering.choices
        ],
        "shared_topics": list(gathering.account.shared_topics),
        **_told(gathering.account, why_here(gathering.choices)),
    }


def _travelling(objective: Objective) -> Json:
    return {
        "value": _rounded(objective.value),
        "upper_bound": _rounded(objective.upper_bound),
        "gap": _rounded(objective.gap),
        "bound_scope": objective.bound_scope,
        "was_cut_short": objective.was_cut_short,
    }


def _told(account: Account, more: str = "") -> Json:
    return {
        "reasons": [*account.reasons, *([more] if more else [])],
        "evidence": list(account.evidence),
        "starter": account.starter,
    }


def _area(town: Town) -> Json:
    return {
        "name": town.name,
        "lat": _rounded(town.lat),
        "lon": _rounded(town.lon),
        "time_zone": town.time_zone or None,
    }


def _travel(members: Sequence[str], km: Sequence[float]) -> Json:
    return {member: _rounded(way, digits=1) for member, way in zip(members, km, strict=True)}


def _waited(members: Sequence[str], waited: Sequence[int]) -> Json:
    return {member: n_rounds for member, n_rounds in zip(members, waited, strict=True) if n_rounds}


def _rounded(number: float | None, *, digits: int = 6) -> float | None:
    """Round, and write 0.0 for -0.0, which would be another byte."""
    return None if number is None else round(float(number), digits) + 0.0
