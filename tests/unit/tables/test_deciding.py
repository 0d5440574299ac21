"""Who comes second is told who came first; what was never possible is refused."""

import pytest
from hypothesis import given

from matcher.errors import ConflictError, InputError
from matcher.tables.deciding import next_event, undoing
from matcher.tables.decisions import Decision, Event
from matcher.tables.drafts import draft_of
from tests.unit.tables.decision_walks import NOON, PLAN, Step, steps, walk
from tests.unit.tables.test_drafts import of


def taken(*wanted: Decision) -> list[Event]:
    """The events that these decisions become."""
    events: list[Event] = []
    for one in wanted:
        events.append(next_event(PLAN, events, one))
    return events


@given(steps_taken=steps)
def test_whoever_saw_an_earlier_version_is_told_of_the_first_after_it(steps_taken: list[Step]) -> None:
    """Who, what and when: of the very event that they had not seen."""
    events = walk(steps_taken)

    for event in events:
        for suggestion, seen in event.touched.items():
            with pytest.raises(ConflictError) as told:
                next_event(PLAN, events, of("note", suggestion, seen, words="late"))
            assert f"{event.by} " in str(told.value)
            assert f"event {event.number}:" in str(told.value)
            assert f"{event.at:%H:%M:%S}" in str(told.value)


@given(steps_taken=steps)
def test_only_the_latest_that_counts_may_be_undone(steps_taken: list[Step]) -> None:
    """Everything else is refused, and said so beforehand."""
    events = walk(steps_taken)
    draft = draft_of(PLAN, events)

    for event in events:
        if not draft.may_undo(event):
            with pytest.raises(InputError if event.kind == "undo" else ConflictError):
                next_event(PLAN, events, undoing(draft, event, by="Ana", at=NOON))


def test_one_may_undo_one_after_the_other() -> None:
    """After an undo the event before it is the latest that counts."""
    events = taken(of("approve", "g-1", 0), of("lock", "g-1", 1))
    for number in (2, 1):
        draft = draft_of(PLAN, events)
        events.append(next_event(PLAN, events, undoing(draft, events[number - 1], by="Ana", at=NOON)))

    assert draft_of(PLAN, events).undone == {1, 2}
    assert draft_of(PLAN, events).suggestions["g-1"].version == 4


def test_what_touched_two_is_the_latest_of_both_or_stays() -> None:
    """Whoever swapped and then approved one of the two undoes the approval first."""
    swap = of(
        "change", "g-1", 0, touched={"g-1": 0, "g-2": 0}, lists={"g-1": ("d", "b", "c"), "g-2": ("a", "e", "f", "g")}
    )
    events = taken(swap, of("approve", "g-2", 1, by="Ben"))

    with pytest.raises(ConflictError, match=r"Ben approved it .*undo that first"):
        next_event(PLAN, events, undoing(draft_of(PLAN, events), events[0], by="Ana", at=NOON))


def test_an_undo_is_not_undone() -> None:
    """One decides again instead."""
    events = taken(of("approve", "g-1", 0))
    events.append(next_event(PLAN, events, undoing(draft_of(PLAN, events), events[0], by="Ana", at=NOON)))

    with pytest.raises(InputError, match="decide again"):
        next_event(PLAN, events, of("undo", "g-1", 2, undoes=2))


def test_two_cannot_undo_the_same() -> None:
    """Even who has looked again is told who did."""
    events = taken(of("approve", "g-1", 0))
    events.append(next_event(PLAN, events, undoing(draft_of(PLAN, events), events[0], by="Ben", at=NOON)))

    with pytest.raises(ConflictError, match="undone already; Ben"):
        next_event(PLAN, events, of("undo", "g-1", 2, undoes=1))


def test_an_undo_names_all_that_it_touches() -> None:
    """Or somebody's version would not go on."""
    events = taken(of("note", "g-1", 0, touched={"g-1": 0, "g-2": 0}, words="both"))

    with pytest.raises(InputError, match="touches what the event did"):
        next_event(PLAN, events, of("undo", "g-1", 1, undoes=1))


def test_two_who_seat_the_same_member_in_different_groups_do_not_both_win() -> None:
    """No version tells them of each other: x sat nowhere."""
    events = taken(of("change", "g-1", 0, lists={"g-1": ("a", "b", "c", "x")}))

    with pytest.raises(ConflictError, match=r"x would sit in g-2 and in g-1; Ana changed its members"):
        next_event(PLAN, events, of("change", "g-2", 0, lists={"g-2": ("d", "e", "x")}, by="Ben"))


def test_a_new_group_has_seats_like_any_other() -> None:
    """Who was split off does not sit in an old one too."""
    events = taken(of("change", "g-2", 0, lists={"g-2": ("d", "e"), "+1": ("f", "g")}, by="Ben"))

    with pytest.raises(ConflictError, match="f would sit in g-1 and in n-1; Ben changed"):
        next_event(PLAN, events, of("change", "g-1", 0, lists={"g-1": ("a", "b", "c", "f")}))


def test_what_was_rejected_is_approved_only_while_its_seats_are_free() -> None:
    """Its members may have been seated elsewhere meanwhile."""
    events = taken(
        of("reject", "g-1", 0, why="not_now"),
        of("change", "g-2", 0, lists={"g-2": ("a", "d", "e", "f", "g")}, by="Ben"),
    )

    with pytest.raises(ConflictError, match="a would sit in g-1 and in g-2"):
        next_event(PLAN, events, of("approve", "g-1", 1))


def test_who_was_rejected_is_free_until_the_rejection_is_undone() -> None:
    """Then their seats are taken, and that is said."""
    events = taken(
        of("reject", "g-1", 0, why="not_now"),
        of("change", "g-2", 0, lists={"g-2": ("a", "d", "e", "f", "g")}, by="Ben"),
    )

    with pytest.raises(ConflictError, match=r"a would sit in g-1 and in g-2; Ben changed"):
        next_event(PLAN, events, undoing(draft_of(PLAN, events), events[0], by="Ana", at=NOON))


def test_a_locked_group_keeps_its_members() -> None:
    """A list that leaves them as they are is no change, so a re-solve may name it."""
    events = taken(of("lock", "g-1", 0))

    with pytest.raises(InputError, match="unlock it first"):
        next_event(PLAN, events, of("change", "g-1", 1, lists={"g-1": ("a", "b")}))
    assert next_event(PLAN, events, of("resolve", "g-1", 1, lists={"g-1": ("c", "b", "a")})).number == 2


@pytest.mark.parametrize("wanted", [of("approve", "g-9", 0), of("approve", "g-1", 1), of("undo", "g-1", 0, undoes=1)])
def test_what_never_was_is_refused(wanted: Decision) -> None:
    """An unknown suggestion, a version nobody saw, an event nobody made: a forged form, or an old page."""
    with pytest.raises(InputError):
        next_event(PLAN, [], wanted)
