"""Events as the log tells them: who, when, what, why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matcher.publish.meeting_times import read_time_text, time_in_words
from matcher.review.standing import Standing
from matcher.tables.decisions import KINDS, REJECT_REASONS, Event, Members

Change = tuple[Members | None, Members | None]
"""A suggestion's members before and after; None: it was not there, or is not any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """A suggestion that an event touched.

    Attributes:
        id: Its id.
        version: The version that the organizer saw.
        names: Its members, after the event if there were any.
        became: What became of them, or empty where they stayed.
    """

    id: str
    version: int
    names: str
    became: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One event in words.

    Attributes:
        event: What it was.
        what: What was done, in words that follow the organizer's name.
        about: What it touched.
        why: Why it was rejected, or empty.
        words: What the organizer added, or empty.
        is_undone: Whether it does not count any more.
        may_undo: Whether it can be undone now.
    """

    event: Event
    what: str
    about: tuple[About, ...]
    why: str
    words: str
    is_undone: bool
    may_undo: bool


def changes_of(suggestions: Mapping[str, Members], events: Sequence[Event]) -> Mapping[int, Mapping[str, Change]]:
    """What each event did to whose members, by its number; an undo does the opposite of what it undoes.

    Args:
        suggestions: Members by id, as the night proposed them.
        events: All of the run, in order.
    """
    now: dict[str, Members | None] = {one: tuple(sorted(members)) for one, members in suggestions.items()}
    done: dict[int, Mapping[str, Change]] = {}
    for event in events:
        if event.undoes is not None:
            changes = {one: (after, before) for one, (before, after) in done[event.undoes].items()}
        else:
            before = {one: now.get(one) for one in event.touched}
            changes = {one: (before[one], event.lists.get(one, before[one])) for one in event.touched}
        done[event.number] = changes
        now.update({one: after for one, (_, after) in changes.items()})
    return done


def lines_of(now: Standing, events: Iterable[Event], changes: Mapping[int, Mapping[str, Change]]) -> list[Line]:
    """Events in words, in the order given."""
    return [_line(now, event, changes[event.number]) for event in events]


def _line(now: Standing, event: Event, changes: Mapping[str, Change]) -> Line:
    what = KINDS[event.kind] if event.undoes is None else f"undid event {event.undoes}"
    when = read_time_text(event.words) if event.kind == "publish" else None
    return Line(
        event=event,
        what=f"{what}, to meet on {time_in_words(when)}" if when else what,
        about=tuple(_about(now, one, version, changes[one]) for one, version in event.touched.items()),
        why=REJECT_REASONS.get(event.why, ""),
        words="" if when else event.words,
        is_undone=event.number in now.draft.undone,
        may_undo=now.draft.may_undo(event) and event.kind != "publish",
    )


def _about(now: Standing, one: str, version: int, change: Change) -> About:
    before, after = change
    became = "" if before == after else _became(now, before, after)
    return About(id=one, version=version, names=now.names(after or before or ()), became=became)


def _became(now: Standing, before: Members | None, after: Members | None) -> str:
    if after is None:
        return "was dissolved"
    if before is None:
        return f"is new, with {now.names(after)}"
    came, went = (sorted({*one} - {*other}) for one, other in ((after, before), (before, after)))
    said = ((came, "came"), (went, "went"))
    return ", ".join(f"{now.names(who)} {what}" for who, what in said if who)
