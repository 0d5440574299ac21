"""The page of one suggestion: its evidence card, the forms that decide about it, and the way to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.responses import Response

from matcher.errors import MissingError
from matcher.review.card import card_of
from matcher.review.overview import Chosen, Row, chosen_by, rows_of, select, states_of
from matcher.review.standing import GATHERINGS, GROUPS, Standing, standing
from matcher.review.telling import instant
from matcher.review.visits import Page, Visit
from matcher.review.wishes import CHANGES, Wish
from matcher.tables.decisions import MAX_WORDS, REJECT_REASONS
from matcher.tables.drafts import Suggestion

OF_ONE = ("swap", "move", "remove")
"""Changes that are about one member of the group; the others are about all of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbours:
    """Where a suggestion is in its list, and what is beside it; an id is empty where there is none.

    Attributes:
        place: From 1.
        n_all: How many the list holds.
        before: The one before it.
        after: The one after it.
        next_open: The next that is not decided, from the top again after the last.
    """

    place: int
    n_all: int
    before: str
    after: str
    next_open: str


def show_card(visit: Visit) -> Response:
    """The card of a suggestion.

    Raises:
        MissingError: There is no such run, or no such suggestion in it now.
    """
    run_id, one = visit.path["run_id"], visit.path["suggestion"]
    now, chosen = standing(visit.desk, run_id), chosen_by(visit.query)
    suggestion = _found(now, one)
    beside = neighbours(now, chosen, one)
    after = beside.next_open
    return visit.show(
        "card.html.jinja",
        run_id=run_id,
        dossier=now.night.dossier,
        card=card_of(now, suggestion, visit.desk.decisions.events(run_id)),
        chosen=chosen,
        beside=beside,
        onward=f"/runs/{run_id}" + (f"/suggestions/{after}" if after else "") + chosen.query(page=1),
        changes=_changes(run_id, suggestion),
        reasons=REJECT_REASONS,
        most_words=MAX_WORDS,
        instant=instant,
        may_decide=visit.may("organizer"),
    )


def neighbours(now: Standing, chosen: Chosen, suggestion: str) -> Neighbours:
    """What is beside a suggestion in the list that one came from; where it is not in it, in the list of its kind.

    What was just decided stays between the same two, though a list of what is not decided has lost it.
    """
    order = select(now, replace(chosen, state=""))
    at = _place(order, suggestion)
    if at is None:
        kind = next(row.facts.kind for row in rows_of(now) if row.now.id == suggestion)
        chosen = Chosen(kind=kind)
        order = select(now, chosen)
        at = _place(order, suggestion) or 0

    def first(candidates: Sequence[Row], state: str) -> str:
        return next((row.now.id for row in candidates if not state or state in states_of(row)), "")

    return Neighbours(
        place=at + 1,
        n_all=len(order),
        before=first(order[:at][::-1], chosen.state),
        after=first(order[at + 1 :], chosen.state),
        next_open=first([*order[at + 1 :], *order[:at]], "open"),
    )


def _place(order: Sequence[Row], suggestion: str) -> int | None:
    return next((place for place, row in enumerate(order) if row.now.id == suggestion), None)


def _found(now: Standing, one: str) -> Suggestion:
    suggestion = now.suggestion(one)
    if suggestion is None and one in now.draft.versions:
        raise MissingError(
            f"{one[:40]} is not there any more; it was dissolved; what was decided about it is in the log"
        )
    if suggestion is None:
        raise MissingError(f"there is no such suggestion; found {one[:40]!r}; it may be of another night")
    return suggestion


def _changes(run_id: str, suggestion: Suggestion) -> Mapping[str, Mapping[str, str]]:
    """Addresses of changes by their words: under '' those of the whole group, else under a member's id."""
    if suggestion.is_locked or suggestion.is_published or not suggestion.id.startswith((*GROUPS, GATHERINGS)):
        return {}
    possible = ("remove",) if suggestion.id.startswith(GATHERINGS) else tuple(CHANGES)
    whole = {CHANGES[kind]: Wish(kind=kind, group=suggestion.id) for kind in possible if kind not in OF_ONE}
    found = {"": {words: wish.address(run_id) for words, wish in whole.items()}}
    for member in suggestion.members:
        wishes = {kind: Wish(kind=kind, group=suggestion.id, member=member) for kind in possible if kind in OF_ONE}
        found[member] = {kind: wish.address(run_id) for kind, wish in wishes.items()}
    return found


PAGES: tuple[Page, ...] = (Page(path="/runs/{run_id}/suggestions/{suggestion}", answer=show_card),)
