"""`report.html`: the night as an organizer reads it over coffee, in one file, offline."""

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from matcher.publish.basemap import basemap_paths
from matcher.publish.cards import group_cards, introduction_cards
from matcher.publish.gathering_cards import gathering_cards
from matcher.publish.night_words import (
    WHY_AGAIN,
    figure_tables,
    headline,
    lead,
    left_out,
    matching_in_words,
    objective_in_words,
    travelling_in_words,
)
from matcher.publish.overview_map import draw_overview
from matcher.publish.people import people_of
from matcher.publish.plan_json import instant
from matcher.publish.proposed import proposed_gatherings, proposed_groups, proposed_introductions
from matcher.publish.quotes import quotes_of
from matcher.publish.report_view import Report
from matcher.publish.safe_text import clean_text, clip_text
from matcher.publish.town_field import town_field
from matcher.publish.wording import counted, odds
from matcher.tables.community import Community
from matcher.tables.geography import Places
from matcher.tables.proposals import Figure, Plan, RunFacts


def report_html(
    plan: Plan,
    community: Community,
    places: Places,
    facts: RunFacts,
    *,
    figures: Sequence[Figure] = (),
    checks: Sequence[str] = (),
) -> str:
    """Write the whole page.

    It loads nothing and runs nothing. It shows of a member: the name, the place label, a cell of
    about 10 km, and the public messages that are evidence.

    Args:
        plan: What to show.
        community: Whose plan it is; the same that the plan was made from.
        places: Coarse homes.
        facts: What the run was made from.
        figures: The night's numbers, in order.
        checks: What the audit made sure of, a sentence each.
    """
    report = report_view(plan, community, places, facts, figures=figures, checks=checks)
    return _environment().get_template("report.html.jinja").render(report=report)


def report_view(
    plan: Plan,
    community: Community,
    places: Places,
    facts: RunFacts,
    *,
    figures: Sequence[Figure] = (),
    checks: Sequence[str] = (),
) -> Report:
    """Choose and word everything that the page shows; arguments as in `report_html`."""
    people = people_of(community, places)
    groups, introductions, gatherings = proposed_groups(plan), proposed_introductions(plan), proposed_gatherings(plan)
    accounts = (*plan.group_accounts, *plan.introduction_accounts, *plan.gathering_accounts)
    quotes = quotes_of(accounts, community, people)
    field, stranger_chance = town_field(plan.towns), plan.objective.stranger_chance
    outline = basemap_paths()
    return Report(
        headline=headline(groups, introductions, gatherings),
        lead=lead(plan, community),
        notice=clean_text(community.notice),
        overview=draw_overview(groups, introductions, gatherings, people),
        groups=group_cards(groups, people, quotes, field, stranger_chance),
        gatherings=gathering_cards(gatherings, people, quotes),
        introductions=introduction_cards(introductions, people, quotes, field, stranger_chance),
        left_out=left_out(plan, people),
        n_left_out=counted(len(plan.unplaced), "person"),
        figures=figure_tables(figures),
        checks=tuple(clip_text(check, limit=400) for check in checks),
        objective=objective_in_words(plan.objective),
        matching=matching_in_words(plan.matching),
        travelling=travelling_in_words(plan.gathering_objective, len(gatherings)),
        why_again=WHY_AGAIN if plan.are_repeats_forced else "",
        stranger_odds=odds(stranger_chance),
        colophon=(
            ("Run", facts.run_id),
            ("As of", instant(plan.as_of)),
            ("Model", facts.model),
            ("Seed", str(facts.seed)),
            ("Input", facts.input_fingerprint),
            ("Settings", facts.settings_fingerprint),
            *([("Places", facts.attribution)] if facts.attribution else []),
        ),
        land=outline.land,
        borders=outline.borders,
        states=outline.states,
    )


def _environment() -> Environment:
    """Make a template engine that escapes everything and refuses a misspelt name."""
    return Environment(
        autoescape=True,
        loader=PackageLoader("matcher.publish"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
