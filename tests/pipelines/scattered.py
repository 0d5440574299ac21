"""A written community in a workspace, small enough for many nights: friends who live far apart, and one table at home.

Six friends live in six cities of Central Europe and talk with each other; four live in Graz. Some names are attacks.
No model is asked: words are hashed.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl

from matcher.settings import Settings, read_options
from matcher.storage.workspace import Workspace
from pipelines.nightly import NightDone, NightOrder, run_night
from tests.worlds import AS_OF, Person, Said, raw_world, talk

FORMULA = '=HYPERLINK("http://evil.example","x")'
SCRIPT = "<script>alert(1)</script>"

FRIENDS = (
    Person(id="anna", name=FORMULA, place="Berlin, Germany"),
    Person(id="bert", name=SCRIPT, place="Hamburg, Germany"),
    Person(id="carl", name="@sum(1+1)", place="Munich, Germany"),
    Person(id="dina", name="+Dina", place="Vienna, Austria"),
    Person(id="emil", name="-Emil\u202e", place="Prague, Czechia"),
    Person(id="fritz", name="Fritz", place="Zürich, Switzerland"),
)
"""They should travel."""

TABLE = tuple(Person(id=name, name=name.title(), place="Graz, Austria") for name in ("ida", "jan", "kim", "lea"))
"""They should not."""

SMALL: Mapping[str, Mapping[str, Any]] = {"embedding": {"model": "word-hash"}, "gatherings": {"min_size": 5}}
"""Settings of a world so small."""


@dataclass(frozen=True, kw_only=True)
class Night:
    """What a night left behind.

    Attributes:
        done: What the job returned.
    """

    done: NightDone

    @property
    def plan(self) -> dict[str, Any]:
        """The plan as a program reads it."""
        read: dict[str, Any] = json.loads(self.text("plan.json"))
        return read

    @property
    def folder(self) -> Path:
        """The run."""
        assert self.done.folder is not None
        return self.done.folder

    @property
    def asked(self) -> list[list[str]]:
        """The members of each gathering."""
        return [gathering["members"] for gathering in self.plan["gatherings"]]

    @property
    def seated(self) -> list[list[str]]:
        """The members of each group."""
        return [group["members"] for group in self.plan["groups"]]

    @property
    def introduced(self) -> set[tuple[str, str]]:
        """Pairs."""
        return {(pair["a"], pair["b"]) for pair in self.plan["introductions"]}

    @property
    def reasons(self) -> dict[str, str]:
        """Why each of those left out was."""
        return {one["member"]: one["reason"] for one in self.plan["unplaced"]}

    def text(self, name: str) -> str:
        """One file of the run, line ends as they are."""
        return (self.folder / name).read_bytes().decode()


def talks(members: Iterable[str], *, turns: int = 8, topic: str = "bread") -> list[Said]:
    """Everybody talks with everybody."""
    pairs = combinations(sorted(members), 2)
    return [one for pair in pairs for one in talk(*pair, turns=turns, topics=(topic,))]


def scattered_talk() -> list[Said]:
    """What friends and table say."""
    return [*talks(one.id for one in FRIENDS), *talks((one.id for one in TABLE), turns=7, topic="jazz")]


def settle(
    folder: Path,
    said: Iterable[Said] | None = None,
    people: Iterable[Person] = (*FRIENDS, *TABLE),
    blocked: Iterable[tuple[str, str]] = (),
) -> Workspace:
    """Put a world into a workspace, as an import would."""
    raw = raw_world(scattered_talk() if said is None else said, people, blocked)
    workspace = Workspace(folder=folder)
    empty = pl.DataFrame({"row": pl.Series([], dtype=pl.UInt32)})
    workspace.save_community(raw.members, raw.messages, raw.blocks, source="world", notice="", quarantine=empty)
    return workspace


def run(workspace: Workspace, *, days: float = 0.0, **changes: Mapping[str, Any]) -> Night:
    """Run a night so many days after `AS_OF`, with changed settings by section."""
    sections = {name: {**SMALL.get(name, {}), **changes.get(name, {})} for name in (*SMALL, *changes)}
    settings = read_options(Settings(), sections)
    order = NightOrder(as_of=AS_OF + timedelta(days=days))
    return Night(done=run_night(workspace, settings, order, now=AS_OF))
