"""What may be decided next: a decision fits the draft as it is now, or is refused.

Here is what follows from events alone. Whether a change keeps the rules, and what it costs, is asked in
`arrangement/changes.py`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from matcher.errors import ConflictError, InputError
from matcher.tables.decisions import KINDS, Decision, Event, Members
from matcher.tables.drafts import Draft, Suggestion, draft_of

_KINDS_APART = {"g": "group", "n": "group", "t": "gathering"}
"""By the first letter of an id; a member sits in at most one of each. Introductions keep limits of their own."""

_SEATING = ("change", "resolve", "undo")
"""Kinds after which somebody may sit where they did not before; so they may when what was rejected is approved."""


def next_event(
    suggestions: Mapping[str, Members], events: Sequence[Event], decision: Decision, *, kept: Collection[str] = ()
) -> Event:
    """The event that a decision becomes after these events, if it still fits.

    Args:
        suggestions: Members by id, as the night proposed them.
        events: All of that run so far.
        decision: What is wanted.
        kept: Suggestions that begin locked.

    Raises:
        ConflictError: Somebody decided first: a suggestion is no longer as it was seen, or a member has been seated
            elsewhere meanwhile, or the event to undo is no longer the latest.
        InputError: It was never possible: an unknown suggestion, a change of a locked one, an undo of an undo.
    """
    draft = draft_of(suggestions, events, kept=kept)
    _refuse_stale(draft, events, decision)
    if decision.kind == "undo":
        _refuse_undo(draft, events, decision)
    else:
        _refuse_unknown(draft, decision)
        _refuse_published(draft, decision)
    event = Event.of(decision, len(events) + 1)
    if event.kind in _SEATING or any(one.is_rejected for one in _touched(draft, event)):
        _refuse_two_seats(draft_of(suggestions, (*events, event), kept=kept), events, event)
    return event


def undoing(draft: Draft, event: Event, *, by: str, at: datetime) -> Decision:
    """The decision that takes an event back, as seen from a draft."""
    seen = {one: draft.version_of(one) for one in event.touched}
    return Decision(run_id=event.run_id, kind="undo", by=by, at=at, touched=seen, lists={}, undoes=event.number)


def _touched(draft: Draft, event: Event) -> list[Suggestion]:
    return [draft.suggestions[one] for one in event.touched if one in draft.suggestions]


def _refuse_stale(draft: Draft, events: Sequence[Event], decision: Decision) -> None:
    for one, seen in decision.touched.items():
        version = draft.version_of(one)
        if seen < version:
            first = [event for event in events if one in event.touched][seen]
            raise ConflictError(
                f"{one} is no longer as it was when you looked at it; {_told(first)}, "
                f"and it is now at version {version}; look at it again, then decide"
            )
        if seen > version:
            raise InputError(f"{one} was never at version {seen}; found {version}; load the page again")


def _refuse_unknown(draft: Draft, decision: Decision) -> None:
    unknown = [one for one in decision.touched if one not in draft.suggestions]
    if unknown:
        raise InputError(f"the draft has no such suggestion; found {unknown[:3]}; load the page again")
    changed = [one for one in decision.lists if one in draft.suggestions]
    locked = [one for one in changed if draft.suggestions[one].is_locked and _differs(draft, decision, one)]
    if locked:
        raise InputError(f"a locked suggestion keeps its members; found {locked[:3]}; unlock it first")


def _refuse_published(draft: Draft, decision: Decision) -> None:
    """What went out stays as it went out; only a note may still be written."""
    seen = [draft.suggestions[one] for one in decision.touched]
    out = [one.id for one in seen if one.is_published]
    is_as_it_was = decision.kind == "resolve" and not any(_differs(draft, decision, one) for one in out)
    if out and decision.kind != "note" and not is_as_it_was:
        raise InputError(f"what was published stays as its members know it; found {out[:3]}; write a note instead")
    unready = [one.id for one in seen if not one.is_approved]
    if decision.kind == "publish" and unready:
        raise InputError(f"only what is approved may be published; found {unready[:3]} open or rejected; approve first")


def _differs(draft: Draft, decision: Decision, suggestion: str) -> bool:
    return suggestion in decision.lists and decision.lists[suggestion] != draft.suggestions[suggestion].members


def _refuse_undo(draft: Draft, events: Sequence[Event], decision: Decision) -> None:
    target = next((event for event in events if event.number == decision.undoes), None)
    if target is None or target.kind == "undo":
        raise InputError(f"there is nothing to undo in event {decision.undoes}; to undo an undo, decide again")
    if set(decision.touched) != set(target.touched):
        raise InputError(f"an undo touches what the event did; needs {sorted(target.touched)[:3]}")
    if target.kind == "publish":
        raise InputError(f"event {target.number} cannot be undone: its members were told; write a note instead")
    if target.number in draft.undone:
        undo = next(event for event in events if event.undoes == target.number)
        raise ConflictError(f"event {target.number} is undone already; {_told(undo)}; load the page again")
    if not draft.may_undo(target):
        later = max(draft.standing[one][-1] for one in target.touched)
        raise ConflictError(
            f"event {target.number} is not the latest for all that it touched; "
            f"{_told(next(event for event in events if event.number == later))}; undo that first"
        )


def _refuse_two_seats(after: Draft, events: Sequence[Event], event: Event) -> None:
    seats: dict[tuple[str, str], str] = {}
    for one in sorted(after.suggestions.values(), key=lambda one: one.id not in event.touched, reverse=True):
        kind = _KINDS_APART.get(one.id[:1])
        if kind is None or one.is_rejected:
            continue
        for member in one.members:
            other = seats.setdefault((kind, member), one.id)
            if other != one.id and one.id in event.touched:
                last = next((past for past in reversed(events) if other in past.touched), None)
                found = f"{_told(last)}" if last else f"{other} is as the night left it"
                raise ConflictError(f"{member} would sit in {one.id} and in {other}; {found}; free them there first")


def _told(event: Event) -> str:
    subjects = ", ".join(list(event.touched)[:3]) + (" and others" if len(event.touched) > 3 else "")
    return f"{event.by} {KINDS[event.kind]} at {event.at:%Y-%m-%d %H:%M:%S} UTC (event {event.number}: {subjects})"
