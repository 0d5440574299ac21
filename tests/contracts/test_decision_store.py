"""What the desk promises about decisions, on every database."""

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Delete, Insert, Update, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from matcher.errors import ConflictError, InputError, RunError
from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.forgetting import erase_member, readmit_member
from matcher.storage.decisions.outbox import Outbox, Parcel
from matcher.storage.decisions.schema import APPEND_ONLY, SCHEMA, SCHEMA_VERSION, TOUCHES
from matcher.storage.decisions.store import DecisionStore, Sending
from matcher.tables.answered import Answer
from matcher.tables.deciding import undoing
from matcher.tables.drafts import draft_of
from tests.unit.tables.decision_walks import NOON, PLAN
from tests.unit.tables.test_drafts import of

N_AT_ONCE = 50
ROOT = Path(__file__).parents[2]


def filled(database: Database) -> DecisionStore:
    """A store with an approval, a split, a rejection, a note in two scripts, an undo, and another run's approval."""
    store = DecisionStore(database)
    split = {"g-2": ("d", "e"), "+1": ("f", "g")}
    store.append(of("approve", "g-1", 0), PLAN)
    store.append(of("change", "g-2", 0, lists=split), PLAN)
    store.append(of("reject", "g-2", 1, why="too_far", words="the hills"), PLAN)
    store.append(of("note", "i-1", 0, words="später / 後で"), PLAN)
    events = store.events("r")
    store.append(undoing(draft_of(PLAN, events), events[2], by="Ben", at=NOON), PLAN)
    store.append(of("approve", "g-1", 0, run_id="another"), PLAN)
    return store


def test_what_comes_back_is_what_was_decided(database: Database, address: str) -> None:
    """Event by event, also for another process that opens it later."""
    store = filled(database)

    events = store.events("r")

    assert [event.number for event in events] == [1, 2, 3, 4, 5]
    assert [event.kind for event in events] == ["approve", "change", "reject", "note", "undo"]
    assert events[1].lists == {"g-2": ("d", "e"), "n-2": ("f", "g")}
    assert (events[2].why, events[2].words, events[3].words) == ("too_far", "the hills", "später / 後で")
    assert (events[4].undoes, events[4].by, events[4].at) == (3, "Ben", NOON)
    later = Database(address)
    assert DecisionStore(later).events("r") == events
    later.close()


def test_runs_know_nothing_of_each_other(database: Database) -> None:
    """Numbers and versions are a run's own."""
    store = filled(database)

    assert store.run_ids() == ["another", "r"]
    assert store.versions("another") == {"g-1": 1}
    assert store.versions("r") == {"g-1": 1, "g-2": 3, "i-1": 1, "n-2": 1}
    assert store.versions("unknown") == {}
    assert not store.events("unknown")


def test_the_draft_is_the_plan_with_what_counts(database: Database) -> None:
    """The store folds as the pure function does."""
    store = filled(database)

    draft = store.draft("r", PLAN)

    assert draft == draft_of(PLAN, store.events("r"))
    assert [draft.suggestions[one].state for one in ("g-1", "g-2", "n-2")] == ["approved", "open", "open"]


def test_a_refused_decision_leaves_nothing(database: Database) -> None:
    """Neither a stale one nor an impossible one."""
    store = filled(database)
    before = store.events("r")

    with pytest.raises(ConflictError, match="Ana approved it at 2024-05-01 12:00:00 UTC"):
        store.append(of("lock", "g-1", 0), PLAN)
    with pytest.raises(InputError):
        store.append(of("lock", "g-7", 0), PLAN)

    assert store.events("r") == before


def _change(table: int) -> Update:
    return update(APPEND_ONLY[table]).values(run_id="another")


def _remove(table: int) -> Delete:
    return delete(APPEND_ONLY[table])


@pytest.mark.parametrize("table", range(len(APPEND_ONLY)))
@pytest.mark.parametrize("spoil", [_change, _remove])
def test_the_database_itself_refuses_to_change_rows(
    database: Database, table: int, spoil: Callable[[int], Update | Delete]
) -> None:
    """Also to whoever goes round the store."""
    filled(database)
    AnswerStore(database).record(Answer(link="l", run_id="r", suggestion="g-1", member="a", kind="yes", at=NOON))

    with database.reading() as connection:
        before = connection.execute(select(APPEND_ONLY[table])).all()
    with pytest.raises(DBAPIError, match="append-only"), database.writing("spoil") as connection:
        connection.execute(spoil(table))

    with database.reading() as connection:
        assert connection.execute(select(APPEND_ONLY[table])).all() == before != []


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"run_id": "r", "suggestion": "g-1", "version": 0, "number": 2}, id="a version twice"),
        pytest.param({"run_id": "r", "suggestion": "g-1", "version": 1, "number": 99}, id="of no event"),
    ],
)
def test_the_keys_alone_forbid_two_winners(database: Database, row: dict[str, object]) -> None:
    """Should a writer ever not wait in line."""
    filled(database)
    second: Insert = insert(TOUCHES).values(**row)

    with pytest.raises(IntegrityError), database.writing("spoil") as connection:
        connection.execute(second)


def test_of_fifty_who_decide_at_once_one_wins_and_all_are_told_who(database: Database) -> None:
    """Each saw the same version; the losers' messages name the winner."""
    store = DecisionStore(database)
    together = Barrier(N_AT_ONCE)

    def approve(number: int) -> str:
        together.wait()
        try:
            store.append(of("approve", "g-1", 0, by=f"organizer-{number}!"), PLAN)
        except ConflictError as told:
            return str(told)
        return ""

    with ThreadPoolExecutor(N_AT_ONCE) as pool:
        answers = list(pool.map(approve, range(N_AT_ONCE)))

    (event,) = store.events("r")
    assert answers.count("") == 1
    assert event.by == f"organizer-{answers.index('')}!"
    assert all(event.by in told for told in answers if told)


def test_who_decide_about_different_suggestions_at_once_all_win(database: Database) -> None:
    """Nobody is refused for being in line, and numbers have no gaps."""
    store = DecisionStore(database)
    plan = {f"g-{number}": (f"a{number}", f"b{number}") for number in range(N_AT_ONCE)}
    together = Barrier(N_AT_ONCE)

    def approve(suggestion: str) -> int:
        together.wait()
        return store.append(of("approve", suggestion, 0), plan)

    with ThreadPoolExecutor(N_AT_ONCE) as pool:
        numbers = sorted(pool.map(approve, plan))

    assert numbers == list(range(1, N_AT_ONCE + 1))


def test_nothing_is_lost_and_nothing_sent_twice_when_writers_are_killed(
    address: str, request: pytest.FixtureRequest
) -> None:
    """Kill -9 at random moments; then as many processes as organizers decide at once. The script looks after each."""
    n_rounds = 30 if "sqlite" in request.node.name else 8
    command = [sys.executable, "-m", "benchmarks.desk_crashes", address, "--rounds", str(n_rounds)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert (found["rounds"], found["lost"], found["torn"], found["sent_twice"]) == (n_rounds, 0, 0, 0)
    assert found["acknowledged"] > 0
    assert (found["winners"], found["told_who_won"]) == (1, N_AT_ONCE - 1)


def test_many_may_open_a_new_database_at_once(address: str) -> None:
    """It is made once, and each finds it whole."""
    together = Barrier(8)

    def begin(_: int) -> int:
        together.wait()
        opened = Database(address)
        with opened.reading() as connection:
            n_versions = len(connection.execute(select(SCHEMA)).all())
        opened.close()
        return n_versions

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(begin, range(8))) == [1] * 8


def test_who_reads_sees_one_state(database: Database) -> None:
    """However many decide while they look."""
    store = DecisionStore(database)

    with database.reading() as connection:
        before = connection.execute(select(TOUCHES)).all()
        store.append(of("approve", "g-1", 0), PLAN)
        after = connection.execute(select(TOUCHES)).all()

    assert before == after == []
    assert store.versions("r") == {"g-1": 1}


def test_one_store_sees_what_another_decides(database: Database, address: str) -> None:
    """What it has read once it keeps, and the new ones come to it; also within one process that serves many."""
    second = Database(address)
    mine, other = DecisionStore(database), DecisionStore(second)
    for number in range(3):
        (mine if number % 2 else other).append(of("note", "g-1", number, words=f"note {number}"), PLAN)

        assert [event.words for event in mine.events("r")] == [f"note {at}" for at in range(number + 1)]
    assert mine.events("r") == other.events("r")
    second.close()


def test_what_is_to_be_sent_comes_with_the_decision_or_not_at_all(database: Database) -> None:
    """Whatever ends the one in its middle: nothing is published of which nothing waits to be sent."""
    store, outbox = DecisionStore(database), Outbox(database)
    parcel = Parcel(run_id="r", suggestion="g-1", version=1, channel="csv", recipient="file", payload="a row")
    broken = replace(parcel, recipient="other", payload=None)  # type: ignore[arg-type]  # the database refuses it
    store.append(of("approve", "g-1", 0), PLAN)

    for refused in ((parcel, broken), (broken,)):
        with pytest.raises(IntegrityError):
            store.append(of("publish", "g-1", 1), PLAN, sending=Sending(parcels=refused, n_published_elsewhere=0))
    with pytest.raises(ConflictError):
        store.append(of("publish", "g-1", 0), PLAN, sending=Sending(parcels=(parcel,), n_published_elsewhere=0))
    before = [event.kind for event in store.events("r")], outbox.entries()
    store.append(of("publish", "g-1", 1), PLAN, sending=Sending(parcels=(parcel,), n_published_elsewhere=0))

    assert before == (["approve"], [])
    assert [(one.suggestion, one.version, one.state) for one in outbox.entries()] == [("g-1", 1, "waiting")]
    assert outbox.ends("r") == {"g-1": {("csv", "waiting"): 1}}


def test_two_runs_are_never_published_past_each_other(database: Database) -> None:
    """They may propose the same people: who had not seen what the other told is refused, whole, and looks again."""
    store = DecisionStore(database)
    for run_id in ("r", "another"):
        store.append(of("approve", "g-1", 0, run_id=run_id), PLAN)
    blind = Sending(parcels=(), n_published_elsewhere=store.n_published(but="r"))
    store.append(of("publish", "g-1", 1, run_id="another"), PLAN, sending=Sending(parcels=(), n_published_elsewhere=0))

    with pytest.raises(RunError, match="another night"):
        store.append(of("publish", "g-1", 1), PLAN, sending=blind)

    assert [event.kind for event in store.events("r")] == ["approve"]
    seeing = Sending(parcels=(), n_published_elsewhere=store.n_published(but="r"))
    assert store.append(of("publish", "g-1", 1), PLAN, sending=seeing) == 2


def test_an_open_store_reads_anew_after_somebody_was_forgotten(database: Database) -> None:
    """Of decisions and answers what it had read named them; as many rows are there as before."""
    store, answers = DecisionStore(database), AnswerStore(database)
    store.append(of("change", "g-1", 0, lists={"g-1": ("a", "b")}), PLAN)
    answers.record(Answer(link="l", run_id="r", suggestion="g-1", member="b", kind="not_with", other="a", at=NOON))
    before = store.all_events(), answers.heard()

    erase_member(database, "a", pseudonym="forgotten-1")

    assert before[0]["r"][0].lists["g-1"] == ("a", "b")
    assert before[1].apart == {("a", "b")}
    assert store.events("r")[0].lists["g-1"] == ("b", "forgotten-1")
    assert store.all_events()["r"] is store.events("r")
    assert answers.heard().apart == {("b", "forgotten-1")}
    readmit_member(database, "a", pseudonym="forgotten-1")
    assert answers.heard().apart == {("a", "b")}
    assert answers.heard() is answers.heard()


def test_a_newer_database_is_refused_with_a_way_out(database: Database, address: str) -> None:
    """An old program must not write into what it does not understand."""
    with database.writing("schema") as connection:
        connection.execute(update(SCHEMA).values(version=SCHEMA_VERSION + 1))

    with pytest.raises(InputError, match=f"found schema {SCHEMA_VERSION + 1}.*upgrade"):
        Database(address)
