"""The import job: read an export, keep what can be kept, say what could not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from matcher.errors import InputError
from matcher.sources.imported import Imported
from matcher.sources.stackexchange import read_stackexchange
from matcher.sources.table import read_tables
from matcher.storage.lock import hold_lock
from matcher.storage.workspace import Workspace
from pipelines.events import busy
from pipelines.wiring import SourceSettings

Source = Literal["table", "stackexchange"]


@dataclass(frozen=True, kw_only=True)
class ImportSummary:
    """What an import did.

    Attributes:
        is_new: False where the workspace held the very same community already.
        counts: (action, reason, number of rows) of the quarantine.
        quarantine_file: Where every such row is listed.
    """

    source: str
    is_new: bool
    n_members: int
    n_messages: int
    n_blocks: int
    counts: tuple[tuple[str, str, int], ...]
    quarantine_file: Path
    notice: str


def import_export(
    workspace: Workspace,
    source: Source,
    paths: Sequence[Path],
    settings: SourceSettings,
    *,
    now: datetime,
    notice: str = "",
) -> ImportSummary:
    """Read an export into the workspace, whole or not at all.

    Args:
        workspace: Where to.
        source: What kind of export it is.
        paths: Its files or folder.
        settings: How to read it.
        now: The clock; nothing may be dated later.
        notice: What every reader of a plan must know, where the source itself does not say it.

    Raises:
        SourceError: The export cannot be read; the workspace is as it was.
        LockedError: A run or an import holds the workspace.
    """
    with hold_lock(workspace.folder, job=f"import {source}", now=now):
        with busy(f"reading {', '.join(path.name for path in paths)}"):
            imported = _read(source, paths, settings, now=now)
        is_new = workspace.save_community(
            imported.members,
            imported.messages,
            imported.blocks,
            source=imported.source,
            notice=notice or imported.notice,
            quarantine=imported.quarantine.frame,
        )
        return ImportSummary(
            source=imported.source,
            is_new=is_new,
            n_members=len(imported.members),
            n_messages=len(imported.messages),
            n_blocks=len(imported.blocks),
            counts=tuple((action, reason, number) for (action, reason), number in imported.quarantine.counts.items()),
            quarantine_file=workspace.quarantine_file,
            notice=notice or imported.notice,
        )


def _read(source: Source, paths: Sequence[Path], settings: SourceSettings, *, now: datetime) -> Imported:
    if source == "table":
        return read_tables(paths, settings.table, now=now)
    if len(paths) != 1:
        raise InputError(
            f"a Stack Exchange dump is one folder; found {len(paths)} paths; give the folder with Users.xml"
        )
    return read_stackexchange(paths[0], settings.stackexchange, now=now)
