"""What is promised to whoever wants to be forgotten, on every database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.forgetting import FORGOTTEN_WHY, erase_member, readmit_member
from matcher.storage.decisions.outbox import Outbox, Parcel
from matcher.storage.decisions.schema import APPEND_ONLY
from matcher.storage.decisions.store import DecisionStore
from matcher.tables.answered import Answer, hear
from matcher.tables.decisions import Decision

NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)
RUN = "2024-05-01-0a1b2c3d"
PLAN = {"g-1": ("member-zoe", "b", "c"), "g-2": ("d", "e")}
ALIAS = "forgotten-0a1b2c3d"


def fill(database: Database) -> None:
    """Decisions, answers and parcels, with member-zoe in each."""
    decisions, answers, outbox = DecisionStore(database), AnswerStore(database), Outbox(database)
    moved = Decision(
        run_id=RUN, kind="change", by="Olga", at=NOW, touched={"g-1": 0, "g-2": 0},
        words="Zoë Q. is shy, member-zoe too", lists={"g-1": ("b", "c"), "g-2": ("d", "e", "member-zoe")},
    )  # fmt: skip
    decisions.append(moved, PLAN)
    decisions.append(replace(moved, kind="note", touched={"g-1": 1}, lists={}, words="Zoëlle is fine"), PLAN)
    said = Answer(link="1", run_id=RUN, suggestion="g-2", member="member-zoe", kind="yes", at=NOW)
    for place, one in enumerate(
        [
            said,
            replace(said, kind="not_with", other="b"),
            replace(said, member="b", kind="not_with", other="member-zoe"),
            replace(said, member="d", kind="not_again", other="member-zoe"),
            replace(said, member="d", kind="met"),
        ]
    ):
        answers.record(replace(one, link=f"link-{place}"))
    parcel = Parcel(run_id=RUN, suggestion="g-2", version=1, channel="smtp", recipient="member-zoe", payload="")
    outbox.enqueue(replace(parcel, payload='{"members":["d","member-zoe"],"text":"Dear Zoë Q."}'), now=NOW)
    outbox.enqueue(replace(parcel, recipient="d", payload='{"members":["d","member-zoe"]}'), now=NOW)
    outbox.enqueue(replace(parcel, recipient="b", payload='{"members":["b","member-zoelle"]}'), now=NOW)


def test_of_who_is_forgotten_nothing_stays(database: Database) -> None:
    """Who decided what and when does; in it the member is a pseudonym, also in the organizers' words."""
    fill(database)

    erased = erase_member(database, "member-zoe", pseudonym=ALIAS, names=["Zoë Q."])

    moved, noted = DecisionStore(database).events(RUN)
    assert moved.lists["g-2"] == ("d", "e", ALIAS)
    assert moved.words == f"{ALIAS} is shy, {ALIAS} too"
    assert (moved.by, moved.at, moved.touched) == ("Olga", NOW, {"g-1": 0, "g-2": 0})
    assert noted.words == "Zoëlle is fine"
    assert (erased.n_events, erased.n_answers, erased.n_parcels) == (1, 4, 2)


def test_others_answers_stay_theirs(database: Database) -> None:
    """What they said of this member goes, but that they do not want to meet: that holds if the member comes back."""
    fill(database)

    erase_member(database, "member-zoe", pseudonym=ALIAS)

    left = AnswerStore(database).answers()
    assert [(one.member, one.kind, one.other) for one in left] == [("b", "not_with", ALIAS), ("d", "met", None)]

    assert readmit_member(database, "member-zoe", pseudonym=ALIAS) == 1

    assert hear(AnswerStore(database).answers()).not_with == {("b", "member-zoe")}


def test_what_names_them_is_not_sent_any_more(database: Database) -> None:
    """Neither to them nor about them; what is for others alone goes out."""
    fill(database)

    erase_member(database, "member-zoe", pseudonym=ALIAS)

    entries = {one.recipient: one for one in Outbox(database).entries()}
    assert set(entries) == {ALIAS, "d", "b"}
    assert [(entries[one].state, entries[one].payload, entries[one].why) for one in (ALIAS, "d")] == [
        ("failed", "", FORGOTTEN_WHY)
    ] * 2
    assert entries["b"].state == "waiting"


def test_the_log_is_guarded_again_afterwards(database: Database) -> None:
    """As it was: nobody changes or removes anything, and decisions go on."""
    fill(database)

    erase_member(database, "member-zoe", pseudonym=ALIAS)

    for table in APPEND_ONLY:
        for statement in (delete(table), update(table).values({next(iter(table.c)).name: "1"})):
            with pytest.raises(DBAPIError, match="append-only"), database.writing("x") as connection:
                connection.execute(statement)
    renamed = {"g-1": (ALIAS, "b", "c"), "g-2": ("d", "e")}
    note = Decision(run_id=RUN, kind="note", by="Olga", at=NOW, touched={"g-2": 1}, lists={}, words="on")
    assert DecisionStore(database).append(note, renamed) == 3


def test_a_failure_in_between_leaves_everything_as_it_was(database: Database) -> None:
    """Guarded, and whole."""
    fill(database)
    before = DecisionStore(database).events(RUN), AnswerStore(database).answers()

    with pytest.raises(TypeError):
        erase_member(database, "member-zoe", pseudonym=None)  # type: ignore[arg-type]  # fails when the triggers are off

    assert (DecisionStore(database).events(RUN), AnswerStore(database).answers()) == before
    with pytest.raises(DBAPIError, match="append-only"), database.writing("x") as connection:
        connection.execute(delete(APPEND_ONLY[0]))


def test_forgetting_twice_changes_nothing(database: Database) -> None:
    """A killed run is begun again."""
    fill(database)
    erase_member(database, "member-zoe", pseudonym=ALIAS)
    before = DecisionStore(database).events(RUN), AnswerStore(database).answers(), Outbox(database).entries()

    again = erase_member(database, "member-zoe", pseudonym=ALIAS)

    assert (again.n_events, again.n_answers, again.n_parcels) == (0, 0, 0)
    assert (DecisionStore(database).events(RUN), AnswerStore(database).answers(), Outbox(database).entries()) == before


def test_no_byte_of_them_lies_in_the_file(tmp_path: Path) -> None:
    """SQLite leaves what was removed where it was, until it is written anew; and a log beside it."""
    database = Database(tmp_path / "desk.sqlite")
    fill(database)
    assert any(b"member-zoe" in path.read_bytes() for path in tmp_path.iterdir())

    erase_member(database, "member-zoe", pseudonym=ALIAS, names=["Zoë Q."])

    for path in tmp_path.iterdir():
        kept = path.read_bytes().replace(b"member-zoelle", b"")
        assert b"member-zoe" not in kept
        assert "Zoë Q.".encode() not in kept
    database.close()


def test_an_open_pause_is_kept_apart_from_others(database: Database) -> None:
    """Somebody whose id begins alike loses nothing."""
    answers = AnswerStore(database)
    pause = Answer(
        link="p", run_id=RUN, suggestion="g-1", member="member-zoelle", kind="pause", at=NOW, until=NOW + timedelta(9)
    )
    answers.record(pause)

    erase_member(database, "member-zoe", pseudonym=ALIAS)

    assert answers.answers() == [pause]
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM answers")).scalar_one() == 1
