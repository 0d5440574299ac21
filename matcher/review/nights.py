"""The runs of a workspace as the desk reads them: once each, since a run never changes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

from matcher.arrangement.changes import DeskQuestion
from matcher.publish.town_field import TownField, field_of
from matcher.review.remembered import Remembered
from matcher.storage.dossiers import read_dossier
from matcher.storage.questions import read_question
from matcher.storage.runs import RunStore
from matcher.tables.decisions import Members
from matcher.tables.dossier import Dossier
from matcher.tables.proposed import Proposed


@dataclass(frozen=True, eq=False)
class Night:
    """One run.

    Attributes:
        folder: Where it lies.
        dossier: What may be shown of it.
    """

    folder: Path
    dossier: Dossier

    @cached_property
    def question(self) -> DeskQuestion:
        """Who could sit with whom: for what changes cost, and groups sought anew."""
        return read_question(self.folder)

    @cached_property
    def proposed(self) -> Mapping[str, Proposed]:
        """Every suggestion as the night proposed it, by id: groups, introductions, gatherings."""
        return self.dossier.proposed

    @cached_property
    def suggestions(self) -> Mapping[str, Members]:
        """The members of each."""
        return {one.id: one.members for one in self.proposed.values()}

    @property
    def kept(self) -> Collection[str]:
        """Suggestions that organizers keep from an earlier night."""
        return self.dossier.kept.keys()

    @cached_property
    def remembered(self) -> Remembered:
        """What was kept of its members' talk, topics and scores."""
        return Remembered(self.folder, self.dossier.people, is_reduced=self.dossier.is_reduced)

    @cached_property
    def field(self) -> TownField:
        """Towns for orientation on maps."""
        return field_of([(town.name, town.lat, town.lon) for town in self.dossier.towns])


class Nights:
    """The runs of a workspace; the last few that were looked at stay in memory."""

    def __init__(self, runs: RunStore) -> None:
        self._runs = runs
        self._known: dict[tuple[str, int], Night] = {}
        self._turn = Lock()

    def live_id(self) -> str:
        """The run that is live now.

        Raises:
            InputError: There is none.
        """
        return self._runs.current().name

    def ids(self) -> list[str]:
        """All runs, in the order in which they were made live."""
        return self._runs.ids_as_made_live()

    def folder_of(self, run_id: str) -> Path:
        """Where a run lies.

        Raises:
            InputError: There is no such run.
        """
        return self._runs.folder_of(run_id)

    def night(self, run_id: str) -> Night:
        """One run.

        Raises:
            InputError: There is no such run, or it cannot be read.
        """
        folder = self._runs.folder_of(run_id)
        key = run_id, (folder / "plan.json").stat().st_mtime_ns
        with self._turn:  # of many who ask at once, one reads
            if key not in self._known:
                for other in [one for one in self._known if one[0] == run_id]:
                    del self._known[other]
                self._known[key] = Night(folder=folder, dossier=read_dossier(folder))
                while len(self._known) > MOST_KNOWN:
                    del self._known[next(iter(self._known))]
            return self._known[key]


MOST_KNOWN = 4
