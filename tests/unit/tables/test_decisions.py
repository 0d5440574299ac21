"""Decisions are whole, or are not made."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import InputError
from matcher.tables.decisions import KINDS, MAX_WORDS, REJECT_REASONS, Decision, Event, clean_words

NOW = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)


def decision(**parts: Any) -> Decision:  # noqa: ANN401 - whatever a test wants otherwise
    """An approval of g-1 by Ana, but for what is said otherwise."""
    whole = {"run_id": "r", "kind": "approve", "by": "Ana", "at": NOW, "touched": {"g-1": 0}, "lists": {}}
    return Decision(**{**whole, **parts})


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param({"kind": "delete"}, id="no such kind"),
        pytest.param({"by": ""}, id="nobody"),
        pytest.param({"by": "Ana\x00"}, id="a name that no database holds"),
        pytest.param({"run_id": ""}, id="no run"),
        pytest.param({"touched": {}}, id="about nothing"),
        pytest.param({"touched": {"g-1": -1}}, id="a version before the first"),
        pytest.param({"touched": {"+1": 0}}, id="has seen what does not exist"),
        pytest.param({"at": NOW.replace(tzinfo=None)}, id="no time zone"),
        pytest.param({"at": NOW.astimezone(timezone(timedelta(hours=2)))}, id="another time zone"),
        pytest.param({"kind": "reject"}, id="a rejection without a reason"),
        pytest.param({"kind": "reject", "why": "ugly"}, id="a rejection for a reason of one's own"),
        pytest.param({"kind": "reject", "why": "other"}, id="another reason, and no words"),
        pytest.param({"why": "safety"}, id="a reason without a rejection"),
        pytest.param({"kind": "undo"}, id="an undo of nothing"),
        pytest.param({"undoes": 3}, id="an approval that undoes"),
        pytest.param({"kind": "change"}, id="a change of nothing"),
        pytest.param({"lists": {"g-1": ("a", "b")}}, id="an approval that changes"),
        pytest.param({"kind": "change", "lists": {"g-2": ("a", "b")}}, id="changed unseen"),
        pytest.param({"kind": "change", "lists": {"g-1": ("a",)}}, id="a group of one"),
        pytest.param({"kind": "change", "lists": {"g-1": ("a", "b", "a")}}, id="somebody twice"),
        pytest.param({"kind": "change", "lists": {"g-1": ("a", "")}}, id="a member without an id"),
        pytest.param({"kind": "change", "lists": {"+1": None}}, id="removes what does not exist"),
        pytest.param({"kind": "change", "lists": {"+x": ("a", "b")}}, id="a new one of no number"),
        pytest.param({"words": "x" * (MAX_WORDS + 1)}, id="a book"),
    ],
)
def test_what_contradicts_itself_is_refused(parts: dict[str, object]) -> None:
    """Whoever holds a decision holds one that can be taken, as far as that can be seen from itself."""
    with pytest.raises(InputError):
        decision(**parts)


@pytest.mark.parametrize("why", REJECT_REASONS)
def test_each_documented_reason_rejects(why: str) -> None:
    """The list that the desk offers is the list that is taken."""
    assert decision(kind="reject", why=why, words="see the chat").why == why


def test_members_stand_in_order_whoever_typed_them() -> None:
    """Lists of the same people are equal."""
    made = decision(kind="change", lists={"g-1": ("c", "a", "b")})

    assert made.lists == {"g-1": ("a", "b", "c")}


def test_an_event_names_what_it_made_after_itself() -> None:
    """A split's new group is n- and the event's number; further ones of the same event are counted."""
    split = decision(
        kind="resolve", lists={"+10": ("g", "h"), "+2": ("c", "d"), "+1": ("a", "b"), "g-1": None}, words=" so "
    )

    event = Event.of(split, 7)

    assert event.lists == {"n-7": ("a", "b"), "n-7-2": ("c", "d"), "n-7-3": ("g", "h"), "g-1": None}
    assert event.touched == {"g-1": 0, "n-7": 0, "n-7-2": 0, "n-7-3": 0}
    assert event.made == ("n-7", "n-7-2", "n-7-3")
    assert (event.number, event.by, event.words) == (7, "Ana", "so")


@given(st.text(max_size=200))
def test_cleaning_words_twice_changes_nothing(text: str) -> None:
    """And what is kept has no control but the line's end, and no mark that turns the writing."""
    once = clean_words(text)

    assert clean_words(once) == once
    assert not [one for one in once if (one < " " and one != "\n") or one in "\x7f\u202e\u2066\ufeff"]


def test_words_stay_what_they_are() -> None:
    """Letters of all scripts and joined emoji are kept; composed and decomposed are one."""
    assert clean_words("  Zoe\u0301 \u202eevil\u202c\r\nund 👩‍👧\x00!\ud800 ") == "Zoé evil\nund 👩‍👧!"


def test_every_kind_has_words() -> None:
    """They follow a name in the message to whoever came second."""
    assert set(KINDS) == {"approve", "reject", "lock", "unlock", "note", "change", "resolve", "publish", "undo"}
