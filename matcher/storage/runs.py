"""Runs: whole folders or none, and a pointer to the one that is live."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import InputError, MissingError
from matcher.storage.files import write_bytes, write_text


@dataclass(frozen=True, kw_only=True, slots=True)
class RunStore:
    """The folder `runs/` of a workspace: one folder a run, and `current`, the id of the live one."""

    folder: Path

    def publish(self, run_id: str, files: Mapping[str, str | bytes], tables: Mapping[str, bytes]) -> Path:
        """Leave a run behind in one step and make it live.

        A run of the same id was made from the same facts. It is replaced, since measured seconds and
        the report's look may differ while the plan does not. Only a time limit makes another plan of the
        same facts: one that it cut short has the id of the full one, and the later of the two stays.

        Args:
            run_id: Name of the folder.
            files: Text, or bytes, by path in the folder.
            tables: Parquet bytes by table name, for `matcher why` and notebooks.
        """
        target = self._put(run_id, {**files, **{f"tables/{name}.parquet": content for name, content in tables.items()}})
        self._point_to(run_id)
        shutil.rmtree(self._replaced(run_id), ignore_errors=True)
        return target

    def reduce(self, run_id: str, files: Mapping[str, str | bytes]) -> None:
        """Leave only these files of a run, in one step; what was in its folder is gone. The live run stays live.

        Raises:
            MissingError: There is no such run.
        """
        self._put(self.folder_of(run_id).name, files)
        shutil.rmtree(self._replaced(run_id))

    def recover(self) -> None:
        """Undo what a killed run left half done: before a run starts."""
        shutil.rmtree(self.folder / ".staging", ignore_errors=True)
        for leftover in self.folder.glob(".replaced-*"):
            target = self.folder / leftover.name.removeprefix(".replaced-")
            if target.exists():
                shutil.rmtree(leftover)
            else:
                leftover.replace(target)

    def current(self) -> Path:
        """Folder of the live run.

        Raises:
            InputError: No run has been published yet.
        """
        pointer = self.folder / "current"
        if not pointer.exists():
            raise InputError(f"{self.folder} holds no run; found no 'current'; start one with: matcher run")
        run = self.folder / pointer.read_text(encoding="utf-8").strip()
        if not (run / "plan.json").exists():
            raise InputError(
                f"the live run {run.name} is gone; found {self.ids()[-3:]}; use matcher runs --rollback, or run again"
            )
        return run

    def ids(self) -> list[str]:
        """Ids of all runs, ascending."""
        return sorted(path.parent.name for path in self.folder.glob("[!.]*/plan.json"))

    def folder_of(self, run_id: str) -> Path:
        """Folder of a run that is still there.

        Raises:
            MissingError: There is no such run; whatever is not the name of one is never joined to a path.
        """
        if run_id not in self.ids():
            raise MissingError(f"there is no run {run_id!r}; found {self.ids()[-3:]}; list them with: matcher runs")
        return self.folder / run_id

    def make_live(self, run_id: str) -> None:
        """Point to another run that is still there.

        Raises:
            InputError: There is no such run.
        """
        self._point_to(self.folder_of(run_id).name)

    def ids_as_made_live(self) -> list[str]:
        """Ids of all runs in the order in which they were last made live; first those of which that is not known."""
        order = self.folder / "order"
        known = order.read_text(encoding="utf-8").split() if order.exists() else []
        place = {run_id: at for at, run_id in enumerate(known)}
        return sorted(self.ids(), key=lambda run_id: (place.get(run_id, -1), run_id))

    def _put(self, run_id: str, files: Mapping[str, str | bytes]) -> Path:
        """Put a folder in the place of a run's in one step; what was there lies aside."""
        staging = self.folder / ".staging"
        shutil.rmtree(staging, ignore_errors=True)
        for name, content in files.items():
            if isinstance(content, bytes):
                write_bytes(staging / name, content)
            else:
                write_text(staging / name, content)
        target = self.folder / run_id
        if target.exists():
            target.replace(self._replaced(run_id))
        staging.replace(target)
        return target

    def _point_to(self, run_id: str) -> None:
        earlier = [one for one in self.ids_as_made_live() if one != run_id]
        write_text(self.folder / "order", "\n".join((*earlier, run_id)) + "\n")
        write_text(self.folder / "current", f"{run_id}\n")

    def _replaced(self, run_id: str) -> Path:
        return self.folder / f".replaced-{run_id}"


def read_json(path: Path) -> Mapping[str, object]:
    """Read one JSON object."""
    read: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return read
