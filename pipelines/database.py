"""The desk's database of a workspace, for every job that reads or writes it; the web is not needed for that."""

import os
from pathlib import Path

from matcher.errors import InputError
from matcher.review.options import DeskOptions
from matcher.storage.decisions.database import Database
from matcher.storage.workspace import Workspace


def open_database(workspace: Workspace, options: DeskOptions, url: str = "") -> Database:
    """The desk's database: at `url`, or where the environment says, or the settings, or in the workspace.

    Args:
        workspace: Where it is by default; a path in the settings is seen from there.
        options: What `matcher.toml` says.
        url: What the command line says; empty: nothing.

    Raises:
        InputError: There is no workspace, or the database cannot be opened.
    """
    if not workspace.folder.is_dir():
        raise InputError(f"there is no workspace at {workspace.folder}; import a community first, or mend --workspace")
    said = url or os.environ.get("MATCHER_DATABASE", "")
    if said:
        return Database(said)
    kept = options.database or "desk.sqlite"
    return Database(kept if "://" in kept else workspace.folder / Path(kept))
