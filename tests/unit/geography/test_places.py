"""Written homes and what they mean, on the real gazetteer."""

import polars as pl
import pytest

from matcher.geography.options import GeographyOptions
from matcher.geography.places import homes_written, locate_members
from matcher.storage.gazetteer import load_gazetteer
from tests.worlds import Person, Said, world

TOWNS = {
    "Portland, OR": ("Portland", "US", "OR"),
    "Portland, ME": ("Portland", "US", "ME"),
    "Portland, Oregon, USA": ("Portland", "US", "OR"),
    "Paris": ("Paris", "FR", "11"),
    "Paris, Texas": ("Paris", "US", "TX"),
    "London, UK": ("London", "GB", "ENG"),
    "London, ON": ("London", "CA", "08"),
    "Berlin, DE": ("Berlin", "DE", "16"),
    "Dover, DE": ("Dover", "US", "DE"),
    "Hyderabad, IN": ("Hyderabad", "IN", "40"),
    "Indianapolis, IN": ("Indianapolis", "US", "IN"),
    "Ontario, CA": ("Ontario", "US", "CA"),
    "Salerno, SA, Italia": ("Salerno", "IT", "04"),
    "Brasília - DF, Brasil": ("Brasília", "BR", "07"),
    "Bangalore, India": ("Bengaluru", "IN", "19"),
    "India - Mumbai": ("Mumbai", "IN", "16"),
    "Melbourne VIC, Australia": ("Melbourne", "AU", "07"),
    "Raleigh, North Carolina United States": ("Raleigh", "US", "NC"),
    "Tbilisi, Georgia": ("Tbilisi", "GE", "51"),
    "Atlanta, Georgia": ("Atlanta", "US", "GA"),
    "New York": ("New York City", "US", "NY"),
    "New York, NY": ("New York City", "US", "NY"),
    "Mulberry Street, New York, NY": ("New York City", "US", "NY"),
    "NYC": ("New York City", "US", "NY"),
    "Washington, DC": ("Washington", "US", "DC"),
    "Greater Manchester": ("Manchester", "GB", "ENG"),
    "San Francisco Bay Area": ("San Francisco", "US", "CA"),
    "Moncton NB, Canada": ("Moncton", "CA", "04"),
    "münchen": ("Munich", "DE", "02"),
    "Москва": ("Moscow", "RU", "48"),
    "Kyiv, Ukraine": ("Kyiv", "UA", "12"),
    "St Louis, MO": ("St. Louis", "US", "MO"),
    "The Moon, Sylacauga, AL, USA": ("Sylacauga", "US", "AL"),
    "Of, Trabzon, Turkey": ("Of", "TR", "61"),
}
AREAS = {
    "California, USA": ("California", "region"),
    "Washington": ("Washington", "region"),
    "NY, United States": ("New York", "region"),
    "England": ("England", "region"),
    "Deutschland": ("Germany", "country"),
    "USA": ("United States", "country"),
    "uk": ("United Kingdom", "country"),
    "México": ("Mexico", "country"),
    "South Brazil": ("Brazil", "country"),
    "Hogwarts, Scotland": ("Scotland", "region"),
    "Nowhere, OK": ("Oklahoma", "region"),
    "Home, USA": ("United States", "country"),
    "Surrey, United Kingdom": ("United Kingdom", "country"),
}
NOWHERE = [
    "on the server farm", "Earth", "Planet Earth", "the internet", "Hogwarts", "127.0.0.1", "/dev/null", "here",
    "Somewhere over the rainbow", "Milky Way", "everywhere", "behind you", "home", "Bath tub", "of", "Male", "in", "IN",
    "NE", "OK", "I live in Paris", "my house in Georgia", "Georgia", "Springfield", "Cambridge", "Berlin / Paris",
    "United States / Germany", "London, UK - Athens, Greece", "Europe", "Western New England", "Middle Earth",
    "Hell", "Mars", "talk to me", "come in", "", " ", ",,,", "\u200c\u200c", "🌍",
]  # fmt: skip


@pytest.mark.parametrize(("text", "town"), TOWNS.items(), ids=TOWNS)
def test_a_town_is_found(text: str, town: tuple[str, str, str]) -> None:
    """The ways in which people really write where they live."""
    spot = homes_written([text], load_gazetteer())[text].spot

    assert (spot.name, spot.country, spot.region) == town
    assert spot.kind == "town"


@pytest.mark.parametrize(("text", "area"), AREAS.items(), ids=AREAS)
def test_an_area_is_not_taken_for_a_town(text: str, area: tuple[str, str]) -> None:
    """Who names a state or a country is known no better than that."""
    home = homes_written([text], load_gazetteer())[text]

    assert (home.spot.name, home.spot.kind) == area
    assert home.uncertainty_km > GeographyOptions().max_uncertainty_km


@pytest.mark.parametrize("text", NOWHERE)
def test_unknown_is_better_than_wrong(text: str) -> None:
    """A joke, a sentence, or a name of several places has no home."""
    assert homes_written([text], load_gazetteer()) == {}


def test_a_wide_name_is_less_certain() -> None:
    """Somebody of "Greater Manchester" may live further out than somebody of Manchester."""
    homes = homes_written(["Greater Manchester", "Manchester, UK"], load_gazetteer())

    assert homes["Greater Manchester"].uncertainty_km == 2 * homes["Manchester, UK"].uncertainty_km


def test_given_coordinates_win_over_words() -> None:
    """It is not guessed again, but kept to a cell of about 10 km, and the reach is shortened to match."""
    community = world([], [Person(id="a", place="Paris", at=(45.51234, -122.67891), reach_km=20.0)])

    row = locate_members(community, load_gazetteer(), GeographyOptions()).frame.row(0, named=True)

    assert (row["lat"], row["lon"]) == (45.5, -122.7)
    assert (row["label"], row["country"]) == ("Portland, OR", "US")
    assert (row["uncertainty_km"], row["reach_km"]) == (8.0, 12.0)


def test_each_member_has_one_row_or_none() -> None:
    """Two members of one town share a home; a joker has none; who says no reach gets the usual one."""
    people = [
        Person(id="b", place="Lyon, France"),
        Person(id="a", place="Lyon, France", reach_km=0.0),
        Person(id="c", place="the internet"),
        Person(id="d"),
    ]

    places = locate_members(world([Said(by="a")], people), load_gazetteer(), GeographyOptions(default_reach_km=33.0))

    rows = places.frame.select(pl.col("member").cast(pl.String), "label", "reach_km").rows()
    assert rows == [("a", "Lyon, France", 0.0), ("b", "Lyon, France", 33.0)]


def test_half_a_coordinate_is_no_coordinate() -> None:
    """A latitude alone is a broken export; the words still count."""
    community = world([], [Person(id="a", place="Oslo, Norway", at=(10.0, 20.0))])
    broken = community.members.frame.with_columns(lon=pl.lit(None, dtype=pl.Float64))
    members = type(community.members)(broken)
    halved = type(community)(
        members=members,
        messages=community.messages,
        blocks=community.blocks,
        index=community.index,
        as_of=community.as_of,
    )

    row = locate_members(halved, load_gazetteer(), GeographyOptions()).frame.row(0, named=True)

    assert row["label"] == "Oslo, Norway"
    assert row["lat"] > 59
