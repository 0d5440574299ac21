"""Who can reach which town."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from matcher.geography.options import GeographyOptions
from matcher.geography.places import locate_members
from matcher.geography.travel import travel_to_towns
from matcher.storage.gazetteer import load_gazetteer
from matcher.tables.geography import Gazetteer, Places, Travel
from matcher.units import MemberId
from tests.worlds import Person, world

SCHEMA = Gazetteer.schema()


def gazetteer_of(*towns: tuple[str, float, float, int]) -> Gazetteer:
    """A small gazetteer: name, degrees north, degrees east, people."""
    rows = [
        {
            "place": number, "name": name, "kind": "town", "country": "XX", "region": "", "lat": lat, "lon": lon,
            "population": population, "uncertainty_km": 5.0, "time_zone": "", "spellings": [name.lower()],
        }
        for number, (name, lat, lon, population) in enumerate(towns)
    ]  # fmt: skip
    return Gazetteer.sorted(pl.DataFrame(rows, schema=SCHEMA))


def travel_of(
    people: list[Person], gazetteer: Gazetteer, options: GeographyOptions | None = None
) -> tuple[Places, Travel]:
    """Homes and ways of these people."""
    chosen = options or GeographyOptions()
    community = world([], people)
    places = locate_members(community, gazetteer, chosen)
    return places, travel_to_towns(places, gazetteer, community.index, chosen)


def reached(travel: Travel, member: str) -> dict[str, float]:
    """Names of the towns that a member reaches, with km."""
    row = travel.index.ids.index(MemberId(member))
    names = travel.towns.frame.get_column("name").to_list()
    span = slice(travel.km.indptr[row], travel.km.indptr[row + 1])
    return {
        names[town].split(",")[0]: float(km)
        for town, km in zip(travel.km.indices[span], travel.km.data[span], strict=True)
    }


@given(homes=st.lists(st.tuples(st.floats(-80, 80), st.floats(-180, 180), st.floats(0, 300)), min_size=2, max_size=8))
def test_every_way_is_within_reach_and_true(homes: list[tuple[float, float, float]]) -> None:
    """The law of this table, checked on the ellipsoid."""
    towns = gazetteer_of(*((f"T{number}", lat / 2, lon, 50_000) for number, (lat, lon, _) in enumerate(homes)))
    people = [Person(id=f"m{number}", at=(lat, lon), reach_km=reach) for number, (lat, lon, reach) in enumerate(homes)]

    places, travel = travel_of(people, towns)

    ways = travel.km.tocoo()
    for member, town, km in zip(ways.row, ways.col, ways.data, strict=True):
        home, there = places.frame.row(int(member), named=True), travel.towns.frame.row(int(town), named=True)
        expected = geodesic((home["lat"], home["lon"]), (there["lat"], there["lon"])).km
        assert km == pytest.approx(max(0.1, expected), abs=1e-6)
        assert 0.1 <= km <= max(0.1, home["reach_km"])


def test_towns_have_readers_and_rows_are_sorted() -> None:
    """A town that only one member reaches is useless; `common_towns` needs ascending rows."""
    people = [
        Person(id="a", place="Leeds, UK"),
        Person(id="b", place="Bradford, UK"),
        Person(id="c", place="Oslo, Norway"),
    ]

    _, travel = travel_of(people, load_gazetteer())

    assert min(np.bincount(travel.km.indices, minlength=len(travel.towns))) >= 2
    assert not reached(travel, "c")
    for row in range(3):
        span = travel.km.indices[travel.km.indptr[row] : travel.km.indptr[row + 1]].tolist()
        assert all(before < after for before, after in pairwise(span))


def test_neighbours_across_the_date_line_meet() -> None:
    """Fiji lies on both sides of it."""
    towns = gazetteer_of(("West", -16.8, 179.9, 30_000), ("Far", -16.8, 170.0, 30_000))
    people = [Person(id="a", at=(-16.8, -179.9)), Person(id="b", at=(-16.8, 179.9))]

    _, travel = travel_of(people, towns)

    assert set(reached(travel, "a")) == set(reached(travel, "b")) == {"West"}
    assert reached(travel, "a")["West"] == pytest.approx(21.3, abs=0.5)


def test_nobody_vague_is_placed_in_person() -> None:
    """Who says no more than a country could live anywhere in it."""
    people = [Person(id="a", place="France", reach_km=500.0), *(Person(id=id_, place="Paris") for id_ in "bc")]

    places, travel = travel_of(people, load_gazetteer())

    assert len(places) == 3
    assert not reached(travel, "a")
    assert "Paris" in reached(travel, "b")


def test_of_near_towns_the_largest_is_offered() -> None:
    """A suburb as meeting point would tell where somebody lives."""
    towns = gazetteer_of(("Suburb", 50.0, 8.1, 40_000), ("City", 50.0, 8.0, 900_000), ("Other", 50.0, 8.4, 30_000))

    _, travel = travel_of([Person(id=id_, at=(50.0, 8.1)) for id_ in "ab"], towns)

    assert set(reached(travel, "a")) == {"City", "Other"}


def test_without_a_larger_town_in_reach_people_meet_in_their_own() -> None:
    """Two members of one small town need not travel."""
    towns = gazetteer_of(("Small", 50.0, 8.0, 6_000), ("City", 52.0, 8.0, 900_000), ("Hamlet", 50.0, 8.001, 900))

    _, travel = travel_of([Person(id=id_, at=(50.0, 8.0)) for id_ in "ab"], towns)

    assert reached(travel, "a") == {"Small": 0.1}


def test_reach_counts_for_each_member_alone() -> None:
    """Neighbours with different reach have different towns; a reach in one direction is not lent to the other."""
    towns = gazetteer_of(("Here", 50.0, 8.0, 50_000), ("There", 50.5, 8.0, 50_000))
    people = [
        Person(id="a", at=(50.0, 8.0), reach_km=10.0),
        Person(id="b", at=(50.0, 8.0), reach_km=80.0),
        Person(id="c", at=(50.5, 8.0), reach_km=80.0),
    ]

    _, travel = travel_of(people, towns)

    assert set(reached(travel, "a")) == {"Here"}
    assert set(reached(travel, "b")) == set(reached(travel, "c")) == {"Here", "There"}


def test_an_empty_night_has_no_towns() -> None:
    """Nobody placed is not a fault."""
    _, travel = travel_of([Person(id="a"), Person(id="b", place="the internet")], load_gazetteer())

    assert travel.km.shape == (2, 0)
    assert len(travel.towns) == 0
