"""The commands about one member: show, pause, block, leave, export, forget."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from matcher.errors import InputError
from matcher.storage.decisions.database import Database
from matcher.storage.files import write_private_text
from matcher.storage.workspace import Workspace
from pipelines.cli_review import DatabaseOption
from pipelines.command import JsonOption, WorkspaceOption, answer
from pipelines.database import open_database
from pipelines.events import now, start_logging
from pipelines.forgetting import ForgetDone, forget_member, readmit
from pipelines.members import MemberShown, Told, as_json, export_member, find_member, show_member, write_down
from pipelines.wiring import read_settings

MemberArgument = Annotated[str, typer.Argument(help="A member's id or name.")]
ByOption = Annotated[str, typer.Option("--by", help="Who writes it down. Default: who you are on this machine.")]

commands = typer.Typer(name="members", help="One member.", no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands)


@commands.command(epilog="Example: matcher members show u12")
def show(
    member: MemberArgument,
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
    *,
    private: Annotated[bool, typer.Option("--private", help="Also say whom they do not want to meet.")] = False,
    json_: JsonOption = False,
) -> None:
    """Say what is known of a member."""
    with _desk(workspace, database) as (place, opened):
        found = show_member(place, opened, member, is_private=private, now=now())
    answer(json_, asdict(found), _shown(found))


@commands.command(epilog="Example: matcher members pause u12 --days 30")
def pause(
    member: MemberArgument,
    days: Annotated[int, typer.Option(help="How long.", min=1, max=3_650)] = 30,
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
    *,
    by: ByOption = "",
    json_: JsonOption = False,
) -> None:
    """Propose nothing to a member for a while."""
    told = Told(kind="pause", member=member, days=days, by=by or getpass.getuser())
    _note(workspace, database, told, as_json=json_, line="{0} pauses until {2:%Y-%m-%d}.")


@commands.command(epilog="Example: matcher members resume u12")
def resume(
    member: MemberArgument,
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
    *,
    by: ByOption = "",
    json_: JsonOption = False,
) -> None:
    """End a member's pause."""
    told = Told(kind="resume", member=member, by=by or getpass.getuser())
    _note(workspace, database, told, as_json=json_, line="{0} does not pause any more.")


@commands.command(epilog="Example: matcher members leave u12")
def leave(
    member: MemberArgument,
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
    *,
    by: ByOption = "",
    json_: JsonOption = False,
) -> None:
    """Propose nothing to a member ever; what is kept of them stays."""
    told = Told(kind="leave", member=member, by=by or getpass.getuser())
    _note(workspace, database, told, as_json=json_, line="{0} left.")


@commands.command("return", epilog="Example: matcher members return u12")
def return_(
    member: MemberArgument,
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
    *,
    by: ByOption = "",
    json_: JsonOption = False,
) -> None:
    """Take back a member who left, because they asked for it."""
    told = Told(kind="return", member=member, by=by or getpass.getuser())
    _note(workspace, database, told, as_json=json_, line="{0} is back.")


@commands.command(epilog="Example: matcher members block u12 u34")
def block(
    member: MemberArgument,
    other: Annotated[str, typer.Argument(help="Whom they do not want to meet.")],
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
    *,
    by: ByOption = "",
    json_: JsonOption = False,
) -> None:
    """Never bring a member together with another, who never learns of it."""
    told = Told(kind="not_with", member=member, other=other, by=by or getpass.getuser())
    _note(workspace, database, told, as_json=json_, line="{0} will not meet {1}.")


@commands.command(epilog="Example: matcher members unblock u12 u34")
def unblock(
    member: MemberArgument,
    other: Annotated[str, typer.Argument(help="Whom they would meet after all.")],
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
    *,
    by: ByOption = "",
    json_: JsonOption = False,
) -> None:
    """Take back a block that was answered or written down; one that was imported is taken back where it came from."""
    told = Told(kind="with_again", member=member, other=other, by=by or getpass.getuser())
    _note(workspace, database, told, as_json=json_, line="{0} may meet {1}, as far as was answered here.")


@commands.command(epilog="Example: matcher members export u12 --to u12.json")
def export(
    member: MemberArgument,
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
    *,
    to: Annotated[Path | None, typer.Option("--to", help="A file that only you may read. Default: print it.")] = None,
    json_: JsonOption = False,
) -> None:
    """Hand out everything that is kept of a member, as one JSON object."""
    del json_  # it is nothing else
    with _desk(workspace, database) as (place, opened):
        facts = as_json(export_member(place, opened, member))
    if to is None:
        typer.echo(facts)
    else:
        write_private_text(to, facts + "\n")
        typer.echo(f"Wrote {to}.")


@commands.command(epilog="Example: matcher members forget u12 --yes")
def forget(
    member: MemberArgument,
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; it cannot be undone.")] = False,
    json_: JsonOption = False,
) -> None:
    """Remove everything that is kept of a member, for good; a later import does not bring them back."""
    start_logging(is_quiet=json_)
    with _desk(workspace, database) as (place, opened):
        who = find_member(place, opened, member)
        if not yes:
            raise InputError(
                f"this removes all that is kept of {who}, and reduces every run that names them; nothing was done; "
                "say --yes if you mean it"
            )
        done = forget_member(place, opened, who, read_settings(place).night, now=now())
    answer(json_, asdict(done), _forgotten(done))


@commands.command("readmit", epilog="Example: matcher members readmit u12")
def readmit_(
    member: Annotated[str, typer.Argument(help="Their id, as it was.")],
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
    *,
    json_: JsonOption = False,
) -> None:
    """Let the next import bring back somebody who was forgotten, because they asked for it."""
    with _desk(workspace, database) as (place, opened):
        n_blocks = readmit(place, opened, member, now=now())
    del n_blocks  # how many do not want to meet them is not to be told
    answer(json_, {"member": member}, [f"{member} may come back with the next import."])


@contextmanager
def _desk(folder: Path, database: str) -> Iterator[tuple[Workspace, Database]]:
    place = Workspace(folder=folder)
    opened = open_database(place, read_settings(place).review, database)
    try:
        yield place, opened
    finally:
        opened.close()


def _note(folder: Path, database: str, told: Told, *, as_json: bool, line: str) -> None:
    with _desk(folder, database) as (place, opened):
        said = write_down(place, opened, told, now=now())
    answer(as_json, asdict(said), [line.format(said.member, said.other, said.until)])


def _shown(found: MemberShown) -> list[str]:
    here = "opted in" if found.has_opted_in else "did not opt in" if found.is_here else "not in the community"
    pause = f"; pauses until {found.paused_until:%Y-%m-%d}" if found.paused_until else ""
    blocks = (
        ["Does not want to meet:", *(f"  {one}" for one in found.blocks)] if found.blocks else ["Would meet anybody."]
    )
    return [
        f"{found.member} {found.name}".strip() + f": {here}{'; left' if found.has_left else ''}{pause}.",
        *(["Whom they do not want to meet is said with --private."] if found.blocks is None else blocks),
        "An address is kept." if found.has_contact else "No address is kept.",
        *(f"  {one.run_id}  {one.kind} {one.suggestion}" for one in found.appearances),
    ]


def _forgotten(done: ForgetDone) -> list[str]:
    erased = done.erased
    lines = [
        f"Forgotten; in the log of decisions stands {done.pseudonym}.",
        f"Gone: {done.n_messages} messages, {erased.n_answers} answers, {erased.n_parcels} parcels.",
        f"{erased.n_events} decisions and {len(done.runs)} runs do not name them any more.",
    ]
    if done.is_live_reduced:
        lines.append("The live run lost its reasons and scores: a new one, by matcher run, has them again.")
    return [*lines, "Exports, copies and mail outside of this workspace are yours to clear."]
