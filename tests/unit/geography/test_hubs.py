"""Who would travel how far for a gathering, and with how much effort."""

import numpy as np
import pytest

from matcher.geography.hubs import travel_to_hubs
from matcher.geography.options import GeographyOptions
from matcher.geography.willingness import way_cost
from matcher.numeric.distance import ellipsoid_km
from matcher.tables.community import MemberIndex, Venues
from matcher.tables.geography import HomeReadings, Journeys, Places
from matcher.units import Floats, MemberId
from tests.unit.geography.test_travel import NO_VENUES, gazetteer_of, homes_of, venues_of

CITIES = gazetteer_of(
    ("Metropolis", 50.0, 8.0, 2_000_000),
    ("Twin City", 50.5, 8.0, 900_000),
    ("Port", 53.0, 8.0, 500_000),
    ("Village", 50.0, 8.2, 20_000),
)


def journeys_of(
    homes: tuple[HomeReadings, Places], venues: Venues = NO_VENUES, options: GeographyOptions | None = None
) -> Journeys:
    """Journeys of these members."""
    readings, places = homes
    index = MemberIndex(tuple(MemberId(member) for member in places.frame.get_column("member").to_list()))
    return travel_to_hubs(readings, places, CITIES, venues, index, options or GeographyOptions())


def row_of(journeys: Journeys, values: str, member: int) -> dict[str, float]:
    """What is stored of a member, by the name of the hub."""
    names = [name.split(",")[0] for name in journeys.hubs.frame.get_column("name").to_list()]
    row: Floats = getattr(journeys, values)[[member]].toarray()[0]
    return {name: float(value) for name, value in zip(names, row, strict=True) if value > 0}


def test_hubs_are_large_cities_well_apart_that_two_can_reach() -> None:
    """Twin City is too near to Metropolis, the village too small; a hub for one is none."""
    journeys = journeys_of(
        homes_of(("a", 0, 1, 50.1, 8, 5), ("b", 0, 1, 50.2, 8, 5), ("c", 0, 1, -30.0, 8, 5), reach_km=150.0)
    )

    assert set(row_of(journeys, "km", 0)) == set(row_of(journeys, "km", 1)) == {"Metropolis"}
    assert not row_of(journeys, "km", 2)
    assert len(journeys.hubs) == 1


def test_a_way_is_measured_on_the_ellipsoid_and_its_effort_the_mean_cost_of_coming() -> None:
    """Of a home known to a metre there is nothing to take a mean of."""
    journeys = journeys_of(homes_of(("a", 0, 1, 51.0, 8, 0), ("b", 0, 1, 50.0, 8, 0), reach_km=800.0))

    km = row_of(journeys, "km", 0)
    away = ellipsoid_km(np.array(51.0), np.array(8.0), np.array([50.0, 53.0]), np.array([8.0, 8.0]))
    assert [km["Metropolis"], km["Port"]] == pytest.approx(away.tolist())
    assert row_of(journeys, "effort", 0)["Port"] == pytest.approx(
        float(way_cost(away, GeographyOptions())[1]), rel=0.01
    )
    assert 0 < row_of(journeys, "effort", 1)["Metropolis"] < 0.02


def test_entries_of_km_and_effort_are_the_same() -> None:
    """Whoever reads both walks them together."""
    homes = [(f"m{row}", 0, 0.9, 50.0 + row, 8.0, 20.0 * row) for row in range(6)]

    journeys = journeys_of(homes_of(*homes, reach_km=400.0))

    assert journeys.km.nnz > 0
    assert np.array_equal(journeys.km.indptr, journeys.effort.indptr)
    assert np.array_equal(journeys.km.indices, journeys.effort.indices)
    assert (journeys.effort.data > 0).all()


def test_a_rough_home_is_charged_for_what_it_may_be() -> None:
    """Somebody of the whole country may have a long way to its capital, which is where the map puts them."""
    journeys = journeys_of(homes_of(("a", 0, 0.9, 50.0, 8.0, 250.0), ("b", 0, 0.9, 50.0, 8.0, 5.0), reach_km=800.0))

    rough, sure = (row_of(journeys, "effort", member)["Metropolis"] for member in (0, 1))
    assert rough > 5 * sure
    assert row_of(journeys, "km", 0)["Metropolis"] == row_of(journeys, "km", 1)["Metropolis"] == 0.1


def test_who_is_rather_elsewhere_is_not_counted_on() -> None:
    """Half a chance is the least; 0.45 is less."""
    journeys = journeys_of(
        homes_of(
            ("a", 0, 0.45, 50.0, 8, 5), ("a", 1, 0.44, -30.0, 8, 5), ("b", 0, 0.9, 50, 8, 5), ("c", 0, 0.9, 50, 8, 5)
        )
    )

    assert not row_of(journeys, "km", 0)
    assert row_of(journeys, "km", 1)


def test_organizers_may_have_gatherings_at_their_venues_only() -> None:
    """A private house will do for a gathering of friends; a booth for six will not."""
    venues = venues_of(("Booth", 50.0, 8.0, 6, True), ("Farm", 50.0, 8.1, 20, False), ("Camp", 52.0, 8.0, None, True))
    homes = homes_of(("a", 0, 1, 50.1, 8, 5), ("b", 0, 1, 50.2, 8, 5), reach_km=400.0)

    journeys = journeys_of(homes, venues, GeographyOptions(hubs="venues"))

    assert journeys.hubs.frame.get_column("name").to_list() == ["Camp, near Port, XX", "Farm, Metropolis, XX"]
    assert journeys.hubs.frame.get_column("capacity").to_list() == [None, 20]


@pytest.mark.parametrize("hubs", ["cities", "venues"])
def test_an_empty_night_has_no_hubs(hubs: str) -> None:
    """Nobody placed is not a fault."""
    readings, places = homes_of(("a", 0, 1.0, 50.0, 8.0, 5.0))
    nobody = HomeReadings(readings.frame.clear()), Places(places.frame.clear())

    journeys = travel_to_hubs(*nobody, CITIES, NO_VENUES, MemberIndex((MemberId("a"),)), GeographyOptions(hubs=hubs))

    assert journeys.km.shape == journeys.effort.shape == (1, 0)
    assert len(journeys.hubs) == 0
