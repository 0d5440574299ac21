"""Tuning: learned from earlier history, checked on later history, in force only when accepted."""

import io
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from matcher.affinity.options import AffinityOptions
from matcher.errors import InputError
from matcher.settings import Settings
from matcher.storage.runs import RunStore
from matcher.storage.workspace import Workspace
from pipelines.backtest import BacktestOrder, plan_cutoffs
from pipelines.tune import TuneOrder, plan_lessons
from pipelines.why import explain_pair
from pipelines.wiring import learned_until, read_settings
from tests.pipelines.conftest import matcher
from tests.worlds import Raw, Said, raw_world


def village(n_members: int = 60, n_messages: int = 8_000, days: int = 1_600) -> Raw:
    """Ten tables of six, laid anew ten times; members speak at their table, and now and then name somebody there."""
    rng = np.random.default_rng(5)
    said = []
    for number in range(n_messages):
        if number % 800 == 0:
            tables = rng.permutation(n_members).reshape(-1, 6)
        table = int(rng.integers(len(tables)))
        one, other = (f"m{member:02d}" for member in rng.choice(tables[table], 2, replace=False))
        said.append(
            Said(
                by=one,
                id=f"{number:05d}",
                naming=[other] if rng.random() < 0.6 else [],
                days_ago=days * (1 - number / n_messages),
                thread=f"table {table}, {number // 200}",
                text=f"words of table {table} and {number % 97} more of them",
            )
        )
    return raw_world(said)


def laid(folder: Path) -> Path:
    """The village in a workspace, to be read without a model."""
    raw = village()
    Workspace(folder=folder).save_community(
        raw.members, raw.messages, raw.blocks, source="test", notice="Made up.", quarantine=pl.DataFrame()
    )
    (folder / "matcher.toml").write_text("[embedding]\nmodel = 'word-hash'\n")
    return folder


def affinity_of(workspace: Path) -> AffinityOptions:
    """The weights that the next night will use."""
    return read_settings(Workspace(folder=workspace)).night.affinity


def rewrite(file: Path, word: str, by: str) -> None:
    """As another version would have written it."""
    file.write_text(file.read_text().replace(word, by))


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The village with a proposal, and what the command said of it."""
    folder = laid(tmp_path_factory.mktemp("village"))
    return folder, json.loads(matcher("tune", "--workspace", str(folder), "--horizon-days", "90", "--json").stdout)


@pytest.fixture
def workspace(tuned: tuple[Path, dict[str, Any]], tmp_path: Path) -> Path:
    """A copy of the village with its proposal."""
    return shutil.copytree(tuned[0], tmp_path / "village")


def test_weights_are_proposed_accepted_and_taken_back(workspace: Path, tuned: tuple[Path, dict[str, Any]]) -> None:
    """By the command line; the night's settings follow, and what nobody learned stays."""
    learned, shipped = tuned[1]["after"], Settings().affinity

    proposed = affinity_of(workspace)
    matcher("tune", "--workspace", str(workspace), "--accept")
    accepted = affinity_of(workspace)
    said = matcher("tune", "--workspace", str(workspace), "--rollback").stdout

    assert proposed == affinity_of(workspace) == shipped
    assert accepted.introduce.base == learned["introduce"]["base"] != shipped.introduce.base
    assert accepted.near == shipped.near
    assert "the weights that the program brings" in said


def test_a_table_mate_is_worth_more_than_a_stranger(tuned: tuple[Path, dict[str, Any]]) -> None:
    """Here only who shares a table ever talks, so company must weigh; and the proposal says where it is from."""
    folder, facts = tuned
    proposed = json.loads((folder / "weights" / "proposed.json").read_text())

    assert facts["after"]["introduce"]["company"] + facts["after"]["introduce"]["people"] > 0
    assert all(weight >= 0 for name, weight in facts["after"]["reunite"].items() if name != "base")
    assert max(facts["learned_at"]) < min(facts["checked_at"])
    assert proposed["provenance"]["n_positives"]["reunite"] > 20
    assert proposed["provenance"]["horizon_days"] == 90
    assert {one["method"] for one in proposed["provenance"]["gains"]} == {"proposed"}


def test_a_word_in_the_settings_file_stands_above_learned_weights(workspace: Path) -> None:
    """An operator who writes a number means it."""
    matcher("tune", "--workspace", str(workspace), "--accept")
    with (workspace / "matcher.toml").open("a") as file:
        file.write("[affinity.introduce]\npeople = 0.125\n")

    affinity = affinity_of(workspace)

    assert affinity.introduce.people == 0.125
    assert affinity.introduce.base != Settings().affinity.introduce.base


def test_no_lesson_knows_what_the_check_asks(workspace: Path) -> None:
    """The last lesson's horizon is over before the first check begins."""
    stored = Workspace(folder=workspace).load_community()
    order = TuneOrder()
    checks, history = plan_cutoffs(stored, BacktestOrder())

    lessons = plan_lessons(stored, checks[0], order, history)

    assert len(lessons) == order.n_lessons
    assert max(lessons) + timedelta(days=history.horizon_days) <= checks[0]


def test_who_asks_learns_until_when_the_weights_know_history(
    workspace: Path, tuned: tuple[Path, dict[str, Any]]
) -> None:
    """The last lesson and its horizon; a backtest before that day would be told what it asks."""
    place = Workspace(folder=workspace)

    proposed = learned_until(place)
    matcher("tune", "--workspace", str(workspace), "--accept")

    assert proposed is None
    assert learned_until(place) == datetime.fromisoformat(max(tuned[1]["learned_at"])) + timedelta(days=90)


def test_weights_that_do_not_fit_are_not_accepted(workspace: Path) -> None:
    """No later command could start."""
    rewrite(workspace / "weights" / "proposed.json", "company", "companions")

    done = matcher("tune", "--workspace", str(workspace), "--accept", check=False)

    assert done.returncode == 2
    assert "proposed.json do not fit the settings; affinity.introduce.companions is not a setting" in done.stderr
    assert affinity_of(workspace) == Settings().affinity


def test_accepted_weights_that_no_longer_fit_name_the_way_back(workspace: Path) -> None:
    """And it leads back."""
    matcher("tune", "--workspace", str(workspace), "--accept")
    rewrite(workspace / "weights" / "accepted.json", "company", "companions")

    with pytest.raises(
        InputError, match=r"accepted\.json no longer fit;.* use matcher tune --rollback, then tune again"
    ):
        affinity_of(workspace)
    matcher("tune", "--workspace", str(workspace), "--rollback")

    assert affinity_of(workspace) == Settings().affinity


def test_a_mistyped_folder_is_not_made(tmp_path: Path) -> None:
    """Nothing is accepted where nothing is."""
    mistyped = tmp_path / "vilage"

    done = matcher("tune", "--workspace", str(mistyped), "--accept", check=False)

    assert done.returncode == 2
    assert f"there is no workspace at {mistyped}" in done.stderr
    assert not mistyped.exists()


def test_a_hopeless_history_is_refused_before_it_is_read(tmp_path: Path, tuned: tuple[Path, dict[str, Any]]) -> None:
    """Counting takes a moment, embedding may take hours."""
    workspace = laid(tmp_path)

    matcher("tune", "--workspace", str(workspace), "--horizon-days", "1", check=False)

    assert (tuned[0] / "cache").exists()
    assert not (workspace / "cache").exists()


def test_a_run_of_an_older_version_is_not_opened_up(workspace: Path) -> None:
    """Its tables have other columns; what helps is a new run."""
    old = io.BytesIO()
    pl.DataFrame({"member_a": ["m00"], "member_b": ["m01"], "mutual": [0.5]}).write_parquet(old)
    place = Workspace(folder=workspace)
    RunStore(folder=place.runs_folder).publish("old", {"plan.json": "{}"}, {"affinities": old.getvalue()})

    with pytest.raises(InputError, match="the live run is of an older version; make a new one with: matcher run"):
        explain_pair(place, "m00", "m01")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--accept"], "no weights are proposed", id="nothing-to-accept"),
        pytest.param(["--rollback"], "no learned weights are in force", id="nothing-to-roll-back"),
        pytest.param(["--accept", "--rollback"], "contradict each other", id="both"),
        pytest.param(["--horizon-days", "750"], "too short to learn from", id="too-short"),
        pytest.param(["--horizon-days", "1"], "this history cannot teach introduce; found", id="too-little"),
    ],
)
def test_what_cannot_be_done_is_refused(tmp_path: Path, arguments: list[str], message: str) -> None:
    """With what to do instead."""
    workspace = laid(tmp_path)

    done = matcher("tune", "--workspace", str(workspace), *arguments, check=False)

    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_backtest_says_that_the_weights_have_seen_what_they_are_judged_on(workspace: Path) -> None:
    """Only where a cutoff lies within what they learned from."""
    facts = json.loads((workspace / "weights" / "proposed.json").read_text())["provenance"]
    matcher("tune", "--workspace", str(workspace), "--accept")
    asked = ("--horizon-days", "90", "--resamples", "20", "--json")

    seen = matcher("backtest", "--workspace", str(workspace), "--cutoff", max(facts["learned_at"])[:10], *asked)
    unseen = matcher("backtest", "--workspace", str(workspace), "--cutoff", max(facts["checked_at"])[:10], *asked)

    assert "flatter" in json.loads(seen.stdout)["caution"]
    assert json.loads(unseen.stdout)["caution"] == ""
