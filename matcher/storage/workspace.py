"""The community as imported: immutable folders named by their content, and a pointer to the one in use.

A failed or killed import leaves the pointer where it was.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polars as pl

from matcher.errors import InputError, TableError
from matcher.storage.files import write_text, write_whole
from matcher.tables.base import Table
from matcher.tables.community import OPTIONAL, Blocks, Members, Messages, Venues


@dataclass(frozen=True, eq=False, kw_only=True)
class StoredCommunity:
    """What imports left in the workspace.

    Attributes:
        venues: Where organizers would have people meet; they are imported by themselves.
        fingerprint: sha256 over all tables and the notice.
        source: Where it came from.
        notice: What every reader of a plan must know, or empty.
    """

    members: Members
    messages: Messages
    blocks: Blocks
    venues: Venues
    fingerprint: str
    source: str
    notice: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """A folder that holds one community, its runs and its caches."""

    folder: Path

    @property
    def settings_file(self) -> Path:
        """Where an operator writes settings; may be missing."""
        return self.folder / "matcher.toml"

    @property
    def runs_folder(self) -> Path:
        """Where runs are left behind."""
        return self.folder / "runs"

    @property
    def vectors_folder(self) -> Path:
        """Where vectors are cached, by content."""
        return self.folder / "cache" / "vectors"

    @property
    def weights_folder(self) -> Path:
        """Where learned weights are kept."""
        return self.folder / "weights"

    @property
    def contacts_folder(self) -> Path:
        """Where members' addresses are kept."""
        return self.folder / "contacts"

    @property
    def forgotten_file(self) -> Path:
        """Who had themselves forgotten, as fingerprints."""
        return self.folder / "forgotten.json"

    @property
    def published_folder(self) -> Path:
        """Where files for members are left, a folder a run."""
        return self.folder / "published"

    @property
    def holds_community(self) -> bool:
        """Whether anything has been imported."""
        return bool(self._current())

    @property
    def _pointer(self) -> Path:
        return self.folder / "community" / "current.json"

    def save_community(
        self,
        members: Members,
        messages: Messages,
        blocks: Blocks,
        *,
        source: str,
        notice: str,
        quarantine: pl.DataFrame,
    ) -> bool:
        """Put a community in place in one step; False where it already stood there."""
        tables = {"members": members, "messages": messages, "blocks": blocks}
        fingerprint = _fingerprint(tables, notice)
        target = self._pointer.parent / fingerprint[:16]
        is_new = self._current().get("fingerprint") != fingerprint
        for name, table in tables.items():
            write_whole(target / f"{name}.parquet", table.frame.write_parquet)
        write_whole(target / "quarantine.csv", quarantine.write_csv)
        about = {"fingerprint": fingerprint, "source": source, "notice": notice}
        write_text(self._pointer, json.dumps(about, indent=2) + "\n")
        self._forget_others(target)
        return is_new

    def load_community(self) -> StoredCommunity:
        """Read the community in use.

        Raises:
            InputError: Nothing has been imported yet, or what was is damaged.
        """
        about = self._current()
        if not about:
            raise InputError(
                f"{self.folder} holds no community; found no {self._pointer.relative_to(self.folder)}; "
                "import one first: matcher import table members.csv messages.csv"
            )
        folder = self._pointer.parent / about["fingerprint"][:16]
        try:
            members = Members.sorted(pl.read_parquet(folder / "members.parquet"))
            messages = Messages(pl.read_parquet(folder / "messages.parquet"))
            blocks = Blocks(pl.read_parquet(folder / "blocks.parquet"))
        except (OSError, pl.exceptions.PolarsError, TableError) as broken:
            raise InputError(
                f"the community in {folder} is damaged; found {type(broken).__name__}; "
                "import the export again with --replace"
            ) from broken
        tables = {"members": members, "messages": messages, "blocks": blocks}
        if _fingerprint(tables, about["notice"]) != about["fingerprint"]:
            raise InputError(
                f"the community in {folder} is damaged; found changed tables; import the export again with --replace"
            )
        venues = self.load_venues()
        return StoredCommunity(
            members=members,
            messages=messages,
            blocks=blocks,
            venues=venues,
            fingerprint=_fingerprint({"venues": venues}, about["fingerprint"]) if len(venues) else about["fingerprint"],
            source=about["source"],
            notice=about["notice"],
        )

    @property
    def quarantine_file(self) -> Path:
        """Rows of the last import that were refused, mended or skipped."""
        return self._pointer.parent / self._current()["fingerprint"][:16] / "quarantine.csv"

    def save_venues(self, venues: Venues, *, quarantine: pl.DataFrame) -> bool:
        """Put venues in place of any others, whatever the community; False where they already stood there."""
        try:
            is_new = not self.load_venues().frame.equals(venues.frame)
        except InputError:
            is_new = True
        write_whole(self.venues_quarantine_file, quarantine.write_csv)
        write_whole(self._venues_file, venues.frame.write_parquet)
        return is_new

    def load_venues(self) -> Venues:
        """Read the venues; none where none were imported.

        Raises:
            InputError: They are damaged.
        """
        if not self._venues_file.exists():
            return Venues.none()
        try:
            return Venues(pl.read_parquet(self._venues_file))
        except (OSError, pl.exceptions.PolarsError, TableError) as broken:
            raise InputError(
                f"the venues in {self._venues_file} are damaged; found {type(broken).__name__}; "
                "import them again with --replace"
            ) from broken

    @property
    def venues_quarantine_file(self) -> Path:
        """Rows of the last import of venues that were refused or mended."""
        return self._venues_file.with_name("quarantine.csv")

    @property
    def _venues_file(self) -> Path:
        return self.folder / "venues" / "venues.parquet"

    def _current(self) -> dict[str, str]:
        """What the pointer says; nothing where there is none, or a broken one."""
        try:
            read: dict[str, str] = json.loads(self._pointer.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return read

    def _forget_others(self, kept: Path) -> None:
        """Remove older imports: what a member took back must be gone."""
        for folder in self._pointer.parent.iterdir():
            if folder.is_dir() and folder != kept:
                shutil.rmtree(folder)


def _fingerprint(tables: dict[str, Table], notice: str) -> str:
    """Hash what the tables say, not how a file happens to store it; a column of which nobody made use says nothing."""
    digest = hashlib.sha256(notice.encode())
    for name, table in tables.items():
        digest.update(name.encode())
        lines = BytesIO()
        optional = [name for name in OPTIONAL if name in table.columns]
        unsaid = [name for name in optional if not table.frame.get_column(name).list.len().sum()]
        table.frame.drop(unsaid).write_ndjson(lines)
        digest.update(lines.getbuffer())
    return digest.hexdigest()
