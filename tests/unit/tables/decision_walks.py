"""A small plan, and everything that organizers may do to it, one random step after another."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from matcher.errors import ConflictError, InputError
from matcher.tables.deciding import next_event, undoing
from matcher.tables.decisions import Decision, Event
from matcher.tables.drafts import Draft, draft_of

PLAN = {
    "g-1": ("a", "b", "c"),
    "g-2": ("d", "e", "f", "g"),
    "i-1": ("x", "y"),
    "i-2": ("x", "z"),
    "t-1": ("a", "d", "z"),
}
"""Two groups, two introductions of one member, a gathering of members of groups and others; x, y, z are in no group."""
EVERYBODY = "abcdefgxyz"
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)

Step = tuple[int, int, int, int]
steps = st.lists(st.tuples(*(st.integers(0, 59) for _ in range(4))), max_size=14)


def walk(taken: list[Step], kept: Collection[str] = ()) -> list[Event]:
    """What comes of wanting all this in turn, where some are kept; what is refused leaves nothing behind."""
    events: list[Event] = []
    for step in taken:
        wanted = decision_of(step, events, kept)
        try:
            events.append(next_event(PLAN, events, wanted, kept=kept))
        except (ConflictError, InputError):
            continue
    return events


def decision_of(step: Step, events: list[Event], kept: Collection[str] = ()) -> Decision:
    """What one step wants, having seen everything so far; it may well be illegal."""
    draft = draft_of(PLAN, events, kept=kept)
    what, one, two, who = step
    ids = list(draft.suggestions)
    first, second = ids[one % len(ids)], ids[two % len(ids)]
    at = NOON + timedelta(minutes=len(events))
    by = "Ana" if who % 3 else "Ben"
    if what % 6 == 0 and events:
        return undoing(draft, events[one % len(events)], by=by, at=at)
    if what % 6 < 4:
        kind = ("approve", "reject", "lock", "unlock", "note", "publish")[who % 6]
        why = "too_far" if kind == "reject" else ""
        return _seen(draft, {first: None}, kind=kind, by=by, at=at, why=why, words="as we said")
    return _seen(draft, _lists(draft, first, second, step), kind="change", by=by, at=at)


def _lists(draft: Draft, first: str, second: str, step: Step) -> Mapping[str, tuple[str, ...] | None]:
    """A split, a merge, or somebody more."""
    members = draft.suggestions[first].members
    match step[0] % 3:
        case 0 if len(members) >= 4:
            return {first: members[:2], "+1": members[2:]}
        case 1 if first != second:
            return {first: tuple({*members, *draft.suggestions[second].members}), second: None}
        case _:
            return {first: tuple({*members, EVERYBODY[step[3] % len(EVERYBODY)]})}


def _seen(  # noqa: PLR0913 - a decision has so many parts
    draft: Draft,
    lists: Mapping[str, tuple[str, ...] | None],
    *,
    kind: str,
    by: str,
    at: datetime,
    why: str = "",
    words: str = "",
) -> Decision:
    touched = {one: draft.version_of(one) for one in lists if not one.startswith("+")}
    return Decision(
        run_id="r",
        kind=kind,
        by=by,
        at=at,
        touched=touched,
        lists=lists if kind == "change" else {},
        why=why,
        words=words,
    )
