"""What a night reads of the desk is of one moment, on every database."""

from datetime import UTC, datetime

from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.memory import remember
from matcher.storage.decisions.store import DecisionStore
from matcher.tables.answered import Answer
from matcher.tables.decisions import Decision

NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)
PLAN = {"g-1": ("a", "b", "c")}


def test_everything_decided_and_answered_is_remembered(database: Database) -> None:
    """Run by run, in order; of an empty database nothing."""
    empty = remember(database)
    store, answers = DecisionStore(database), AnswerStore(database)
    for run_id, version in (("s", 0), ("r", 0), ("r", 1)):
        wanted = Decision(run_id=run_id, kind="note", by="o", at=NOW, touched={"g-1": version}, lists={}, words="so")
        store.append(wanted, PLAN)
    answers.record(Answer(link="l", run_id="r", suggestion="g-1", member="a", kind="yes", at=NOW))

    found = remember(database)

    assert (dict(empty.events), empty.answers) == ({}, ())
    assert list(found.events) == ["r", "s"]
    assert found.events["r"] == tuple(store.events("r"))
    assert found.answers == tuple(answers.answers())
