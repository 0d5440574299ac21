"""A run's suggestions after everything that was decided about them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from matcher.errors import InputError
from matcher.tables.decisions import Event, Members


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """One suggestion as it stands.

    Attributes:
        id: Its lasting id.
        members: Who would meet, ascending.
        version: How many events touched it, the undone ones and the undoing ones too.
        is_approved: Whether it may be published as it stands.
        is_rejected: Whether it was turned down; its members are free for others. Never with `is_approved`.
        is_locked: Whether its members must stay as they are.
        published_version: The version that went out to its members; None: nobody was told.
            It stays: who was told stays told.
        meets: When, as its members were told (`publish/meeting_times.py`); empty: no time was set, or nobody was told.
        why: One of REJECT_REASONS while it is rejected; else empty.
        words: The words of the rejection.
        note: What was noted last.
        by: Who touched it last; None: it is as the night left it.
        at: When.
    """

    id: str
    members: Members
    version: int = 0
    is_approved: bool = False
    is_rejected: bool = False
    is_locked: bool = False
    published_version: int | None = None
    meets: str = ""
    why: str = ""
    words: str = ""
    note: str = ""
    by: str | None = None
    at: datetime | None = None

    @property
    def is_published(self) -> bool:
        """Whether its members were told, or are about to be."""
        return self.published_version is not None

    @property
    def state(self) -> str:
        """'published', 'approved', 'rejected' or 'open'."""
        if self.is_published:
            return "published"
        return "approved" if self.is_approved else "rejected" if self.is_rejected else "open"


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A run's suggestions after all events that are not undone.

    Attributes:
        suggestions: By id, those of the plan first and in its order; removed ones are not among them.
        versions: Of every suggestion that was ever touched, the removed ones too, how many events did.
        standing: By suggestion the numbers of the events that count, ascending.
        undone: Numbers of events that do not count any more.
    """

    suggestions: Mapping[str, Suggestion]
    versions: Mapping[str, int]
    standing: Mapping[str, tuple[int, ...]]
    undone: frozenset[int]

    def version_of(self, suggestion: str) -> int:
        """How many events touched it; 0 where none did."""
        return self.versions.get(suggestion, 0)

    def may_undo(self, event: Event) -> bool:
        """Whether it counts, and nothing that counts came after it to any suggestion it touched."""
        if event.kind == "undo" or event.number in self.undone:
            return False
        return all(self.standing[one][-1] == event.number for one in event.touched)


def draft_of(suggestions: Mapping[str, Members], events: Iterable[Event], *, kept: Collection[str] = ()) -> Draft:
    """Fold events into a plan's suggestions.

    Args:
        suggestions: Members by id, as the night proposed them.
        events: Of that run, in any order.
        kept: Those that organizers locked or approved in an earlier night: they begin locked.

    Raises:
        InputError: An event is about a suggestion that the plan does not have: it is another plan.
    """
    ordered = sorted(events, key=lambda event: event.number)
    undone = frozenset(event.undoes for event in ordered if event.undoes is not None)
    versions: dict[str, int] = {}
    standing: dict[str, tuple[int, ...]] = {}
    now = {
        one: Suggestion(id=one, members=tuple(sorted(members)), is_locked=one in kept)
        for one, members in suggestions.items()
    }
    for event in ordered:
        counts = event.kind != "undo" and event.number not in undone
        for one in event.touched:
            versions[one] = versions.get(one, 0) + 1
            if counts:
                standing[one] = (*standing.get(one, ()), event.number)
        if counts:
            _apply(now, event)
    now.update({one: replace(now[one], version=version) for one, version in versions.items() if one in now})
    return Draft(suggestions=now, versions=versions, standing=standing, undone=undone)


def _apply(now: dict[str, Suggestion], event: Event) -> None:
    for one in event.touched:
        if one not in now and one not in event.made:
            raise InputError(
                f"the plan is not the one that was decided on; event {event.number} of run {event.run_id} is about "
                f"{one}, which is not in it; bring back the plan with which the review began"
            )
    for one, members in event.lists.items():
        if members is None:
            del now[one]
        elif one not in now or now[one].members != members:
            # Who approved, approved these people: with others it is open again.
            before = now.get(one, Suggestion(id=one, members=members))
            now[one] = replace(before, members=members, is_approved=False, is_rejected=False, why="", words="")
    marked = partial(_marked, event=event)
    now.update({one: marked(now[one]) for one in event.touched if one in now})


def _marked(suggestion: Suggestion, *, event: Event) -> Suggestion:
    last = replace(suggestion, by=event.by, at=event.at)
    match event.kind:
        case "approve":
            return replace(last, is_approved=True, is_rejected=False, why="", words="")
        case "reject":
            return replace(last, is_approved=False, is_rejected=True, why=event.why, words=event.words)
        case "lock" | "unlock":
            return replace(last, is_locked=event.kind == "lock")
        case "note":
            return replace(last, note=event.words)
        case "publish":
            return replace(last, published_version=event.touched[suggestion.id], meets=event.words)
        case _:
            return last
