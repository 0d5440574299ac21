"""The night as a whole, in words: the headline, who was left out, the figures."""

from collections.abc import Mapping, Sequence

import polars as pl

from matcher.publish.proposed import rounds_waited
from matcher.publish.report_view import FigureTable, LeftOut
from matcher.publish.safe_text import clean_text
from matcher.publish.wording import amount, counted, day, percent, waited
from matcher.reasons.words import listed
from matcher.tables.community import Community
from matcher.tables.dossier import Person
from matcher.tables.proposals import LEFT_OUT_REASONS, Figure, Matching, Objective, Plan
from matcher.tables.proposed import ProposedGathering, ProposedGroup, ProposedIntroduction
from matcher.units import MemberId

MOST_NAMES = 400
"""Names listed under one reason; unplaced.csv has them all."""

WHY_AGAIN = "Nothing else was found that keeps the rules and passes nobody over twice running."
"""Why two meet again, where `Plan.are_repeats_forced`.

The search puts whoever waited first, then who is new to each other, then who fits.
"""

SECTIONS: Mapping[str, str] = {
    "community": "The community",
    "embedding": "Reading what was written",
    "pairs": "Pairs considered",
    "plan": "The plan",
    "seconds": "Time",
    "memory": "Memory",
}


def headline(
    groups: Sequence[ProposedGroup],
    introductions: Sequence[ProposedIntroduction],
    gatherings: Sequence[ProposedGathering],
) -> str:
    """Say in one line what the night proposes."""
    meetings = [one.members for several in (groups, introductions, gatherings) for one in several]
    invited = {member for members in meetings for member in members}
    if not invited:
        return "Nothing to propose tonight"
    counts = ((len(groups), "group"), (len(introductions), "introduction"), (len(gatherings), "gathering"))
    parts = [counted(number, what) for number, what in counts if number]
    return f"{listed(parts)} for {counted(len(invited), 'person')}"


def lead(plan: Plan, community: Community) -> str:
    """Say of whom and of when, below the headline."""
    return (
        f"Proposed from what {counted(len(community.members), 'member')} wrote up to {day(plan.as_of)}. "
        "Nobody is invited before you approve it."
    )


def left_out(plan: Plan, people: Mapping[MemberId, Person]) -> tuple[LeftOut, ...]:
    """Gather everyone left out by reason, in the order of the documented list."""
    rows = plan.unplaced.frame.with_columns(pl.col("member", "reason").cast(pl.String()))
    n_waited = rounds_waited(plan)
    names: dict[str, list[str]] = {}
    for member, reason, detail in rows.select("member", "reason", "detail").iter_rows():
        said = "; ".join(filter(None, (detail, waited(n_waited.get(member, 0)))))
        names.setdefault(reason, []).append(f"{people[member].name} ({said})" if said else people[member].name)
    return tuple(
        LeftOut(
            count=counted(len(names[reason]), "person"),
            reason=words[0].upper() + words[1:],
            names=tuple(names[reason][:MOST_NAMES]),
            n_more=f"{len(names[reason]) - MOST_NAMES:,}" if len(names[reason]) > MOST_NAMES else "",
        )
        for reason, words in LEFT_OUT_REASONS.items()
        if reason in names
    )


def figure_tables(figures: Sequence[Figure]) -> tuple[FigureTable, ...]:
    """Gather the figures by section, sections and figures in the order in which they came."""
    sections: dict[str, list[tuple[str, str, str]]] = {}
    for figure in figures:
        row = (clean_text(figure.meaning), clean_text(figure.name), amount(figure.name, figure.value))
        sections.setdefault(figure.section, []).append(row)
    return tuple(
        FigureTable(title=SECTIONS.get(section, clean_text(section).capitalize()), rows=tuple(rows))
        for section, rows in sections.items()
    )


def objective_in_words(objective: Objective) -> str:
    """Say how good the grouping is, and how good any could be."""
    return _how_good(
        objective,
        f"The groups reach {_points(objective.value)} points",
        unproved="any other plan",
        limit=f"no plan that keeps the rules can reach more than {_points(objective.upper_bound or 0.0)}",
    )


def travelling_in_words(objective: Objective | None, n_gatherings: int) -> str:
    """Say how good the gatherings are together, or that there is none; empty where none were looked for."""
    if objective is None:
        return ""
    if not n_gatherings:
        if objective.is_best and not objective.was_cut_short:
            return "No gathering tonight: in no city would enough people gain more than the way costs them."
        return "No gathering was found tonight; that there is none was not proved."
    return _how_good(
        objective,
        f"The gatherings are worth {objective.value:,.1f} points of company less travel",
        unproved="any others",
        limit=f"no choice of cities and people can be worth more than {objective.upper_bound or 0.0:,.1f}",
    )


def _how_good(objective: Objective, value: str, *, unproved: str, limit: str) -> str:
    said = f"{value}{', though the time limit ended the search' if objective.was_cut_short else ''}"
    if objective.gap is None:
        return f"{said}. How much better {unproved} could be was not proved tonight."
    if objective.is_best:
        return f"{said}: the best possible (over {objective.bound_scope})."
    return f"{said}, within {percent(objective.gap)} of the best possible (over {objective.bound_scope}): {limit}."


def matching_in_words(matching: Matching) -> str:
    """Say how good the introductions are together, and how many pairs might be sorry."""
    share = percent(matching.gap)
    near = "the best possible" if matching.is_best else f"within {share} of the best possible"
    n_sorry = counted(matching.n_blocking_pairs, "pair") if matching.n_blocking_pairs else "no pair"
    return f"The introductions are {near} (over {matching.bound_scope}); {n_sorry} would rather have had each other."


def _points(value: float) -> str:
    """Write a sum of chances: the fits of a small night add up to little."""
    return f"{value:,.2f}" if value >= 100 else f"{value:.4f}"
