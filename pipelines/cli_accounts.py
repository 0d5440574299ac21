"""The commands that manage organizers' accounts.

A password is typed or piped, never an argument, which every program on the machine could see.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from matcher.errors import InputError
from matcher.storage.decisions.accounts import ROLES, AccountStore
from matcher.storage.workspace import Workspace
from pipelines.cli_review import DatabaseOption
from pipelines.command import JsonOption, WorkspaceOption, answer
from pipelines.database import open_database
from pipelines.events import now
from pipelines.wiring import read_settings


class Role(StrEnum):
    """What an account may do."""

    viewer = "viewer"
    organizer = "organizer"
    admin = "admin"


NameArgument = Annotated[str, typer.Argument(help="The account's name.")]
RoleOption = Annotated[Role, typer.Option(help="; ".join(f"{role}: {may}" for role, may in ROLES.items()))]
PipedOption = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]

commands = typer.Typer(
    name="accounts", help="Accounts of organizers at the desk.", no_args_is_help=True, rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(commands)


@commands.command(epilog="Example: matcher accounts add maria --role organizer")
def add(
    name: NameArgument,
    role: RoleOption = Role.organizer,
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
    *,
    password_stdin: PipedOption = False,
) -> None:
    """Add an account; its password is asked for twice."""
    with _accounts(workspace, database) as store:
        store.add(name, _password(is_piped=password_stdin), role.value, now=now())
    typer.echo(f"Added {name}, who {ROLES[role.value]}.")


@commands.command("list", epilog="Example: matcher accounts list --json")
def list_(workspace: WorkspaceOption = Path(), database: DatabaseOption = "", *, as_json: JsonOption = False) -> None:
    """List all accounts."""
    with _accounts(workspace, database) as store:
        found = store.accounts()
    lines = [f"{one.name}: {one.role}{', disabled' if one.is_disabled else ''}" for one in found]
    answer(as_json, {"accounts": [asdict(one) for one in found]}, lines or ["There is no account yet."])


@commands.command(epilog="Example: matcher accounts role maria --role admin")
def role(
    name: NameArgument,
    role: RoleOption,
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
) -> None:
    """Let an account do more or less."""
    with _accounts(workspace, database) as store:
        store.change_role(name, role.value)
    typer.echo(f"{name} now {ROLES[role.value]}.")


@commands.command(epilog="Example: matcher accounts disable maria")
def disable(name: NameArgument, workspace: WorkspaceOption = Path(), database: DatabaseOption = "") -> None:
    """Let nobody sign in with an account; what it decided stays."""
    with _accounts(workspace, database) as store:
        store.disable(name)
    typer.echo(f"Nobody signs in as {name} any more.")


@commands.command(epilog="Example: matcher accounts enable maria")
def enable(name: NameArgument, workspace: WorkspaceOption = Path(), database: DatabaseOption = "") -> None:
    """Let an account be used again."""
    with _accounts(workspace, database) as store:
        store.enable(name)
    typer.echo(f"{name} may sign in again.")


@commands.command(epilog="Example: matcher accounts password maria")
def password(
    name: NameArgument,
    workspace: WorkspaceOption = Path(),
    database: DatabaseOption = "",
    *,
    password_stdin: PipedOption = False,
) -> None:
    """Give an account another password; whoever is signed in with it is signed out."""
    with _accounts(workspace, database) as store:
        store.change_password(name, _password(is_piped=password_stdin))
    typer.echo(f"{name} has another password.")


@contextmanager
def _accounts(folder: Path, url: str) -> Iterator[AccountStore]:
    workspace = Workspace(folder=folder)
    database = open_database(workspace, read_settings(workspace).review, url)
    try:
        yield AccountStore(database)
    finally:
        database.close()


def _password(*, is_piped: bool) -> str:
    """Ask for a password twice, unseen; or read one line.

    Raises:
        InputError: There is nobody to ask.
    """
    if is_piped:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InputError("nobody can type a password here; found no terminal; pipe it and say --password-stdin")
    said: str = typer.prompt("Password, at least 12 characters", hide_input=True, confirmation_prompt="The same again")
    return said
