"""What the next page says about what was just done."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from matcher.publish.wording import counted, day

TOLD: Mapping[str, str] = {
    "approve": "Approved: {}.",
    "reject": "Rejected: {}; the members are free for others.",
    "lock": "Locked: {}; the members stay as they are.",
    "unlock": "Unlocked: {}.",
    "note": "The note is kept: {}.",
    "change": "Changed: {}.",
    "resolve": "Formed anew: {}.",
    "undo": "Undone, for {}.",
}
"""By kind of decision; it goes on with which suggestions."""

MOST_TOLD = 3


def told(kind: str, suggestions: Sequence[str]) -> str:
    """Say what was done to which suggestions; many are counted."""
    few = len(suggestions) <= MOST_TOLD
    return TOLD[kind].format(", ".join(suggestions) if few else counted(len(suggestions), "suggestion"))


def instant(at: datetime) -> str:
    """Write an instant: '3 May 2024, 14:05 UTC'."""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M} UTC"
