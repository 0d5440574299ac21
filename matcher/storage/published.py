"""Files that leave the desk: a folder a run under `published/`, each file whole or not there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from matcher.errors import InputError
from matcher.storage.files import write_bytes

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")
_PATIENCE_S = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedFiles:
    """The folder `published/` of a workspace; made for its owner's eyes only."""

    folder: Path

    def write(self, run_id: str, name: str, content: bytes) -> Path:
        """Leave one file of a run, in place of any of this name.

        Args:
            run_id: The run.
            name: Made of ids alone, never of a member's words.
            content: The whole file.

        Raises:
            InputError: The name is none that we make.
        """
        path = self._path(run_id, name)
        write_bytes(path, content)
        return path

    def change(self, run_id: str, name: str, changed: Callable[[str], str]) -> Path:
        """Change one file of text, one after the other however many want to at once.

        Args:
            run_id: The run.
            name: As for `write`.
            changed: From what is there, or empty, to what shall be.

        Raises:
            InputError: The name is none that we make.
        """
        path = self._path(run_id, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{name}.lock"), timeout=_PATIENCE_S):
            before = path.read_bytes().decode("utf-8") if path.exists() else ""
            write_bytes(path, changed(before).encode("utf-8"))
        return path

    def _path(self, run_id: str, name: str) -> Path:
        if not (_PLAIN.fullmatch(run_id) and _PLAIN.fullmatch(name)):
            raise InputError(f"no file is named like that; found {run_id[:60]!r} and {name[:60]!r}; needs plain ids")
        # Mail files hold addresses: only the owner looks in.
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.folder / run_id / name
