"""Learned weights of a workspace: proposed by `matcher tune`, in force once accepted, never lost."""

import dataclasses
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.errors import InputError
from matcher.storage.files import write_text, write_whole


@dataclass(frozen=True, kw_only=True, slots=True)
class LearnedWeights:
    """Weights and where they come from.

    Attributes:
        affinity: What the section `affinity` of the settings is changed to.
        provenance: Data, cutoffs and figures, as plain values.
    """

    affinity: Mapping[str, Any]
    provenance: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class WeightStore:
    """A folder with at most one proposal, what is in force, and all that ever was, numbered.

    Each change is one rename, after copies of what it would overwrite: whenever a job is killed, the weights
    of before or those of after are in force.
    """

    folder: Path

    @property
    def proposal(self) -> Path:
        """What waits to be accepted; may be missing."""
        return self.folder / "proposed.json"

    @property
    def in_force(self) -> Path:
        """What the next night uses; missing for the weights that the program brings."""
        return self.folder / "accepted.json"

    def propose(self, weights: LearnedWeights) -> None:
        """Write a proposal; an earlier one is replaced."""
        write_text(self.proposal, json.dumps(dataclasses.asdict(weights), indent=2, sort_keys=True) + "\n")

    def proposed(self) -> LearnedWeights:
        """What waits to be accepted.

        Raises:
            InputError: Nothing is proposed, or the file is damaged.
        """
        if not self.proposal.exists():
            raise InputError(f"no weights are proposed; found no {self.proposal}; run matcher tune first")
        return _read(self.proposal)

    def accepted(self) -> LearnedWeights | None:
        """What is in force; None for the weights that the program brings.

        Raises:
            InputError: The file is damaged.
        """
        return _read(self.in_force) if self.in_force.exists() else None

    def accept(self) -> LearnedWeights:
        """Put the proposal in force; what was in force is kept.

        Raises:
            InputError: Nothing is proposed, or the file is damaged.
        """
        weights = self.proposed()
        if self.in_force.exists():
            _copy(self.in_force, self._next("accepted"))
        self.proposal.replace(self.in_force)
        return weights

    def roll_back(self) -> LearnedWeights | None:
        """Put back what was in force before, even where what is in force cannot be read.

        The weights now in force are kept, and become the proposal again unless another one waits.

        Raises:
            InputError: No learned weights are in force, or those of before are damaged.
        """
        if not self.in_force.exists():
            raise InputError("no learned weights are in force; there is nothing to roll back")
        former = self._numbered("accepted")
        before = _read(former[-1]) if former else None
        _copy(self.in_force, self._next("withdrawn"))
        if not self.proposal.exists():
            _copy(self.in_force, self.proposal)
        if former:
            former[-1].replace(self.in_force)
        else:
            self.in_force.unlink()
        return before

    def _numbered(self, name: str) -> list[Path]:
        return sorted(self.folder.glob(f"{name}-[0-9][0-9][0-9][0-9].json"))

    def _next(self, name: str) -> Path:
        """Count on from the last number: counting files would overwrite one where another was removed."""
        past = self._numbered(name)
        number = 1 + int(past[-1].stem.removeprefix(f"{name}-")) if past else 1
        return self.folder / f"{name}-{number:04d}.json"


def _copy(source: Path, target: Path) -> None:
    write_whole(target, lambda part: shutil.copyfile(source, part))


def _read(path: Path) -> LearnedWeights:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return LearnedWeights(affinity=dict(read["affinity"]), provenance=dict(read["provenance"]))
    except (OSError, ValueError, TypeError, KeyError) as broken:
        raise InputError(f"{path} cannot be read; {broken!r}; remove it, then run matcher tune again") from broken
