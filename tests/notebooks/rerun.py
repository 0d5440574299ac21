"""Runs notebooks as a reader does; as a command it keeps their outputs: python -m tests.notebooks.rerun."""

from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config import Config

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PLAIN = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def read(path: Path) -> NotebookNode:
    """The notebook as committed."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def rerun(notebook: NotebookNode) -> NotebookNode:
    """Run all cells in order, in a fresh kernel that starts in the repository.

    Returns:
        The same cells with new outputs and no times, so that running again changes little.

    Raises:
        CellExecutionError: A cell failed; the message holds its traceback.
    """
    client = NotebookClient(
        notebook,
        config=Config({"KernelManager": {"transport": "ipc"}}),  # no port is opened
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT)}},
        timeout=300,
        record_timing=False,
    )
    done: NotebookNode = client.execute()
    done.metadata = nbformat.from_dict(PLAIN)
    for number, cell in enumerate(done.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata = nbformat.from_dict({})
    return done


if __name__ == "__main__":
    for path in NOTEBOOKS:
        nbformat.write(rerun(read(path)), path)
