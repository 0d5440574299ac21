"""What one member may ask of the organizers: a pause, a block, all that is kept of them, and to be forgotten."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, count
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from matcher.errors import InputError
from matcher.settings import Settings, read_options
from matcher.storage.contacts import ContactStore
from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.outbox import Outbox, Parcel
from matcher.storage.decisions.store import DecisionStore
from matcher.storage.dossiers import read_dossier
from matcher.storage.forgotten import Forgotten
from matcher.storage.published import PublishedFiles
from matcher.storage.runs import RunStore
from matcher.storage.workspace import Workspace
from matcher.tables.answered import Answer, hear
from matcher.tables.contacts import Contacts
from matcher.tables.decisions import Decision
from matcher.tables.drafts import draft_of
from pipelines import forgetting
from pipelines.database import open_database
from pipelines.forgetting import ForgetDone, forget_member, readmit
from pipelines.members import Told, export_member, show_member, write_down
from pipelines.rounds import remember_rounds
from pipelines.wiring import read_settings
from tests.pipelines.conftest import matcher
from tests.pipelines.scattered import FRIENDS, SMALL, TABLE, Night, run, settle, talks
from tests.worlds import AS_OF, Person, Said, talk

ZOE = Person(id="member-zoe", name="Zoë Quill", place="Graz, Austria", interests=("jazz",), about="I play the bassoon.")
KIM = replace(TABLE[2], about="I collect stamps and maps of far countries.")
SETTINGS = read_options(Settings(), SMALL)


def said() -> list[Said]:
    """What friends and table say; threads are not named after who talks in them."""
    names, numbers = sorted([*(one.id for one in TABLE), ZOE.id]), count()
    jazz = [
        one
        for pair in combinations(names, 2)
        for one in talk(*pair, turns=7, topics=("jazz",), thread=f"t{next(numbers)}")
    ]
    return [*talks(one.id for one in FRIENDS), *jazz]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A community after one night, with Zoë in a group, and desk, addresses and outbox that know her."""
    workspace = settle(
        tmp_path / "w", said(), (*FRIENDS, *TABLE[:2], KIM, TABLE[3], ZOE), blocked=[(ZOE.id, "anna"), ("bert", ZOE.id)]
    )
    _use_the_desk(workspace, run(workspace))
    return workspace


@contextmanager
def desk(workspace: Workspace) -> Iterator[Database]:
    """The desk's database."""
    opened = open_database(workspace, read_settings(workspace).review)
    try:
        yield opened
    finally:
        opened.close()


def group_of(night: Night) -> tuple[str, list[str]]:
    """Zoë's group."""
    return next((one["id"], one["members"]) for one in night.plan["groups"] if ZOE.id in one["members"])


def _use_the_desk(workspace: Workspace, night: Night) -> None:
    run_id, (group, members) = night.folder.name, group_of(night)
    frame = pl.DataFrame(
        [(ZOE.id, "zoe@example.org"), ("ida", "ida@example.org")], schema=Contacts.schema(), orient="row"
    )
    ContactStore(folder=workspace.contacts_folder).save(
        Contacts.sorted(frame.sort("member")), quarantine=pl.DataFrame()
    )
    PublishedFiles(folder=workspace.published_folder).write(run_id, f"{group}.csv", "Zoë Quill".encode())
    suggestions = {one["id"]: tuple(one["members"]) for one in night.plan["groups"]}
    with desk(workspace) as database:
        decisions, answers = DecisionStore(database), AnswerStore(database)
        for version, kind in enumerate(("lock", "unlock", "note")):
            seen = {group: version}
            noted = Decision(
                run_id=run_id, kind=kind, by="Olga", at=AS_OF, touched=seen, lists={}, words="ask zoë quill"
            )
            decisions.append(noted, suggestions)
        fewer = tuple(one for one in members if one != "ida")
        lists: dict[str, tuple[str, ...] | None] = {group: fewer}
        change = Decision(run_id=run_id, kind="change", by="Olga", at=AS_OF, touched={group: 3}, lists=lists)
        decisions.append(change, suggestions)
        yes = Answer(link="1", run_id=run_id, suggestion=group, member=ZOE.id, kind="yes", at=AS_OF)
        answers.record(yes)
        answers.record(
            Answer(link="2", run_id=run_id, suggestion=group, member="jan", kind="not_with", other=ZOE.id, at=AS_OF)
        )
        answers.record(
            Answer(link="3", run_id=run_id, suggestion=group, member=ZOE.id, kind="not_with", other="kim", at=AS_OF)
        )
        payload = json.dumps({"members": members, "text": "Dear Zoë Quill"}, ensure_ascii=False)
        parcel = Parcel(run_id=run_id, suggestion=group, version=1, channel="smtp", recipient=ZOE.id, payload=payload)
        Outbox(database).enqueue(parcel, now=AS_OF)


def forget(workspace: Workspace) -> ForgetDone:
    """Forget Zoë."""
    with desk(workspace) as database:
        return forget_member(workspace, database, ZOE.id, SETTINGS, now=AS_OF)


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, as it is and unpacked."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        raw = path.read_bytes()
        yield str(path), raw
        if path.suffix == ".gz":
            yield str(path), gzip.decompress(raw)
        if path.suffix == ".npz":
            with zipfile.ZipFile(io.BytesIO(raw)) as packed:
                yield from ((f"{path}/{name}", packed.read(name)) for name in packed.namelist())
        if path.suffix == ".parquet":
            frame = pl.read_parquet(io.BytesIO(raw))
            yield str(path), repr(frame.to_dict(as_series=False)).encode() + str(frame.schema).encode()


def holding(folder: Path, *words: str) -> set[str]:
    """Files in which one of the words stands."""
    return {name for name, content in contents(folder) if any(word.encode() in content for word in words)}


def test_nothing_in_the_workspace_names_who_was_forgotten(workspace: Workspace) -> None:
    """No file, packed or not: of community, runs, decisions, answers, addresses, outbox, and what was published."""
    words = (ZOE.id, ZOE.name, "bassoon", "zoe@example.org", "zoë quill")
    assert len(holding(workspace.folder, *words)) > 10

    done = forget(workspace)

    assert holding(workspace.folder, *words) == set()
    assert done.had_contact
    assert done.is_live_reduced
    assert done.n_messages > 0
    assert done.n_vectors > 0
    assert done.erased.n_events == 4


def test_vectors_of_their_words_are_gone(workspace: Workspace) -> None:
    """And those of the others' stay: the next night embeds nothing anew but what both had said."""
    before = _n_vectors(workspace)

    done = forget(workspace)

    assert _n_vectors(workspace) == before - done.n_vectors > 0


def test_the_next_night_goes_on_without_them(workspace: Workspace) -> None:
    """And remembers who met whom; decisions about the others still mean the same."""
    (before,) = (workspace.runs_folder / "order").read_text().split()
    done = forget(workspace)

    after = run(workspace, days=8)

    assert ZOE.id not in after.text("plan.json")
    rounds = remember_rounds(RunStore(folder=workspace.runs_folder), AS_OF + timedelta(days=8), n_rounds=1, n_days=0)
    assert {"jan", "kim", "anna"} <= {*rounds.frame.get_column("member")}
    with desk(workspace) as database:
        events = DecisionStore(database).events(before)
    dossier = read_dossier(workspace.runs_folder / before)
    draft = draft_of({one.id: one.members for one in dossier.groups}, events)
    group = next(one for one in dossier.groups if done.pseudonym in one.members)
    assert group.members == tuple(sorted(group.members))
    assert done.pseudonym in draft.suggestions[group.id].members
    assert "ida" not in draft.suggestions[group.id].members


def test_an_import_does_not_bring_them_back(workspace: Workspace, tmp_path: Path) -> None:
    """Neither them nor their address; until an organizer lets them, and then others' wishes hold again."""
    forget(workspace)
    members, messages = tmp_path / "members.csv", tmp_path / "messages.csv"
    members.write_text(f"id,name,opted_in\n{ZOE.id},Zoë Quill,yes\nida,Ida,yes\n")
    messages.write_text(
        "id,author,date,thread,text,mentions\n"
        f"1,ida,2024-01-01T10:00:00Z,t,hello there,{ZOE.id}\n2,{ZOE.id},2024-01-01T11:00:00Z,t,hello,\n"
    )

    read = matcher(
        "import", "table", str(members), str(messages), "--replace", "--workspace", str(workspace.folder), "--json"
    )

    assert json.loads(read.stdout)["n_forgotten"] == 1
    assert not holding(workspace.folder, ZOE.id)

    with desk(workspace) as database:
        assert readmit(workspace, database, ZOE.id, now=AS_OF) == 1
        assert ("jan", ZOE.id) in hear(AnswerStore(database).answers()).not_with
    matcher("import", "table", str(members), str(messages), "--replace", "--workspace", str(workspace.folder))

    assert ZOE.id in workspace.load_community().members.frame.get_column("member")


def test_a_killed_job_is_begun_again(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """At whatever place: in the end nothing names them, under one pseudonym."""
    steps = ("erase_member", "_forget_in_runs", "_forget_vectors", "_forget_home", "_forget_in_community")
    for step in steps:

        def die(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(forgetting, step, die)
            with pytest.raises(KeyboardInterrupt):
                forget(workspace)

    done = forget(workspace)

    assert not holding(workspace.folder, ZOE.id, ZOE.name, "bassoon")
    assert [name for name, content in contents(workspace.folder) if done.pseudonym.encode() in content]


def test_what_is_kept_is_handed_out(workspace: Workspace) -> None:
    """All of theirs, and nothing that others said of them."""
    with desk(workspace) as database:
        facts: dict[str, Any] = dict(export_member(workspace, database, "zoë quill"))

    assert facts["community"]["about"] == ZOE.about
    assert facts["email"] == "zoe@example.org"
    assert len(facts["messages"]) > 0
    assert facts["blocks"] == ["anna"]
    assert [(one["kind"], one["other"]) for one in facts["answers"]] == [("yes", None), ("not_with", "kim")]
    assert facts["suggestions"]
    assert [one["kind"] for one in facts["decisions"]] == ["change"]
    assert [one["channel"] for one in facts["sent"]] == ["smtp"]
    said_of_them = json.dumps(facts, default=str)
    assert "bert" not in said_of_them
    assert '"jan"' not in said_of_them


def test_who_shuts_them_out_is_never_shown(workspace: Workspace) -> None:
    """Whom they shut out is said if asked for; else not even how many, which could tell who of two it was."""
    with desk(workspace) as database:
        short = show_member(workspace, database, ZOE.id, is_private=False, now=AS_OF)
        whole = show_member(workspace, database, ZOE.id, is_private=True, now=AS_OF)

    assert short.blocks is None
    assert whole.blocks == ("anna", "kim")
    assert short.has_contact
    assert {one.kind for one in short.appearances} >= {"group"}


def test_what_an_organizer_writes_down_counts_like_an_answer(workspace: Workspace) -> None:
    """Pause, block, leave; each is taken back by its opposite."""
    with desk(workspace) as database:

        def tell(kind: str, **rest: Any) -> None:  # noqa: ANN401
            told = Told(kind=kind, member="Ida", by="olga", **rest)
            write_down(workspace, database, told, now=AS_OF + timedelta(seconds=next(seconds)))

        seconds, answers = count(), AnswerStore(database)
        tell("pause", days=30)
        tell("not_with", other="Jan")
        tell("leave")
        heard = hear(answers.answers())
        assert heard.paused_until["ida"] == AS_OF + timedelta(days=30)
        assert ("ida", "jan") in heard.not_with
        assert "ida" in heard.left

        tell("resume")
        tell("with_again", other="Jan")
        tell("return")
        heard = hear(answers.answers())
        assert not heard.is_away("ida", at=AS_OF)
        assert ("ida", "jan") not in heard.not_with


def test_nobody_is_taken_for_another(workspace: Workspace) -> None:
    """An unknown name, a forgotten one: nothing is done."""
    with desk(workspace) as database:
        for asked in ("nobody", "", "groups", "reunite"):
            with pytest.raises(InputError, match="no member"):
                export_member(workspace, database, asked)
        forget_member(workspace, database, ZOE.id, SETTINGS, now=AS_OF)
        with pytest.raises(InputError, match="was forgotten"):
            export_member(workspace, database, ZOE.id)
        with pytest.raises(InputError, match="not forgotten"):
            readmit(workspace, database, "ida", now=AS_OF)


def test_the_commands_do_it(workspace: Workspace, tmp_path: Path) -> None:
    """Each answers in JSON; forgetting wants a yes."""
    (workspace.folder / "matcher.toml").write_text('[embedding]\nmodel = "word-hash"\n')

    def command(*words: str, check: bool = True) -> dict[str, Any]:
        done = matcher("members", *words, "--workspace", str(workspace.folder), "--json", check=check)
        return dict(json.loads(done.stdout)) if done.returncode == 0 else {"error": done.stderr}

    assert command("show", ZOE.id)["blocks"] is None
    assert command("show", ZOE.id, "--private")["blocks"] == ["anna", "kim"]
    assert command("pause", "ida", "--days", "9")["kind"] == "pause"
    assert command("block", "ida", "jan", "--by", "olga")["link"].startswith("organizer:olga:")
    assert command("unblock", "ida", "jan")["other"] == "jan"
    assert command("resume", "ida")["kind"] == "resume"
    assert command("export", ZOE.id)["email"] == "zoe@example.org"
    matcher("members", "export", ZOE.id, "--to", str(tmp_path / "zoe.json"), "--workspace", str(workspace.folder))
    assert (tmp_path / "zoe.json").stat().st_mode & 0o777 == 0o600
    assert "--yes" in command("forget", ZOE.id, check=False)["error"]
    assert ZOE.id in workspace.load_community().members.frame.get_column("member")
    assert command("forget", ZOE.id, "--yes")["pseudonym"].startswith("forgotten-")
    assert ZOE.id in Forgotten(path=workspace.forgotten_file)
    assert not holding(workspace.folder, ZOE.id, ZOE.name)


def _n_vectors(workspace: Workspace) -> int:
    return sum(pl.read_parquet(path).height for path in workspace.vectors_folder.rglob("*.parquet"))
