"""From everything that was decided and answered to what is in force tonight."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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

Same = tuple[str, Members]
"""Kind and members: the same people proposed again are the same suggestion."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewedRun:
    """A run about which anything was decided.

    Attributes:
        run_id: Its id.
        as_of: The instant that it saw the community at.
        draft: Its suggestions as they stand.
        hubs: By gathering the city that the night chose.
        kept: Suggestions that the night found kept, each with the run in which organizers said so.
        kept_by: By suggestion the number of the last event that locked or approved it.
        n_events: How many there are.
        heard: By run how many of its events the night had read.
    """

    run_id: str
    as_of: datetime
    draft: Draft
    hubs: Mapping[str, City] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    kept_by: Mapping[str, int] = field(default_factory=dict)
    n_events: int = 0
    heard: Mapping[str, int] = field(default_factory=dict)

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
    invited = {member for one in told(past, as_of, days_apart=days_apart) for member in one[1]}
    paused = {member for member, until in heard.paused_until.items() if as_of < until}
    turned_down = tuple(_turned_down(past, as_of))
    met_badly = {pair for run in past for pair in _met_badly(run, heard, as_of)}
    apart = dict.fromkeys(sorted(_rejected_pairs(turned_down, is_unsafe=False, as_of=as_of)), "rejected")
    apart |= dict.fromkeys(sorted(_rejected_pairs(turned_down, is_unsafe=True, as_of=as_of)), "unsafe")
    apart |= dict.fromkeys(sorted(heard.apart | met_badly), "declined")
    return Decided(
        apart=apart,
        resting={**dict.fromkeys(sorted(invited), "invited_lately"), **dict.fromkeys(sorted(paused), "paused")},
        left=heard.left,
        held=_held(past, {(one.kind, one.members) for one in turned_down}, days_apart),
        barred=tuple(_barred(turned_down)),
        again=frozenset(pair for run in past for pair in _again(run, heard)) - apart.keys(),
        heard={run.run_id: run.n_events for run in past},
    )


def told(runs: Iterable[ReviewedRun], as_of: datetime, *, days_apart: float) -> Mapping[Same, ReviewedRun]:
    """What went out of runs less than so many days from an instant, before or after it, and the run it went out of."""
    return {same_as(one): run for run in runs if is_near(run, as_of, days_apart) for one in run.published}


def is_near(run: ReviewedRun, as_of: datetime, days_apart: float) -> bool:
    """Whether a run is of the same round as an instant: less than so many days from it."""
    return run.as_of == as_of or abs(run.as_of - as_of) < timedelta(days=days_apart)


def same_as(one: Suggestion) -> Same:
    """What makes two suggestions the same."""
    return kind_of(one.id), one.members


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
            same = same_as(one)
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


def _held(runs: Sequence[ReviewedRun], turned_down: Collection[Same], days_apart: float) -> tuple[Held, ...]:
    """Locked or approved, and nobody was told.

    What one run kept begins locked in the next one, so that nobody need say so once more: the last run says all. Beside
    it stays what was said elsewhere and its night had not heard: on a page of an older run, or when it is one of the
    past.
    """
    kept: dict[Same, Held] = {}
    for run in reversed(runs):
        heard = 0 if run is runs[-1] else runs[-1].heard.get(run.run_id, 0)
        out = told(runs, run.as_of, days_apart=days_apart)
        seats = {(kind, member) for kind, members in kept for member in members}
        for one in run.draft.suggestions.values():
            kind, members = same = same_as(one)
            is_kept = (one.is_locked or one.is_approved) and not one.is_rejected and not one.is_published
            is_news = run is runs[-1] or run.kept_by.get(one.id, 0) > heard
            is_free = kind == "introduction" or not any((kind, member) in seats for member in members)
            if is_kept and is_news and is_free and same not in {**out, **kept} and same not in turned_down:
                since = run.kept.get(one.id, run.run_id)
                kept[same] = Held(kind=kind, members=members, hub=run.hubs.get(one.id), since=since)
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
