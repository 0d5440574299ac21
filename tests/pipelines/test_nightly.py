"""The nightly job: the same twice, nothing embedded twice, all or nothing."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from matcher.errors import AuditError, RunError
from matcher.plan import plan_meetups
from matcher.settings import Settings
from matcher.storage.lock import hold_lock
from matcher.storage.workspace import Workspace
from matcher.tables.proposals import Plan, Unplaced
from pipelines import nightly
from pipelines.kept import KeptTables
from tests.pipelines.conftest import DemoNight, matcher
from tests.worlds import AS_OF

pytestmark = pytest.mark.xdist_group("demo")

NIGHT_WITHOUT_TORCH = """
import sys
from pipelines.cli import main
sys.argv = ["matcher", "run", "--workspace", sys.argv[1]]
try:
    main()
except SystemExit as left:
    assert not left.code, left.code
loaded = {"torch", "transformers", "sentence_transformers", "starlette", "fastapi"} & set(sys.modules)
assert not loaded, loaded
"""


@pytest.fixture
def workspace(demo: DemoNight, tmp_path: Path) -> Path:
    """A copy of the demo after its first night, to do things to."""
    return Path(shutil.copytree(demo.workspace, tmp_path / "copy"))


def _live(workspace: Path) -> Path:
    return workspace / "runs" / (workspace / "runs" / "current").read_text().strip()


def test_a_second_night_is_the_same_to_the_byte_and_embeds_nothing(demo: DemoNight, workspace: Path) -> None:
    """Same inputs, same plan; the first night's file is removed, so this one is really new."""
    (_live(workspace) / "plan.json").unlink()

    matcher("run", "--workspace", str(workspace))

    assert (_live(workspace) / "plan.json").read_bytes() == (demo.run / "plan.json").read_bytes()
    metrics = json.loads((_live(workspace) / "metrics.json").read_text())
    assert metrics["embedding"]["n_embedded"] == 0
    assert metrics["embedding"]["n_texts"] > 0


def test_a_night_embedded_afresh_is_the_same_to_the_byte(demo: DemoNight, workspace: Path) -> None:
    """The cache makes no difference but to the time."""
    shutil.rmtree(workspace / "cache")
    shutil.rmtree(workspace / "runs")

    matcher("run", "--workspace", str(workspace))

    assert (_live(workspace) / "plan.json").read_bytes() == (demo.run / "plan.json").read_bytes()


def test_a_night_with_nothing_new_never_imports_torch(workspace: Path) -> None:
    """The import alone would take longer than the night."""
    done = subprocess.run(
        [sys.executable, "-c", NIGHT_WITHOUT_TORCH, str(workspace)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_a_killed_run_leaves_yesterdays_plan_and_the_next_starts_clean(demo: DemoNight, workspace: Path) -> None:
    """Killed while it holds the lock, somewhere in the middle of the night."""
    shutil.rmtree(workspace / "cache")
    arguments = ["run", "--workspace", str(workspace), "--as-of", "2026-02-01"]
    with subprocess.Popen(
        [sys.executable, "-c", "from pipelines.cli import main; main()", *arguments], stderr=subprocess.DEVNULL
    ) as running:
        while not (workspace / "lock-holder.json").exists() and running.poll() is None:
            time.sleep(0.01)
        time.sleep(0.5)
        running.kill()

    assert _live(workspace).name == demo.run.name
    assert (_live(workspace) / "plan.json").read_bytes() == (demo.run / "plan.json").read_bytes()
    matcher(*arguments)
    assert _live(workspace).name.startswith("2026-02-01-")


def test_two_runs_at_once_the_second_says_who_holds_the_lock(workspace: Path) -> None:
    """And leaves with 1, having touched nothing."""
    with hold_lock(workspace, job="run", now=AS_OF):
        done = matcher("run", "--workspace", str(workspace), check=False)

    assert done.returncode == 1
    assert "'run', process" in done.stderr
    assert "wait until it is done" in done.stderr


def test_a_plan_that_breaks_a_rule_is_not_published(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One violation is enough: here somebody has fallen out of the plan."""

    def forgetful(*args: object, **rest: object) -> Plan:
        plan = plan_meetups(*args, **rest)  # type: ignore[arg-type] # passes everything on
        return Plan(
            **{name: getattr(plan, name) for name in Plan.__dataclass_fields__}
            | {"unplaced": Unplaced(plan.unplaced.frame.slice(1))}
        )

    monkeypatch.setattr(nightly, "plan_meetups", forgetful)
    before = _live(workspace)

    with pytest.raises(AuditError, match="is not published"):
        nightly.run_night(Workspace(folder=workspace), Settings(), nightly.NightOrder(as_of=None, seed=2), now=AS_OF)

    assert _live(workspace) == before
    assert [path.name for path in (workspace / "runs").iterdir() if path.is_dir()] == [before.name]


def test_a_dry_run_leaves_nothing_behind(workspace: Path) -> None:
    """Plan and audit, and no trace."""
    shutil.rmtree(workspace / "runs")

    done = matcher("run", "--workspace", str(workspace), "--dry-run", "--json")

    assert json.loads(done.stdout)["folder"] is None
    assert not list((workspace / "runs").glob("*"))


def test_a_night_over_its_limit_is_stopped_between_stages() -> None:
    """Yesterday's plan stays live."""
    kept = KeptTables(time_limit_seconds=0.0)

    with pytest.raises(RunError, match="raise --time-limit; yesterday's plan stays live"):
        kept("a table")


def test_settings_change_the_run_and_its_name(workspace: Path) -> None:
    """Two settings are two runs, side by side."""
    before = _live(workspace).name
    (workspace / "matcher.toml").write_text("[groups]\nmax_size = 5\n")

    matcher("run", "--workspace", str(workspace))

    assert _live(workspace).name != before
    plan = json.loads((_live(workspace) / "plan.json").read_text())
    assert max(len(group["members"]) for group in plan["groups"]) == 5
