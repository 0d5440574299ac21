"""Learned weights of a workspace: proposed by `matcher tune`, in force once accepted, never lost."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.errors import InputError
from matcher.storage.files import write_text

PROPOSED, ACCEPTED = "proposed.json", "accepted.json"


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
    """A folder with at most one proposal, what is in force, and all that was before, numbered."""

    folder: Path

    def propose(self, weights: LearnedWeights) -> Path:
        """Write a proposal; an earlier one is replaced."""
        path = self.folder / PROPOSED
        write_text(path, json.dumps(dataclasses.asdict(weights), indent=2, sort_keys=True) + "\n")
        return path

    def accepted(self) -> LearnedWeights | None:
        """What is in force; None for the weights that the program brings.

        Raises:
            InputError: The file is damaged.
        """
        path = self.folder / ACCEPTED
        return _read(path) if path.exists() else None

    def accept(self) -> LearnedWeights:
        """Put the proposal in force; what was in force is kept.

        Raises:
            InputError: Nothing is proposed, or the file is damaged.
        """
        proposed = self.folder / PROPOSED
        if not proposed.exists():
            raise InputError(f"no weights are proposed; found no {proposed}; run matcher tune first")
        weights = _read(proposed)
        if (self.folder / ACCEPTED).exists():
            (self.folder / ACCEPTED).replace(self.folder / f"accepted-{len(self._former()):04d}.json")
        proposed.replace(self.folder / ACCEPTED)
        return weights

    def roll_back(self) -> LearnedWeights | None:
        """Put back what was in force before; the weights now in force become the proposal again.

        Raises:
            InputError: No learned weights are in force.
        """
        if not (self.folder / ACCEPTED).exists():
            raise InputError("no learned weights are in force; there is nothing to roll back")
        (self.folder / ACCEPTED).replace(self.folder / PROPOSED)
        if former := self._former():
            former[-1].replace(self.folder / ACCEPTED)
        return self.accepted()

    def _former(self) -> list[Path]:
        return sorted(self.folder.glob("accepted-*.json"))


def _read(path: Path) -> LearnedWeights:
    try:
        return LearnedWeights(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as broken:
        raise InputError(f"{path} cannot be read; {broken}; remove it, or run matcher tune again") from broken
