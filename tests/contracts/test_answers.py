"""What the desk promises about what members answer, on every database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matcher.errors import InputError
from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.database import Database
from matcher.tables.answered import ANSWER_KINDS, Answer

NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)
YES = Answer(link="link-1", run_id="r", suggestion="g-1", member="a", kind="yes", at=NOW)


def test_answers_come_back_as_they_came(database: Database) -> None:
    """In order, all of them, or one run's, or one member's."""
    store = AnswerStore(database)
    said = [
        YES,
        replace(YES, link="link-2", member="b", kind="not_with", other="a"),
        replace(YES, link="link-3", run_id="s", kind="met"),
        replace(YES, link="link-4", run_id="s", kind="pause", until=NOW + timedelta(days=30)),
    ]

    assert all(store.record(answer) for answer in said)

    assert store.answers() == said
    assert store.answers("r") == said[:2]
    assert store.answers(member="b") == said[1:2]


def test_a_link_used_again_changes_nothing(database: Database) -> None:
    """Whatever is said by it then, and by how many at once."""
    store = AnswerStore(database)
    store.record(YES)

    with ThreadPoolExecutor(8) as pool:
        others = [kind for kind in ANSWER_KINDS if kind != "pause"]
        new = list(pool.map(lambda kind: store.record(replace(YES, kind=kind, other="b")), others))

    assert not any(new)
    assert store.answers() == [YES]


def test_answers_given_at_once_are_kept_together_or_not_at_all(database: Database) -> None:
    """Half of what somebody said may mean something else."""
    store = AnswerStore(database)
    said = [replace(YES, link=f"link-{number}", kind=kind) for number, kind in enumerate(("yes", "met", "good"), 1)]

    assert store.record_all(said[1:])
    assert not store.record_all(said)
    assert store.record_all([])

    assert store.answers() == said[1:]


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "maybe"},
        {"kind": "not_with"},
        {"kind": "not_with", "other": "a"},
        {"kind": "met", "other": "a"},
        {"link": ""},
        {"member": "a\x00"},
        {"kind": "pause"},
        {"kind": "leave", "until": NOW},
        {"kind": "with_again"},
    ],
)
def test_an_answer_that_says_nothing_is_refused(parts: dict[str, object]) -> None:
    """Not with whom, or not by which link; or about oneself."""
    with pytest.raises(InputError):
        replace(YES, **parts)  # type: ignore[arg-type]  # whatever a test wants
