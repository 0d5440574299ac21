"""What the desk remembers, as an input of tonight's: read once, at one moment, and never written to."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from matcher.errors import InputError
from matcher.publish.proposed import proposed_gatherings, proposed_groups, proposed_introductions
from matcher.review.options import DeskOptions
from matcher.rules.aftermath import ReviewedRun, follow
from matcher.storage.decisions.memory import Memory, remember
from matcher.storage.dossiers import read_dossier
from matcher.storage.runs import RunStore
from matcher.storage.workspace import Workspace
from matcher.tables.answered import Heard, hear
from matcher.tables.decided import Decided
from matcher.tables.decisions import Event, Members
from matcher.tables.dossier import Dossier
from matcher.tables.drafts import draft_of
from matcher.tables.proposals import Plan
from pipelines.database import open_database
from pipelines.events import log


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskMemory:
    """What organizers decided and members answered; by default nothing.

    Attributes:
        runs: Those about which anything was decided and that are still there, in the order in which they were made
            live.
        heard: What stands after all answers.
    """

    runs: tuple[ReviewedRun, ...] = ()
    heard: Heard = field(default_factory=lambda: hear(()))

    def decided(self, as_of: datetime, *, days_apart: float) -> Decided:
        """What is in force in the night of an instant."""
        return follow(self.runs, self.heard, as_of, days_apart=days_apart)


def read_desk(workspace: Workspace, runs: RunStore, options: DeskOptions) -> DeskMemory:
    """Read the desk's database, if there is one.

    Decisions of runs whose folder is gone, or holds another plan by now, are passed over: what they were about is not
    known any more.

    Raises:
        InputError: It is there and cannot be read: a night that forgot a block would do harm.
    """
    if not _has_desk(workspace, options):
        return DeskMemory()
    database = open_database(workspace, options)
    try:
        memory = remember(database)
    finally:
        database.close()
    reviewed = _reviewed(memory, runs)
    if len(reviewed) < len(memory.events):
        n_lost = len(memory.events) - len(reviewed)
        log.warning("desk: decisions about %d runs are not heard: their plans are gone or others", n_lost)
    return DeskMemory(runs=tuple(reviewed), heard=hear(memory.answers))


def tell_held(decided: Decided, plan: Plan) -> None:
    """Say how many suggestions stand; neither which, nor why others fell: that could tell of a block."""
    if decided.held:
        stand = {one.members for one in proposed_groups(plan)}
        stand |= {one.members for one in proposed_introductions(plan)}
        stand |= {one.members for one in proposed_gatherings(plan)}
        n_kept = sum(one.members in stand for one in decided.held)
        log.info("desk: of %d suggestions that organizers keep, %d stand", len(decided.held), n_kept)


def _has_desk(workspace: Workspace, options: DeskOptions) -> bool:
    is_configured = bool(options.database or os.environ.get("MATCHER_DATABASE"))
    return is_configured or (workspace.folder / "desk.sqlite").exists()


def _reviewed(memory: Memory, runs: RunStore) -> list[ReviewedRun]:
    decided = [run_id for run_id in runs.ids_as_made_live() if run_id in memory.events]
    read = (_reviewed_run(run_id, memory.events[run_id], runs) for run_id in decided)
    return [one for one in read if one]


def _reviewed_run(run_id: str, events: Sequence[Event], runs: RunStore) -> ReviewedRun | None:
    """One run as it stands; None where its plan is not the one that was decided on."""
    try:
        dossier = read_dossier(runs.folder_of(run_id))
        draft = draft_of(_suggestions(dossier), events)
    except InputError:
        return None
    standing = [one for one in events if one.number not in draft.undone]
    return ReviewedRun(
        run_id=run_id,
        as_of=dossier.as_of,
        draft=draft,
        hubs={one.id: (one.hub.name, one.hub.lat, one.hub.lon) for one in dossier.gatherings},
        unlocked=frozenset(suggestion for one in standing if one.kind == "unlock" for suggestion in one.touched),
    )


def _suggestions(dossier: Dossier) -> dict[str, Members]:
    seated = {one.id: one.members for one in dossier.groups}
    paired = {one.id: one.members for one in dossier.introductions}
    return {**seated, **paired, **{one.id: one.members for one in dossier.gatherings}}
