"""Who can reach which town."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from matcher.geography.options import GeographyOptions
from matcher.geography.places import read_homes, settle_homes
from matcher.geography.towns import with_room
from matcher.geography.travel import travel_to_towns
from matcher.numeric.distance import great_circle_km
from matcher.storage.gazetteer import load_gazetteer
from matcher.tables.community import MemberIndex, Venues
from matcher.tables.geography import Gazetteer, HomeReadings, Places, Travel
from matcher.units import MemberId
from tests.worlds import Person, world

SCHEMA = Gazetteer.schema()
NO_VENUES = Venues.none()


def gazetteer_of(*towns: tuple[str, float, float, int]) -> Gazetteer:
    """A small gazetteer: name, degrees north, degrees east, people."""
    rows = [
        {
            "place": number, "name": name, "kind": "town", "country": "XX", "region": "", "lat": lat, "lon": lon,
            "population": population, "uncertainty_km": 5.0, "time_zone": f"Zone/{name}", "spellings": [name.lower()],
        }
        for number, (name, lat, lon, population) in enumerate(towns)
    ]  # fmt: skip
    return Gazetteer.sorted(pl.DataFrame(rows, schema=SCHEMA))


def travel_of(
    people: list[Person],
    gazetteer: Gazetteer,
    options: GeographyOptions | None = None,
    venues: Venues | None = None,
) -> tuple[Places, Travel]:
    """Homes and ways of these people."""
    chosen = options or GeographyOptions()
    community = world([], people)
    readings = read_homes(community, gazetteer, chosen)
    places = settle_homes(readings, community, chosen)
    return places, travel_to_towns(readings, places, gazetteer, venues or NO_VENUES, community.index, chosen)


def homes_of(
    *homes: tuple[str, int, float, float, float, float], reach_km: float = 40.0
) -> tuple[HomeReadings, Places]:
    """Homes by hand: member, reading, share, degrees north, degrees east, uncertainty in km; all reach as far."""
    index = MemberIndex(tuple(MemberId(member) for member in sorted({home[0] for home in homes})))
    names = ["member", "reading", "share", "lat", "lon", "uncertainty_km"]
    rows = pl.DataFrame(list(homes), schema=names, orient="row").with_columns(
        pl.col("member").cast(index.enum),
        pl.col("reading").cast(pl.UInt8),
        *(pl.lit("").alias(name) for name in ("label", "country", "time_zone")),
    )
    readings = HomeReadings.sorted(rows.with_columns(pl.col("lat", "lon", "share", "uncertainty_km").cast(pl.Float64)))
    likeliest = readings.frame.filter(reading=0).with_columns(reach_km=pl.lit(reach_km), far_km=pl.lit(reach_km))
    return readings, Places.sorted(likeliest)


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


def test_a_country_is_next_door_to_nothing_but_not_out_of_a_long_reach() -> None:
    """Who says no more than a country could live anywhere in it: a usual reach finds nobody there, a long one does."""
    people = [
        Person(id="a", place="France"),
        Person(id="b", place="France", reach_km=900.0),
        Person(id="c", place="Paris", reach_km=20.0),
    ]

    places, travel = travel_of(people, load_gazetteer(), GeographyOptions(longest_reach_km=1_000))

    assert len(places) == 3
    assert not reached(travel, "a")
    assert "Paris" in reached(travel, "b")


def test_a_state_with_a_long_reach_reaches_its_city() -> None:
    """Massachusetts is not large: from anywhere in it 200 km bring most people to Boston, 40 km do not."""
    people = [
        Person(id="a", place="Massachusetts", reach_km=200.0),
        Person(id="b", place="Massachusetts", reach_km=40.0),
        Person(id="c", place="Boston, MA"),
    ]

    _, travel = travel_of(people, load_gazetteer())

    assert "Boston" in reached(travel, "a")
    assert "Boston" not in reached(travel, "b")


def test_of_near_towns_the_largest_is_offered() -> None:
    """A suburb as meeting point would tell where somebody lives."""
    towns = gazetteer_of(("Suburb", 50.0, 8.1, 40_000), ("City", 50.0, 8.0, 900_000), ("Other", 50.0, 8.4, 30_000))

    _, travel = travel_of([Person(id=id_, at=(50.0, 8.1)) for id_ in "ab"], towns)

    assert set(reached(travel, "a")) == {"City", "Other"}


def test_without_a_larger_town_in_reach_people_meet_in_their_own() -> None:
    """Two members of one small town need not travel."""
    towns = gazetteer_of(("Small", 50.0, 7.95, 6_000), ("City", 52.0, 8.0, 900_000), ("Hamlet", 50.0, 7.951, 900))

    _, travel = travel_of([Person(id=id_, at=(50.0, 7.95)) for id_ in "ab"], towns)

    assert reached(travel, "a") == {"Small": 0.1}


def test_reach_counts_for_each_member_alone() -> None:
    """Neighbours with different reach have different towns; a reach in one direction is not lent to the other."""
    towns = gazetteer_of(("Here", 50.0, 7.95, 50_000), ("There", 50.5, 7.95, 50_000))
    people = [
        Person(id="a", at=(50.0, 7.95), reach_km=10.0),
        Person(id="b", at=(50.0, 7.95), reach_km=80.0),
        Person(id="c", at=(50.5, 7.95), reach_km=80.0),
    ]

    _, travel = travel_of(people, towns)

    assert set(reached(travel, "a")) == {"Here"}
    assert set(reached(travel, "b")) == set(reached(travel, "c")) == {"Here", "There"}


def test_an_empty_night_has_no_towns() -> None:
    """Nobody placed is not a fault."""
    _, travel = travel_of([Person(id="a"), Person(id="b", place="the internet")], load_gazetteer())

    assert travel.km.shape == (2, 0)
    assert len(travel.towns) == 0


def test_two_lonely_villages_share_the_town_of_either() -> None:
    """Each village is nearest to another small town, across the border of a city; the towns are no secret."""
    towns = gazetteer_of(("Upper", 50.0, 8.0, 6_000), ("Lower", 50.1, 8.0, 6_000))
    people = [Person(id="a", at=(49.9, 8.0), reach_km=50.0), Person(id="b", at=(50.2, 8.0), reach_km=50.0)]

    _, travel = travel_of(people, towns)

    assert set(reached(travel, "a")) == set(reached(travel, "b")) == {"Upper", "Lower"}


def test_of_two_namesakes_the_likelier_is_believed_only_if_it_is_likely_enough() -> None:
    """Sixty to forty for one Portland: a sure way there is enough, an unsure one is not; the other is never offered."""
    towns = gazetteer_of(("Portland", 45.5, -122.7, 600_000), ("Other", 43.66, -70.25, 60_000))

    def placed(share: float, uncertainty_km: float) -> set[str]:
        readings, places = homes_of(
            ("a", 0, share, 45.5, -122.7, uncertainty_km),
            ("a", 1, 1 - share, 43.66, -70.25, uncertainty_km),
            ("b", 0, 1.0, 45.5, -122.7, 5.0),
            ("c", 0, 1.0, 43.66, -70.25, 5.0),
            ("d", 0, 1.0, 43.66, -70.25, 5.0),
        )
        index = MemberIndex(tuple(MemberId(member) for member in "abcd"))
        travel = travel_to_towns(readings, places, towns, NO_VENUES, index, GeographyOptions())
        assert set(reached(travel, "c")) == {"Other"}
        return set(reached(travel, "a"))

    assert placed(0.6, 10.0) == {"Portland"}
    assert placed(0.6, 40.0) == set()  # 0.6 x (1 - 1/e) = 0.38
    assert placed(0.49, 10.0) == set()


def test_readings_near_each_other_add_up() -> None:
    """Somebody of either of two neighbouring towns is within reach of both."""
    towns = gazetteer_of(("City", 50.0, 8.0, 900_000))
    readings, places = homes_of(("a", 0, 0.45, 50.0, 8.05, 5.0), ("a", 1, 0.45, 50.0, 7.9, 5.0), ("b", 0, 1, 50, 8, 5))
    index = MemberIndex((MemberId("a"), MemberId("b")))

    travel = travel_to_towns(readings, places, towns, NO_VENUES, index, GeographyOptions())

    assert set(reached(travel, "a")) == {"City"}


def test_all_in_one_cell_meet_in_a_town_at_its_own_coordinates() -> None:
    """The middle of their homes would give the homes away: where people meet does not depend on where they live."""
    people = [Person(id=id_, at=(51.234, 6.789), reach_km=60.0) for id_ in "abcdef"]
    gazetteer = load_gazetteer()

    _, travel = travel_of(people, gazetteer)

    known = gazetteer.frame.filter(pl.col("kind") == "town", pl.col("population") >= 5_000).select("lat", "lon")
    assert len(travel.towns) > 0
    assert set(travel.towns.frame.select("lat", "lon").rows()) <= set(known.rows())
    assert (51.2, 6.8) not in travel.towns.frame.select("lat", "lon").rows()


@pytest.mark.parametrize("reach_km", [15.0, 120.0])
@given(
    homes=st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=2, max_size=6),
    towns=st.lists(st.tuples(st.floats(-1, 1), st.floats(-2, 2), st.integers(0, 5)), min_size=1, max_size=6),
)
def test_the_index_finds_what_looking_everywhere_finds(
    reach_km: float, homes: list[tuple[float, float]], towns: list[tuple[float, float, int]]
) -> None:
    """Across city borders, the date line and the poles: every spot in reach, and none beyond."""
    spots = []
    for number, (north, east, home) in enumerate(towns):
        lat, lon = homes[home % len(homes)]
        spots.append((f"V{number}", min(90.0, max(-90.0, lat + north)), (lon + east + 540) % 360 - 180, None, True))
    readings, places = homes_of(
        *((f"m{row}{twin}", 0, 1.0, *home, 0.0) for row, home in enumerate(homes) for twin in "ab"), reach_km=reach_km
    )
    index = MemberIndex(tuple(MemberId(member) for member in places.frame["member"].cast(pl.String)))

    travel = travel_to_towns(readings, places, gazetteer_of(), venues_of(*spots), index, GeographyOptions())

    for row, member in enumerate(index.ids):
        at = np.array(places.frame.select("lat", "lon").row(row))
        found = reached(travel, member)
        for name, lat, lon, *_ in spots:
            away = float(great_circle_km(at[0], at[1], np.array(lat), np.array(lon)))
            if away < 0.99 * reach_km:
                assert name in found
            if away > 1.01 * reach_km:
                assert name not in found


def test_a_venue_is_offered_by_name_and_stands_in_for_the_towns_around_it() -> None:
    """Organizers know better; a town some way off is offered still."""
    towns = gazetteer_of(("City", 50.0, 8.0, 900_000), ("Other", 50.25, 8.0, 90_000))
    people = [Person(id=id_, at=(50.0, 8.0)) for id_ in "ab"]

    _, travel = travel_of(people, towns, venues=venues_of(("Library Hall", 50.02, 8.0, 40, True)))

    hall, other = travel.towns.frame.sort("population").iter_rows(named=True)
    assert (hall["name"], hall["lat"], hall["capacity"]) == ("Library Hall, City, XX", 50.02, 40)
    assert (hall["population"], hall["time_zone"]) == (0, "Zone/City")
    assert (other["name"], other["capacity"], other["time_zone"]) == ("Other, XX", None, "Zone/Other")


def test_a_private_venue_is_never_offered_to_a_group() -> None:
    """First meetings are in public places; and a private one displaces no town."""
    people = [Person(id=id_, at=(50.0, 8.0)) for id_ in "ab"]
    venues = venues_of(("My flat", 50.0, 8.0, None, False))

    _, travel = travel_of(people, gazetteer_of(("City", 50.0, 8.0, 900_000)), venues=venues)

    assert set(reached(travel, "a")) == {"City"}


def test_who_cannot_reach_a_venue_still_meets_in_town() -> None:
    """A venue stands in for a town only for those who can get to it."""
    towns = gazetteer_of(("City", 50.0, 8.0, 900_000))
    people = [Person(id=id_, at=(50.0, 8.0), reach_km=12.0) for id_ in "ab"]

    _, travel = travel_of(people, towns, venues=venues_of(("Hall", 50.15, 8.0, None, True)))

    assert set(reached(travel, "a")) == {"City"}


def venues_of(*venues: tuple[str, float, float, int | None, bool]) -> Venues:
    """Venues by hand: name, degrees north, degrees east, capacity, whether public."""
    return Venues.sorted(pl.DataFrame(list(venues), schema=Venues.schema(), orient="row"))


def test_only_venues_with_room_are_kept() -> None:
    """A capacity that nobody stated is enough."""
    venues = venues_of(("Booth", 50.0, 8.0, 4, True), ("Hall", 50.0, 8.0, 40, True), ("Park", 50.0, 8.0, None, True))

    assert with_room(venues, 6).frame.get_column("venue").to_list() == ["Hall", "Park"]
