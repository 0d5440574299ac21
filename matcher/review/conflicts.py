"""Somebody decided first: who did what and when, how it is now, and what had been typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from matcher.errors import ConflictError, InputError
from matcher.review.standing import Standing, standing
from matcher.review.telling import instant
from matcher.review.visits import Visit
from matcher.tables.deciding import next_event
from matcher.tables.decisions import Decision


@dataclass(frozen=True, kw_only=True, slots=True)
class Now:
    """A suggestion as it is now; `state` is empty where it is not there any more."""

    id: str
    version: int
    state: str
    is_locked: bool
    names: str
    touched: str


def show_conflict(
    visit: Visit,
    conflict: ConflictError,
    suggestions: Sequence[str],
    *,
    again: Mapping[str, str] | None = None,
    look: str = "",
) -> Response:
    """The page that says so.

    Args:
        visit: Whose words are kept on the page.
        conflict: Who, what, when.
        suggestions: What it is about.
        again: Fields of a form that decides the same about the suggestions as they are now; None: there is none.
        look: Address of a page that looks at it anew; empty: the suggestions'.
    """
    now = standing(visit.desk, visit.path["run_id"])
    return visit.show(
        "conflict.html.jinja",
        status=409,
        message=str(conflict),
        found=[_as_it_is(now, one) for one in suggestions],
        words=visit.said("words"),
        again_label=f"{(again or {}).get('kind', '').capitalize()} it all the same, as it is now",
        again=again if all(one in now.draft.suggestions for one in suggestions) else None,
        look=look,
    )


def seen_versions(visit: Visit) -> Mapping[str, int]:
    """The suggestions that a form names, each with the version that was looked at.

    They come as fields `suggestion` and `version`, paired; or, where one may choose among many, as a field `chosen`
    with both in each; a button `only` beside one of these stands for that one alone.

    Raises:
        InputError: They do not pair up.
    """
    ids, versions = (visit.form.get(name, ()) for name in ("suggestion", "version"))
    for pair in visit.form.get("only") or visit.form.get("chosen", ()):
        one, _, version = pair.partition(" ")
        ids, versions = (*ids, one), (*versions, version)
    are_plain = all(one.isascii() and one.isdigit() and len(one) < MOST_DIGITS for one in versions)
    if not ids:
        raise InputError("the decision is about nothing; needs at least one suggestion; choose some, then decide")
    if len(ids) != len(versions) or len({*ids}) < len(ids) or not are_plain:
        raise InputError(
            f"each suggestion needs the version that was looked at; found {len(ids)} suggestions and {len(versions)} "
            "versions; load the page again"
        )
    return {one: int(version) for one, version in zip(ids, versions, strict=True)}


def refuse_stale(visit: Visit, seen: Mapping[str, int]) -> None:
    """Refuse what was not seen as it is now, before anything is computed from it.

    Raises:
        ConflictError: Somebody decided first; the message says who, what and when.
        InputError: There is no such suggestion.
    """
    run_id = visit.path["run_id"]
    # Nothing but its age ever speaks against a note.
    note = Decision(run_id=run_id, kind="note", by=visit.name, at=visit.desk.clock(), touched=seen, lists={})
    night = visit.desk.nights.night(run_id)
    next_event(night.suggestions, visit.desk.decisions.events(run_id), note, kept=night.kept)


MOST_DIGITS = 9


def _as_it_is(now: Standing, one: str) -> Now:
    found = now.suggestion(one)
    if found is None:
        return Now(id=one, version=0, state="", is_locked=False, names="", touched="")
    touched = f"{found.by}, {instant(found.at)}" if found.by and found.at else ""
    return Now(
        id=one,
        version=found.version,
        state=found.state,
        is_locked=found.is_locked,
        names=now.names(found.members),
        touched=touched,
    )
