"""One demo night, made once by the real command line, that the tests here look at."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True, kw_only=True)
class DemoNight:
    """A demo workspace after its first night.

    Attributes:
        workspace: The folder.
        said: What the command printed.
    """

    workspace: Path
    said: str

    @property
    def run(self) -> Path:
        """Folder of the live run."""
        return self.workspace / "runs" / (self.workspace / "runs" / "current").read_text().strip()

    @property
    def plan(self) -> dict[str, Any]:
        """The plan as a program reads it."""
        read: dict[str, Any] = json.loads((self.run / "plan.json").read_text())
        return read

    @property
    def truths(self) -> dict[str, Any]:
        """What was planted."""
        read: dict[str, Any] = json.loads((self.workspace / "export" / "truths.json").read_text())
        return read


def matcher(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    done = subprocess.run(
        [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if check:
        assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoNight:
    """The demo as the README starts it."""
    workspace = tmp_path_factory.mktemp("demo") / "demo-community"
    done = matcher("demo", "--workspace", str(workspace))
    return DemoNight(workspace=workspace, said=done.stdout)
