"""The files of a run: what goes into the folder, and under which name."""

import json
from collections.abc import Mapping, Sequence
from io import BytesIO

import polars as pl

from matcher.arrangement.desk import leave_question
from matcher.arrangement.rotation import Rotation, note_round
from matcher.arrangement.seating import SeatingQuestion
from matcher.publish.csv_files import gatherings_csv, groups_csv, introductions_csv, unplaced_csv
from matcher.publish.dossier import dossier_of
from matcher.publish.people import people_of
from matcher.publish.plan_json import plan_json
from matcher.publish.quotable import quotable_of, ties_to_tell
from matcher.publish.report import report_html
from matcher.reasons.known import Known
from matcher.rules.checks import Audit
from matcher.storage.dossiers import DOSSIER_FILE, dossier_bytes
from matcher.storage.questions import QUESTION_FILE, question_bytes
from matcher.tables.base import Table
from matcher.tables.community import Community
from matcher.tables.conversation import MemberTopics, Standings, Ties
from matcher.tables.geography import Places
from matcher.tables.pairs import Affinities, Candidates, Vetoes
from matcher.tables.picture import Picture
from matcher.tables.proposals import Figure, Plan, RunFacts
from matcher.tables.quotable import Quotable
from pipelines.kept import KeptTables

KEPT_TABLES: Mapping[str, type[Table]] = {
    "affinities": Affinities,
    "candidates": Candidates,
    "ties": Ties,
    "topics": MemberTopics,
    "standings": Standings,
}
"""Tables that `matcher why` and notebooks read again, by file name."""


ROUND = "round"
"""The table in which a run leaves what later rounds remember of it."""


def run_files(
    plan: Plan, community: Community, places: Places, facts: RunFacts, figures: Sequence[Figure], audit: Audit
) -> Mapping[str, str]:
    """Write each file of a run as text, by name."""
    return {
        "plan.json": plan_json(plan, community, facts),
        "groups.csv": groups_csv(plan, community),
        "introductions.csv": introductions_csv(plan, community),
        "gatherings.csv": gatherings_csv(plan, community, places),
        "unplaced.csv": unplaced_csv(plan, community),
        "report.html": report_html(plan, community, places, facts, figures=figures, checks=_checks(audit)),
        "metrics.json": metrics_json(figures),
        "audit.json": audit_json(audit),
    }


def run_tables(kept: KeptTables) -> Mapping[str, bytes]:
    """Parquet bytes of the tables that are kept, by name."""
    tables = {name: kept.get(kind).frame for name, kind in KEPT_TABLES.items()}
    apart = kept.get(Vetoes)
    tables["ties"] = ties_to_tell(kept.get(Ties), apart)
    rotation = kept.get(Rotation)
    tables["past_pairs"] = rotation.met.frame.join(apart.frame, on=["member_a", "member_b"], how="anti")
    tables["waits"] = rotation.waits.frame
    tables[ROUND] = note_round(kept.get(Plan)).frame
    tables["quotes"] = _quotable(kept, tables["ties"]).frame
    return {name: _parquet(frame) for name, frame in tables.items()}


def run_desk(kept: KeptTables, facts: RunFacts) -> Mapping[str, bytes]:
    """What the organizers' desk shows, and what it asks again: who could sit with whom, and who does."""
    plan, picture = kept.get(Plan), kept.get(Picture)
    question = leave_question(kept.get(SeatingQuestion), picture.travel, plan.seats, plan.objective)
    dossier = dossier_of(plan, picture.community, kept.get(Places), facts)
    return {QUESTION_FILE: question_bytes(question), DOSSIER_FILE: dossier_bytes(dossier)}


def _quotable(kept: KeptTables, ties: pl.DataFrame) -> Quotable:
    picture = kept.get(Picture)
    ids, seatable = picture.index.ids, kept.get(SeatingQuestion).rows.tolist()
    return quotable_of(
        kept.get(Plan),
        picture.community,
        people_of(picture.community, kept.get(Places)),
        ties=ties,
        telling=Known(picture=picture, affinities=kept.get(Affinities)).telling,
        seatable=frozenset(ids[row] for row in seatable),
    )


def metrics_json(figures: Sequence[Figure]) -> str:
    """Write the night's numbers by section."""
    sections: dict[str, dict[str, float]] = {}
    for figure in figures:
        sections.setdefault(figure.section, {})[figure.name] = figure.value
    return json.dumps(sections, indent=2) + "\n"


def audit_json(audit: Audit) -> str:
    """Write what was checked, how often, and what was found."""
    checks = [
        {"name": check.name, "n_checked": check.n_checked, "violations": list(check.violations)}
        for check in audit.checks
    ]
    return json.dumps({"is_clean": audit.is_clean, "checks": checks}, indent=2) + "\n"


def _checks(audit: Audit) -> list[str]:
    return [f"{check.name.replace('_', ' ')} ({check.n_checked} checked)" for check in audit.checks]


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()
