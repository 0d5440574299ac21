"""The house stands as drawn."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import matcher

LIBRARY = Path(matcher.__file__).parent
MODULES = sorted(path for folder in (LIBRARY, LIBRARY.parent / "pipelines") for path in folder.rglob("*.py"))
LIGHT = "import sys\nimport matcher\nassert not {'torch', 'transformers', 'starlette', 'fastapi'} & set(sys.modules)"


def test_the_front_door_is_light() -> None:
    """`import matcher` loads neither torch nor a web framework."""
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_the_front_door_is_sorted_and_complete() -> None:
    """What is public is listed, in order, and is there."""
    assert list(matcher.__all__) == sorted(matcher.__all__)
    assert all(hasattr(matcher, name) for name in matcher.__all__)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: "/".join(path.parts[-3:]))
def test_rooms_are_small_and_public_names_documented(path: Path) -> None:
    """One idea a file; nobody has to guess what a public name is for."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    public = [
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]

    assert source.count("\n") <= 330
    assert ast.get_docstring(tree)
    assert all(ast.get_docstring(node) for node in public)


def test_no_room_is_named_after_nothing() -> None:
    """A file is named in the field's words."""
    nameless = {"utils", "helpers", "common", "manager", "service", "misc"}

    assert not [path for path in MODULES if set(path.with_suffix("").parts) & nameless]


def test_the_gate_runs_the_command_of_the_readme() -> None:
    """One definition of clean: what a person types is what the gate runs, word for word."""
    root = LIBRARY.parent
    gate = (root / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1]

    assert gate.endswith("python -m tests")
    assert gate in (root / "README.md").read_text(encoding="utf-8").splitlines()
