"""What organizers decide about the suggestions of one run: values that are only ever added, never changed.

What a run's suggestions look like after all of them stands in `drafts.py`; what may be decided next, in `deciding.py`.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from matcher.errors import InputError

Members = tuple[str, ...]

KINDS: Mapping[str, str] = {
    "approve": "approved it",
    "reject": "rejected it",
    "lock": "locked it",
    "unlock": "unlocked it",
    "note": "wrote a note",
    "change": "changed its members",
    "resolve": "had groups formed anew",
    "publish": "published it",
    "undo": "undid a decision",
}
"""Every kind of decision, in words that follow the organizer's name."""

REJECT_REASONS: Mapping[str, str] = {
    "wrong_people": "these people would not get on",
    "one_does_not_fit": "one of them does not fit; the others would",
    "too_far": "it is too far for somebody",
    "not_now": "a good idea, but not now",
    "they_know_each_other_already": "they know each other already",
    "weak_reason": "what speaks for it is not convincing",
    "safety": "somebody might not be safe, or not at ease",
    "other": "something else; the words say what",
}
"""Why a suggestion may be rejected, by code."""

NEW = "+"
"""In a decision a suggestion that does not exist yet is called `+1`, `+2`, …; the event gives it its id for good."""

MAX_WORDS = 1_000
_LISTING = ("change", "resolve")
_TURNS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks that turn the direction of writing or cannot be seen, so that text would not read as it is stored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What an organizer wants done, and what they were looking at.

    Attributes:
        run_id: The run whose suggestions it is about.
        kind: One of KINDS.
        by: Name of the organizer's account.
        at: When, in UTC.
        touched: By suggestion the version that the organizer saw: the number of events that had touched it.
        lists: For `change` and `resolve`, by suggestion the members afterwards, ascending; None: it is removed. A
            suggestion that does not exist yet is called `+1`, `+2`, …
        why: For `reject`, one of REJECT_REASONS; else empty.
        words: What the organizer adds; for `note` the note itself, for `publish` when they meet. Cleaned by
            `clean_words`.
        undoes: For `undo`, the number of the event.

    Raises:
        InputError: It contradicts itself.
    """

    run_id: str
    kind: str
    by: str
    at: datetime
    touched: Mapping[str, int]
    lists: Mapping[str, Members | None]
    why: str = ""
    words: str = ""
    undoes: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "touched", dict(sorted(self.touched.items())))
        lists = {one: None if who is None else tuple(sorted(who)) for one, who in sorted(self.lists.items())}
        object.__setattr__(self, "lists", lists)
        object.__setattr__(self, "words", clean_words(self.words))
        _check_whole(self)
        _check_kind(self)
        for one, members in lists.items():
            _check_list(self, one, members)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event(Decision):
    """A decision that was taken.

    Attributes:
        number: Its place among the run's events, from 1, without gaps. Suggestions it made are called `n-NUMBER`.
    """

    number: int

    @classmethod
    def of(cls, decision: Decision, number: int) -> "Event":
        """The event that a decision becomes; what it makes gets its id."""
        # Not astuple: it would copy deeply.
        values = {one.name: getattr(decision, one.name) for one in fields(Decision)}
        fresh = sorted((one for one in decision.lists if one.startswith(NEW)), key=lambda one: (len(one), one))
        ids = {one: f"n-{number}" + (f"-{place}" if place > 1 else "") for place, one in enumerate(fresh, start=1)}
        values["lists"] = {ids.get(one, one): members for one, members in decision.lists.items()}
        values["touched"] = {**decision.touched, **dict.fromkeys(ids.values(), 0)}
        return cls(number=number, **values)

    @property
    def made(self) -> tuple[str, ...]:
        """Ids of the suggestions that did not exist before."""
        return tuple(one for one in self.lists if one == f"n-{self.number}" or one.startswith(f"n-{self.number}-"))


def clean_words(text: str) -> str:
    """Make what an organizer typed safe to keep: composed, lines ended one way, no controls, no turned writing.

    Raises:
        InputError: It is longer than MAX_WORDS characters.
    """
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(one for one in lines if one == "\n" or not _is_unfit(one)).strip()
    if len(kept) > MAX_WORDS:
        raise InputError(f"the words are too long; found {len(kept)} characters; needs at most {MAX_WORDS}")
    return kept


def may_be_kept(name: str) -> bool:
    """Whether an id or name is there and every database can hold it: no controls, no halves of characters."""
    return bool(name) and not any(unicodedata.category(one) in ("Cc", "Cs") for one in name)


def _is_unfit(letter: str) -> bool:
    return letter in _TURNS or unicodedata.category(letter) in ("Cc", "Cs")


def _check_whole(decision: Decision) -> None:
    if decision.kind not in KINDS:
        raise InputError(f"there is no such decision; found {decision.kind!r}; needs one of {', '.join(KINDS)}")
    seated = [member for members in decision.lists.values() for member in members or ()]
    if not all(map(may_be_kept, (decision.run_id, decision.by, *decision.touched, *decision.lists, *seated))):
        raise InputError("an id or name in the decision is missing or cannot be seen; needs visible characters")
    if decision.at.utcoffset() != timedelta(0):
        raise InputError(f"the instant of a decision must be in UTC; found {decision.at.isoformat()}")
    if not decision.touched and not decision.lists:
        raise InputError("the decision is about nothing; needs at least one suggestion")
    bad = [one for one, version in decision.touched.items() if version < 0 or one.startswith(NEW)]
    if bad:
        raise InputError(f"these cannot have been seen; found {bad[:3]}; needs ids with versions from 0")


def _check_kind(decision: Decision) -> None:
    if bool(decision.lists) != (decision.kind in _LISTING):
        raise InputError(f"members go with {' and '.join(_LISTING)} and with nothing else; found {decision.kind!r}")
    if (decision.undoes is not None) != (decision.kind == "undo"):
        raise InputError(f"an undo, and nothing else, names the event it undoes; found {decision.kind!r}")
    if (decision.why in REJECT_REASONS) != (decision.kind == "reject") or (decision.why and decision.kind != "reject"):
        known = ", ".join(REJECT_REASONS)
        raise InputError(
            f"a rejection, and nothing else, needs a reason; found {decision.why!r} for {decision.kind!r}; "
            f"needs one of {known}"
        )
    if decision.why == "other" and not decision.words:
        raise InputError("the reason 'other' needs words; found none; say in a few what is wrong")


def _check_list(decision: Decision, suggestion: str, members: Members | None) -> None:
    is_new = suggestion.startswith(NEW)
    if not is_new and suggestion not in decision.touched:
        raise InputError(f"{suggestion} is changed unseen; needs the version that was looked at")
    if is_new and (members is None or not suggestion.removeprefix(NEW).isdecimal()):
        raise InputError(f"a new suggestion needs members and a name like +1; found {suggestion!r}")
    if members is not None and (len(members) < 2 or len(set(members)) < len(members)):
        raise InputError(f"{suggestion} needs two or more different members; found {len(members)}: {members[:3]}")
