"""Members' addresses: one file of the workspace that only its owner may read, apart from everything else."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from matcher.errors import InputError, TableError
from matcher.storage.files import write_private, write_whole
from matcher.tables.contacts import Contacts


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactStore:
    """The folder `contacts/` of a workspace."""

    folder: Path

    @property
    def quarantine_file(self) -> Path:
        """Rows of the last import that were refused."""
        return self.folder / "quarantine.csv"

    def save(self, contacts: Contacts, *, quarantine: pl.DataFrame) -> bool:
        """Put addresses in place of any others; False where they already stood there."""
        try:
            is_new = not self.load().frame.equals(contacts.frame)
        except InputError:
            is_new = True
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        write_whole(self.quarantine_file, quarantine.write_csv)
        self.replace(contacts)
        return is_new

    def load(self) -> Contacts:
        """Read the addresses; none where none were imported.

        Raises:
            InputError: They are damaged.
        """
        if not self._file.exists():
            return Contacts.none()
        try:
            return Contacts(pl.read_parquet(self._file))
        except (OSError, pl.exceptions.PolarsError, TableError) as broken:
            raise InputError(
                f"the addresses in {self._file} are damaged; found {type(broken).__name__}; "
                "import them again with --replace"
            ) from broken

    def forget(self, member: str) -> bool:
        """Take a member's address away for good; False where there was none."""
        contacts = self.load()
        kept = contacts.frame.filter(pl.col("member") != member)
        if kept.height == len(contacts):
            return False
        self.replace(Contacts(kept))
        return True

    def replace(self, contacts: Contacts) -> None:
        """Write the addresses whole, for their owner's eyes only."""
        write_private(self._file, contacts.frame.write_parquet)

    @property
    def _file(self) -> Path:
        return self.folder / "contacts.parquet"
