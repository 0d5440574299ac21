"""The demo job: a synthetic community, imported like any export, and a night on it."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from matcher.errors import InputError
from matcher.sources.synthetic import make_community, write_export
from matcher.storage.workspace import Workspace
from pipelines.import_contacts import import_contacts
from pipelines.importing import ImportOrder, ImportSummary, import_export
from pipelines.nightly import NightDone, NightOrder, run_night
from pipelines.wiring import read_settings

NOTICE = "Synthetic: these people and their words were made up by a program."


@dataclass(frozen=True, eq=False, kw_only=True)
class DemoDone:
    """What the demo came to."""

    imported: ImportSummary
    night: NightDone


def run_demo(workspace: Workspace, *, n_members: int, seed: int, now: datetime) -> DemoDone:
    """Make the community, import it, and run a night.

    The export stays in `export/`, with `truths.json` beside it: what was planted, for the curious.

    Raises:
        InputError: The workspace holds a community that is not the demo's.
    """
    if workspace.holds_community and workspace.load_community().notice != NOTICE:
        raise InputError(
            f"{workspace.folder} holds a real community, which the demo would replace; give --workspace another folder"
        )
    export = workspace.folder / "export"
    write_export(make_community(np.random.default_rng(seed), n_members=n_members), export)
    settings = read_settings(workspace)
    paths = (export / "members.csv", export / "messages.jsonl", export / "blocks.csv")
    order = ImportOrder(source="table", paths=paths, notice=NOTICE, is_replacing=True)
    imported = import_export(workspace, order, settings.sources, now=now)
    contacts = export / "contacts.csv"
    import_contacts(workspace, (contacts,), settings.sources.table, is_replacing=True, now=now)
    night = run_night(workspace, settings.night, NightOrder(seed=seed), now=now, desk=settings.review)
    return DemoDone(imported=imported, night=night)
