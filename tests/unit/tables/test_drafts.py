"""A draft is what events make of a plan, and nothing else."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import InputError
from matcher.tables.deciding import next_event, undoing
from matcher.tables.decisions import Decision, Event
from matcher.tables.drafts import Draft, Suggestion, draft_of
from tests.unit.tables.decision_walks import NOON, PLAN, Step, steps, walk


def without_versions(draft: Draft) -> dict[str, Suggestion]:
    """What a draft shows, but for how often it was touched."""
    return {one: replace(suggestion, version=0) for one, suggestion in draft.suggestions.items()}


def after(*wanted: Decision) -> Draft:
    """The draft after these decisions."""
    events: list[Event] = []
    for one in wanted:
        events.append(next_event(PLAN, events, one))
    return draft_of(PLAN, events)


def of(kind: str, suggestion: str, version: int, **parts: object) -> Decision:
    """A decision by Ana about one suggestion."""
    whole = {"run_id": "r", "kind": kind, "by": "Ana", "at": NOON, "touched": {suggestion: version}, "lists": {}}
    return Decision(**{**whole, **parts})  # type: ignore[arg-type]  # whatever a test wants


@given(taken=steps)
def test_the_order_in_which_events_are_handed_over_does_not_matter(taken: list[Step]) -> None:
    """They have numbers; folding is a function of the set."""
    events = walk(taken)

    assert draft_of(PLAN, events) == draft_of(PLAN, events[::-1])


@given(taken=steps)
def test_nobody_sits_in_two_groups_or_two_gatherings(taken: list[Step]) -> None:
    """After each single step that was taken, whatever was wanted and undone."""
    events = walk(taken)

    for n_events in range(len(events) + 1):
        standing = draft_of(PLAN, events[:n_events]).suggestions.values()
        for kinds in ("gn", "t"):
            mine = [one.members for one in standing if one.id[0] in kinds and not one.is_rejected]
            assert max(Counter(member for members in mine for member in members).values(), default=0) <= 1


@given(taken=steps)
def test_an_undone_event_leaves_no_trace_but_its_version(taken: list[Step]) -> None:
    """The draft is as if it had never been, only the versions went on."""
    events = walk(taken)
    undone = draft_of(PLAN, events).undone

    cleansed = [event for event in events if event.number not in undone and event.kind != "undo"]

    assert without_versions(draft_of(PLAN, events)) == without_versions(draft_of(PLAN, cleansed))
    assert draft_of(PLAN, events).versions == Counter(one for event in events for one in event.touched)


@given(taken=steps, kept=st.sets(st.sampled_from(sorted(PLAN))))
def test_what_is_locked_or_published_keeps_its_members(taken: list[Step], kept: set[str]) -> None:
    """By whatever is decided or undone; what an earlier night kept begins locked; what went out stays as it is."""
    events = walk(taken, kept)
    drafts = [draft_of(PLAN, events[:n_events], kept=kept) for n_events in range(len(events) + 1)]

    assert {one.id for one in drafts[0].suggestions.values() if one.is_locked} == kept
    for before, after_it in pairwise(drafts):
        for one in before.suggestions.values():
            then = after_it.suggestions.get(one.id)
            if one.is_published or (one.is_locked and (then is None or then.is_locked)):
                assert then is not None
                assert then.members == one.members
            if one.is_published and then:
                assert (then.state, then.published_version) == ("published", one.published_version)


@given(taken=steps)
def test_versions_count_the_events_without_a_gap(taken: list[Step]) -> None:
    """Each event saw the number of events that had touched the suggestion before it."""
    seen = Counter[str]()

    for event in walk(taken):
        assert event.touched == {one: seen[one] for one in event.touched}
        seen.update(event.touched.keys())


def test_approval_and_lock_do_not_know_of_each_other() -> None:
    """A locked group may be open, approved or rejected; rejecting takes the approval away, and the other way round."""
    draft = after(of("lock", "g-1", 0), of("approve", "g-1", 1), of("reject", "g-1", 2, why="safety", words="ask me"))

    one = draft.suggestions["g-1"]
    assert (one.is_locked, one.is_approved, one.is_rejected, one.state) == (True, False, True, "rejected")
    assert (one.why, one.words, one.by, one.at, one.version) == ("safety", "ask me", "Ana", NOON, 3)


def test_whoever_approved_approved_these_people() -> None:
    """With others the group is open again; its lock and note stay."""
    draft = after(
        of("note", "g-1", 0, words="window table"),
        of("approve", "g-1", 1),
        of("change", "g-1", 2, lists={"g-1": ("a", "b", "x")}),
    )

    assert draft.suggestions["g-1"].state == "open"
    assert draft.suggestions["g-1"].note == "window table"


def test_undoing_brings_back_the_one_before() -> None:
    """Also what was removed, with all that had been decided about it."""
    merge = of("change", "g-1", 1, touched={"g-1": 1, "g-2": 0}, lists={"g-1": tuple("abcdefg"), "g-2": None})
    events = [Event.of(of("approve", "g-1", 0), 1), Event.of(merge, 2)]
    merged = draft_of(PLAN, events)

    back = draft_of(PLAN, [*events, next_event(PLAN, events, undoing(merged, events[1], by="Ben", at=NOON))])

    assert "g-2" not in merged.suggestions
    assert back.suggestions["g-2"].members == PLAN["g-2"]
    assert back.suggestions["g-1"].is_approved
    assert back.versions == {"g-1": 3, "g-2": 2}


def test_another_plan_is_recognized() -> None:
    """Events about suggestions that the plan does not have are not folded into it."""
    event = Event.of(of("approve", "g-1", 0), 1)

    with pytest.raises(InputError, match="not the one that was decided on"):
        draft_of({"g-9": ("a", "b")}, [event])
