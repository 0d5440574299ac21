"""What decisions and answers ask of the nights after them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given

from matcher.rules.aftermath import ReviewedRun, follow
from matcher.rules.rejections import AFTER, UNSAFE_GROUP_DAYS
from matcher.tables.answered import Answer, hear
from matcher.tables.decided import APART_RULES, KINDS_OF_IDS, REST_REASONS, Decided, Held
from matcher.tables.decisions import REJECT_REASONS, Decision, Event, Members
from matcher.tables.drafts import draft_of
from tests.unit.tables.decision_walks import PLAN, Step, steps, walk

FIRST = datetime(2024, 5, 1, tzinfo=UTC)
KINDS = ("introduction", "group", "gathering")
OF_KIND = {"introduction": "i-1", "group": "g-1", "gathering": "t-1"}


def event(
    number: int, kind: str, *touched: str, why: str = "", lists: dict[str, Members | None] | None = None
) -> Event:
    """One decision that was taken."""
    words = "because" if why == "other" else ""
    seen = dict.fromkeys(touched, 0)
    wanted = Decision(run_id="r", kind=kind, by="olga", at=FIRST, touched=seen, lists=lists or {}, why=why, words=words)
    return Event.of(wanted, number)


def reviewed(
    events: Sequence[Event],
    *,
    run_id: str = "r",
    days: float = 0,
    kept: Mapping[str, str] | None = None,
    heard: Mapping[str, int] | None = None,
) -> ReviewedRun:
    """A run of so many days after the first, with these decisions about it."""
    draft = draft_of(PLAN, events, kept=kept or {})
    counts = [one for one in events if one.kind in ("lock", "approve") and one.number not in draft.undone]
    return ReviewedRun(
        run_id=run_id,
        as_of=FIRST + timedelta(days=days),
        draft=draft,
        hubs={"t-1": ("Graz", 47.07, 15.44)},
        kept=kept or {},
        kept_by={suggestion: one.number for one in counts for suggestion in one.touched},
        n_events=len(events),
        heard=heard or {},
    )


def said(member: str, kind: str, *, about: str = "i-1", other: str | None = None, days: float | None = None) -> Answer:
    """What a member answered; a pause lasts so many days from the first run."""
    until = None if days is None else FIRST + timedelta(days=days)
    link = f"{member} {kind} {about} {other}"
    return Answer(link=link, run_id="r", suggestion=about, member=member, kind=kind, other=other, at=FIRST, until=until)


def decided(runs: Sequence[ReviewedRun], *answers: Answer, days: float = 1) -> Decided:
    """What is in force so many days after the first run."""
    return follow(runs, hear(answers), FIRST + timedelta(days=days), days_apart=6)


def test_every_reason_has_an_aftermath() -> None:
    """A reason more, and somebody must say what it means."""
    assert set(AFTER) == set(REJECT_REASONS)
    assert set(KINDS_OF_IDS.values()) == set(KINDS)


def test_without_decisions_nothing_is_in_force() -> None:
    """And nothing enters the fingerprint."""
    assert decided([]).told() == []
    assert decided([reviewed([event(1, "note", "g-1")])]).told() == []


@pytest.mark.parametrize("why", AFTER)
@pytest.mark.parametrize("kind", KINDS)
def test_a_rejection_counts_for_its_days_and_no_longer(kind: str, why: str) -> None:
    """Of a pair both are kept apart, of others the same people together; for ever is for ever."""
    runs = [reviewed([event(1, "reject", OF_KIND[kind], why=why)])]
    lasts = getattr(AFTER[why], kind)

    during, after = decided(runs, days=(lasts or 9_000) - 1), decided(runs, days=lasts or 9_000)

    is_over = lasts is not None
    if kind == "introduction":
        assert during.apart == {("x", "y"): "unsafe" if why == "safety" else "rejected"}
        assert not during.barred
    else:
        assert [(one.kind, one.members) for one in during.barred] == [(kind, PLAN[OF_KIND[kind]])]
    assert bool(after.apart or after.barred) != is_over


def test_an_unsafe_group_keeps_all_its_pairs_apart_for_a_while() -> None:
    """Nobody said who it was; of any other rejected group no pair is lowered."""
    unsafe, wrong = ([reviewed([event(1, "reject", "g-1", why=why)])] for why in ("safety", "wrong_people"))

    apart = decided(unsafe).apart

    assert dict.fromkeys(combinations("abc", 2), "unsafe") == apart
    assert not decided(unsafe, days=UNSAFE_GROUP_DAYS).apart
    assert not decided(wrong).apart


def test_a_gathering_of_mostly_the_same_is_the_same() -> None:
    """But for one who does not fit: the others may gather."""
    far, odd = (decided([reviewed([event(1, "reject", "t-1", why=why)])]) for why in ("too_far", "one_does_not_fit"))

    assert far.barred[0].is_like(["a", "d"])
    assert not far.barred[0].is_like(["a", "b"])
    assert odd.barred[0].is_like(["a", "d", "z", "q"])
    assert not odd.barred[0].is_like(["a", "d"])


def test_of_the_same_people_the_last_word_counts() -> None:
    """Rejected in one night and approved in a later one: it is kept; the other way round it is not."""
    rejected, approved = [event(1, "reject", "g-1", why="too_far")], [event(1, "approve", "g-1")]

    kept = decided([reviewed(rejected), reviewed(approved, run_id="s", days=1)], days=2)
    dropped = decided([reviewed(approved), reviewed(rejected, run_id="s", days=1)], days=2)

    assert [one.members for one in kept.held] == [PLAN["g-1"]]
    assert not kept.barred
    assert not dropped.held
    assert [one.members for one in dropped.barred] == [PLAN["g-1"]]


def test_what_is_locked_or_approved_is_held_until_it_is_published() -> None:
    """With its members as organizers left them, and a gathering in its city."""
    swapped = event(3, "change", "g-1", "g-2", lists={"g-1": ("a", "b", "d"), "g-2": ("c", "e", "f", "g")})
    events = [event(1, "lock", "t-1"), event(2, "approve", "i-2"), swapped, event(4, "lock", "g-1")]

    held = decided([reviewed(events)]).held

    assert held == (
        Held(kind="gathering", members=("a", "d", "z"), hub=("Graz", 47.07, 15.44), since="r"),
        Held(kind="group", members=("a", "b", "d"), since="r"),
        Held(kind="introduction", members=("x", "z"), since="r"),
    )
    published = decided([reviewed([*events, event(5, "publish", "i-2")])])
    assert [one.kind for one in published.held] == ["gathering", "group"]


def test_a_lock_is_handed_on_until_it_is_opened() -> None:
    """A note on it in the next run changes nothing."""
    first = reviewed([event(1, "lock", "g-1")])
    noted, opened = (
        reviewed([event(1, kind, "g-1")], run_id="s", days=1, kept={"g-1": "r"}, heard={"r": 1})
        for kind in ("note", "unlock")
    )

    assert [one.since for one in decided([first, noted], days=2).held] == ["r"]
    assert not decided([first, opened], days=2).held


def test_a_night_that_dropped_a_lock_ends_it() -> None:
    """It had heard of it, and a rule spoke against it; organizers went on from there."""
    first = reviewed([event(1, "lock", "g-1")])
    second = reviewed([event(1, "note", "i-1")], run_id="s", days=1, heard={"r": 1})

    assert not decided([first, second], days=2).held


@pytest.mark.parametrize("days", [1, -5], ids=["on-the-page-of-an-older-night", "before-a-night-of-the-past"])
def test_what_the_last_night_had_not_heard_is_not_lost(days: float) -> None:
    """Nor does it come back once it was heard and opened; of two that share a member the last night's stays."""
    first = reviewed([event(1, "lock", "g-1"), event(2, "approve", "i-1")])
    split = event(2, "change", "g-2", lists={"g-2": ("a", "d", "e", "f", "g")})
    noted, other = [event(1, "note", "i-1")], [event(1, "reject", "g-1", why="too_far"), split, event(3, "lock", "g-2")]

    held = decided([first, reviewed(noted, run_id="s", days=days)], days=2).held
    both = decided([first, reviewed(other, run_id="s", days=days)], days=2).held

    assert [one.members for one in held] == [PLAN["g-1"], PLAN["i-1"]]
    assert [one.members for one in both] == [("a", "d", "e", "f", "g"), PLAN["i-1"]]


def test_what_went_out_in_one_run_is_not_kept_by_another() -> None:
    """Somebody publishes last night's page while tonight's is open: nobody is told twice."""
    locked = [event(1, "lock", "g-1")]
    out = [event(1, "approve", "g-1"), event(2, "publish", "g-1")]

    found = decided([reviewed(out), reviewed(locked, run_id="s", days=1)], days=2)

    assert not found.held
    assert found.resting == dict.fromkeys("abc", "invited_lately")
    assert not decided([reviewed(out), reviewed(locked, run_id="s", days=1)], days=30).held


def test_an_invitation_is_open_for_a_round() -> None:
    """Then whoever was told is free for others."""
    runs = [reviewed([event(1, "approve", "i-1"), event(2, "publish", "i-1")])]

    assert decided(runs, days=5.9).resting == dict.fromkeys("xy", "invited_lately")
    assert not decided(runs, days=6).resting


def test_a_pause_ends_and_leaving_does_not() -> None:
    """A pause is told first, whatever else is so; one said after the instant of the night counts all the same."""
    runs = [reviewed([event(1, "approve", "i-1"), event(2, "publish", "i-1")])]
    answers = said("x", "pause", days=30), said("q", "leave")

    during, after = decided(runs, *answers, days=1), decided(runs, *answers, days=30)

    assert during.resting == {"x": "paused", "y": "invited_lately"}
    assert not after.resting
    assert during.left == after.left == {"q"}
    assert decided([], *answers, days=-400).resting == {"x": "paused"}


def test_a_declined_pair_is_apart_in_both_directions_for_ever() -> None:
    """Until the one who asked takes it back; it outweighs what organizers rejected."""
    runs = [reviewed([event(1, "reject", "i-1", why="not_now")])]
    answers = said("y", "not_with", other="x"), said("a", "not_with", other="z")

    assert decided(runs, *answers).apart == {("a", "z"): "declined", ("x", "y"): "declined"}
    assert decided([], *answers, days=9_000).apart.keys() == {("a", "z"), ("x", "y")}
    assert not decided([], *answers[:1], said("y", "with_again", other="x")).apart


@pytest.mark.parametrize(
    ("answers", "apart"),
    [
        pytest.param([said("x", "bad")], {("x", "y")}, id="bad-pair"),
        pytest.param([said("a", "bad", about="g-1")], set(), id="bad-group"),
        pytest.param([said("a", "not_again", about="g-1", other="c")], {("a", "c")}, id="not-again"),
        pytest.param([said("a", "not_again", about="g-1")], {("a", "b"), ("a", "c")}, id="with-none-of-them"),
        pytest.param([said("x", "bad", about="i-2")], set(), id="never-published"),
    ],
)
def test_a_bad_meeting_lowers_that_pair_only(answers: list[Answer], apart: set[tuple[str, str]]) -> None:
    """In a group one names whom one would not meet again."""
    published = [event(1, "approve", "i-1", "g-1"), event(2, "publish", "i-1", "g-1")]

    found = decided([reviewed(published)], *answers, days=20)

    assert found.apart == dict.fromkeys(apart, "declined")


def test_again_takes_two() -> None:
    """One who would is not enough, and a pair that is kept apart stays so."""
    runs = [reviewed([event(1, "approve", "i-1", "g-1"), event(2, "publish", "i-1", "g-1")])]
    both = said("x", "again", other="y"), said("y", "again")

    assert decided(runs, *both).again == {("x", "y")}
    assert not decided(runs, both[0]).again
    assert not decided(runs, *both, said("x", "not_with", other="y")).again


def test_what_a_later_run_saw_is_not_heard() -> None:
    """A night of the past is asked again: it does not know of decisions about its future."""
    runs = [reviewed([event(1, "reject", "i-1", why="safety"), event(2, "lock", "g-1")], days=10)]

    assert decided(runs, days=9).told() == []


@given(taken=steps)
def test_whatever_is_decided_makes_sense_together(taken: list[Step]) -> None:
    """Nothing is both kept and turned down, and all words are known; asked twice, the answer is the same."""
    runs = [reviewed(walk(taken))]

    found = decided(runs)

    barred = {(one.kind, one.members) for one in found.barred}
    assert not barred & {(one.kind, one.members) for one in found.held}
    assert {*found.apart.values()} <= {*APART_RULES}
    assert {*found.resting.values()} <= {*REST_REASONS}
    assert all(a < b for a, b in found.apart)
    assert found.told() == decided(runs).told()
    assert found.among("abcdefgxyz") == found
    assert not found.among("").told()
