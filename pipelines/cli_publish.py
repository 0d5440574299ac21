"""`matcher publish`: what is approved reaches members, once."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from matcher.errors import InputError
from matcher.publish.meeting_times import Times, read_wall_time
from matcher.publish.publishing import PublishOrder
from matcher.storage.workspace import Workspace
from pipelines.command import JsonOption, WorkspaceOption, answer
from pipelines.database import open_database
from pipelines.events import now, start_logging
from pipelines.publish import publisher_of, run_publish
from pipelines.tell_publish import publish_facts, publish_lines
from pipelines.wiring import read_settings


class Channel(StrEnum):
    """Ways out."""

    csv = "csv"
    ics = "ics"
    eml = "eml"
    smtp = "smtp"
    webhook = "webhook"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command(
        name="publish",
        epilog="Example: matcher publish --to csv --to eml --when 2026-12-05T18:00   or, to send what waits: "
        "matcher publish",
    )(publish)


def publish(  # noqa: PLR0913 -- one argument an option of the command
    workspace: WorkspaceOption = Path(),
    *,
    to: Annotated[
        list[Channel] | None, typer.Option("--to", help="A way out; may be given again. Without one: send what waits.")
    ] = None,
    run: Annotated[str, typer.Option("--run", help="The run. Default: the live one.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who publishes, for the log.")] = "matcher publish",
    when: Annotated[
        list[str] | None,
        typer.Option(
            "--when",
            help="When people meet, on the clocks of each place: 2026-12-05T18:00 for all, or g-1a2b=2026-12-05T18:00 "
            "for one. May be given again. Without: no time is set, and there are no calendar files.",
        ),
    ] = None,
    zone: Annotated[str, typer.Option("--zone", help="Time zone for whoever meets online, like Europe/Vienna.")] = "",
    database: Annotated[
        str, typer.Option("--database", help="The desk's database. Default: as the settings say.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go out; change and send nothing.")] = False,
    status: Annotated[bool, typer.Option("--status", help="Say how far all is; change and send nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell members what is approved: each thing once, by files, mail or webhook."""
    start_logging(is_quiet=as_json)
    place = Workspace(folder=workspace)
    settings = read_settings(place)
    channels = tuple(dict.fromkeys(str(one.value) for one in to or ()))
    order = PublishOrder(channels=channels, by=by, times=read_times(when or (), zone))
    opened = open_database(place, settings.review, database)
    try:
        publisher = publisher_of(place, settings, opened, clock=now)
        done = run_publish(place, publisher, order, run_id=run, is_dry_run=dry_run or status)
    finally:
        opened.close()
    answer(as_json, publish_facts(done), publish_lines(done, channels, is_dry_run=dry_run))


def read_times(said: Sequence[str], zone: str) -> Times:
    """Read when people meet: a time for all, times for single suggestions.

    Raises:
        InputError: A time cannot be read, or two are for all.
    """
    for_all: datetime | None = None
    single: dict[str, datetime] = {}
    for one in said:
        suggestion, is_single, wall = one.rpartition("=")
        if is_single:
            single[suggestion] = read_wall_time(wall)
        elif for_all is not None:
            raise InputError(f"two times are for all; found {one[:40]!r} as the second; say SUGGESTION=TIME for one")
        else:
            for_all = read_wall_time(wall)
    return Times(for_all=for_all, by_suggestion=single, zone=zone)
