"""Members and their homes: given, written, or unknown."""

import polars as pl
import pytest

from matcher.geography.options import GeographyOptions
from matcher.geography.places import read_homes, settle_homes
from matcher.storage.gazetteer import load_gazetteer
from matcher.tables.community import Community
from matcher.tables.geography import Gazetteer, Places
from tests.worlds import Person, Said, world


def homes_of(community: Community, gazetteer: Gazetteer, options: GeographyOptions) -> Places:
    """Everyone's likeliest home."""
    return settle_homes(read_homes(community, gazetteer, options), community, options)


def test_given_coordinates_win_over_words() -> None:
    """It is not guessed again, but kept to a cell of about 10 km."""
    community = world([], [Person(id="a", place="Paris / Berlin", at=(45.51234, -122.67891), reach_km=20.0)])

    readings = read_homes(community, load_gazetteer(), GeographyOptions())

    assert len(readings) == 1
    row = readings.frame.row(0, named=True)
    assert (row["lat"], row["lon"], row["share"], row["uncertainty_km"]) == (45.5, -122.64, 1.0, 8.0)
    assert (row["label"], row["country"], row["time_zone"]) == ("Portland, OR", "US", "America/Los_Angeles")


CALLED = {
    (48.15, 11.5): ("Munich, Germany", "DE", "Europe/Berlin"),
    (66.5, 25.0): ("Rovaniemi, Finland", "FI", "Europe/Helsinki"),
    (64.9, -18.5): ("near Akureyri, Iceland", "IS", "Atlantic/Reykjavik"),
    (62.5, -109.0): ("Canada", "CA", ""),
    (-26.0, 128.0): ("", "", ""),
    (78.22, 15.65): ("", "", ""),
    (90.0, 0.0): ("", "", ""),
    (0.0, -30.0): ("", "", ""),
}
"""What people would call it; nothing for the desert, Svalbard, the Pole and the sea."""


@pytest.mark.parametrize(("at", "called"), CALLED.items(), ids=str)
def test_a_given_home_is_called_by_a_town_only_near_it(at: tuple[float, float], called: tuple[str, str, str]) -> None:
    """A name from 900 km away would be wrong, and so would be its clock."""
    community = world([], [Person(id="a", place="", at=at)])

    row = read_homes(community, load_gazetteer(), GeographyOptions()).frame.row(0, named=True)

    assert (row["label"], row["country"], row["time_zone"]) == called


def test_an_ambiguous_home_has_several_rows_and_is_settled_on_the_first() -> None:
    """The likeliest is shown, with its share; the others stay in the readings."""
    community = world([], [Person(id="a", place="Georgia"), Person(id="b", place="Oslo, Norway")])

    readings = read_homes(community, load_gazetteer(), GeographyOptions())
    places = settle_homes(readings, community, GeographyOptions())

    rows = readings.frame.select(pl.col("member").cast(pl.String), "reading", "label").rows()
    assert rows[:2] == [("a", 0, "Georgia, United States"), ("a", 1, "Georgia")]
    assert places.frame.get_column("label").to_list() == ["Georgia, United States", "Oslo, Norway"]
    assert places.frame.get_column("share")[0] < 0.7 < places.frame.get_column("share")[1]


def test_each_member_has_one_place_or_none() -> None:
    """Two members of one town share a home; a joker has none; who says no reach gets the usual one."""
    people = [
        Person(id="b", place="Lyon, France"),
        Person(id="a", place="Lyon, France", reach_km=0.0),
        Person(id="c", place="the internet"),
        Person(id="d"),
    ]
    options = GeographyOptions(default_reach_km=33.0, default_far_km=500.0)

    places = homes_of(world([Said(by="a")], people), load_gazetteer(), options)

    rows = places.frame.select(pl.col("member").cast(pl.String), "label", "time_zone", "reach_km", "far_km").rows()
    assert rows == [
        ("a", "Lyon, France", "Europe/Paris", 0.0, 0.0),
        ("b", "Lyon, France", "Europe/Paris", 33.0, 500.0),
    ]


def test_nobody_travels_further_than_they_said() -> None:
    """Rounding may move a given home by its uncertainty, so that much is taken off, to a group and to a gathering."""
    people = [
        Person(id="a", at=(48.1, 11.6), reach_km=20.0),
        Person(id="b", at=(48.1, 11.6), reach_km=3.0),
        Person(id="c", at=(48.1, 11.6)),
        Person(id="d", place="Munich", reach_km=20.0),
    ]

    places = homes_of(world([], people), load_gazetteer(), GeographyOptions())

    reaches = places.frame.select("reach_km", "far_km").rows()
    assert reaches == [(12.0, 12.0), (0.0, 0.0), (32.0, 792.0), (20.0, 20.0)]


def test_nobody_at_home_anywhere_is_no_fault() -> None:
    """A community of jokers has empty tables."""
    community = world([], [Person(id="a", place="Hogwarts"), Person(id="b")])

    assert len(homes_of(community, load_gazetteer(), GeographyOptions())) == 0


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

    row = homes_of(halved, load_gazetteer(), GeographyOptions()).frame.row(0, named=True)

    assert row["label"] == "Oslo, Norway"
    assert row["lat"] > 59
