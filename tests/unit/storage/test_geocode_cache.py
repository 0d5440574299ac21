"""Nothing is asked twice, whatever the answer was."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.geography.geocoder import Geocoder
from matcher.geography.readings import Reading
from matcher.storage.geocode_cache import CachedGeocoder

TODAY = date(2026, 3, 1)
LYON = Reading(label="Lyon, France", country="FR", time_zone="", lat=45.8, lon=4.8, uncertainty_km=8.0, share=0.8)


class Oracle:
    """Knows Lyon, fails at what begins with "bad", and remembers what it was asked."""

    name = "oracle@example.org"
    attribution = "© somebody"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find(self, texts: Sequence[str]) -> Mapping[str, tuple[Reading, ...]]:
        """Answer all but the bad ones."""
        self.asked += texts
        return {text: (LYON,) if text == "Lyon" else () for text in texts if not text.startswith("bad")}


def _cached(folder: Path, oracle: Geocoder | None = None, *, at_most: int = 100, today: date = TODAY) -> CachedGeocoder:
    return CachedGeocoder(oracle or Oracle(), folder / "geocodes.parquet", today=today, at_most=at_most)


def test_a_known_text_is_never_asked_again(tmp_path: Path) -> None:
    """Neither a place nor the answer that there is none, on no later night."""
    first = _cached(tmp_path).find(["Lyon", "Zzyzx"])
    oracle = Oracle()

    again = _cached(tmp_path, oracle, today=date(2030, 1, 1)).find(["Zzyzx", "Lyon"])

    assert again == first == {"Lyon": (LYON,), "Zzyzx": ()}
    assert oracle.asked == []


def test_the_day_is_kept_and_the_text_is_not(tmp_path: Path) -> None:
    """One may see when something was asked, but not what anybody wrote."""
    _cached(tmp_path).find(["Zzyzx"])

    row = pl.read_parquet(tmp_path / "geocodes.parquet").row(0, named=True)
    assert (row["asked_on"], row["readings"]) == (TODAY, [])
    assert b"Zzyzx" not in (tmp_path / "geocodes.parquet").read_bytes()


def test_a_failure_is_asked_again_but_not_tonight(tmp_path: Path) -> None:
    """The server may be well tomorrow; tonight the same question has the same answer."""
    oracle = Oracle()
    tonight = _cached(tmp_path, oracle)

    assert tonight.find(["bad luck"]) == tonight.find(["bad luck"]) == {}
    assert _cached(tmp_path, oracle).find(["bad luck"]) == {}
    assert oracle.asked == ["bad luck", "bad luck"]
    assert (tonight.n_texts, tonight.n_new, tonight.n_failed, tonight.n_found) == (1, 1, 1, 0)


def test_a_night_asks_no_more_than_it_may(tmp_path: Path) -> None:
    """What is left waits, the first texts go first, and what is known is free."""
    _cached(tmp_path).find(["Lyon"])
    oracle = Oracle()
    tonight = _cached(tmp_path, oracle, at_most=2)

    found = tonight.find(["Lyon", "Aa", "Bb", "Cc"])
    more = tonight.find(["Dd"])

    assert oracle.asked == ["Aa", "Bb"]
    assert sorted(found) == ["Aa", "Bb", "Lyon"]
    assert more == {}
    assert (tonight.n_left, tonight.n_new) == (2, 2)


def test_a_killed_night_keeps_what_was_saved(tmp_path: Path) -> None:
    """The file is whole at any moment."""

    class Dies(Oracle):
        def find(self, texts: Sequence[str]) -> Mapping[str, tuple[Reading, ...]]:
            if self.asked:
                raise KeyboardInterrupt
            return super().find(texts)

    texts = [f"Place {number}" for number in range(30)]
    try:
        _cached(tmp_path, Dies()).find(texts)
    except KeyboardInterrupt:
        oracle = Oracle()

    _cached(tmp_path, oracle).find(texts)
    assert oracle.asked == texts[20:]
    assert [path.name for path in tmp_path.iterdir()] == ["geocodes.parquet"]


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    """And the job can say so."""
    (tmp_path / "geocodes.parquet").write_bytes(b"no parquet")

    cached = _cached(tmp_path)

    assert cached.was_damaged
    assert cached.find(["Lyon"]) == {"Lyon": (LYON,)}
    assert not _cached(tmp_path).was_damaged


def test_two_services_never_mix(tmp_path: Path) -> None:
    """What one server does not know another may."""

    class Other(Oracle):
        name = "other@example.org"

    _cached(tmp_path).find(["Lyon"])
    other = Other()
    _cached(tmp_path, other).find(["Lyon"])

    assert other.asked == ["Lyon"]


def test_who_leaves_is_forgotten(tmp_path: Path) -> None:
    """Delete means gone."""
    _cached(tmp_path).find(["Lyon", "Zzyzx"])
    oracle = Oracle()

    assert _cached(tmp_path).forget(["Lyon", "never asked"]) == 1

    _cached(tmp_path, oracle).find(["Lyon", "Zzyzx"])
    assert oracle.asked == ["Lyon"]


def test_the_fingerprint_is_of_the_answers_used(tmp_path: Path) -> None:
    """The same answers, asked in any order or remembered, make the same run; others do not."""
    fresh, remembered, failed = _cached(tmp_path), _cached(tmp_path), _cached(tmp_path / "elsewhere", at_most=0)

    fresh.find(["Lyon", "Zzyzx"])
    remembered.find(["Zzyzx"])
    remembered.find(["Lyon"])
    failed.find(["Lyon", "Zzyzx"])

    assert fresh.fingerprint == remembered.fingerprint
    assert failed.fingerprint != fresh.fingerprint


@given(nights=st.lists(st.lists(st.sampled_from(["Lyon", "Aa", "Bb", "bad", "\u202e"]), max_size=6), max_size=4))
def test_no_answered_text_is_asked_twice(tmp_path_factory: pytest.TempPathFactory, nights: list[list[str]]) -> None:
    """However the nights go."""
    oracle = Oracle()
    folder = tmp_path_factory.mktemp("cache")

    for texts in nights:
        found = _cached(folder, oracle).find(texts)
        assert found == Oracle().find(list(dict.fromkeys(texts)))

    answered = [text for text in oracle.asked if not text.startswith("bad")]
    assert len(answered) == len(set(answered))
