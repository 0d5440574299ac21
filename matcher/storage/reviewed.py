"""Runs about which anything was decided, as they stand by now: for the next night, and for the desk beside one run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Lock

from matcher.errors import InputError
from matcher.rules.aftermath import ReviewedRun
from matcher.rules.elsewhere import Elsewhere, look_elsewhere
from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.store import DecisionStore
from matcher.storage.dossiers import read_dossier
from matcher.storage.runs import RunStore
from matcher.tables.answered import Heard
from matcher.tables.decisions import Event
from matcher.tables.drafts import Draft, draft_of

MOST_KNOWN = 4
"""Runs beside which one looks at the others at a time."""

_KEEPING = ("lock", "approve")


class ReviewedRuns:
    """The reviewed runs of a workspace; each is read again only when something was decided about it since."""

    def __init__(self, runs: RunStore) -> None:
        self._runs = runs
        self._known: dict[str, tuple[Sequence[Event], int, ReviewedRun | None]] = {}
        self._last: tuple[int, Mapping[str, Sequence[Event]], tuple[ReviewedRun, ...]] = 0, {}, ()

    def after(self, events: Mapping[str, Sequence[Event]]) -> tuple[ReviewedRun, ...]:
        """Those that are still there, after all events about them, in the order in which they were made live.

        Runs whose folder is gone, or holds another plan by now, are passed over: what was decided about them is not
        known any more.
        """
        if not self._runs.folder.is_dir():
            return ()
        # Whatever becomes of a run, its folder is put into this one, or taken away.
        changed_at, last = self._runs.folder.stat().st_mtime_ns, self._last
        if last[:2] != (changed_at, events):
            read = (self._one(one, events[one]) for one in self._runs.ids_as_made_live() if one in events)
            last = self._last = changed_at, events, tuple(run for run in read if run)
        return last[2]

    def _one(self, run_id: str, events: Sequence[Event]) -> ReviewedRun | None:
        folder = self._runs.folder / run_id
        try:
            written_at = (folder / "plan.json").stat().st_mtime_ns
        except FileNotFoundError:
            return None
        known = self._known.get(run_id)
        if known is None or known[0] is not events or known[1] != written_at:
            known = self._known[run_id] = events, written_at, _reviewed(folder, events)
        return known[2]


class OtherNights:
    """What the other nights say about the suggestions of one; found anew only when something was said since."""

    def __init__(self, runs: RunStore, decisions: DecisionStore, answers: AnswerStore, *, days_apart: float) -> None:
        """Look at the runs of a workspace, of which those less than `days_apart` from each other are one round."""
        self._reviewed = ReviewedRuns(runs)
        self._decisions = decisions
        self._answers = answers
        self._days_apart = days_apart
        self._found: dict[str, tuple[tuple[ReviewedRun, ...], Heard, Elsewhere]] = {}
        self._turn = Lock()

    def beside(self, run_id: str, as_of: datetime) -> Elsewhere:
        """What is said beside a run of an instant."""
        events = self._decisions.all_events()
        others = self._reviewed.after({one: events[one] for one in events if one != run_id})
        heard = self._answers.heard()
        known = self._found.get(run_id)
        if known is None or known[1] is not heard or known[0] != others:
            found = look_elsewhere(others, heard, as_of, days_apart=self._days_apart)
            known = others, heard, found
            with self._turn:
                self._found[run_id] = known
                while len(self._found) > MOST_KNOWN:
                    del self._found[next(iter(self._found))]
        return known[2]


def _reviewed(folder: Path, events: Sequence[Event]) -> ReviewedRun | None:
    """One run as it stands; None where its plan is not the one that was decided on."""
    try:
        dossier = read_dossier(folder)
        whole = draft_of(dossier.suggestions, events, kept=dossier.kept)
    except InputError:
        return None
    # What nobody decided about says nothing, and there is much of it in a year of nights.
    said = {one.id: one for one in whole.suggestions.values() if one.version or one.is_locked}
    draft = replace(whole, suggestions=said)
    return ReviewedRun(
        run_id=folder.name,
        as_of=dossier.as_of,
        draft=draft,
        hubs={one.id: (one.hub.name, one.hub.lat, one.hub.lon) for one in dossier.gatherings},
        kept=dossier.kept,
        kept_by=_kept_by(draft, events),
        n_events=len(events),
        heard=dossier.heard,
    )


def _kept_by(draft: Draft, events: Sequence[Event]) -> Mapping[str, int]:
    counts = [one for one in events if one.kind in _KEEPING and one.number not in draft.undone]
    return {suggestion: one.number for one in counts for suggestion in one.touched}
