"""What members answered, and what stands after all of it: values that are only ever added, the later one counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from matcher.errors import InputError
from matcher.tables.decisions import may_be_kept

ANSWER_KINDS: Mapping[str, str] = {
    "yes": "would like to",
    "not_now": "not now",
    "not_with": "not with this person; the other never learns of it",
    "with_again": "with this person after all",
    "pause": "wants no proposals for a while",
    "resume": "wants proposals again",
    "leave": "wants no proposals ever",
    "return": "came back after they had left; only organizers write this down",
    "met": "they met",
    "not_met": "they did not meet",
    "good": "it was good",
    "bad": "it was not good",
    "again": "would meet them again",
    "not_again": "would not meet them again",
}
"""Everything a member may answer, or an organizer write down for them."""

BY_HAND = "-"
"""Run and suggestion of an answer that an organizer wrote down: it is about none."""

_ABOUT_ANOTHER = ("not_with", "with_again")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One answer of one member.

    Attributes:
        link: Id of the signed link and of what was answered by it, unique; `organizer:NAME:…` for what an organizer
            wrote down.
        run_id: The run, or BY_HAND.
        suggestion: The suggestion, or BY_HAND.
        member: Who answers.
        kind: One of ANSWER_KINDS.
        other: For `not_with` and `with_again` the person, elsewhere one it is about or None.
        at: When.
        until: For `pause` its end; else None.

    Raises:
        InputError: It contradicts itself.
    """

    link: str
    run_id: str
    suggestion: str
    member: str
    kind: str
    other: str | None = None
    at: datetime
    until: datetime | None = None

    def __post_init__(self) -> None:
        if self.kind not in ANSWER_KINDS:
            raise InputError(f"there is no such answer; found {self.kind!r}; needs one of {', '.join(ANSWER_KINDS)}")
        said = (self.link, self.run_id, self.suggestion, self.member, self.other or "nobody")
        if not all(map(may_be_kept, said)):
            raise InputError("an id of the answer is missing or cannot be seen; needs ids of visible characters")
        if (self.kind in _ABOUT_ANOTHER and not self.other) or self.other == self.member:
            raise InputError("the answer must say about which other person it is; found none, or the member")
        if (self.until is not None) != (self.kind == "pause"):
            raise InputError(f"a pause ends at an instant, and nothing else does; found {self.kind!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Replies:
    """What the members of one suggestion answered about it; who said nothing is not named.

    Attributes:
        comes: By member whether they come. Whoever asks not to meet one of the others, or leaves, does not, nor does
            whoever pauses without having said yes; it looks like 'not now', so that nobody can tell.
        has_met: By member whether they say that it took place.
        was_good: By member whether they say that it was good.
        again: By member and other whether the first would meet the second again.
    """

    comes: Mapping[str, bool] = field(default_factory=dict)
    has_met: Mapping[str, bool] = field(default_factory=dict)
    was_good: Mapping[str, bool] = field(default_factory=dict)
    again: Mapping[tuple[str, str], bool] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What stands after all answers.

    Attributes:
        left: Members who want no proposals ever.
        paused_until: By member until when they want none; it may be over.
        not_with: Who never wants to meet whom, in this direction; the second never learns of it.
        replies: By run and suggestion.
    """

    left: frozenset[str]
    paused_until: Mapping[str, datetime]
    not_with: frozenset[tuple[str, str]]
    replies: Mapping[tuple[str, str], Replies]

    @property
    def apart(self) -> frozenset[tuple[str, str]]:
        """Pairs, ascending, of whom one never wants to meet the other."""
        return frozenset((min(pair), max(pair)) for pair in self.not_with)

    def is_away(self, member: str, *, at: datetime) -> bool:
        """Whether somebody left, or pauses at an instant."""
        return member in self.left or at < self.paused_until.get(member, _LONG_AGO)

    def away(self, *, at: datetime) -> frozenset[str]:
        """Everyone who left, or pauses at an instant."""
        return self.left | {member for member, until in self.paused_until.items() if at < until}

    def about(self, run_id: str, suggestion: str) -> Replies:
        """What was answered about one suggestion."""
        return self.replies.get((run_id, suggestion), Replies())


_LONG_AGO = datetime.min.replace(tzinfo=UTC)

_SORTS: Mapping[str, tuple[str, bool]] = {
    "yes": ("comes", True), "not_now": ("comes", False), "not_with": ("comes", False), "leave": ("comes", False),
    "met": ("has_met", True), "not_met": ("has_met", False),
    "good": ("was_good", True), "bad": ("was_good", False),
    "again": ("again", True), "not_again": ("again", False),
}  # fmt: skip
"""Which of the replies an answer settles, and how; a later one of the same sort takes its place."""


_Said = dict[str, dict[object, bool]]


def hear(answers: Iterable[Answer]) -> Heard:
    """What stands after answers, in the order in which they came.

    Of one sort the last counts: `yes` and `not_now`, `met` and `not_met`, `good` and `bad`; `again` and `not_again` for
    each other person. `resume` ends a pause, `with_again` takes back a `not_with`, `return` a `leave`.
    """
    left: set[str] = set()
    paused: dict[str, datetime] = {}
    not_with: set[tuple[str, str]] = set()
    replies: dict[tuple[str, str], _Said] = {}
    for one in answers:
        match one.kind:
            case "leave":
                left.add(one.member)
            case "return":
                left.discard(one.member)
            case "pause" if one.until:
                paused[one.member] = one.until
            case "resume":
                paused.pop(one.member, None)
            case "not_with" if one.other:
                not_with.add((one.member, one.other))
            case "with_again" if one.other:
                not_with.discard((one.member, one.other))
        if one.suggestion != BY_HAND:
            _note(replies.setdefault((one.run_id, one.suggestion), {}), one)
    return Heard(
        left=frozenset(left),
        paused_until=paused,
        not_with=frozenset(not_with),
        replies={where: Replies(**said) for where, said in replies.items()},  # type: ignore[arg-type]  # by sort
    )


def _note(said: _Said, answer: Answer) -> None:
    """What an answer says about its suggestion, in place of an earlier one of its sort."""
    if answer.kind == "pause":  # whoever said yes before still comes
        said.setdefault("comes", {}).setdefault(answer.member, False)
    if answer.kind in _SORTS:
        sort, is_so = _SORTS[answer.kind]
        said.setdefault(sort, {})[(answer.member, answer.other) if sort == "again" else answer.member] = is_so
