"""Past runs: what they proposed, and going back to one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from matcher.storage.lock import hold_lock
from matcher.storage.runs import RunStore, read_json
from matcher.storage.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class PastRun:
    """One run in a line."""

    run_id: str
    is_live: bool
    as_of: str
    n_groups: int
    n_introductions: int
    n_gatherings: int
    n_unplaced: int


def list_runs(workspace: Workspace) -> tuple[PastRun, ...]:
    """Every run that is still there, by id.

    Raises:
        InputError: There is none.
    """
    store = RunStore(folder=workspace.runs_folder)
    live = store.current().name
    return tuple(_past_run(store, run_id, is_live=run_id == live) for run_id in store.ids())


def roll_back(workspace: Workspace, run_id: str, *, now: datetime) -> None:
    """Make an earlier run the live one."""
    with hold_lock(workspace.folder, job="rollback", now=now):
        store = RunStore(folder=workspace.runs_folder)
        store.recover()
        store.make_live(run_id)


def _past_run(store: RunStore, run_id: str, *, is_live: bool) -> PastRun:
    plan = cast("dict[str, Any]", read_json(store.folder / run_id / "plan.json"))
    return PastRun(
        run_id=run_id,
        is_live=is_live,
        as_of=plan["as_of"],
        n_groups=len(plan["groups"]),
        n_introductions=len(plan["introductions"]),
        n_gatherings=len(plan["gatherings"]),
        n_unplaced=len(plan["unplaced"]),
    )
