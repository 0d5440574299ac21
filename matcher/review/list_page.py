"""The first page of a run: its suggestions, filtered, searched and sorted, and how far the review has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from starlette.responses import Response

from matcher.publish.report_view import Level
from matcher.publish.wording import counted, level, way
from matcher.reasons.words import listed
from matcher.review.left_out import find_left_out, left_out_now
from matcher.review.overview import (
    KINDS,
    PER_PAGE,
    SORTS,
    STATES,
    Chosen,
    Row,
    chosen_by,
    count_kinds,
    count_states,
    folded,
    select,
)
from matcher.review.standing import Standing, standing
from matcher.review.visits import Page, Visit
from matcher.tables.drafts import Suggestion

T = TypeVar("T")

MOST_NAMES = 12
MOST_PEOPLE = 8
"""Members who answer to a search, listed above the suggestions."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One suggestion as the list shows it; `fit` and `weakest` are None for a gathering, `way` may be empty."""

    now: Suggestion
    kind: str
    title: str
    names: str
    where: str
    fit: Level | None
    weakest: Level | None
    way: str
    is_changed: bool
    is_kept: bool


def show_list(visit: Visit) -> Response:
    """The suggestions of a run.

    Raises:
        MissingError: There is no such run.
    """
    now, chosen = standing(visit.desk, visit.path["run_id"]), chosen_by(visit.query)
    if chosen.kind == "left-out":
        return _show_left_out(visit, now, chosen)
    found, counts, n_all = select(now, chosen), count_states(now), count_kinds(now).total()
    shown, at, n_pages = _page(found, chosen.page)
    return visit.show(
        "overview.html.jinja",
        run_id=visit.path["run_id"],
        dossier=now.night.dossier,
        chosen=chosen,
        tabs=_tabs(now),
        found=[_listed(row, now.night.dossier.stranger_chance) for row in shown],
        n_found=counted(len(found), "suggestion"),
        at=at,
        n_pages=n_pages,
        n_decided=n_all - counts["open"],
        n_all=n_all,
        states={state: words for state, words in STATES.items() if counts[state] or state == chosen.state},
        sorts=SORTS,
        people=_people(now, chosen),
    )


def _show_left_out(visit: Visit, now: Standing, chosen: Chosen) -> Response:
    found = find_left_out(now, chosen.q)
    shown, at, n_pages = _page(found, chosen.page)
    return visit.show(
        "left_out.html.jinja",
        run_id=visit.path["run_id"],
        dossier=now.night.dossier,
        chosen=chosen,
        tabs=_tabs(now),
        found=shown,
        n_found=counted(len(found), "person"),
        at=at,
        n_pages=n_pages,
    )


def _page(found: Sequence[T], asked: int) -> tuple[Sequence[T], int, int]:
    """What stands on a page, which one it is, and of how many: the last where a later one was asked for."""
    n_pages = max(1, -(-len(found) // PER_PAGE))
    at = min(asked, n_pages)
    return found[PER_PAGE * (at - 1) : PER_PAGE * at], at, n_pages


def _tabs(now: Standing) -> list[tuple[str, str, int]]:
    """Kinds, their titles and numbers; a kind of which there is none is not listed."""
    numbers = count_kinds(now)
    kinds = [(kind, title, numbers[kind]) for kind, title in KINDS.items() if numbers[kind]]
    return [("", "All", numbers.total()), *kinds, ("left-out", "Left out", len(left_out_now(now)))]


def _listed(row: Row, stranger_chance: float) -> Listed:
    facts = row.facts
    names = listed(facts.names, most=MOST_NAMES)
    more = len(facts.names) - MOST_NAMES
    return Listed(
        now=row.now,
        kind=facts.kind,
        title=facts.title,
        names=f"{', '.join(facts.names[:MOST_NAMES])} and {more} more" if more > 0 else names,
        where=facts.where,
        fit=None if facts.fit is None else level(facts.fit, stranger_chance),
        weakest=None if facts.weakest is None else level(facts.weakest, stranger_chance),
        way="" if facts.longest_km is None else way(facts.longest_km),
        is_changed=row.is_changed,
        is_kept=row.is_kept,
    )


def _people(now: Standing, chosen: Chosen) -> list[tuple[str, str]]:
    """Members whose name holds all words of a search: id and name."""
    words = folded(chosen.q).split()
    if not words:
        return []
    found = []
    for member, person in now.night.dossier.people.items():
        name = folded(person.name)
        if all(word in name for word in words):
            found.append((str(member), person.name))
            if len(found) == MOST_PEOPLE:
                break
    return found


PAGES: tuple[Page, ...] = (Page(path="/runs/{run_id}", answer=show_list),)
