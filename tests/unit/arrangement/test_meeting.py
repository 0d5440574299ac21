"""The meeting area: the fairest of the places there are, never a place of its own."""

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import Settings, plan_meetups
from matcher.arrangement.groups import form_groups
from matcher.arrangement.introductions import IntroductionOptions, introduce
from matcher.arrangement.means import Means, never
from matcher.arrangement.meeting import Meeting, meet_halfway
from matcher.arrangement.seating import GroupOptions, ask
from matcher.engines.highs_programs import HighsPrograms
from matcher.errors import SettingsError
from matcher.publish.plan_json import plan_json
from matcher.tables.geography import Towns, Travel
from matcher.tables.proposals import RunFacts
from tests.unit.arrangement.worlds import (
    affinities_of,
    index_of,
    picture_of,
    rotation_of,
    seats_of,
    ties_of,
    travel_of,
    vetoes_of,
)
from tests.worlds import ENGINES, Person, talk, world

MEMBERS = ("ana", "ben", "cem", "dora")
TOWNS = ("Graz", "Linz", "Wien")

shares = st.sampled_from((0.0, 0.3, 0.5, 1.0))
ways = st.fixed_dictionaries(
    {member: st.dictionaries(st.sampled_from(TOWNS), st.sampled_from((1.0, 5.0, 20.0, 30.0))) for member in MEMBERS}
)


def with_capacities(travel: Travel, capacities: dict[str, int]) -> Travel:
    """The same ways; some of the towns are venues that hold so many."""
    names = travel.towns.frame.get_column("name").to_list()
    most = pl.Series("capacity", [capacities.get(name) for name in names], dtype=pl.UInt32)
    return replace(travel, towns=Towns(travel.towns.frame.with_columns(most)))


def town_of(meeting: Meeting | None, travel: Travel) -> str | None:
    """Its name."""
    return None if meeting is None else str(travel.towns.frame.item(meeting.town, "name"))


@given(ways=ways, share=shares, capacities=st.dictionaries(st.sampled_from(TOWNS), st.integers(2, 5)))
def test_no_common_town_that_holds_all_asks_less(
    ways: dict[str, dict[str, float]], share: float, capacities: dict[str, int]
) -> None:
    """By the definition, town by town; of equals the first."""
    travel = with_capacities(travel_of(index_of(MEMBERS), ways), capacities)
    asked = {
        town: (1 - share) * sum(km) / len(km) + share * max(km)
        for town in TOWNS
        if all(town in ways[member] for member in MEMBERS) and capacities.get(town, len(MEMBERS)) >= len(MEMBERS)
        for km in [[ways[member][town] for member in MEMBERS]]
    }

    meeting = meet_halfway(travel, [0, 1, 2, 3], share)

    if meeting is None:
        assert not asked
    else:
        town = town_of(meeting, travel)
        assert town == next(name for name, km in asked.items() if km <= min(asked.values()) + 1e-9)
        assert meeting.travel_km.tolist() == [ways[member][town] for member in MEMBERS]


@pytest.mark.parametrize(
    ("share", "town"),
    [
        pytest.param(0.0, "Graz", id="mean: three stay at home"),
        pytest.param(0.5, "Linz", id="even mix"),
        pytest.param(1.0, "Wien", id="longest: the same for all"),
    ],
)
def test_the_share_says_who_is_spared(share: float, town: str) -> None:
    """Three in Graz and one far away: means of 10, 11 and 20 km, longest ways of 37, 24 and 20 km."""
    near = {"Graz": 1.0, "Linz": 7.0, "Wien": 20.0}
    far = {"Graz": 37.0, "Linz": 24.0, "Wien": 20.0}
    travel = travel_of(index_of(MEMBERS), dict.fromkeys(MEMBERS[:3], near) | {"dora": far})

    assert town_of(meet_halfway(travel, [0, 1, 2, 3], share), travel) == town


def test_a_venue_holds_everybody_or_is_none() -> None:
    """The nearer café has three chairs; three meet there, and four go on."""
    ways = {member: {"Graz": 1.0, "Linz": 20.0} for member in MEMBERS}
    travel = with_capacities(travel_of(index_of(MEMBERS), ways), {"Graz": 3})
    cramped = with_capacities(travel, {"Graz": 3, "Linz": 3})

    assert town_of(meet_halfway(travel, [0, 1, 2], 0.5), travel) == "Graz"
    assert town_of(meet_halfway(travel, [0, 1, 2, 3], 0.5), travel) == "Linz"
    assert meet_halfway(cramped, [0, 1, 2, 3], 0.5) is None


@pytest.mark.parametrize(("share", "town"), [(0.0, "Graz"), (1.0, "Wien")])
def test_introductions_meet_by_the_same_share(share: float, town: str) -> None:
    """Two for whom Graz is less way in all, and Wien less for the one who has farther."""
    index = index_of(MEMBERS)
    travel = travel_of(index, {"ana": {"Graz": 1.0, "Wien": 18.0}, "ben": {"Graz": 30.0, "Wien": 18.0}})
    picture = picture_of(travel, ties_of(index, {}), vetoes_of(index))
    affinities = affinities_of(index, {("ana", "ben"): 0.9})
    rotation, options = rotation_of(picture, affinities), IntroductionOptions(min_introduce_lift=1.0)

    introductions, _ = introduce(affinities, seats_of(index), picture, rotation, options, worst_way_share=share)

    assert introductions.frame.get_column("town").to_list() == [TOWNS.index(town) - (town == "Wien")]


@pytest.mark.parametrize(("share", "town", "most"), [(0.0, 0, 4), (1.0, 1, 4), (0.0, 0, 3), (1.0, 0, 2)])
def test_groups_fit_into_their_venue_and_pay_for_the_way_there(share: float, town: int, most: int) -> None:
    """Graz is less way in all, Linz holds up to `most` and spares who lives far; what the search counted is paid."""
    index = index_of(MEMBERS)
    near = {member: {"Graz": 1.0, "Linz": 20.0} for member in MEMBERS}
    travel = with_capacities(travel_of(index, near | {"dora": {"Graz": 37.0, "Linz": 20.0}}), {"Linz": most})
    picture = picture_of(travel, ties_of(index, {}), vetoes_of(index))
    affinities = affinities_of(index, {(a, b): 0.9 for a in MEMBERS for b in MEMBERS if a < b})
    options = GroupOptions(min_size=3, worst_way_share=share)
    means = Means(programs=HighsPrograms(), rng=np.random.default_rng(1), stop=never)
    rotation = rotation_of(picture, affinities)
    question = ask(affinities, picture, rotation, options, stranger_chance=0.5)

    seats, objective = form_groups(question, picture, rotation, options, means, stranger_chance=0.5)

    assert seats.frame.get_column("town").unique().to_list() == [town]
    paid = seats.frame.select((pl.col("fit_share") - pl.col("travel_cost")).sum()).item()
    assert objective.value == pytest.approx(paid)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_between_0_and_1(share: float) -> None:
    """Half as much again of the longest way would pay people to travel."""
    with pytest.raises(SettingsError, match="worst_way_share"):
        GroupOptions(worst_way_share=share)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_area_of_neighbours_is_a_town_and_no_centre_of_their_homes(seed: int) -> None:
    """All homes lie in one cell of a tenth of a degree: every coordinate in the plan is a town's own."""
    rng = np.random.default_rng(seed)
    homes = np.array([52.4, 13.0]) + rng.uniform(0, 0.1, (4, 2))
    people = [Person(id=name, at=(lat, lon)) for name, (lat, lon) in zip(MEMBERS, homes.tolist(), strict=True)]
    pairs = [(a, b) for a in MEMBERS for b in MEMBERS if a < b]
    community = world([said for a, b in pairs for said in talk(a, b, turns=9)], people)
    facts = RunFacts(run_id="r", seed=1, model="m", input_fingerprint="f", settings_fingerprint="f")
    places = ENGINES.gazetteer.frame.filter(pl.col("kind") == "town").select("lat", "lon")

    plan = plan_meetups(community, ENGINES, Settings(), rng=np.random.default_rng(1))
    told = json.loads(plan_json(plan, community, facts))

    assert len(plan.seats) == 4
    assert plan.towns.frame.join(places, on=["lat", "lon"], how="anti").is_empty()
    known = {(round(lat, 3), round(lon, 3)) for lat, lon in places.iter_rows()}
    assert {(round(lat, 3), round(lon, 3)) for lat, lon in _coordinates(told)} <= known


def _coordinates(told: object) -> list[tuple[float, float]]:
    """Every pair of lat and lon anywhere in a document."""
    if isinstance(told, list):
        return [pair for one in told for pair in _coordinates(one)]
    if not isinstance(told, dict):
        return []
    here = [(float(told["lat"]), float(told["lon"]))] if "lat" in told else []
    return here + [pair for one in told.values() for pair in _coordinates(one)]
