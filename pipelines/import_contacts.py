"""The import of members' addresses: it touches neither the community nor any run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from matcher.errors import InputError
from matcher.sources.contacts import read_contacts
from matcher.sources.table import TableOptions
from matcher.storage.contacts import ContactStore
from matcher.storage.forgotten import Forgotten
from matcher.storage.lock import hold_lock
from matcher.storage.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class ContactSummary:
    """What an import of addresses did.

    Attributes:
        is_new: False where the workspace held the very same addresses already.
        n_contacts: Addresses kept.
        n_unknown: Of them those of nobody in the community; they are kept for when somebody is.
        counts: (action, reason, number of rows) of the quarantine.
        quarantine_file: Where every such row is listed, without the address.
    """

    is_new: bool
    n_contacts: int
    n_unknown: int
    counts: tuple[tuple[str, str, int], ...]
    quarantine_file: Path


def import_contacts(
    workspace: Workspace, paths: Sequence[Path], options: TableOptions, *, is_replacing: bool, now: datetime
) -> ContactSummary:
    """Read a list of addresses into the workspace in place of any other.

    Args:
        workspace: Where to; it need not hold a community yet.
        paths: One file.
        options: How to read it.
        is_replacing: Whether the import may leave the workspace without the addresses that it holds.
        now: The instant.

    Raises:
        SourceError: The file cannot be read; the workspace is as it was.
        InputError: There is not one file, or it holds no address and the workspace does.
        LockedError: A run or an import holds the workspace.
    """
    if len(paths) != 1:
        raise InputError(f"contacts are one file; found {len(paths)} paths; give one table with member and email")
    store = ContactStore(folder=workspace.contacts_folder)
    with hold_lock(workspace.folder, job="import contacts", now=now):
        imported = read_contacts(paths[0], options.contact_columns)
        if not is_replacing and not len(imported.contacts) and len(store.load()):
            raise InputError(
                f"the workspace holds {len(store.load())} addresses and the file none that can be read; "
                "mend the file, or say --replace to forget them"
            )
        gone = Forgotten(path=workspace.forgotten_file).among(imported.contacts.by_member())
        contacts = imported.contacts.without(gone)
        is_new = store.save(contacts, quarantine=imported.quarantine.frame)
        counts = imported.quarantine.counts
        return ContactSummary(
            is_new=is_new,
            n_contacts=len(contacts),
            n_unknown=_count_unknown(workspace, contacts.by_member()),
            counts=tuple((action, reason, number) for (action, reason), number in counts.items()),
            quarantine_file=store.quarantine_file,
        )


def _count_unknown(workspace: Workspace, addressed: Iterable[str]) -> int:
    known = set(workspace.load_community().members.frame.get_column("member")) if workspace.holds_community else set()
    return len(set(addressed) - known)
