"""The import job: read an export, keep what can be kept, say what could not."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import polars as pl

from matcher.errors import InputError
from matcher.sources.imported import Imported
from matcher.sources.quarantine import Quarantine
from matcher.sources.stackexchange import read_stackexchange
from matcher.sources.table import TableOptions, read_tables
from matcher.sources.venues import read_venues
from matcher.storage.forgotten import Forgotten
from matcher.storage.lock import hold_lock
from matcher.storage.workspace import Workspace
from pipelines.events import busy
from pipelines.forgetting import leave_out
from pipelines.wiring import SourceSettings

Source = Literal["table", "stackexchange"]


@dataclass(frozen=True, kw_only=True)
class ImportSummary:
    """What an import did.

    Attributes:
        is_new: False where the workspace held the very same community already.
        counts: (action, reason, number of rows) of the quarantine.
        quarantine_file: Where every such row is listed.
        n_forgotten: Members of the export who were forgotten here, and are left out.
    """

    source: str
    is_new: bool
    n_members: int
    n_messages: int
    n_blocks: int
    counts: tuple[tuple[str, str, int], ...]
    quarantine_file: Path
    notice: str
    n_forgotten: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOrder:
    """What to import.

    Attributes:
        source: What kind of export it is.
        paths: Its files or folder.
        notice: What every reader of a plan must know, where the source itself does not say it.
        is_replacing: Whether the import may forget blocks and refusals that the workspace holds.
    """

    source: Source
    paths: tuple[Path, ...]
    notice: str = ""
    is_replacing: bool = False


def import_export(
    workspace: Workspace, order: ImportOrder, settings: SourceSettings, *, now: datetime
) -> ImportSummary:
    """Read an export into the workspace, whole or not at all; nothing in it may be dated after `now`.

    Raises:
        SourceError: The export cannot be read; the workspace is as it was.
        InputError: It would make the workspace forget what members asked for.
        LockedError: A run or an import holds the workspace.
    """
    with hold_lock(workspace.folder, job=f"import {order.source}", now=now):
        with busy(f"reading {', '.join(path.name for path in order.paths)}"):
            imported = _read(order.source, order.paths, settings, now=now)
        gone = Forgotten(path=workspace.forgotten_file).among(imported.members.frame.get_column("member"))
        members, messages, blocks = leave_out(imported.members, imported.messages, imported.blocks, gone)
        imported = dataclasses.replace(imported, members=members, messages=messages, blocks=blocks)
        if not order.is_replacing:
            _refuse_to_forget(workspace, imported)
        is_new = workspace.save_community(
            members,
            messages,
            blocks,
            source=imported.source,
            notice=order.notice or imported.notice,
            quarantine=imported.quarantine.frame,
        )
        return ImportSummary(
            source=imported.source,
            is_new=is_new,
            n_members=len(imported.members),
            n_messages=len(imported.messages),
            n_blocks=len(imported.blocks),
            counts=_counts(imported.quarantine),
            quarantine_file=workspace.quarantine_file,
            notice=order.notice or imported.notice,
            n_forgotten=len(gone),
        )


@dataclass(frozen=True, kw_only=True)
class VenueSummary:
    """What an import of venues did.

    Attributes:
        is_new: False where the workspace held the very same venues already.
        n_public: Of the venues, those where groups may meet.
        counts: (action, reason, number of rows) of the quarantine.
        quarantine_file: Where every such row is listed.
    """

    is_new: bool
    n_venues: int
    n_public: int
    counts: tuple[tuple[str, str, int], ...]
    quarantine_file: Path


def import_venues(
    workspace: Workspace, paths: Sequence[Path], options: TableOptions, *, is_replacing: bool, now: datetime
) -> VenueSummary:
    """Read a list of venues into the workspace in place of any other; members are not touched.

    Args:
        workspace: Where to; it need not hold a community yet.
        paths: One file.
        options: How to read it.
        is_replacing: Whether the import may leave the workspace without the venues that it holds.
        now: The instant.

    Raises:
        SourceError: The file cannot be read; the workspace is as it was.
        InputError: There is not one file, or it holds no venue and the workspace does.
        LockedError: A run or an import holds the workspace.
    """
    if len(paths) != 1:
        raise InputError(f"venues are one file; found {len(paths)} paths; give one table with name, lat and lon")
    with hold_lock(workspace.folder, job="import venues", now=now):
        imported = read_venues(paths[0], options.venue_columns)
        if not is_replacing and not len(imported.venues) and len(workspace.load_venues()):
            raise InputError(
                f"the workspace holds {len(workspace.load_venues())} venues and the file none that can be read; "
                "mend the file, or say --replace to have people meet in towns alone"
            )
        is_new = workspace.save_venues(imported.venues, quarantine=imported.quarantine.frame)
        return VenueSummary(
            is_new=is_new,
            n_venues=len(imported.venues),
            n_public=int(imported.venues.frame.get_column("is_public").sum()),
            counts=_counts(imported.quarantine),
            quarantine_file=workspace.venues_quarantine_file,
        )


def _counts(quarantine: Quarantine) -> tuple[tuple[str, str, int], ...]:
    return tuple((action, reason, number) for (action, reason), number in quarantine.counts.items())


def _refuse_to_forget(workspace: Workspace, imported: Imported) -> None:
    """An import replaces the one before: a file left out must not wipe what members asked for.

    Raises:
        InputError: There is nothing to plan from, or blocks or refusals would be forgotten.
    """
    if not len(imported.messages):
        raise InputError(
            "the export holds no message that can be read; found 0; give the messages too, or mend the export"
        )
    if not workspace.holds_community:
        return
    before = workspace.load_community()
    if len(before.blocks) and not len(imported.blocks):
        raise InputError(
            f"the workspace holds {len(before.blocks)} blocks and the export brings none; a block must not get lost; "
            "import members, messages and blocks together, or say --replace"
        )
    left = before.members.frame.filter(~pl.col("is_opted_in")).select("member")
    now_in = imported.members.frame.filter("is_opted_in").select("member")
    if left.height and imported.members.frame.get_column("is_opted_in").all():
        n_forgotten = left.join(now_in, on="member").height
        if n_forgotten:
            raise InputError(
                f"{n_forgotten} members who had not opted in would be; the export says of nobody that they did not; "
                "import the list of members too, or say --replace"
            )


def _read(source: Source, paths: Sequence[Path], settings: SourceSettings, *, now: datetime) -> Imported:
    if source == "table":
        return read_tables(paths, settings.table, now=now)
    if len(paths) != 1:
        raise InputError(
            f"a Stack Exchange dump is one folder; found {len(paths)} paths; give the folder with Users.xml"
        )
    return read_stackexchange(paths[0], settings.stackexchange, now=now)
