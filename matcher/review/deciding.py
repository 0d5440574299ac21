"""Deciding about suggestions as they are: approve, reject, lock, unlock, note."""

from starlette.responses import Response

from matcher.errors import ConflictError, InputError, MissingError
from matcher.review.conflicts import seen_versions, show_conflict
from matcher.review.refusals import refusals
from matcher.review.standing import Standing, standing
from matcher.review.telling import told
from matcher.review.visits import Page, Visit
from matcher.tables.decisions import Decision

SIMPLE = ("approve", "reject", "lock", "unlock", "note")
"""Kinds of decisions that leave the members as they are."""


def decide(visit: Visit) -> Response:
    """Take a decision about one suggestion, or the same about several at once: all of them or none.

    Raises:
        InputError: It was never possible, or a rule speaks against it; the message says which.
        MissingError: There is no such suggestion.
    """
    now, kind, seen = standing(visit.desk, visit.path["run_id"]), visit.said("kind"), seen_versions(visit)
    if kind not in SIMPLE:
        raise InputError(f"there is no such decision; found {kind[:40]!r}; needs one of {', '.join(SIMPLE)}")
    _refuse_missing(now, [*seen])
    decision = Decision(
        run_id=visit.path["run_id"],
        kind=kind,
        by=visit.name,
        at=visit.desk.clock(),
        touched=seen,
        lists={},
        why=visit.said("why") if kind == "reject" else "",
        words=visit.said("words"),
    )
    # What is not as it was seen any more is the store's to tell; nobody can come between this look and its own.
    if kind == "approve" and all(now.draft.version_of(one) == version for one, version in seen.items()):
        refuse_unfit(now, [*seen])
    try:
        visit.desk.decisions.append(decision, now.night.suggestions, kept=now.night.kept)
    except ConflictError as conflict:
        again = {"kind": kind, "why": decision.why, "next": visit.said("next")}
        return show_conflict(visit, conflict, [*seen], again=again)
    return visit.go(visit.said("next") or f"/runs/{decision.run_id}", told=told(kind, [*seen]))


def refuse_unfit(now: Standing, suggestions: list[str]) -> None:
    """Refuse to approve what may not go to its members.

    Raises:
        InputError: For each such suggestion it says why.
    """
    against = {one: refusals(now, now.draft.suggestions[one]) for one in suggestions if now.suggestion(one)}
    said = [f"{one} cannot be approved: {' '.join(why)}" for one, why in against.items() if why]
    if said:
        raise InputError(" ".join((*said, "Nothing was recorded; change the members, or reject it.")))


def _refuse_missing(now: Standing, suggestions: list[str]) -> None:
    """Those that are gone were there once; a decision about them is a conflict, which the store tells."""
    missing = [one for one in suggestions if one not in now.draft.suggestions and one not in now.draft.versions]
    if missing:
        raise MissingError(f"there is no such suggestion; found {missing[0][:40]!r}; it may be of another night")


PAGES: tuple[Page, ...] = (Page(path="/runs/{run_id}/decide", answer=decide, needs="organizer", is_form=True),)
