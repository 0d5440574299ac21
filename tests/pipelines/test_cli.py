"""The command line: says what is wrong, where, and what to do; exits 0, 1 or 2."""

import json
from pathlib import Path

import pytest

from tests.pipelines.conftest import DemoNight, matcher

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize("command", ["demo", "import", "run", "why", "runs", "backtest"])
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


def test_an_import_without_the_blocks_is_refused(demo: DemoNight, tmp_path: Path) -> None:
    """A block must not get lost because a file was forgotten; the workspace stays as it was."""
    export = [str(demo.workspace / "export" / name) for name in ("members.csv", "messages.jsonl", "blocks.csv")]
    place = ("--workspace", str(tmp_path))
    matcher("import", "table", *export, *place)

    without_blocks = matcher("import", "table", *export[:2], *place, check=False)
    only_messages = matcher("import", "table", export[1], export[2], *place, check=False)
    only_members = matcher("import", "table", export[0], export[2], *place, check=False)
    meant = matcher("import", "table", *export[:2], *place, "--replace")

    assert (without_blocks.returncode, only_messages.returncode, only_members.returncode) == (2, 2, 2)
    assert "the workspace holds 4 blocks and the export brings none" in without_blocks.stderr
    assert "members who had not opted in would be" in only_messages.stderr
    assert "no message that can be read" in only_members.stderr
    assert "0 blocks" in meant.stdout


def test_the_demo_never_replaces_a_real_community(tmp_path: Path) -> None:
    """Whatever folder somebody types."""
    (tmp_path / "messages.csv").write_text("id,author,sent_at,text\n1,ana,2026-01-01,Hello to all of you\n")
    matcher("import", "table", str(tmp_path / "messages.csv"), "--workspace", str(tmp_path))

    done = matcher("demo", "--workspace", str(tmp_path), check=False)

    assert done.returncode == 2
    assert "holds a real community, which the demo would replace" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--as-of", "1900-01-01"], "nobody had written anything by 1900-01-01", id="before-history"),
        pytest.param(["--as-of", "0001-01-01T00:00:00+23:00"], "needs a date or an instant", id="before-time"),
        pytest.param(["--seed", "-1"], "seed", id="negative-seed"),
    ],
)
def test_a_night_that_cannot_be_is_refused(demo: DemoNight, arguments: list[str], message: str) -> None:
    """An empty plan must not go live because of a typo."""
    done = matcher("run", "--workspace", str(demo.workspace), *arguments, check=False)

    assert done.returncode == 2
    assert message in done.stderr


def test_a_mistyped_workspace_is_not_made(tmp_path: Path) -> None:
    """It is refused, and leaves no folder behind."""
    done = matcher("run", "--workspace", str(tmp_path / "typo"), check=False)

    assert done.returncode == 2
    assert not (tmp_path / "typo").exists()


def test_a_damaged_workspace_is_mended_as_its_message_says(tmp_path: Path) -> None:
    """Without `--replace` nobody can know which blocks would be forgotten."""
    export, place = tmp_path / "messages.csv", tmp_path / "place"
    export.write_text("id,author,sent_at,text\n1,ana,2026-01-01,Hello to all of you\n")
    arguments = ("import", "table", str(export), "--workspace", str(place))
    matcher(*arguments)
    (damaged,) = place.rglob("blocks.parquet")
    damaged.write_bytes(b"")

    refused = matcher(*arguments, check=False)
    matcher(*arguments, "--replace")

    assert refused.returncode == 2
    assert "is damaged" in refused.stderr
    assert "with --replace" in refused.stderr
    assert json.loads(matcher(*arguments, "--json").stdout)["is_new"] is False
