"""A plan as spreadsheets: `groups.csv`, `introductions.csv`, `gatherings.csv`, `unplaced.csv`, as RFC 4180 says."""

import csv
import io
from collections.abc import Iterable, Sequence

from matcher.publish.people import people_of, shown_name
from matcher.publish.proposed import proposed_gatherings, proposed_groups, proposed_introductions, rounds_waited
from matcher.publish.safe_text import clean_text, safe_cell
from matcher.tables.community import Community
from matcher.tables.geography import Places
from matcher.tables.proposals import LEFT_OUT_REASONS, Plan
from matcher.tables.proposed import ProposedIntroduction

GROUP_COLUMNS = (
    "group",
    "meeting_town",
    "member",
    "name",
    "travel_km",
    "fit_share",
    "group_cohesion",
    "shared_topics",
    "waited_rounds",
)
INTRODUCTION_COLUMNS = (
    "introduction",
    "kind",
    "member_a",
    "name_a",
    "member_b",
    "name_b",
    "mutual",
    "a_to_b",
    "b_to_a",
    "via",
    "name_via",
    "meeting_town",
    "travel_km_a",
    "travel_km_b",
    "shared_topics",
    "starter",
)
GATHERING_COLUMNS = (
    "gathering",
    "hub",
    "member",
    "name",
    "from",
    "travel_km",
    "company",
    "effort",
    "shared_topics",
    "starter",
)
UNPLACED_COLUMNS = ("member", "name", "reason", "reason_in_words", "detail", "waited_rounds")

Cell = str | float | None


def groups_csv(plan: Plan, community: Community) -> str:
    """Write the groups, a row a seat."""
    names = _names(community)
    return _csv(
        GROUP_COLUMNS,
        (
            (
                group.id,
                clean_text(group.town.name),
                member,
                names[member],
                _km(km),
                _share(fit),
                _share(group.cohesion),
                _topics(group.account.shared_topics),
                waited,
            )
            for group in proposed_groups(plan)
            for member, km, fit, waited in zip(
                group.members, group.travel_km, group.fit_shares, group.waited, strict=True
            )
        ),
    )


def introductions_csv(plan: Plan, community: Community) -> str:
    """Write the introductions, a row a pair; no town means that they begin online."""
    names = _names(community)
    return _csv(INTRODUCTION_COLUMNS, (_introduction_row(pair, names) for pair in proposed_introductions(plan)))


def gatherings_csv(plan: Plan, community: Community, places: Places) -> str:
    """Write the gatherings, a row a member; `from` is the coarse place, as the report shows it."""
    people = people_of(community, places)
    return _csv(
        GATHERING_COLUMNS,
        (
            (
                gathering.id,
                clean_text(gathering.hub.name),
                member,
                people[member].name,
                people[member].place,
                _km(km),
                _share(company),
                _share(effort),
                _topics(gathering.account.shared_topics),
                clean_text(gathering.account.starter),
            )
            for gathering in proposed_gatherings(plan)
            for member, km, company, effort in zip(
                gathering.members, gathering.travel_km, gathering.companies, gathering.efforts, strict=True
            )
        ),
    )


def unplaced_csv(plan: Plan, community: Community) -> str:
    """Write everyone who was left out, with the reason."""
    names, waited = _names(community), rounds_waited(plan)
    rows = plan.unplaced.frame.select("member", "reason", "detail").iter_rows()
    return _csv(
        UNPLACED_COLUMNS,
        (
            (member, names[member], reason, LEFT_OUT_REASONS[reason], detail, waited.get(member, 0))
            for member, reason, detail in rows
        ),
    )


def _introduction_row(pair: ProposedIntroduction, names: dict[str, str]) -> Sequence[Cell]:
    member_a, member_b = pair.members
    km_a, km_b = pair.travel_km or (None, None)
    return (
        pair.id,
        pair.kind,
        member_a,
        names[member_a],
        member_b,
        names[member_b],
        _share(pair.mutual),
        _share(pair.a_to_b),
        _share(pair.b_to_a),
        pair.via,
        None if pair.via is None else names[pair.via],
        None if pair.town is None else clean_text(pair.town.name),
        _km(km_a),
        _km(km_b),
        _topics(pair.account.shared_topics),
        clean_text(pair.account.starter),
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write rows with CRLF; words are defused, numbers are ours and stay numbers."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue()


def _names(community: Community) -> dict[str, str]:
    return {
        member: shown_name(member, name)
        for member, name in community.members.frame.select("member", "name").iter_rows()
    }


def _topics(topics: Sequence[str]) -> str:
    return "; ".join(clean_text(topic) for topic in topics)


def _share(share: float) -> float:
    return round(share, 6)


def _km(km: float | None) -> float | None:
    return None if km is None else round(km, 1)
