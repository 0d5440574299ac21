"""What speaks against a suggestion by other nights and answers: the last word of a round, on whichever page."""

import pytest

from matcher.rules.elsewhere import Elsewhere, look_elsewhere, unsafe_pairs
from matcher.tables.answered import Answer, hear
from matcher.tables.drafts import draft_of
from tests.unit.rules.test_aftermath import FIRST, event, reviewed, said
from tests.unit.tables.decision_walks import PLAN

OUT = [event(1, "approve", "g-1"), event(2, "publish", "g-1")]


def beside(*answers: Answer, events: object = OUT, days: float) -> Elsewhere:
    """Seen from a night, of another so many days later; negative: earlier."""
    other = reviewed(events, days=days)  # type: ignore[arg-type]  # a list
    return look_elsewhere([other], hear(answers), FIRST, days_apart=6)


@pytest.mark.parametrize("days", [-5.9, 0, 5.9])
def test_what_a_night_of_the_same_round_told_is_told(days: float) -> None:
    """Before it, of the same instant, or after it."""
    found = beside(days=days)

    assert found.told.keys() == {("group", PLAN["g-1"])}
    assert {*found.invited} == {*"abc"}


@pytest.mark.parametrize("days", [-6, 6, 400])
def test_what_was_told_in_another_round_is_not(days: float) -> None:
    """Then everybody is free again."""
    assert not beside(days=days).told
    assert not beside(days=days).invited


@pytest.mark.parametrize(("days", "is_heard"), [(-300, True), (5, True), (7, False)])
def test_what_was_feared_on_another_page_is_heard(days: float, is_heard: bool) -> None:
    """Of a night before, or of this round; a night is not judged by what one saw that came long after it."""
    feared = [event(1, "reject", "i-1", why="safety")]

    assert beside(events=feared, days=days).never_together == ({("x", "y")} if is_heard else set())


def test_what_is_only_rejected_may_go_to_one_gathering() -> None:
    """Who declines somebody does not even do that."""
    rejected = [event(1, "reject", "i-1", why="weak_reason")]

    found = beside(said("a", "not_with", other="z"), events=rejected, days=-1)

    assert found.never_together == {("a", "z")}
    assert found.decided.apart == {("a", "z"): "declined", ("x", "y"): "rejected"}


def test_who_might_not_be_safe_together_is_known_within_the_night() -> None:
    """Of all of a group and of the two of a pair; the suggestion itself may be approved after all."""
    events = [event(1, "reject", "i-1", "g-1", why="safety"), event(2, "reject", "t-1", why="safety")]
    draft = draft_of(PLAN, events)

    assert unsafe_pairs(draft) == {("x", "y"), ("a", "b"), ("a", "c"), ("b", "c")}
    assert unsafe_pairs(draft, but="g-1") == {("x", "y")}
