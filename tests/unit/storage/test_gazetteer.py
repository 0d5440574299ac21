"""The gazetteer that ships with the library is whole."""

import math
from pathlib import Path

import polars as pl
import pytest

from matcher.errors import TableError
from matcher.geography.spelling import fold
from matcher.storage import gazetteer as gazetteer_file
from matcher.storage.gazetteer import load_gazetteer


def test_the_whole_world_is_in_it() -> None:
    """Towns, regions and countries, from every continent."""
    frame = load_gazetteer().frame

    assert frame.filter(pl.col("kind") == "country").height > 200
    assert {"US", "IN", "BR", "NG", "AU", "DE"} <= set(frame.get_column("country"))
    assert frame.filter(pl.col("kind") == "region", country="US").get_column("region").n_unique() == 51


def test_every_place_answers_to_its_own_name() -> None:
    """Folded by the same rule as what members write, now and in later versions of that rule."""
    frame = load_gazetteer().frame.sample(3_000, seed=1)

    assert all(fold(name) in spellings for name, spellings in frame.select("name", "spellings").rows() if fold(name))


def test_a_town_is_known_to_the_radius_of_its_people() -> None:
    """4 km and sqrt(people) / 150, at most 25."""
    towns = load_gazetteer().frame.filter(pl.col("kind") == "town").sample(500, seed=1)

    for people, uncertainty_km in towns.select("population", "uncertainty_km").rows():
        assert uncertainty_km == pytest.approx(min(25, 4 + math.sqrt(people) / 150), abs=0.06)


def test_each_region_and_country_stands_among_its_towns() -> None:
    """The middle of Oregon's people is near Portland, and New Zealand's not in the Atlantic."""
    frame = load_gazetteer().frame
    oregon = frame.filter(pl.col("kind") == "region", country="US", region="OR").row(0, named=True)
    zealand = frame.filter(pl.col("kind") == "country", country="NZ").row(0, named=True)

    assert 44 < oregon["lat"] < 46
    assert -124 < oregon["lon"] < -121
    assert zealand["lon"] > 170


def test_whose_data_it_is_stands_beside_it() -> None:
    """GeoNames asks for no more than this, so it is owed."""
    notice = gazetteer_file.GAZETTEER_PATH.with_name("NOTICE.gazetteer.txt").read_text(encoding="utf-8")

    assert "GeoNames" in notice
    assert "creativecommons.org/licenses/by/4.0" in notice


@pytest.mark.parametrize("content", [None, b"", b"PAR1 and then nothing"], ids=["missing", "empty", "torn"])
def test_a_broken_file_says_what_to_do(content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that lost a file is told so, instead of locating nobody."""
    path = tmp_path / "gazetteer.parquet"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(gazetteer_file, "GAZETTEER_PATH", path)

    with pytest.raises(TableError, match="install matcher again"):
        load_gazetteer.__wrapped__()


def test_half_a_world_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that can be read but holds too little is no gazetteer."""
    path = tmp_path / "gazetteer.parquet"
    load_gazetteer().frame.head(10).write_parquet(path)
    monkeypatch.setattr(gazetteer_file, "GAZETTEER_PATH", path)

    with pytest.raises(TableError, match="not whole; found 10 places"):
        load_gazetteer.__wrapped__()
