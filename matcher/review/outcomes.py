"""What came of it: past suggestions in numbers, per week and per reason. Nobody's answer can be read from it."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from io import StringIO
from pathlib import Path

from starlette.responses import Response

from matcher.errors import InputError
from matcher.metrics.outcomes import SHARES, Came, Followed, Outcomes, count_outcomes
from matcher.review.desk import Desk
from matcher.review.outcome_plots import share_plot, tally_plot, week_plot
from matcher.review.outcome_words import KINDS, TOPICS, told_share, told_total, told_week
from matcher.review.visits import Page, Visit
from matcher.storage.dossiers import read_dossier
from matcher.tables.answered import Heard
from matcher.tables.decided import kind_of
from matcher.tables.decisions import REJECT_REASONS, Event, Members
from matcher.tables.drafts import Suggestion, draft_of

N_WEEKS = 26
"""So many weeks are drawn; the file has all."""


def show_outcomes(visit: Visit) -> Response:
    """What came of everything that organizers decided about."""
    outcomes = outcomes_of(visit.desk)
    weeks = {told_week(week): came for week, came in list(outcomes.weeks.items())[-N_WEEKS:]}
    parts = {**outcomes.kinds, **outcomes.topics}
    reasons = {words: parts[part] for part, words in {**KINDS, **TOPICS}.items() if part in parts}
    rejections = {REJECT_REASONS[code]: n for code, n in outcomes.rejections.items()}
    return visit.show(
        "outcomes.html.jinja",
        sentences=told_total(outcomes.total),
        told_share=told_share,
        weeks=weeks,
        week_plot=week_plot(weeks),
        reasons=reasons,
        yes_plot=share_plot({name: came.yes for name, came in reasons.items()}),
        good_plot=share_plot({name: came.good for name, came in reasons.items()}),
        rejections=rejections,
        rejection_plot=tally_plot({code.replace("_", " "): n for code, n in outcomes.rejections.items()}),
    )


def download_outcomes(visit: Visit) -> Response:
    """The same figures as a table, and no finer ones."""
    return Response(
        outcomes_csv(outcomes_of(visit.desk)),
        media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="outcomes.csv"'},
    )


def outcomes_of(desk: Desk) -> Outcomes:
    """Follow every suggestion of the runs about which anything was decided, as far as they are still there."""
    heard = desk.answers.heard()
    by_id: dict[str, Followed] = {}
    decided = {*desk.decisions.run_ids()}
    for run_id in (one for one in desk.nights.ids() if one in decided):
        folder = desk.nights.folder_of(run_id)
        proposed = _proposed(folder, (folder / "plan.json").stat().st_mtime_ns)
        for name, one in _followed(run_id, proposed, desk.decisions.events(run_id), heard):
            # The same people proposed again are one suggestion, and what was published says most of it.
            if name not in by_id or not by_id[name].published_on:
                by_id[name] = one
    return count_outcomes(list(by_id.values()))


def outcomes_csv(outcomes: Outcomes) -> str:
    """Write all parts as rows; a share that is kept back is empty."""
    parts: Mapping[str, Mapping[str, Came]] = {
        "all": {"all": outcomes.total},
        "week": {told_week(week): came for week, came in outcomes.weeks.items()},
        "kind": outcomes.kinds,
        "topic": outcomes.topics,
    }
    written = StringIO()
    table = csv.writer(written)
    counts = ("suggested", "approved", "published", "invited")
    shares = [f"{name}_{figure}" for name in SHARES for figure in ("answers", "share", "low", "high")]
    table.writerow(["by", "part", *counts, *shares, "rejected"])
    for by, came in ((by, row) for by, rows in parts.items() for row in rows.items()):
        table.writerow([by, came[0], *(getattr(came[1], f"n_{name}") for name in counts), *_figures(came[1]), ""])
    for code, n in outcomes.rejections.items():
        table.writerow(["rejected_for", code, *[""] * (len(counts) + len(shares)), n])
    return written.getvalue()


def _figures(came: Came) -> Iterator[object]:
    for name in SHARES:
        share = getattr(came, name)
        found = share.interval
        yield from (share.n, *(f"{one:.4f}" for one in (found.value, found.low, found.high))) if found else ("",) * 4


Proposed = Mapping[str, tuple[str, bool, Members]]
"""By suggestion its kind, whether a shared topic was told, and its members."""


@lru_cache(maxsize=500)
def _proposed(folder: Path, written_at: int) -> Proposed:
    """What a run proposed; read once, as long as it is not written again."""
    del written_at
    try:
        dossier = read_dossier(folder)
    except InputError:
        return {}
    return {
        **{one.id: ("group", bool(one.account.shared_topics), one.members) for one in dossier.groups},
        **{one.id: (one.kind, bool(one.account.shared_topics), one.members) for one in dossier.introductions},
        **{one.id: ("gathering", bool(one.account.shared_topics), one.members) for one in dossier.gatherings},
    }


def _followed(run_id: str, proposed: Proposed, events: Sequence[Event], heard: Heard) -> Iterable[tuple[str, Followed]]:
    try:
        draft = draft_of({one: members for one, (_, _, members) in proposed.items()}, events)
    except InputError:  # the run was planned anew: what was decided is about another plan
        return
    days = {one: event.at.date() for event in events if event.kind == "publish" for one in event.touched}
    for one in draft.suggestions.values():
        yield "/".join((one.id[:1], *one.members)), _follow(run_id, one, proposed, days.get(one.id), heard)


def _follow(run_id: str, one: Suggestion, proposed: Proposed, day: date | None, heard: Heard) -> Followed:
    replies = heard.about(run_id, one.id)
    kind, has_topic, _ = proposed.get(one.id, (kind_of(one.id), None, ()))
    return Followed(
        kind=kind,
        has_topic=has_topic,
        is_approved=one.is_approved,
        rejected_for=one.why,
        published_on=day if one.is_published else None,
        n_members=len(one.members),
        comes=tuple(replies.comes.values()),
        has_met=tuple(replies.has_met.values()),
        was_good=tuple(replies.was_good.values()),
        again=tuple(replies.again.values()),
    )


PAGES: tuple[Page, ...] = (
    Page(path="/outcomes", answer=show_outcomes),
    Page(path="/outcomes.csv", answer=download_outcomes),
)
