"""What organizers do for one member by the command line: look, pause, block, hand out what is kept."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import polars as pl

from matcher.errors import InputError
from matcher.storage.contacts import ContactStore
from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.outbox import Outbox
from matcher.storage.decisions.store import DecisionStore
from matcher.storage.forgotten import Forgotten
from matcher.storage.runs import RunStore, read_json
from matcher.storage.workspace import StoredCommunity, Workspace
from matcher.tables.answered import BY_HAND, Answer, hear
from pipelines.forgetting import SUGGESTIONS, in_suggestion, names_member


@dataclass(frozen=True, kw_only=True, slots=True)
class Appearance:
    """A suggestion of a run in which a member was."""

    run_id: str
    suggestion: str
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberShown:
    """What is known of a member, in short.

    Attributes:
        name: As the community has it; empty where it does not know them.
        is_here: Whether the community has them.
        has_opted_in: Whether they agreed there to be matched.
        has_left: Whether they answered that they leave.
        paused_until: Until when they pause; None: they do not.
        blocks: Whom they do not want to meet, by what was imported and what they answered; None: it was not asked for,
            and how many they are would tell who of two that are kept apart it was. Who does not want to meet *them* is
            never said.
        has_contact: Whether an address is kept.
        appearances: Where they were suggested, in runs that are still there.
    """

    member: str
    name: str
    is_here: bool
    has_opted_in: bool
    has_left: bool
    paused_until: datetime | None
    blocks: tuple[str, ...] | None
    has_contact: bool
    appearances: tuple[Appearance, ...]


def show_member(
    workspace: Workspace, database: Database, asked: str, *, is_private: bool, now: datetime
) -> MemberShown:
    """Say what is known of a member.

    Args:
        workspace: Where the community and its runs are.
        database: The desk's.
        asked: Their id, or their name where only one has it.
        is_private: Whether to say whom they do not want to meet.
        now: The instant.

    Raises:
        InputError: Nothing here knows them.
    """
    stored, member = _look_up(workspace, database, asked)
    row = _row(stored, member)
    heard = hear(AnswerStore(database).answers(member=member))
    until = heard.paused_until.get(member)
    blocks = sorted({*_imported_blocks(stored, member), *(other for _, other in heard.not_with)})
    return MemberShown(
        member=member,
        name=row["name"] if row else "",
        is_here=row is not None,
        has_opted_in=bool(row and row["is_opted_in"]),
        has_left=member in heard.left,
        paused_until=until if until and now < until else None,
        blocks=tuple(blocks) if is_private else None,
        has_contact=member in ContactStore(folder=workspace.contacts_folder).load().by_member(),
        appearances=tuple(_appearances(workspace, member)),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a member told an organizer.

    Attributes:
        kind: One of ANSWER_KINDS.
        member: Their id or name.
        other: For a block, the other's id or name.
        days: For a pause, how long.
        by: The organizer.
    """

    kind: str
    member: str
    other: str | None = None
    days: int | None = None
    by: str


def write_down(workspace: Workspace, database: Database, told: Told, *, now: datetime) -> Answer:
    """Record for a member what they told an organizer, as an answer that is about no suggestion.

    Raises:
        InputError: Nothing here knows somebody, or it contradicts itself.
    """
    who = find_member(workspace, database, told.member)
    whom = None if told.other is None else find_member(workspace, database, told.other)
    at = now.astimezone(UTC)
    said = Answer(
        link=f"organizer:{told.by}:{at:%Y-%m-%dT%H:%M:%S.%fZ}:{told.kind}:{who}:{whom or ''}",
        run_id=BY_HAND,
        suggestion=BY_HAND,
        member=who,
        kind=told.kind,
        other=whom,
        at=at,
        until=None if told.days is None else at + timedelta(days=told.days),
    )
    AnswerStore(database).record(said)
    return said


def export_member(workspace: Workspace, database: Database, asked: str) -> Mapping[str, Any]:
    """Everything that is kept of a member, for them to read; of others only who was suggested to them.

    What others said of them, or whom they do not want to meet, is the others' and is not in it.

    Raises:
        InputError: Nothing here knows them.
    """
    stored, member = _look_up(workspace, database, asked)
    answers = [asdict(one) for one in AnswerStore(database).answers(member=member)]
    return {
        "member": member,
        "community": _row(stored, member),
        "messages": _wrote(stored, member),
        "blocks": _imported_blocks(stored, member),
        "email": ContactStore(folder=workspace.contacts_folder).load().by_member().get(member),
        "answers": [{name: value for name, value in one.items() if name != "link"} for one in answers],
        "suggestions": [asdict(one) for one in _appearances(workspace, member)],
        "decisions": list(_decisions(database, member)),
        "sent": [
            {
                "run_id": one.run_id,
                "suggestion": one.suggestion,
                "channel": one.channel,
                "state": one.state,
                "at": one.at,
            }
            for one in Outbox(database).entries()
            if one.recipient == member
        ],
    }


def find_member(workspace: Workspace, database: Database, asked: str) -> str:
    """The id of a member whom anything here knows.

    Raises:
        InputError: Nothing does, or several have this name.
    """
    return _look_up(workspace, database, asked)[1]


def _look_up(workspace: Workspace, database: Database, asked: str) -> tuple[StoredCommunity | None, str]:
    stored = workspace.load_community() if workspace.holds_community else None
    frame = stored.members.frame if stored else pl.DataFrame({"member": [], "name": []}, schema_overrides=_TEXTS)
    if frame.filter(pl.col("member") == asked).height:
        return stored, asked
    named = frame.filter(pl.col("name").str.to_lowercase() == asked.lower())
    if named.height == 1:
        return stored, str(named.item(0, "member"))
    if named.height > 1:
        raise InputError(f"{asked!r} is the name of {named.height} members; give an id from groups.csv")
    if _is_known_elsewhere(workspace, database, asked):
        return stored, asked
    if asked in Forgotten(path=workspace.forgotten_file):
        raise InputError(f"{asked!r} was forgotten here; found nothing of them; to let them come back: members readmit")
    raise InputError(f"{asked!r} is no member; found nothing under this id or name; give an id from groups.csv")


_TEXTS = {"member": pl.String, "name": pl.String}


def _is_known_elsewhere(workspace: Workspace, database: Database, member: str) -> bool:
    """Whether addresses, answers or runs know somebody whom the community does not know any more."""
    runs = RunStore(folder=workspace.runs_folder)
    return (
        member in ContactStore(folder=workspace.contacts_folder).load().by_member()
        or any(member in (one.member, one.other) for one in AnswerStore(database).answers())
        or any(names_member(runs.folder / run_id, member) for run_id in runs.ids())
    )


def _row(stored: StoredCommunity | None, member: str) -> dict[str, Any] | None:
    found = stored.members.frame.filter(pl.col("member") == member) if stored else pl.DataFrame()
    return None if found.is_empty() else found.row(0, named=True)


def _wrote(stored: StoredCommunity | None, member: str) -> list[dict[str, Any]]:
    if stored is None:
        return []
    # Whom they answered or named is in what they wrote; the lists beside it are ours.
    wanted = ("message", "sent_at", "thread", "channel", "is_public", "reply_to", "topics", "text", "url")
    return stored.messages.frame.filter(pl.col("author") == member).sort("sent_at").select(wanted).to_dicts()


def _imported_blocks(stored: StoredCommunity | None, member: str) -> list[str]:
    return stored.blocks.frame.filter(pl.col("member") == member).get_column("blocked").to_list() if stored else []


def _appearances(workspace: Workspace, member: str) -> Iterator[Appearance]:
    """Where the nights suggested a member; what organizers changed since stands in the decisions."""
    store = RunStore(folder=workspace.runs_folder)
    for run_id in store.ids():
        plan = cast("dict[str, Any]", read_json(store.folder / run_id / "plan.json"))
        for kind in SUGGESTIONS:
            for one in plan.get(kind, []):
                if member in in_suggestion(one):
                    yield Appearance(run_id=run_id, suggestion=one["id"], kind=kind.removesuffix("s"))


def _decisions(database: Database, member: str) -> Iterator[dict[str, object]]:
    """Decisions that put the member somewhere: what, when; not who decided, nor an organizer's words."""
    store = DecisionStore(database)
    for run_id in store.run_ids():
        for event in store.events(run_id):
            where = [one for one, members in event.lists.items() if member in (members or ())]
            if where:
                yield {"run_id": run_id, "kind": event.kind, "at": event.at, "suggestions": where}


def as_json(facts: Mapping[str, Any]) -> str:
    """What is handed out, as JSON."""
    return json.dumps(facts, indent=2, ensure_ascii=False, default=str)
