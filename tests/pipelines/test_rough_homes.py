"""Homes that are known roughly: neither next door nor nowhere. Nobody is sent to a town on a guess."""

from pathlib import Path

import pytest

from tests.pipelines.scattered import FRIENDS, TABLE, Night, run, scattered_talk, settle
from tests.worlds import Person, talk

AT_HOME = {"introductions": {"max_per_member": 0}, "gatherings": {"max_per_night": 0}}
"""Groups near home, and nothing else."""


def night_of(folder: Path, *people: Person, at: str = "Graz, Austria", is_at_home: bool = False) -> Night:
    """A night of the scattered world, its table living somewhere, and of more people who talk with all of that."""
    table = [Person(id=one.id, name=one.name, place=at) for one in TABLE]
    said = [
        *scattered_talk(),
        *(one for new in people for old in TABLE for one in talk(new.id, old.id, turns=9, topics=("jazz",))),
    ]
    workspace = settle(folder, said, (*FRIENDS, *table, *people))
    return run(workspace, **(AT_HOME if is_at_home else {}))  # type: ignore[arg-type]  # sections by name


@pytest.mark.parametrize(
    ("said", "at"),
    [
        pytest.param("Graz", "Graz, Austria", id="the-town"),
        pytest.param("Styria, Austria", "Graz, Austria", id="a-region-most-of-whose-people-live-there"),
        pytest.param("Austria", None, id="its-country"),
        pytest.param("Springfield", None, id="a-name-of-many-towns"),
        pytest.param("Europe", None, id="a-continent"),
        pytest.param("UTC+1", None, id="a-clock"),
        pytest.param("Hogwarts", None, id="a-joke"),
    ],
)
def test_who_sits_at_the_table_lives_near_it_for_all_we_know(tmp_path: Path, said: str, at: str | None) -> None:
    """Xaver talks with all four of the table; who says nothing nearer than a country has no seat."""
    night = night_of(tmp_path, Person(id="xaver", place=said), is_at_home=True)

    tables = {member: group["meeting_area"]["name"] for group in night.plan["groups"] for member in group["members"]}
    assert tables.get("xaver") == at
    assert tables["ida"] == "Graz, Austria"
    assert night.done.audit.is_clean


@pytest.mark.parametrize("town", ["Berlin, Germany", "Frankfurt, Germany", "Kassel, Germany", "Erfurt, Germany"])
def test_a_country_has_no_middle_where_its_people_live(tmp_path: Path, town: str) -> None:
    """Whoever says "Germany" lives next door to nobody, wherever the map puts the name of the country."""
    night = night_of(tmp_path, Person(id="xaver", place="Germany"), at=town, is_at_home=True)

    assert night.seated == [[one.id for one in TABLE]]
    assert night.reasons["xaver"] in {"nobody_in_reach", "place_unknown"}


def test_two_who_both_say_a_country_are_not_neighbours(tmp_path: Path) -> None:
    """A whole table of people who live in Germany has no town."""
    night = night_of(tmp_path, Person(id="xaver", place="Germany"), at="Germany", is_at_home=True)

    assert night.seated == []
    assert {night.reasons[one.id] for one in TABLE} <= {"nobody_in_reach", "place_unknown"}


def test_who_is_known_to_a_country_may_be_asked_to_its_gathering(tmp_path: Path) -> None:
    """Austria is small beside what people travel to a gathering; the way is a mean over all of it."""
    said = [*scattered_talk(), *(one for friend in FRIENDS for one in talk("xaver", friend.id, turns=9))]
    asked = run(settle(tmp_path / "asked", said, (*FRIENDS, *TABLE, Person(id="xaver", place="Austria"))))
    far = run(settle(tmp_path / "far", said, (*FRIENDS, *TABLE, Person(id="xaver", place="Australia"))))

    [gathering] = asked.plan["gatherings"]
    assert "xaver" in gathering["members"]
    assert gathering["terms"]["xaver"]["effort"] > 0
    assert "xaver" not in far.asked[0]


def test_who_is_known_to_a_country_may_be_introduced_online(tmp_path: Path) -> None:
    """Without a town and without a way, with the hours that both are awake: all of Japan lives by one clock."""
    night = night_of(tmp_path, Person(id="xaver", name="Xaver", place="Japan"), Person(id="yuki", place="Japan"))

    [pair] = [one for one in night.plan["introductions"] if "xaver" in {one["a"], one["b"]}]
    other = ({pair["a"], pair["b"]} - {"xaver"}).pop()
    assert pair["meeting_area"] is None
    assert pair["travel_km"] == {}
    assert ("apart: 9:00-13:00 for" in " ".join(pair["reasons"])) == (other != "yuki")


def test_hours_are_told_only_where_the_clock_is_known(tmp_path: Path) -> None:
    """Ute in Graz meets online: somebody in Japan, or of a written offset; of the USA nobody knows the hour."""
    said = {}
    for number, place in enumerate(("Japan", "UTC+9", "USA", "the moon")):
        people = (Person(id="ute", name="Ute", place="Graz, Austria"), Person(id="xaver", name="Xaver", place=place))
        talked = [*scattered_talk(), *talk("xaver", "ute", turns=9, topics=("jazz",))]
        night = run(settle(tmp_path / str(number), talked, (*FRIENDS, *TABLE, *people)))
        [pair] = [one for one in night.plan["introductions"] if one["a"] == "ute"]
        said[place] = [reason for reason in pair["reasons"] if "hour" in reason]

    hours = ["They are 8 hours apart: 9:00-13:00 for Ute is 17:00-21:00 for Xaver."]
    assert said == {"Japan": hours, "UTC+9": hours, "USA": [], "the moon": []}


def test_two_readings_are_weighed_and_not_added_up(tmp_path: Path) -> None:
    """Portland is one of two: whoever lives there is shown as probable, and sits at one table at most."""
    maine = night_of(tmp_path / "me", Person(id="xaver", place="Portland"), at="Portland, Maine", is_at_home=True)
    oregon = night_of(tmp_path / "or", Person(id="xaver", place="Portland"), at="Portland, Oregon", is_at_home=True)

    is_seated = ["xaver" in {member for group in night.seated for member in group} for night in (maine, oregon)]
    assert sum(is_seated) <= 1
    assert not is_seated[0]
    assert oregon.done.audit.is_clean
