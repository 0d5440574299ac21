"""Night after night: each run is a round that the next ones remember."""

import json
import shutil
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from matcher.arrangement.rotation import RotationOptions
from matcher.errors import InputError
from matcher.storage.runs import RunStore
from matcher.tables.community import PastMeetings
from matcher.tables.decided import Decided
from matcher.tables.proposals import NOT_OPEN
from pipelines.rounds import fingerprint_with_rounds, remember_rounds
from tests.pipelines.conftest import DemoNight, matcher
from tests.worlds import AS_OF

NIGHTS = [AS_OF - timedelta(days=days) for days in (28, 21, 14, 7)]


def publish(runs: RunStore, run_id: str, held_at: datetime, *members: str) -> None:
    """A run that proposed one group."""
    rows = [(held_at, member, "group 0") for member in members]
    held = PastMeetings.sorted(pl.DataFrame(rows, schema=PastMeetings.schema(), orient="row"))
    content = BytesIO()
    held.frame.write_parquet(content)
    runs.publish(run_id, {"plan.json": "{}"}, {"round": content.getvalue()})


def remembered(runs: RunStore, as_of: datetime, *, n_rounds: int, n_days: float = 0.0) -> list[tuple[datetime, str]]:
    """When whom."""
    meetings = remember_rounds(runs, as_of, n_rounds=n_rounds, n_days=n_days)
    return meetings.frame.select("round_at", "member").rows()


def test_the_last_rounds_before_tonight_are_remembered(tmp_path: Path) -> None:
    """So many, or so many days; neither tonight's own nor what comes later."""
    runs = RunStore(folder=tmp_path)
    for number, night in enumerate(NIGHTS):
        publish(runs, f"run-{number}", night, "abcd"[number], "z")

    assert [member for _, member in remembered(runs, NIGHTS[3], n_rounds=2)] == ["b", "z", "c", "z"]
    assert [member for _, member in remembered(runs, AS_OF, n_rounds=1)] == ["d", "z"]
    assert [member for _, member in remembered(runs, AS_OF, n_rounds=0, n_days=15)] == ["c", "z", "d", "z"]
    assert remembered(runs, AS_OF, n_rounds=0) == []
    assert remembered(runs, NIGHTS[0], n_rounds=12) == []


def test_runs_of_one_week_are_one_round(tmp_path: Path) -> None:
    """What is still being looked at is not past; of several runs of a week the latest counts."""
    runs = RunStore(folder=tmp_path)
    for days, member in ((20, "a"), (16, "b"), (9, "c"), (8, "d"), (3, "e")):
        publish(runs, f"run-{days}", AS_OF - timedelta(days=days), member, "z")

    meetings = remember_rounds(runs, AS_OF, n_rounds=12, n_days=0, days_apart=7)

    assert [member for member in meetings.frame.get_column("member").to_list() if member != "z"] == ["b", "d"]


def test_a_weekly_job_that_is_some_hours_early_forgets_nothing(tmp_path: Path) -> None:
    """A night is as of its newest message, which may be 37 minutes short of a week after the last, or a day late."""
    runs = RunStore(folder=tmp_path)
    weeks = (timedelta(days=21, hours=-9), timedelta(days=13), timedelta(days=7, minutes=-37))
    for ago, member in zip(weeks, "abc", strict=True):
        publish(runs, f"run-{member}", AS_OF - ago, member, "z")

    meetings = remember_rounds(runs, AS_OF, n_rounds=12, n_days=0, days_apart=RotationOptions().days_apart)

    assert [member for member in meetings.frame.get_column("member").to_list() if member != "z"] == ["a", "b", "c"]


def test_of_two_runs_of_one_night_the_one_made_live_last_counts(tmp_path: Path) -> None:
    """A second try replaces the first."""
    runs = RunStore(folder=tmp_path)
    publish(runs, "b", NIGHTS[0], "ana", "ben")
    publish(runs, "a", NIGHTS[0], "cem", "dora")
    published = remembered(runs, AS_OF, n_rounds=12)

    runs.make_live("b")

    assert [member for _, member in published] == ["cem", "dora"]
    assert [member for _, member in remembered(runs, AS_OF, n_rounds=12)] == ["ana", "ben"]


def test_runs_that_left_no_round_are_not_remembered(tmp_path: Path) -> None:
    """Of an earlier version, or of a night with nobody in it."""
    runs = RunStore(folder=tmp_path)
    runs.publish("old", {"plan.json": "{}"}, {})
    publish(runs, "empty", NIGHTS[0])

    assert remembered(runs, AS_OF, n_rounds=12) == []


def test_a_damaged_round_stops_the_night(tmp_path: Path) -> None:
    """To forget who was passed over must not go unnoticed."""
    runs = RunStore(folder=tmp_path)
    runs.publish("broken", {"plan.json": "{}"}, {"round": b"no parquet"})

    with pytest.raises(InputError, match="cannot be read"):
        remember_rounds(runs, AS_OF, n_rounds=12, n_days=0)


def test_rounds_are_part_of_the_input(tmp_path: Path) -> None:
    """Another past is another run; without any, the fingerprint is the community's own."""
    runs = RunStore(folder=tmp_path)
    publish(runs, "one", NIGHTS[0], "ana", "ben")
    pasts = [remember_rounds(runs, as_of, n_rounds=12, n_days=0) for as_of in (NIGHTS[0], AS_OF, NIGHTS[1])]

    first, second, third = (fingerprint_with_rounds("community", past, Decided()) for past in pasts)

    assert first == "community"
    assert second == third != first


@pytest.mark.xdist_group("demo")
def test_the_next_night_knows_who_waited_and_is_the_same_twice(demo: DemoNight, tmp_path: Path) -> None:
    """Everyone open who got no place in the first night has waited one round in the second, wherever they are now."""
    workspace = Path(shutil.copytree(demo.workspace, tmp_path / "copy"))
    shutil.rmtree(workspace / "runs")
    first = _night(workspace, "--as-of", "2026-02-01")

    second, again = _night(workspace), _night(workspace)

    passed_over = {one["member"] for one in first["unplaced"] if one["reason"] not in NOT_OPEN}
    waited = {one["member"]: one["waited_rounds"] for one in second["unplaced"] if one["waited_rounds"]}
    for proposal in (*second["groups"], *second["introductions"]):
        waited |= proposal["waited_rounds"]
    assert passed_over
    assert waited == dict.fromkeys(passed_over, 1)
    assert second == again
    assert second["fingerprints"]["input"] != first["fingerprints"]["input"]
    assert _pairs(second) & _pairs(first) == {
        tuple(pair[:2]) for group in second["groups"] for pair in group["repeats"]
    } | {(pair["a"], pair["b"]) for pair in second["introductions"] if pair["met_at"]}


@pytest.mark.xdist_group("demo")
def test_why_tells_of_a_wait_and_of_an_earlier_round(demo: DemoNight) -> None:
    """Of the first night there is nothing to tell."""
    pair = demo.plan["introductions"][0]

    said = json.loads(matcher("why", pair["a"], pair["b"], "--workspace", str(demo.workspace), "--json").stdout)

    assert (said["waited_rounds"], said["met_at"]) == ([0, 0], None)


def _night(workspace: Path, *arguments: str) -> dict[str, Any]:
    matcher("run", "--workspace", str(workspace), *arguments)
    live = (workspace / "runs" / "current").read_text().strip()
    plan: dict[str, Any] = json.loads((workspace / "runs" / live / "plan.json").read_text())
    return plan


def _pairs(plan: dict[str, Any]) -> set[tuple[str, ...]]:
    """Everyone who was proposed to anyone."""
    met: set[tuple[str, ...]] = {(pair["a"], pair["b"]) for pair in plan["introductions"]}
    for group in plan["groups"]:
        met |= {(a, b) for a in group["members"] for b in group["members"] if a < b}
    return met
