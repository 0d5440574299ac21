"""Changing who is in a group: first what it would cost, then the change itself."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from matcher.errors import ConflictError, InputError
from matcher.review.choosing import next_question
from matcher.review.conflicts import refuse_stale, seen_versions, show_conflict
from matcher.review.gathering_previews import gathering_preview
from matcher.review.offering import offers
from matcher.review.previews import Preview, preview
from matcher.review.standing import GATHERINGS, Standing, standing
from matcher.review.telling import told
from matcher.review.visits import Page, Visit
from matcher.review.wishes import CHANGES, Lists, Wish, carried_out, subject, wish_of
from matcher.tables.decisions import NEW, Decision


def look(visit: Visit) -> Response:
    """A change before it is made; or, while something is not said yet, a list to choose it from.

    Raises:
        InputError: It cannot be done at all.
        MissingError: It is about something that is not there now.
    """
    run_id = visit.path["run_id"]
    now, wish = standing(visit.desk, run_id), wish_of(visit.query.getlist)
    group = subject(now, wish)
    facts: dict[str, Any] = {
        "run_id": run_id, "wish": wish, "title": CHANGES[wish.kind], "group": group,
        "names": now.names(group.members), "offers": offers(now, group, wish.member),
    }  # fmt: skip
    if wish.missing:
        search = visit.query.get("q", "")
        return visit.show("choose.html.jinja", question=next_question(now, wish, group, search), search=search, **facts)
    return visit.show("change.html.jinja", preview=_preview(now, wish), as_text=as_text, **facts)


def change(visit: Visit) -> Response:
    """Make a change that was looked at, if it would still be the same.

    Raises:
        InputError: It breaks a rule, or could never be done.
        MissingError: It is about something that was never there.
    """
    run_id, seen = visit.path["run_id"], seen_versions(visit)
    wish = wish_of(lambda name: visit.form.get(name, ()))
    try:
        now = standing(visit.desk, run_id)
        refuse_stale(visit, seen)
        lists = _as_previewed(now, wish, seen, visit.said("lists"))
        decision = Decision(
            run_id=run_id, kind="change", by=visit.name, at=visit.desk.clock(),
            touched=seen, lists=lists, words=visit.said("words"),
        )  # fmt: skip
        visit.desk.decisions.append(decision, now.night.suggestions, kept=now.night.kept)
    except ConflictError as conflict:
        return show_conflict(visit, conflict, [*seen], look=wish.address(run_id))
    return visit.go(f"/runs/{run_id}/suggestions/{wish.group}", told=told("change", [*seen]))


def _as_previewed(now: Standing, wish: Wish, seen: Mapping[str, int], shown: str) -> Lists:
    """The lists that a wish leads to: computed anew, whatever a form says, and held to the rules.

    Raises:
        ConflictError: They are not those that were shown.
        InputError: A rule speaks against them.
    """
    if wish.missing:
        raise InputError(f"the change is not whole; found nothing for {wish.missing!r}; choose it from the list")
    lists = carried_out(now, wish)
    if {*seen} != {one for one in lists if not one.startswith(NEW)} or as_text(lists) != shown:
        raise ConflictError("the groups are no longer as they were when you looked at the change; look at it again")
    refusals = _preview(now, wish).refusals
    if refusals:
        raise InputError(f"{' '.join(refusals)} Nothing was recorded; make another change")
    return lists


def _preview(now: Standing, wish: Wish) -> Preview:
    group, lists = subject(now, wish), carried_out(now, wish)
    return gathering_preview(now, group, lists) if group.id.startswith(GATHERINGS) else preview(now, lists)


def as_text(lists: Lists) -> str:
    """Lists as a form carries them, so that what is made is what was looked at."""
    return json.dumps(lists, sort_keys=True)


PAGES: tuple[Page, ...] = (
    Page(path="/runs/{run_id}/change", answer=look),
    Page(path="/runs/{run_id}/change", answer=change, needs="organizer", is_form=True),
)
