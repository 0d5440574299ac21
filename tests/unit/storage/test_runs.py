"""Runs: whole folders or none."""

from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.storage.runs import RunStore


def _publish(store: RunStore, run_id: str, text: str = "{}") -> None:
    store.publish(run_id, {"plan.json": text}, {"ties": b"parquet"})


def test_a_published_run_is_whole_and_live(tmp_path: Path) -> None:
    """Files, tables and the pointer stand together."""
    store = RunStore(folder=tmp_path / "runs")

    _publish(store, "one")

    assert store.current() == tmp_path / "runs" / "one"
    assert sorted(path.name for path in store.current().rglob("*")) == ["plan.json", "tables", "ties.parquet"]


def test_a_run_that_dies_while_writing_leaves_the_old_one_live(tmp_path: Path) -> None:
    """Yesterday's plan stays until tonight's is whole."""
    store = RunStore(folder=tmp_path / "runs")
    _publish(store, "one")

    with pytest.raises(TypeError):
        store.publish("two", {"plan.json": "{}", "report.html": None}, {})  # type: ignore[dict-item] # dies here

    assert store.current().name == "one"
    assert store.ids() == ["one"]


def test_the_same_run_again_replaces_its_files(tmp_path: Path) -> None:
    """A rerun of the same facts is the same run."""
    store = RunStore(folder=tmp_path / "runs")
    _publish(store, "one", "old")

    _publish(store, "one", "new")

    assert (store.current() / "plan.json").read_text() == "new"
    assert store.ids() == ["one"]


def test_a_crash_between_two_renames_is_undone(tmp_path: Path) -> None:
    """The moment between moving the old folder away and the new one in."""
    store = RunStore(folder=tmp_path / "runs")
    _publish(store, "one")
    (store.folder / "one").rename(store.folder / ".replaced-one")

    store.recover()

    assert (store.current() / "plan.json").exists()


def test_an_earlier_run_can_be_made_live_again(tmp_path: Path) -> None:
    """A bad night is rolled back, and only to a night that is there."""
    store = RunStore(folder=tmp_path / "runs")
    _publish(store, "one")
    _publish(store, "two")

    store.make_live("one")

    assert store.current().name == "one"
    with pytest.raises(InputError, match="there is no run 'three'"):
        store.make_live("three")


def test_runs_are_known_in_the_order_in_which_they_were_made_live(tmp_path: Path) -> None:
    """Of two runs of one night, what counts is the later; of an older version's runs the order is not known."""
    store = RunStore(folder=tmp_path / "runs")
    for run_id in ("b", "c", "a"):
        _publish(store, run_id)
    published = store.ids_as_made_live()
    (store.folder / "order").unlink()

    _publish(store, "b")
    store.make_live("a")

    assert published == ["b", "c", "a"]
    assert store.ids_as_made_live() == ["c", "b", "a"]


def test_a_run_can_be_reduced(tmp_path: Path) -> None:
    """Only what is given stays of it, and it stays live; a run that is not there is refused."""
    runs = RunStore(folder=tmp_path)
    runs.publish("r", {"plan.json": "{}", "report.html": "Zoë"}, {"ties": b"Zoe"})

    runs.reduce("r", {"plan.json": "[]", "tables/round.parquet": b"x"})

    assert sorted(str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file()) == [
        "current",
        "order",
        "r/plan.json",
        "r/tables/round.parquet",
    ]
    assert runs.current().name == "r"
    with pytest.raises(InputError):
        runs.reduce("../r", {})
