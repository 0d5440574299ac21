"""What every geocoder promises, whoever stands behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher.engines.geopy_geocoder import NominatimGeocoder
from matcher.geography.geocoder import Geocoder, GeocoderOptions, NoGeocoder
from matcher.storage.geocode_cache import CachedGeocoder
from tests.unit.engines.nominatim_double import LYON, nominatim
from tests.unit.storage.test_geocode_cache import TODAY

TEXTS = ["Lugdunum", "Kleinkleckersdorf", "Garbage", "\u202e", "x" * 2_000, "ล้านนา"]


@pytest.fixture(name="geocoder", params=["none", "nominatim", "cached nominatim"])
def _geocoder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Geocoder]:
    """By name; the servers stand on this machine."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    if request.param == "none":
        yield NoGeocoder()
        return
    with nominatim() as server:
        server.answers |= {"Lugdunum": [LYON, {**LYON, "lat": "10.0"}], "Garbage": b"?"}
        options = GeocoderOptions(
            service="nominatim", contact="us@example.org", domain=server.domain, per_second=1_000.0
        )
        asking = NominatimGeocoder(options)
        is_cached = request.param == "cached nominatim"
        yield CachedGeocoder(asking, tmp_path / "g.parquet", today=TODAY, at_most=100) if is_cached else asking


def test_answers_are_of_what_was_asked(geocoder: Geocoder) -> None:
    """And their readings are likely first, somewhere on earth, and add up to at most 1."""
    found = geocoder.find(TEXTS)

    assert set(found) <= set(TEXTS) - {"Garbage"}
    for readings in found.values():
        shares = [reading.share for reading in readings]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1
        assert all(abs(one.lat) <= 90 and abs(one.lon) <= 180 and one.uncertainty_km >= 8 for one in readings)


def test_the_same_question_has_the_same_answer(geocoder: Geocoder) -> None:
    """Asked together, alone or backwards."""
    together = geocoder.find(TEXTS)

    backwards = geocoder.find(TEXTS[::-1])
    alone = geocoder.find(["Lugdunum"])

    assert backwards == together
    assert alone == {text: readings for text, readings in together.items() if text == "Lugdunum"}


def test_who_asks_nothing_is_told_nothing(geocoder: Geocoder) -> None:
    """An empty list is no reason for a request."""
    assert geocoder.find([]) == {}


def test_it_says_who_it_is_and_what_is_owed(geocoder: Geocoder) -> None:
    """Whoever asks OpenStreetMap names it."""
    assert geocoder.name
    assert ("OpenStreetMap" in geocoder.attribution) == (geocoder.name != "none")
