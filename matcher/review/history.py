"""The log: everything that was decided, who, when, what and why; and taking it back."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import StringIO
from urllib.parse import urlencode

from starlette.responses import Response

from matcher.errors import ConflictError, InputError, MissingError
from matcher.publish.safe_text import safe_cell
from matcher.review.conflicts import MOST_DIGITS, show_conflict
from matcher.review.deciding import refuse_unfit
from matcher.review.events_told import Line, changes_of, lines_of
from matcher.review.standing import Standing, standing
from matcher.review.telling import instant, told
from matcher.review.visits import Page, Visit
from matcher.tables.deciding import next_event, undoing
from matcher.tables.decisions import Event
from matcher.tables.drafts import Draft, draft_of

PER_PAGE = 50

COLUMNS = ("event", "at", "by", "kind", "suggestion", "version", "members", "what", "why", "words", "undone")


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """Which part of the log to show.

    Attributes:
        by: Only what this organizer did; empty: everybody.
        about: Only what touched this suggestion; empty: all.
        page: From 1.
    """

    by: str
    about: str
    page: int

    def address(self, run_id: str, **other: str | int) -> str:
        """Of another part: what is not named stays."""
        asked = {"by": self.by, "about": self.about, "page": self.page, **other}
        said = {name: value for name, value in asked.items() if value not in ("", 1)}
        return f"/runs/{run_id}/log" + (f"?{urlencode(said)}" if said else "")


def show_log(visit: Visit) -> Response:
    """What was decided about a run, newest first; with `format=csv` all of it as a file.

    Raises:
        InputError: There is no such run.
    """
    now, run_id = standing(visit.desk, visit.path["run_id"]), visit.path["run_id"]
    events = visit.desk.decisions.events(run_id)
    page = visit.query.get("page", "1")
    is_page = page.isascii() and page.isdigit() and len(page) < MOST_DIGITS
    chosen = Chosen(
        by=visit.query.get("by", ""), about=visit.query.get("about", ""), page=max(1, int(page)) if is_page else 1
    )
    found = [one for one in reversed(events) if chosen.by in ("", one.by) and chosen.about in ("", *one.touched)]
    changes = changes_of(now.night.suggestions, events)
    if visit.query.get("format") == "csv":
        return _as_file(run_id, lines_of(now, found, changes))
    n_pages = max(1, -(-len(found) // PER_PAGE))
    at = min(chosen.page, n_pages)
    return visit.show(
        "log.html.jinja",
        run_id=run_id,
        lines=lines_of(now, found[PER_PAGE * (at - 1) : PER_PAGE * at], changes),
        chosen=chosen,
        at=at,
        n_pages=n_pages,
        n_found=len(found),
        people=sorted({one.by for one in events}),
        instant=instant,
    )


def undo(visit: Visit) -> Response:
    """Take an event back, one's own or another organizer's; it stays in the log, and so does the undoing.

    Raises:
        InputError: It cannot be undone, or would approve what may not go to its members.
        MissingError: There is no such event.
    """
    run_id, number = visit.path["run_id"], visit.said("event")
    now, events = standing(visit.desk, run_id), visit.desk.decisions.events(run_id)
    event = next((one for one in events if str(one.number) == number), None)
    if event is None:
        raise MissingError(f"there is no such event; found {number[:40]!r}; needs the number of one in the log")
    if event.kind == "undo":
        raise InputError(f"event {event.number} is an undo itself; to undo it, decide again")
    night, decision = now.night, undoing(now.draft, event, by=visit.name, at=visit.desk.clock())
    try:
        event_to_be = next_event(night.suggestions, events, decision, kept=night.kept)
        _refuse_reviving(now, draft_of(night.suggestions, [*events, event_to_be], kept=night.kept), event)
        visit.desk.decisions.append(decision, night.suggestions, kept=night.kept)
    except ConflictError as conflict:
        return show_conflict(visit, conflict, [*event.touched], look=f"/runs/{run_id}/log")
    return visit.go(visit.said("next") or f"/runs/{run_id}/log", told=told("undo", [*event.touched]))


def _refuse_reviving(now: Standing, after: Draft, event: Event) -> None:
    """What the undo would make approved again is held to what speaks against it today."""
    before, then = now.draft.suggestions, after.suggestions
    revived = [
        one for one in event.touched if one in then and then[one].is_approved
        and not (one in before and before[one].is_approved and before[one].members == then[one].members)
    ]  # fmt: skip
    refuse_unfit(replace(now, draft=after), revived)


def _as_file(run_id: str, lines: Sequence[Line]) -> Response:
    """One row for each suggestion that an event touched; cells are safe in a spreadsheet."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for line in lines:
        event, undone = line.event, "yes" if line.is_undone else ""
        first = [str(event.number), event.at.isoformat(), event.by, event.kind]
        for one in line.about:
            about = [one.id, str(one.version), one.names, one.became or line.what]
            cells = [*first, *about, event.why, event.words, undone]
            rows.writerow([safe_cell(cell) for cell in cells])
    headers = {"Content-Disposition": f'attachment; filename="log-{run_id}.csv"'}
    return Response(text.getvalue(), media_type="text/csv", headers=headers)


PAGES: tuple[Page, ...] = (
    Page(path="/runs/{run_id}/log", answer=show_log),
    Page(path="/runs/{run_id}/undo", answer=undo, needs="organizer", is_form=True),
)
