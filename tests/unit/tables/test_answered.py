"""What stands after members' answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.tables.answered import BY_HAND, Answer, Replies, hear

NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)
SOON = NOW + timedelta(days=30)
YES = Answer(link="l", run_id="r", suggestion="g-1", member="a", kind="yes", at=NOW)


def say(*kinds: str, other: str | None = None) -> list[Answer]:
    """Answers of member a, one after the other."""
    return [replace(YES, kind=kind, other=other, until=SOON if kind == "pause" else None) for kind in kinds]


def test_nothing_is_heard_of_silence() -> None:
    """Who did not answer said neither yes nor no."""
    heard = hear([])

    assert heard.about("r", "g-1") == Replies()
    assert not heard.is_away("a", at=NOW)


@pytest.mark.parametrize(
    ("kinds", "comes"),
    [
        (["yes"], True),
        (["yes", "not_now"], False),
        (["not_now", "yes"], True),
        (["yes", "leave"], False),
        (["pause"], False),
        (["yes", "pause"], True),
        (["pause", "yes"], True),
        (["met", "good"], None),
    ],
)
def test_the_last_word_on_coming_counts(kinds: Sequence[str], comes: bool | None) -> None:
    """One may change one's mind; a pause does not call off what one agreed to."""
    assert hear(say(*kinds)).about("r", "g-1").comes.get("a") is comes


def test_answers_of_one_sort_leave_the_others_alone() -> None:
    """That it was bad does not mean that it did not take place."""
    replies = hear(say("yes", "met", "good", "bad")).about("r", "g-1")

    assert replies == Replies(comes={"a": True}, has_met={"a": True}, was_good={"a": False})


def test_again_is_said_of_each_other_apart() -> None:
    """And in one direction."""
    said = [*say("again", "not_again", other="b"), *say("again", other="c")]

    assert hear(said).about("r", "g-1").again == {("a", "b"): False, ("a", "c"): True}


def test_the_same_group_on_another_night_is_another_question() -> None:
    """Its id may be the same."""
    heard = hear([YES, replace(YES, run_id="s", kind="not_now")])

    assert heard.about("r", "g-1").comes == {"a": True}
    assert heard.about("s", "g-1").comes == {"a": False}


def test_a_wish_not_to_meet_looks_like_not_now() -> None:
    """Nobody who sees who comes can tell who shut whom out."""
    with_wish = hear(say("not_with", other="b"))

    assert with_wish.not_with == {("a", "b")}
    assert with_wish.apart == {("a", "b")}
    assert with_wish.replies == hear(say("not_now")).replies


def test_pairs_are_apart_whoever_of_the_two_said_so() -> None:
    """Until each of those who did takes it back."""
    both = [*say("not_with", other="b"), replace(YES, member="b", kind="not_with", other="a")]

    assert hear(both).apart == {("a", "b")}
    assert hear([*both, *say("with_again", other="b")]).apart == {("a", "b")}
    assert not hear(
        [*both, *say("with_again", other="b"), replace(YES, member="b", kind="with_again", other="a")]
    ).apart


def test_a_pause_ends_by_itself_or_by_a_word() -> None:
    """And a later one takes the place of an earlier one."""
    assert hear(say("pause")).is_away("a", at=NOW)
    assert not hear(say("pause")).is_away("a", at=SOON)
    assert not hear(say("pause", "resume")).is_away("a", at=NOW)


def test_a_pause_does_not_bring_back_who_left() -> None:
    """Only an organizer writes that down."""
    assert hear(say("leave", "resume", "pause", "yes")).is_away("a", at=SOON)
    assert not hear(say("leave", "return")).is_away("a", at=SOON)


def test_what_an_organizer_writes_down_is_about_no_suggestion() -> None:
    """Nobody reads a reply into it."""
    heard = hear([replace(one, run_id=BY_HAND, suggestion=BY_HAND) for one in say("leave")])

    assert heard.left == {"a"}
    assert not heard.replies


@given(
    st.lists(st.sampled_from(["yes", "not_now", "pause", "resume", "leave", "return", "met", "not_met"]), max_size=8)
)
def test_saying_it_twice_says_nothing_more(kinds: list[str]) -> None:
    """Every answer at once repeated stands as if it were said once."""
    twice = [kind for kind in kinds for _ in range(2)]

    assert hear(say(*twice)) == hear(say(*kinds))
