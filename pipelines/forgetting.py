"""Forgetting one member: everything that the workspace holds of them, in an order in which a killed job can go on."""

import hashlib
import json
import shutil
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import polars as pl

from matcher.arrangement.desk import without
from matcher.embedding.budget import cut_text
from matcher.errors import EngineMissingError, InputError
from matcher.settings import Settings
from matcher.storage.contacts import ContactStore
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.forgetting import Erased, erase_member, readmit_member
from matcher.storage.dossiers import DOSSIER_FILE, dossier_bytes, read_dossier
from matcher.storage.forgotten import Forgotten
from matcher.storage.lock import hold_lock
from matcher.storage.questions import QUESTION_FILE, question_bytes, read_question
from matcher.storage.runs import RunStore, read_json
from matcher.storage.workspace import StoredCommunity, Workspace
from matcher.tables.community import Blocks, Members, Messages, PastMeetings
from matcher.tables.redacted import bare_plan, redact
from matcher.units import MemberId
from pipelines.run_folder import ROUND
from pipelines.wiring import engines_for, geocoder_for


@dataclass(frozen=True, kw_only=True)
class ForgetDone:
    """What was forgotten.

    Attributes:
        pseudonym: What stands in the member's place in the log of decisions.
        n_messages: Of the member, gone.
        had_contact: Whether there was an address.
        erased: In the desk's database.
        runs: Reduced to who was proposed with whom.
        is_live_reduced: Whether the live run is among them: its cards tell less until the next night.
        n_vectors: Gone from the cache.
    """

    pseudonym: str
    n_messages: int
    had_contact: bool
    erased: Erased
    runs: tuple[str, ...]
    is_live_reduced: bool
    n_vectors: int


def forget_member(
    workspace: Workspace, database: Database, member: str, settings: Settings, *, now: datetime
) -> ForgetDone:
    """Remove all that the workspace holds of a member, for good; an import does not bring them back.

    It may be begun again after it was killed: the community, which knows their name and words, comes last.

    Raises:
        LockedError: A run or an import holds the workspace.
        InputError: Something in the workspace is damaged.
    """
    with hold_lock(workspace.folder, job="forget", now=now):
        stored = workspace.load_community() if workspace.holds_community else None
        row = _row(stored, member)
        names = [row["name"]] if row and row["name"] != member and len(row["name"]) > 1 else []
        pseudonym = Forgotten(path=workspace.forgotten_file).add(member)
        erased = erase_member(database, member, pseudonym=pseudonym, names=names)
        had_contact = ContactStore(folder=workspace.contacts_folder).forget(member)
        runs = _forget_in_runs(workspace, member, pseudonym, names)
        n_vectors = _forget_vectors(workspace, stored, member, settings)
        _forget_home(workspace, row["place_text"] if row else "", settings, now)
        n_messages = _forget_in_community(workspace, stored, member) if stored else 0
    return ForgetDone(
        pseudonym=pseudonym,
        n_messages=n_messages,
        had_contact=had_contact,
        erased=erased,
        runs=tuple(runs),
        is_live_reduced=_live(workspace) in runs,
        n_vectors=n_vectors,
    )


def readmit(workspace: Workspace, database: Database, member: str, *, now: datetime) -> int:
    """Let the next import bring back somebody who was forgotten.

    Returns:
        How many others do not want to meet them; these wishes hold again.

    Raises:
        InputError: They were not forgotten.
        LockedError: A run or an import holds the workspace.
    """
    with hold_lock(workspace.folder, job="readmit", now=now):
        pseudonym = Forgotten(path=workspace.forgotten_file).discard(member)
        return readmit_member(database, member, pseudonym=pseudonym)


def leave_out(
    members: Members, messages: Messages, blocks: Blocks, gone: Collection[str]
) -> tuple[Members, Messages, Blocks]:
    """A community without some members, without what they wrote, and without mentions of them."""
    if not gone:
        return members, messages, blocks
    left = pl.Series(sorted(gone), dtype=pl.String).implode()
    said = messages.frame.filter(~pl.col("author").is_in(left)).with_columns(
        pl.col("mentions").list.set_difference(pl.lit(left)).list.sort()
    )
    between = ~pl.col("member").is_in(left) & ~pl.col("blocked").is_in(left)
    return (
        Members(members.frame.filter(~pl.col("member").is_in(left))),
        Messages(said),
        Blocks(blocks.frame.filter(between)),
    )


def names_member(folder: Path, member: str) -> bool:
    """Whether a run names a member anywhere."""
    plan = cast("dict[str, Any]", read_json(folder / "plan.json"))
    if any(member in in_suggestion(one) for kind in SUGGESTIONS for one in plan.get(kind, [])):
        return True
    try:
        if member in read_dossier(folder).people:
            return True
    except InputError:
        pass  # an older run
    return any(_holds(path, member) for path in sorted(folder.glob("tables/*.parquet")))


SUGGESTIONS = ("groups", "introductions", "gatherings")
"""Where suggestions stand in `plan.json`."""


def in_suggestion(one: Mapping[str, Any]) -> Sequence[str]:
    """Members of a suggestion, as `plan.json` has it."""
    return one["members"] if "members" in one else (one["a"], one["b"])


def _row(stored: StoredCommunity | None, member: str) -> dict[str, str] | None:
    found = stored.members.frame.filter(pl.col("member") == member) if stored else pl.DataFrame()
    return None if found.is_empty() else found.row(0, named=True)


def _holds(path: Path, member: str) -> bool:
    names = [name for name in pl.read_parquet_schema(path) if name in ("member", "member_a", "member_b")]
    if not names:
        return False
    is_there = pl.any_horizontal((pl.col(name).cast(pl.String) == member).any() for name in names)
    return bool(pl.scan_parquet(path).select(is_there).collect().item())


def _forget_in_runs(workspace: Workspace, member: str, pseudonym: str, names: Sequence[str]) -> list[str]:
    """Reduce every run that names the member, and remove the files that went out of it."""
    store = RunStore(folder=workspace.runs_folder)
    store.recover()
    runs = [run_id for run_id in store.ids() if names_member(store.folder / run_id, member)]
    for run_id in runs:
        shutil.rmtree(workspace.published_folder / run_id, ignore_errors=True)
        store.reduce(run_id, _reduced(store.folder / run_id, member, pseudonym, names))
    known = set(store.ids())
    for folder in workspace.published_folder.glob("*"):
        if folder.name not in known:  # of a run that is gone: nobody can say whom it names
            shutil.rmtree(folder)
    return runs


def _reduced(folder: Path, member: str, pseudonym: str, names: Sequence[str]) -> dict[str, str | bytes]:
    """What a night still has to remember of a run; a run of an older version leaves its round alone."""
    files: dict[str, str | bytes] = {}
    head = read_json(folder / "plan.json")
    plan = {**head, "groups": [], "introductions": [], "gatherings": [], "unplaced": []}
    with suppress(InputError):
        dossier = redact(read_dossier(folder), member, pseudonym=pseudonym, names=names)
        files[DOSSIER_FILE] = dossier_bytes(dossier)
        plan = bare_plan(dossier, head)
    with suppress(InputError):
        files[QUESTION_FILE] = question_bytes(without(read_question(folder), MemberId(member)))
    files["plan.json"] = json.dumps(plan, indent=2, ensure_ascii=False) + "\n"
    noted = folder / "tables" / f"{ROUND}.parquet"
    if noted.exists():
        rounds = PastMeetings(pl.read_parquet(noted).filter(pl.col("member") != member))
        files[f"tables/{ROUND}.parquet"] = _parquet(rounds.frame)
    return files


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _forget_vectors(workspace: Workspace, stored: StoredCommunity | None, member: str, settings: Settings) -> int:
    """Remove vectors of the member's texts; caches of other encoders, and of one that is missing, as a whole."""
    if not workspace.vectors_folder.exists():
        return 0
    try:
        encoder = engines_for(settings, workspace)[1]
    except (EngineMissingError, InputError):
        shutil.rmtree(workspace.vectors_folder)
        return 0
    ours = hashlib.sha256(encoder.name.encode()).hexdigest()[:16]
    for folder in workspace.vectors_folder.iterdir():
        if folder.is_dir() and folder.name != ours:
            shutil.rmtree(folder)
    return encoder.forget(_texts(stored, member, settings)) if stored else 0


def _texts(stored: StoredCommunity, member: str, settings: Settings) -> list[str]:
    """Everything of the member that can have been embedded, as it was cut for it."""
    theirs = stored.members.frame.filter(pl.col("member") == member)
    wrote = stored.messages.frame.filter(pl.col("author") == member).get_column("text")
    declared = theirs.get_column("interests").explode().drop_nulls()
    said = pl.concat([wrote, declared, theirs.get_column("about")]).to_frame("text")
    return said.select(cut_text(pl.col("text"), settings.embedding.max_characters)).to_series().unique().to_list()


def _forget_home(workspace: Workspace, place_text: str, settings: Settings, now: datetime) -> None:
    cache = workspace.folder / "geocodes.parquet"
    if not cache.exists():
        return
    geocoder = geocoder_for(settings, workspace, now.date(), may_ask=False, check_limit=lambda: None)
    if geocoder is None:
        cache.unlink()  # of a service that nobody names any more: its keys cannot be told
    elif place_text.strip():
        geocoder.forget([place_text.strip()])


def _forget_in_community(workspace: Workspace, stored: StoredCommunity, member: str) -> int:
    members, messages, blocks = leave_out(stored.members, stored.messages, stored.blocks, [member])
    workspace.save_community(
        members,
        messages,
        blocks,
        source=stored.source,
        notice=stored.notice,
        quarantine=pl.read_csv(workspace.quarantine_file, infer_schema=False),
    )
    return len(stored.messages) - len(messages)


def _live(workspace: Workspace) -> str:
    try:
        return RunStore(folder=workspace.runs_folder).current().name
    except InputError:
        return ""
