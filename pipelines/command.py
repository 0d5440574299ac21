"""What all commands have in common: where they work, and how they answer."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

WorkspaceOption = Annotated[Path, typer.Option("--workspace", help="The folder that holds community, runs and caches.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def answer(as_json: bool, facts: Mapping[str, object], lines: Sequence[str]) -> None:
    """Print what came of a command: facts for programs, or lines for people."""
    typer.echo(json.dumps(facts, indent=2, default=str) if as_json else "\n".join(lines))
