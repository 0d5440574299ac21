"""The command line: says what is wrong, where, and what to do; exits 0, 1 or 2."""

import json
from pathlib import Path

import pytest

from tests.pipelines.conftest import DemoNight, matcher

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize("command", ["demo", "import", "run", "why", "runs"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    """A person in front of it knows what to type."""
    said = matcher(command, "--help").stdout

    assert "Example: matcher" in said
    assert "--workspace" in said
    assert "--json" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["run"], "holds no community", id="nothing-imported"),
        pytest.param(["runs"], "holds no run", id="nothing-run"),
        pytest.param(["import", "table", "missing.csv"], "missing.csv", id="missing-file"),
        pytest.param(["import", "stackexchange", "nowhere"], "nowhere", id="missing-dump"),
        pytest.param(["run", "--as-of", "tomorrow"], "--as-of is 'tomorrow'; needs a date", id="no-date"),
        pytest.param(["import", "telepathy", "x"], "telepathy", id="no-such-source"),
    ],
)
def test_bad_usage_exits_with_two_and_says_what_to_do(arguments: list[str], message: str, tmp_path: Path) -> None:
    """And never with a traceback."""
    done = matcher(*arguments, "--workspace", str(tmp_path), check=False)

    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_typo_in_the_settings_is_refused(tmp_path: Path) -> None:
    """With the names that are known."""
    (tmp_path / "matcher.toml").write_text("[candidates]\nn_alik = 3\n")

    done = matcher("run", "--workspace", str(tmp_path), check=False)

    assert done.returncode == 2
    assert "candidates.n_alik is not a setting; known here: ['min_heard', 'min_standing', 'n_alike'" in done.stderr


def test_importing_the_same_export_twice_changes_nothing(demo: DemoNight, tmp_path: Path) -> None:
    """And says so."""
    export = [str(demo.workspace / "export" / name) for name in ("members.csv", "messages.jsonl", "blocks.csv")]

    first = json.loads(matcher("import", "table", *export, "--workspace", str(tmp_path), "--json").stdout)
    second = json.loads(matcher("import", "table", *export, "--workspace", str(tmp_path), "--json").stdout)

    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["n_messages"] == second["n_messages"] > 1_000


def test_why_prints_a_sum_that_adds_up(demo: DemoNight) -> None:
    """Either way round, by id or by name."""
    pair = demo.plan["introductions"][0]
    workspace = ("--workspace", str(demo.workspace))

    there = json.loads(matcher("why", pair["a"], pair["b"], *workspace, "--json").stdout)
    back = json.loads(matcher("why", pair["b"], pair["a"], *workspace, "--json").stdout)
    told = matcher("why", pair["a"], pair["b"], *workspace).stdout

    assert there["mutual"] == pytest.approx(pair["mutual"], abs=1e-6)
    assert (there["a_to_b"], there["b_to_a"]) == (back["b_to_a"], back["a_to_b"])
    assert [part[1] for part in there["parts"]] == [part[2] for part in back["parts"]]
    assert f"{sum(part[1] for part in there['parts']):+.3f}" in told


def test_why_of_an_unknown_member_says_so(demo: DemoNight) -> None:
    """A name that nobody has."""
    done = matcher("why", "nobody-at-all", "m001", "--workspace", str(demo.workspace), check=False)

    assert done.returncode == 2
    assert "is not one member" in done.stderr


def test_runs_lists_the_live_one(demo: DemoNight) -> None:
    """With a star, and as JSON."""
    said = matcher("runs", "--workspace", str(demo.workspace)).stdout
    listed = json.loads(matcher("runs", "--workspace", str(demo.workspace), "--json").stdout)["runs"]

    assert said.startswith(f"* {demo.run.name}")
    assert [one["run_id"] for one in listed if one["is_live"]] == [demo.run.name]
