"""Notebooks are stories that stay true: each runs again, shows what it says, and needs only the front door."""

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.notebooks.rerun import NOTEBOOKS, ROOT, read, rerun

MAY_IMPORT = {"matcher", "pipelines", "numpy", "polars", "matplotlib"} | sys.stdlib_module_names
OF_A_MACHINE = re.compile(r"(?<![\w.:/])/(?:home|root|tmp|work|usr|opt|var|mnt|Users)/|[A-Z]:\\\\")
notebooks = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def code_of(path: Path) -> list[str]:
    """Cells of code, without the lines that only IPython reads."""
    cells = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
    return ["\n".join(line for line in source.splitlines() if not line.startswith("%")) for source in cells]


def imported(source: str) -> set[str]:
    """Every module that the code imports, by its full name."""
    nodes = list(ast.walk(ast.parse(source)))
    plain = {one.name for node in nodes if isinstance(node, ast.Import) for one in node.names}
    return plain | {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}


def test_there_are_notebooks() -> None:
    """Else the tests below would pass by looking at nothing."""
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{number:02d}" for number in range(1, len(NOTEBOOKS) + 1)]
    assert NOTEBOOKS


@pytest.mark.xdist_group("notebooks")
@notebooks
def test_runs_from_top_to_bottom(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a fresh kernel, on the demo community, without a word of warning, to as many outputs as are committed."""
    for place in ("IPYTHONDIR", "MPLCONFIGDIR", "TMPDIR"):
        monkeypatch.setenv(place, str(tmp_path))
    monkeypatch.delenv("MATCHER_WORKSPACE", raising=False)

    done = rerun(read(path))

    outputs = [output for cell in done.cells for output in cell.get("outputs", [])]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]
    assert [len(cell.get("outputs", [])) for cell in done.cells] == [
        len(cell.get("outputs", [])) for cell in read(path).cells
    ]


@notebooks
def test_a_reader_without_python_sees_tables_and_plots(path: Path) -> None:
    """Outputs are kept, in the order of one run, without times and without an error."""
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    kinds = {kind for cell in cells for output in cell.outputs for kind in output.get("data", {})}

    assert {"image/png", "text/html"} <= kinds
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not [cell for cell in cells if cell.metadata]
    assert "error" not in {output.output_type for cell in cells for output in cell.outputs}


@notebooks
def test_names_no_path_of_a_machine(path: Path) -> None:
    """Neither in its words nor in what it printed."""
    assert not OF_A_MACHINE.findall(path.read_text(encoding="utf-8"))
    assert str(ROOT) not in path.read_text(encoding="utf-8")


@notebooks
def test_imports_only_the_front_door(path: Path) -> None:
    """`matcher` itself and `matcher.tables`; the jobs; and what every data scientist has."""
    modules = set().union(*(imported(source) for source in code_of(path)))

    assert {module.split(".")[0] for module in modules} <= MAY_IMPORT
    inside = {module for module in modules if module.startswith("matcher.")}
    assert not [module for module in inside if not module.startswith("matcher.tables")]


@notebooks
def test_says_that_the_demo_is_made_up(path: Path) -> None:
    """Nobody may take the demo's figures for figures of people."""
    assert "synthetic" in read(path).cells[0].source.lower()
