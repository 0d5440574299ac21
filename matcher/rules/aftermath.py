"""From everything that was decided and answered to what is in force tonight."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations

from matcher.rules.rejections import AFTER, BAD_MEETING_DAYS, ONE_TOO_MANY, UNSAFE, UNSAFE_GROUP_DAYS
from matcher.tables.answered import Heard, Replies
from matcher.tables.decided import Barred, Decided, Held, Pair, kind_of
from matcher.tables.decisions import Members
from matcher.tables.drafts import Draft, Suggestion

City = tuple[str, float, float]
"""Name, degrees north, degrees east."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewedRun:
    """A run about which anything was decided.

    Attributes:
        run_id: Its id.
        as_of: The instant that it saw the community at.
        draft: Its suggestions as they stand.
        hubs: By gathering the city that the night chose.
        unlocked: Suggestions of which somebody said that they need not stay.
    """

    run_id: str
    as_of: datetime
    draft: Draft
    hubs: Mapping[str, City] = field(default_factory=dict)
    unlocked: frozenset[str] = frozenset()

    @property
    def published(self) -> tuple[Suggestion, ...]:
        """What its members were told of."""
        return tuple(one for one in self.draft.suggestions.values() if one.is_published)


def follow(runs: Sequence[ReviewedRun], heard: Heard, as_of: datetime, *, days_apart: float) -> Decided:
    """What decisions and answers ask of a night.

    Decisions count from the instant that their run saw the community at; what a later run saw is not heard. A pause
    and a wish not to meet somebody are kept whenever they were said.

    Args:
        runs: In the order in which they were made live.
        heard: What stands after all answers.
        as_of: The instant of the night.
        days_apart: Who was told of a suggestion of a run less than so many days ago has an open invitation.
    """
    past = [run for run in runs if run.as_of <= as_of]
    open_runs = [run for run in past if run.as_of > as_of - timedelta(days=days_apart)]
    invited = {member for run in open_runs for one in run.published for member in one.members}
    paused = {member for member, until in heard.paused_until.items() if as_of < until}
    turned_down = tuple(_turned_down(past, as_of))
    met_badly = {pair for run in past for pair in _met_badly(run, heard, as_of)}
    apart = dict.fromkeys(sorted(_rejected_pairs(turned_down, is_unsafe=False, as_of=as_of)), "rejected")
    apart |= dict.fromkeys(sorted(_rejected_pairs(turned_down, is_unsafe=True, as_of=as_of)), "unsafe")
    apart |= dict.fromkeys(sorted(heard.apart | met_badly), "declined")
    told = {(kind_of(one.id), one.members) for run in open_runs for one in run.published}
    return Decided(
        apart=apart,
        resting={**dict.fromkeys(sorted(invited), "invited_lately"), **dict.fromkeys(sorted(paused), "paused")},
        left=heard.left,
        held=tuple(one for one in _held(past) if (one.kind, one.members) not in told),
        barred=tuple(_barred(turned_down)),
        again=frozenset(pair for run in past for pair in _again(run, heard)) - apart.keys(),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _TurnedDown:
    """A rejected suggestion whose rejection still has an effect."""

    kind: str
    members: Members
    why: str
    run_at: datetime


def _turned_down(runs: Iterable[ReviewedRun], as_of: datetime) -> Iterator[_TurnedDown]:
    """Suggestions that are rejected; of the same people the last word counts, in whichever run it was said."""
    last: dict[tuple[str, Members], _TurnedDown | None] = {}
    for run in runs:
        for one in run.draft.suggestions.values():
            same = kind_of(one.id), one.members
            if one.is_rejected:
                last[same] = _TurnedDown(kind=same[0], members=same[1], why=one.why, run_at=run.as_of)
            elif one.is_approved or one.is_locked or one.is_published:
                last[same] = None
    for same, rejected in sorted(last.items()):
        if rejected and _lasts(rejected.run_at, getattr(AFTER[rejected.why], same[0]), as_of):
            yield rejected


def _rejected_pairs(turned_down: Iterable[_TurnedDown], *, is_unsafe: bool, as_of: datetime) -> Iterator[Pair]:
    """Pairs whom rejections keep apart: those of introductions, and all of a group that might not be safe."""
    for one in turned_down:
        is_torn = one.kind == "group" and one.why == UNSAFE and _lasts(one.run_at, UNSAFE_GROUP_DAYS, as_of)
        if (one.why == UNSAFE) == is_unsafe and (one.kind == "introduction" or is_torn):
            yield from combinations(one.members, 2)


def _barred(turned_down: Iterable[_TurnedDown]) -> Iterator[Barred]:
    for one in turned_down:
        if one.kind != "introduction":
            is_whole = one.kind == "group" or one.why == ONE_TOO_MANY
            n_same = len(one.members) if is_whole else len(one.members) // 2 + 1
            yield Barred(kind=one.kind, members=one.members, n_same=n_same)


def _held(runs: Sequence[ReviewedRun]) -> tuple[Held, ...]:
    """Locked or approved, and nobody was told.

    What one run kept, the next one proposes again, where nobody need say so once more: it stays until it is unlocked,
    rejected, published or given other members.
    """
    kept: dict[tuple[str, Members], Held] = {}
    for run in runs:
        before, kept = kept, {}
        for one in run.draft.suggestions.values():
            same = kind_of(one.id), one.members
            stays = same in before and one.id not in run.unlocked
            if (stays or one.is_locked or one.is_approved) and not one.is_rejected and not one.is_published:
                kept[same] = Held(kind=same[0], members=same[1], hub=run.hubs.get(one.id))
    return tuple(kept[same] for same in sorted(kept))


def _met_badly(run: ReviewedRun, heard: Heard, as_of: datetime) -> Iterator[Pair]:
    """Pairs of whom one would not meet the other again; and of introductions that were not good, for a while."""
    for one in run.published:
        replies = heard.about(run.run_id, one.id)
        yield from (_pair(*who) for who, again in _whom(replies, one.members) if not again)
        was_bad = not all(replies.was_good.values())
        if kind_of(one.id) == "introduction" and was_bad and _lasts(run.as_of, BAD_MEETING_DAYS, as_of):
            yield from combinations(one.members, 2)


def _again(run: ReviewedRun, heard: Heard) -> Iterator[Pair]:
    """Pairs of whom each would meet the other again."""
    for one in run.published:
        wanted = {who for who, again in _whom(heard.about(run.run_id, one.id), one.members) if again}
        yield from (_pair(a, b) for a, b in wanted if (b, a) in wanted)


def _whom(replies: Replies, members: Members) -> Iterator[tuple[tuple[str, str], bool]]:
    """Who would or would not meet whom again; who names nobody speaks of all the others."""
    for (member, other), again in replies.again.items():
        others = [other] if other else [one for one in members if one != member]
        yield from (((member, one), again) for one in others)


def _pair(a: str, b: str) -> Pair:
    return (min(a, b), max(a, b))


def _lasts(since: datetime, days: float | None, as_of: datetime) -> bool:
    return days is None or as_of < since + timedelta(days=days)
