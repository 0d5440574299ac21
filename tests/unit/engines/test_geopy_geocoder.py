"""Asking a Nominatim server: what is sent, what is made of answers, and what no answer may do."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from geopy.extra.rate_limiter import RateLimiter
from hypothesis import given
from hypothesis import strategies as st

from matcher.engines.geopy_geocoder import MEANT_SHARE, TIRED_AFTER, NominatimGeocoder, readings_of_answers
from matcher.geography.geocoder import GeocoderOptions
from tests.unit.engines.nominatim_double import LYON, Server, nominatim


@pytest.fixture(name="server")
def _server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of our own, asked directly whatever proxy this machine has."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")
    with nominatim() as server:
        yield server


def _geocoder(server: Server, **said: Any) -> NominatimGeocoder:  # noqa: ANN401 -- any option
    options = {"contact": "us@example.org", "per_second": 1_000.0, "timeout_seconds": 5.0, **said}
    return NominatimGeocoder(GeocoderOptions(service="nominatim", domain=server.domain, **options))


def test_an_answer_is_read_coarsely(server: Server) -> None:
    """The town and the country; neither the quarter nor the exact spot."""
    server.answers["Lugdunum"] = [LYON]

    (reading,) = _geocoder(server).find(["Lugdunum"])["Lugdunum"]

    assert (reading.label, reading.country) == ("Lyon, France", "FR")
    assert (reading.lat, reading.lon, reading.uncertainty_km) == (45.8, 4.8, 8.0)
    assert reading.share == pytest.approx(MEANT_SHARE, abs=0.001)


def test_nothing_but_the_text_is_sent(server: Server) -> None:
    """The operator says who asks; of the member the server learns one text."""
    _geocoder(server).find(["Lugdunum"])

    assert server.asked == ["Lugdunum"]
    assert server.agents == ["matcher (us@example.org)"]
    assert set(server.queries[0]) == {"q", "format", "limit", "addressdetails", "accept-language", "featureType"}


def test_no_place_is_an_answer_too(server: Server) -> None:
    """It is told from a failure: it need not be asked again."""
    assert _geocoder(server).find(["Kleinkleckersdorf"]) == {"Kleinkleckersdorf": ()}


def test_requests_keep_the_pace_that_is_allowed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """One a second: on a clock that only sleep moves, each request but the first waits a second."""
    instant, slept = [0.0], list[float]()

    def sleep(_: RateLimiter, seconds: float) -> None:
        slept.append(seconds)
        instant[0] += seconds

    monkeypatch.setattr(RateLimiter, "_sleep", sleep)
    monkeypatch.setattr(RateLimiter, "_clock", lambda _: instant[0])

    _geocoder(server, per_second=1.0).find(["Aa", "Bb", "Cc"])

    assert slept == [1.0, 1.0]
    assert server.asked == ["Aa", "Bb", "Cc"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(429, b"", id="too many requests"),
        pytest.param(403, b"blocked", id="forbidden"),
        pytest.param(500, b"oops", id="server error"),
        pytest.param(200, b"<html>not json</html>", id="no JSON"),
        pytest.param(200, b"[" * 100_000, id="nested without end"),
        pytest.param(200, b'{"error": "no"}', id="an error"),
        pytest.param(200, b"[1, 2]", id="a list of numbers"),
        pytest.param(200, b"\xff\xfe", id="no text"),
        pytest.param(200, json.dumps([{**LYON, "lat": "north"}]).encode(), id="no number"),
        pytest.param(200, json.dumps([{**LYON, "lat": "1e999"}]).encode(), id="out of this world"),
        pytest.param(200, json.dumps([{**LYON, "boundingbox": ["1"]}]).encode(), id="half a box"),
        pytest.param(200, json.dumps([{**LYON, "address": "France"}]).encode(), id="no address"),
        pytest.param(200, json.dumps([{"lat": "1", "lon": "1"}]).encode(), id="bare"),
    ],
)
def test_whatever_comes_back_the_night_goes_on(server: Server, status: int, body: bytes) -> None:
    """The text stays unknown, the failure is counted, and the server is soon left alone."""
    server.status = status
    texts = [f"Place {letter}" for letter in "abcdefg"]
    server.answers |= dict.fromkeys(texts, body)
    geocoder = _geocoder(server)

    assert geocoder.find(texts) == {}

    assert (geocoder.n_asked, geocoder.n_failed) == (TIRED_AFTER, TIRED_AFTER)


def test_a_server_that_never_answers_is_not_waited_for(server: Server) -> None:
    """A timeout is a failure like any other."""
    server.is_mute = True
    geocoder = _geocoder(server, timeout_seconds=0.05)

    assert geocoder.find(["Lugdunum"]) == {}
    assert geocoder.n_failed == 1


def test_a_server_that_is_not_there_is_a_failure() -> None:
    """Nothing listens on port 9 of this machine."""
    options = GeocoderOptions(
        service="nominatim", contact="us@example.org", domain="http://127.0.0.1:9", per_second=1e3
    )

    assert NominatimGeocoder(options).find(["Lugdunum"]) == {}


def test_one_failure_between_answers_is_passed_over(server: Server) -> None:
    """Only what goes on failing is given up."""
    server.answers |= {"Bad": b"?", "Good": [LYON]}
    geocoder = _geocoder(server)

    found = geocoder.find(["Good", "Bad", "None"])

    assert [(text, len(readings)) for text, readings in found.items()] == [("Good", 1), ("None", 0)]
    assert geocoder.n_failed == 1


def test_streets_and_shops_are_no_homes() -> None:
    """A theme park is named after Hogwarts, a bar after the internet."""
    assert readings_of_answers([{**LYON, "class": "tourism"}, {**LYON, "place_rank": 26}]) == ()


def test_hostile_names_lose_what_cannot_be_seen() -> None:
    """Anybody may edit the map."""
    address = {"city": "<script>\u202e\x00\nLyon" + "n" * 500, "country": "France", "country_code": "../"}

    (reading,) = readings_of_answers([{**LYON, "address": address}])

    assert reading.label.startswith("<script>Lyon")  # the page escapes it
    assert reading.label.isprintable()
    assert len(reading.label) <= 80
    assert reading.country == ""


def test_several_answers_share_by_importance() -> None:
    """Of two far apart the more famous is likelier; of two in one area there is but one."""
    suburb = {**LYON, "importance": 0.1, "lat": "45.77", "lon": "4.88"}
    other = {
        **LYON,
        "importance": 0.2,
        "lat": "42.2",
        "lon": "-83.3",
        "boundingbox": ["42.1", "42.3", "-83.4", "-83.2"],
    }

    readings = readings_of_answers([other, suburb, LYON])

    assert [one.lat for one in readings] == [45.8, 42.2]
    assert [one.share for one in readings] == pytest.approx([0.64, 0.16], abs=0.001)


def test_an_area_is_as_uncertain_as_it_is_large() -> None:
    """Also across the date line: 20 degrees of longitude at 17 degrees south are some 2,130 km."""
    fiji = {**LYON, "lat": "-17", "lon": "179", "boundingbox": ["-17", "-17", "170", "-170"]}

    (reading,) = readings_of_answers([fiji])

    assert reading.uncertainty_km == pytest.approx(2_127 / 12**0.5, rel=0.01)


@given(
    importances=st.lists(st.one_of(st.floats(), st.integers(), st.none()), max_size=8),
    lons=st.lists(st.integers(-180, 180), min_size=8, max_size=8),
)
def test_shares_are_shares(importances: list[float | None], lons: list[int]) -> None:
    """Whatever fame a server claims, shares add up to at most what all answers may have, likeliest first."""
    answers = [{**LYON, "importance": one, "lon": str(lon)} for one, lon in zip(importances, lons, strict=False)]

    try:
        shares = [reading.share for reading in readings_of_answers(answers)]
    except ValueError:
        assert any(one is None or not abs(one) <= 1e9 for one in importances)
        return

    assert sum(shares) <= MEANT_SHARE + 1e-9
    assert shares == sorted(shares, reverse=True)
