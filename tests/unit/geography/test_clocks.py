"""Whose time zone can be told, on the real gazetteer and the real time zones."""

from datetime import UTC, datetime

import polars as pl
import pytest

from matcher.geography.clocks import clock_numbers, tell_clocks
from matcher.storage.gazetteer import load_gazetteer
from matcher.tables.community import Community
from matcher.tables.geography import HomeReadings
from tests.worlds import Person, world

GAZETTEER = load_gazetteer()
NOWHERE = {"country": "", "time_zone": "", "lat": -50.0, "lon": -30.0}


def _reading(name: str, kind: str, country: str, *, share: float = 1.0, **said: object) -> dict[str, object]:
    """One reading of a home, as the gazetteer has it."""
    found = GAZETTEER.frame.filter(name=name, kind=kind, country=country).sort("population").row(-1, named=True)
    kept = {column: found[column] for column in ("country", "time_zone", "lat", "lon", "uncertainty_km")}
    return {**kept, "label": name, "share": share, **said}


def _readings(community: Community, homes: dict[str, list[dict[str, object]]]) -> HomeReadings:
    rows = [{"member": member, "reading": at, **one} for member, home in homes.items() for at, one in enumerate(home)]
    schema: dict[str, pl.DataType] = {**HomeReadings.schema(), "member": community.index.enum}
    return HomeReadings.sorted(pl.DataFrame(rows, schema=schema))


def _told(homes: dict[str, list[dict[str, object]]], texts: dict[str, str] | None = None) -> dict[str, str]:
    """Time zones of a world in which these are the homes, and these the words for them."""
    texts = texts or {}
    community = world([], [Person(id=member, place=texts.get(member, "")) for member in sorted({*homes, *texts})])
    clocks = tell_clocks(_readings(community, homes), community, GAZETTEER)
    return dict(clocks.frame.select(pl.col("member").cast(pl.String), "time_zone").iter_rows())


@pytest.mark.parametrize(
    ("kind", "name", "country", "zone"),
    [
        ("town", "Lyon", "FR", "Europe/Paris"),
        ("town", "Kathmandu", "NP", "Asia/Kathmandu"),
        ("region", "Illinois", "US", "America/Chicago"),
        ("country", "Germany", "DE", "Europe/Berlin"),
        ("country", "India", "IN", "Asia/Kolkata"),
        ("country", "New Zealand", "NZ", "Pacific/Auckland"),
        ("country", "Argentina", "AR", "America/Argentina/Buenos_Aires"),
    ],
)
def test_who_lives_by_one_clock_is_told_it(kind: str, name: str, country: str, zone: str) -> None:
    """A town, or an area where nearly everybody's clock is the same; Argentina has twelve zones and one time."""
    assert _told({"ana": [_reading(name, kind, country)]}) == {"ana": zone}


@pytest.mark.parametrize(
    ("kind", "name", "country"),
    [("country", "United States", "US"), ("country", "Australia", "AU"), ("country", "Russia", "RU"),
     ("region", "Tennessee", "US")],
)  # fmt: skip
def test_an_area_of_several_clocks_tells_none(kind: str, name: str, country: str) -> None:
    """Somebody of the United States is not invited by New York's clock."""
    assert _told({"ana": [_reading(name, kind, country)]}) == {}


def test_several_readings_tell_a_clock_that_they_share() -> None:
    """Frankfurt on either river has one clock; Portland in Oregon and in Maine have two."""
    frankfurts = [
        _reading("Frankfurt am Main", "town", "DE", share=0.7),
        _reading("Frankfurt (Oder)", "town", "DE", share=0.3),
    ]
    oregon = _reading("Portland", "town", "US", share=0.6, time_zone="America/Los_Angeles")
    maine = _reading("Portland", "town", "US", share=0.4, time_zone="America/New_York", lat=43.66, lon=-70.26)

    assert _told({"ana": frankfurts, "ben": [oregon, maine]}) == {"ana": "Europe/Berlin"}


def test_a_likely_joke_tells_no_clock() -> None:
    """Where it is not even likely that a place was meant, there is no time to give."""
    assert _told({"ana": [_reading("Lyon", "town", "FR", share=0.3)]}) == {}


def test_a_home_without_a_time_zone_has_that_of_the_people_around() -> None:
    """HomeReadings of other gazetteers may lack it."""
    assert _told({"ana": [_reading("Lyon", "town", "FR", time_zone="")]}) == {"ana": "Europe/Paris"}
    assert _told({"ana": [{**_reading("Lyon", "town", "FR"), **NOWHERE}]}) == {}


def test_words_tell_a_clock_where_the_home_does_not() -> None:
    """The text 'UTC+2' is no place, and still a time; a known home beats it."""
    homes = {"ana": [_reading("Lyon", "town", "FR")], "ben": [_reading("United States", "country", "US")]}
    texts = {"ana": "Lyon, UTC+9", "ben": "USA, Pacific Time", "cat": "UTC+2", "dan": "the internet"}

    assert _told(homes, texts) == {"ana": "Europe/Paris", "ben": "America/Los_Angeles", "cat": "Etc/GMT-2"}


def test_zones_are_one_clock_only_if_they_agree_all_year() -> None:
    """Phoenix shows Denver's time in winter, Los Angeles' in summer."""
    zones = ["America/Denver", "America/Phoenix", "America/Los_Angeles", "Europe/Berlin", "Europe/Paris"]

    number = clock_numbers(zones, datetime(2026, 1, 1, tzinfo=UTC))

    assert number["Europe/Berlin"] == number["Europe/Paris"]
    assert len(set(number.values())) == 4
