"""What people write, and the places that it may mean, on the real gazetteer."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.geography.naming import country_names
from matcher.geography.readings import Reading, readings_of
from matcher.storage.gazetteer import load_gazetteer

TOWNS = {
    "Portland, OR": "Portland, OR",
    "Portland, ME": "Portland, ME",
    "Portland, Oregon, USA": "Portland, OR",
    "Portland Oregon": "Portland, OR",
    "Paris": "Paris, France",
    "Paris, Texas": "Paris, TX",
    "I live in Paris": "Paris, France",
    "London, UK": "London, United Kingdom",
    "London SE1, UK": "London, United Kingdom",
    "London, ON": "London, Canada",
    "Cambridge, MA": "Cambridge, MA",
    "Berlin, DE": "Berlin, Germany",
    "10115 Berlin": "Berlin, Germany",
    "Berlin \U0001f1e9\U0001f1ea": "Berlin, Germany",
    "Dover, DE": "Dover, DE",
    "Hyderabad, IN": "Hyderabad, India",
    "Indianapolis, IN": "Indianapolis, IN",
    "Ontario, CA": "Ontario, CA",
    "Suite 8 Lexington, KY 40517": "Lexington, KY",
    "Belgium Antwerp": "Antwerp, Belgium",
    "Salerno, SA, Italia": "Salerno, Italy",
    "Brasília - DF, Brasil": "Brasília, Brazil",
    "Bangalore, India": "Bengaluru, India",
    "India - Mumbai": "Mumbai, India",
    "Germany (Hamburg)": "Hamburg, Germany",
    "Melbourne VIC, Australia": "Melbourne, Australia",
    "Raleigh, North Carolina United States": "Raleigh, NC",
    "Tbilisi, Georgia": "Tbilisi, Georgia",
    "Atlanta, Georgia": "Atlanta, GA",
    "New York": "New York City, NY",
    "New York, NY": "New York City, NY",
    "Mulberry Street, New York, NY": "New York City, NY",
    "NYC": "New York City, NY",
    "LA": "Los Angeles, CA",
    "Washington, DC": "Washington, DC",
    "Minneapolis/St. Paul": "Minneapolis, MN",
    "Greater Manchester, UK": "Manchester, United Kingdom",
    "Moncton NB, Canada": "Moncton, Canada",
    "Newcastle, UK": "Newcastle upon Tyne, United Kingdom",
    "münchen": "Munich, Germany",
    "Москва": "Moscow, Russia",
    "東京": "Tokyo, Japan",
    "Kyiv, Ukraine": "Kyiv, Ukraine",
    "St Louis, MO": "St. Louis, MO",
    "Stratford-upon-Avon": "Stratford-upon-Avon, United Kingdom",
    "The Moon, Sylacauga, AL, USA": "Sylacauga, AL",
    "Of, Trabzon, Turkey": "Of, Turkey",
    "Male, Maldives": "Male, Maldives",
    "Milano (MI)": "Milan, Italy",
    "Torino, TO": "Turin, Italy",
    "Milan, MI": "Milan, MI",
    "Bern, BE": "Bern, Switzerland",
    "Lafayette, LA": "Lafayette, LA",
    "Santa Monica, LA": "Santa Monica, CA",
    "LA, California": "Los Angeles, CA",
    "LA, USA": "Los Angeles, CA",
    "Bay Area, San Francisco": "San Francisco, CA",
    "Odessa": "Odesa, Ukraine",
    "Odessa, TX": "Odessa, TX",
    "Hanover": "Hannover, Germany",
    "Nazareth": "Nazareth, Israel",
    "Monterey": "Monterey, CA",
    "Bethlehem, PA": "Bethlehem, PA",
    "Venice": "Venice, Italy",
    "Palestine, TX": "Palestine, TX",
    "Enterprise, AL": "Enterprise, AL",
}
AREAS = {
    "California, USA": "California, United States",
    "Washington": "Washington, United States",
    "Washington State": "Washington, United States",
    "NY, United States": "New York, United States",
    "England": "England, United Kingdom",
    "Deutschland": "Germany",
    "Germany, Europe": "Germany",
    "\U0001f1e7\U0001f1f7": "Brazil",
    "USA": "United States",
    "uk": "United Kingdom",
    "México": "Mexico",
    "South Brazil": "Brazil",
    "Home, USA": "United States",
    "San Francisco Bay Area": "San Francisco Bay Area, United States",
    "Bay Area": "San Francisco Bay Area, United States",
    "Midwest": "Midwest, United States",
    "Upstate New York": "Upstate New York, United States",
    "SoCal": "Southern California, United States",
    "Kent, UK": "Kent, United Kingdom",
    "Scandinavia": "Scandinavia",
    "DACH": "DACH",
    "Bay Area, CA": "San Francisco Bay Area, United States",
    "SF Bay Area, CA": "San Francisco Bay Area, United States",
    "Silicon Valley, CA": "Silicon Valley, United States",
    "Silicon Valley, California": "Silicon Valley, United States",
    "East Bay, CA": "East Bay, United States",
    "DFW, TX": "Dallas-Fort Worth, United States",
    "Hampton Roads, VA": "Hampton Roads, United States",
    "Northern Virginia, VA": "Northern Virginia, United States",
    "Yorkshire, England": "Yorkshire, United Kingdom",
    "Long Island, NY": "Long Island, United States",
    "Long Island, New York": "Long Island, United States",
    "Hudson Valley, New York": "Hudson Valley, United States",
    "PNW, WA": "Washington, United States",
    "Oahu, HI": "Oahu, United States",
    "Acadiana, LA": "Acadiana, United States",
    "Palestine": "Palestinian Territory",
    "Cheshire": "Cheshire, United Kingdom",
    "Sussex": "Sussex, United Kingdom",
    "Orkney": "Orkney, United Kingdom",
    "Lorraine": "Lorraine, France",
    "Bohemia": "Bohemia, Czechia",
    "Jersey Shore": "Jersey Shore, United States",
    "Kurdistan": "Kurdistan, Iraq",
    "South Tyrol": "South Tyrol, Italy",
    "Bali": "Bali, Indonesia",
    "Europe": "Europe",
}
SEVERAL = {
    "Georgia": ["Georgia, United States", "Georgia"],
    "Cambridge": ["Cambridge, United Kingdom", "Cambridge, Canada", "Cambridge, MA"],
    "Springfield": ["Springfield, MO", "Springfield, MA", "Springfield, IL"],
    "Berlin / Paris": ["Berlin, Germany", "Paris, France"],
    "Paris, Berlin": ["Berlin, Germany", "Paris, France"],
    "United States / Germany": ["United States", "Germany"],
    "London, UK - Athens, Greece": ["Athens, Greece", "London, United Kingdom"],
    "Princeton": ["Princeton, NJ", "Princeton, FL"],
    "Queenstown": ["Queenstown, New Zealand"],
    "NOLA": ["New Orleans, LA", "Nola, Italy"],
    "NCR": ["National Capital Region, Philippines", "Delhi NCR, India"],
    "North Shore": ["North Shore, New Zealand", "Massachusetts North Shore, United States"],
    "NYC, LA": ["New York City, NY", "Los Angeles, CA"],
    "between London and New York": ["New York City, NY", "London, United Kingdom"],
}
NOWHERE = [
    "on the server farm", "Earth", "Planet Earth", "the internet", "Hogwarts", "127.0.0.1", "/dev/null", "here",
    "Somewhere over the rainbow", "Milky Way", "everywhere", "behind you", "home", "Bath tub", "of", "Male", "in",
    "IN", "NE", "OK", "my house in Georgia", "Middle Earth", "Hell", "Mars", "talk to me", "come in", "UTC+2",
    "GMT -5", "CET", "EST", "Hogwarts, Scotland", "Third moon of Jupiter, Europe", "Mountain Dew, CA",
    "between jobs", "between heaven and hell", "Nowhere, OK", "French Quarter, LA", "french quarter, la",
    "Geaux Tigers, LA", "Enterprise", "Liberty City", "@paris", "https://paris.fr", "", " ", ",,,",
    "\u200c\u200c", "\U0001f30d",
]  # fmt: skip


def likeliest(text: str) -> Reading:
    """First reading of a text that has one."""
    return readings_of([text], load_gazetteer())[text][0]


@pytest.mark.parametrize(("text", "label"), TOWNS.items(), ids=TOWNS)
def test_a_town_is_found(text: str, label: str) -> None:
    """The ways in which people really write where they live."""
    reading = likeliest(text)

    assert reading.label == label
    assert reading.share > 0.5
    assert reading.spot is not None
    assert reading.spot.kind == "town"


@pytest.mark.parametrize(("text", "label"), AREAS.items(), ids=AREAS)
def test_an_area_is_not_taken_for_a_town(text: str, label: str) -> None:
    """Who names a state, a country or a part of one is known no better than that."""
    reading = likeliest(text)

    assert reading.label == label
    assert reading.spot is not None
    assert reading.spot.kind != "town"


@pytest.mark.parametrize(("text", "labels"), SEVERAL.items(), ids=SEVERAL)
def test_what_may_mean_several_places_has_several_readings(text: str, labels: list[str]) -> None:
    """Each with its chance; none is believed alone."""
    readings = readings_of([text], load_gazetteer())[text]

    assert [reading.label for reading in readings][: len(labels)] == labels
    assert readings[0].share < 0.7


@pytest.mark.parametrize("text", NOWHERE)
def test_unknown_is_better_than_wrong(text: str) -> None:
    """A joke, a sentence, a time zone or a word has no reading."""
    assert readings_of([text], load_gazetteer()) == {}


def test_between_two_towns_is_in_the_middle_and_reaches_both() -> None:
    """Bonn and Cologne are 25 km apart."""
    reading = likeliest("between Bonn and Köln")
    bonn, koln = likeliest("Bonn, Germany"), likeliest("Köln, Germany")

    assert reading.label == "between Bonn and Köln, Germany"
    assert reading.lat == pytest.approx((bonn.lat + koln.lat) / 2, abs=0.001)
    assert reading.uncertainty_km > 12 + koln.uncertainty_km
    assert (reading.country, reading.time_zone) == ("DE", "Europe/Berlin")


def test_two_homes_are_equally_likely() -> None:
    """However much larger one of them is."""
    shares = [reading.share for reading in readings_of(["Tokyo | Uppsala"], load_gazetteer())["Tokyo | Uppsala"]]

    assert shares == pytest.approx([0.5, 0.5], abs=0.02)


def test_a_wide_name_is_less_certain() -> None:
    """Somebody of "Greater Denver" may live further out than somebody of Denver."""
    assert likeliest("Greater Denver").uncertainty_km == 2 * likeliest("Denver").uncertainty_km


@given(st.lists(st.sampled_from([*TOWNS, *AREAS, *SEVERAL, *NOWHERE]) | st.text(max_size=30), max_size=6))
def test_shares_are_chances(texts: list[str]) -> None:
    """Likeliest first, adding up to at most 1, near places counted once; for hostile text too."""
    for readings in readings_of(texts, load_gazetteer()).values():
        shares = [reading.share for reading in readings]

        assert shares == sorted(shares, reverse=True)
        assert min(shares) > 0
        assert sum(shares) <= 1
        assert len({(reading.lat, reading.lon) for reading in readings}) == len(readings)


def test_one_text_tells_nothing_about_another() -> None:
    """A member's reading does not depend on who else is there."""
    texts = [*TOWNS, *SEVERAL, *NOWHERE]

    together = readings_of(texts, load_gazetteer())

    assert all(readings_of([text], load_gazetteer()).get(text) == together.get(text) for text in texts[::9])


@pytest.mark.parametrize("text", ["Köln, Deutschland", "São Paulo, Brazil", "Georgia", "Nürnberg / Zürich", "Bay Area"])
def test_case_accents_and_blanks_do_not_matter(text: str) -> None:
    """People write names as their keyboard lets them."""
    plain = text.translate(str.maketrans("öãüé", "oaue"))
    ways = [text, text.upper(), text.lower(), f"  {text}\n", text.replace(" ", "   "), plain]

    readings = readings_of(ways, load_gazetteer())

    assert {readings[way] for way in ways} == {readings[text]}


def test_the_right_country_never_makes_it_worse() -> None:
    """300 towns, by chance: whoever adds their country is believed at least as much as before."""
    towns = load_gazetteer().frame.filter(pl.col("kind") == "town", pl.col("population") > 20_000)
    chosen = towns.sample(300, seed=7).filter(~pl.col("name").str.contains(r"[,/()\d-]"))
    countries = country_names(load_gazetteer())
    texts = [(name, f"{name}, {countries[code]}") for name, code in chosen.select("name", "country").iter_rows()]

    readings = readings_of([text for pair in texts for text in pair], load_gazetteer())

    for (bare, full), place in zip(texts, chosen.iter_rows(named=True), strict=True):
        before, after = (_share_near(readings.get(text, ()), place["lat"], place["lon"]) for text in (bare, full))
        assert after >= before - 0.02, full


def _share_near(readings: tuple[Reading, ...], lat: float, lon: float) -> float:
    return sum(reading.share for reading in readings if np.hypot(reading.lat - lat, (reading.lon - lon) / 2) < 0.5)
