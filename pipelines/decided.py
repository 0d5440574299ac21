"""What the desk remembers, as an input of tonight's: read once, at one moment, and never written to."""

import os
from dataclasses import dataclass, field
from datetime import datetime

from matcher.publish.proposed import proposed_gatherings, proposed_groups, proposed_introductions
from matcher.review.options import DeskOptions
from matcher.rules.aftermath import ReviewedRun, follow
from matcher.storage.decisions.memory import remember
from matcher.storage.reviewed import ReviewedRuns
from matcher.storage.runs import RunStore
from matcher.storage.workspace import Workspace
from matcher.tables.answered import Heard, hear
from matcher.tables.decided import Decided
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
    reviewed = ReviewedRuns(runs).after(memory.events)
    if len(reviewed) < len(memory.events):
        n_lost = len(memory.events) - len(reviewed)
        log.warning("desk: decisions about %d runs are not heard: their plans are gone or others", n_lost)
    return DeskMemory(runs=reviewed, heard=hear(memory.answers))


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
