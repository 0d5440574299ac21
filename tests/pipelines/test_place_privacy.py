"""Nobody's home can be read from what a night leaves behind: a cell of 11 km, or a town's point, at the finest.

Parquet is compressed, so that tables are read and not searched as bytes.
"""

import gzip
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from matcher.publish.people import coarse_cell
from matcher.storage.gazetteer import load_gazetteer
from tests.pipelines.scattered import FRIENDS, TABLE, Night, run, scattered_talk, settle
from tests.worlds import Person, Said

WRITTEN = "behind the old mill, Graz, Austria"
"""A home as somebody wrote it: more than a town."""
SAID = "Knittelfeld"
"""Where two members say in passing that they live, in a line that nothing quotes."""

EXACT = {
    "ida": (47.0853219, 15.4217654), "jan": (47.0541987, 15.4682346), "kim": (47.1132465, 15.4121789),
    "anna": (52.4876123, 13.3812987), "emil": (50.1132489, 14.4965432),
}  # fmt: skip
NUDGED = {member: (lat + 0.0123, lon - 0.0087) for member, (lat, lon) in EXACT.items()}
"""The same homes a kilometre further, in the same cells."""


def night_of(folder: Path, homes: dict[str, tuple[float, float]]) -> Night:
    """A night of the scattered world, with given homes for some, and words of where they live for others."""
    people = [replace(one, at=homes.get(one.id), place=WRITTEN) for one in TABLE]
    people += [replace(one, at=homes.get(one.id)) for one in FRIENDS]
    people += [Person(id="otto", place="Portland")]
    aside = [
        Said(by=member, id=f"aside-{member}", text=f"I live in {SAID}, Austria.", thread=f"aside-{member}")
        for member in ("lea", "otto")
    ]
    return run(settle(folder, [*scattered_talk(), *aside], people))


@pytest.fixture(scope="module", name="night")
def _night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """One night with homes that must stay at home."""
    return night_of(tmp_path_factory.mktemp("private"), EXACT)


def words_of(night: Night) -> dict[str, str]:
    """Every file of a run as text, by name; tables cell by cell."""
    files = [path for path in night.folder.rglob("*") if path.is_file()]
    tables = {path.name: pl.read_parquet(path).write_ndjson() for path in files if path.suffix == ".parquet"}
    asked = {path.name: _told(path) for path in files if path.suffix == ".npz"}
    # The run's id names its input, which is not what these tests compare.
    packed = {path.name: gzip.decompress(path.read_bytes()).decode() for path in files if path.suffix == ".gz"}
    shown = {name: text.replace(night.folder.name, "RUN") for name, text in packed.items()}
    plain = [path for path in files if path.suffix not in {".parquet", ".npz", ".gz"}]
    return tables | asked | shown | {path.name: path.read_text(encoding="utf-8") for path in plain}


def _told(path: Path) -> str:
    """Every array of a file as text; those of bytes are text already."""
    with np.load(path, allow_pickle=False) as arrays:
        told = [one.tobytes().decode() if one.dtype == np.uint8 else str(one.tolist()) for one in arrays.values()]
    return "\n".join(told)


def points_in(document: Any) -> Iterator[tuple[float, float]]:  # noqa: ANN401 -- any JSON
    """Every pair of lat and lon, however deep."""
    if isinstance(document, dict):
        if "lat" in document:
            yield document["lat"], document["lon"]
        for value in document.values():
            yield from points_in(value)
    elif isinstance(document, list):
        for value in document:
            yield from points_in(value)


def test_the_world_is_as_meant(night: Night) -> None:
    """Guards the tests below: those with exact homes sit in the group and travel; the nudged ones share their cells."""
    cells = [{member: coarse_cell(*home) for member, home in one.items()} for one in (EXACT, NUDGED)]

    assert cells[0] == cells[1]
    assert {"ida", "jan", "kim", "lea"} in [set(group) for group in night.seated]
    assert {"anna", "emil"} <= set(night.asked[0])
    assert len(words_of(night)) >= 15


def test_the_plan_knows_no_point_but_those_of_towns(night: Night) -> None:
    """A meeting area is a town of the gazetteer, at the town's own point."""
    towns = {(round(lat, 6), round(lon, 6)) for lat, lon in load_gazetteer().frame.select("lat", "lon").iter_rows()}

    points = set(points_in(night.plan))

    assert len(points) >= 3
    assert points <= towns


def test_no_file_holds_an_exact_home(night: Night) -> None:
    """Nor the first three decimals of one, which are a house's block."""
    told = words_of(night)

    decimals = [str(number)[: str(number).index(".") + 4] for home in EXACT.values() for number in home]
    assert not [(name, number) for name, text in told.items() for number in decimals if number in text]


def test_what_is_finer_than_a_cell_changes_nothing(night: Night, tmp_path: Path) -> None:
    """Another house in the same cell: the same groups, ways, maps and tables; only the input's fingerprint differs."""
    other = night_of(tmp_path, NUDGED)

    is_same = {name: text == words_of(night)[name] for name, text in words_of(other).items()}
    plans = [{**one.plan, "run_id": "", "fingerprints": {}} for one in (night, other)]
    maps = [re.findall(r"<svg.*?</svg>", one.text("report.html"), re.DOTALL) for one in (night, other)]
    assert plans[0] == plans[1]
    assert len(maps[0]) >= 3
    assert maps[0] == maps[1]
    assert {name for name, same in is_same.items() if not same} <= {"plan.json", "report.html", "metrics.json"}


@pytest.mark.parametrize("secret", [WRITTEN, "old mill", SAID])
def test_no_file_holds_what_somebody_wrote_of_where_they_live(night: Night, secret: str) -> None:
    """A home is read into a town; the words themselves, in the profile or in passing, end there."""
    assert not [name for name, text in words_of(night).items() if secret in text]


def test_no_table_holds_where_anybody_lives(night: Night) -> None:
    """Not even coarsely: tables that are kept speak of pairs and of talk."""
    columns = {name for path in night.folder.rglob("*.parquet") for name in pl.read_parquet_schema(path)}

    assert not columns & {"lat", "lon", "label", "place_text", "phrase", "country", "time_zone", "uncertainty_km"}


def test_the_log_names_no_place_and_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What is printed while a night runs is mailed around."""
    with caplog.at_level(logging.INFO):
        night_of(tmp_path, EXACT)

    names = {one.place for one in FRIENDS} | {one.id for one in (*FRIENDS, *TABLE)}
    assert "audit: journeys" in caplog.text
    assert not [secret for secret in (WRITTEN, SAID, "Graz", *names) if re.search(rf"\b{secret}\b", caplog.text)]
