"""plan.json: valid, the same to the byte, and saying what the plan says."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from matcher.publish.plan_json import SCHEMA_NAME, plan_json, plan_schema
from matcher.tables.proposals import LEFT_OUT_REASONS
from tests.unit.publish.worlds import EXACT_PLACES, PRIVATE_WORDS, Night, a_night, an_empty_night

NIGHTS = (pytest.param(a_night, id="a night"), pytest.param(an_empty_night, id="an empty night"))
FORMAT_GUIDE = Path(__file__).parents[3] / "docs" / "plan-format.md"


def written(night: Night) -> str:
    return plan_json(night.plan, night.community, night.facts)


def read(night: Night) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(written(night))
    return document


@pytest.mark.parametrize("night", NIGHTS)
def test_every_plan_obeys_its_schema(night: Callable[[], Night]) -> None:
    """Others build on plan.json, so its form is a promise."""
    Draft202012Validator(plan_schema()).validate(read(night()))


def test_the_schema_itself_is_sound() -> None:
    """An unsound schema would accept anything."""
    Draft202012Validator.check_schema(plan_schema())


@pytest.mark.parametrize(
    "place", [(), ("groups", 0), ("introductions", 0), ("unplaced", 0), ("objective",), ("matching",)]
)
def test_an_unknown_key_is_refused(place: tuple[str | int, ...]) -> None:
    """A misspelt key must not pass for a missing one."""
    document = copy.deepcopy(read(a_night()))
    inside: Any = document
    for step in place:
        inside = inside[step]
    inside["surprise"] = 1

    with pytest.raises(ValidationError):
        Draft202012Validator(plan_schema()).validate(document)


def test_schema_knows_exactly_the_documented_reasons() -> None:
    """A reason that the schema lacks would make a good plan invalid."""
    known = plan_schema()["$defs"]["unplaced"]["properties"]["reason"]["enum"]

    assert known == list(LEFT_OUT_REASONS)


def test_the_guide_names_every_key_of_the_schema() -> None:
    """Who reads docs/plan-format.md must not meet a key that it keeps silent about."""
    guide = FORMAT_GUIDE.read_text(encoding="utf-8")

    missing = sorted(key for key in set(keys_of(plan_schema())) if f"`{key}`" not in guide)

    assert missing == []


def keys_of(schema: Mapping[str, Any]) -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        yield name
        yield from keys_of(part)
    for part in schema.get("$defs", {}).values():
        yield from keys_of(part)


def test_the_same_night_gives_the_same_bytes() -> None:
    """Two runs on the same input are compared byte by byte."""
    assert written(a_night()) == written(a_night())


def test_measured_time_stays_out() -> None:
    """Seconds differ between two identical runs."""
    assert read(a_night())["objective"]["seconds"] is None


def test_groups_say_who_where_and_how_well() -> None:
    """The figures of a group follow from its seats."""
    group = read(a_night())["groups"][0]

    assert group["members"] == ["m01", "m02", "m03", "m04"]
    assert group["meeting_area"] == {"name": "Portland, Oregon", "lat": 45.52345, "lon": -122.67621, "time_zone": None}
    assert group["travel_km"] == {"m01": 0.4, "m02": 5.1, "m03": 233.0, "m04": 166.3}
    assert group["cohesion"] == pytest.approx((0.71 + 0.64 + 0.52 + 0.31) / 4)
    assert group["weakest_link"] == 0.31
    assert group["evidence"] == ["t1", "t2", "t3", "t4"]


def test_the_two_directions_of_an_introduction_are_not_swapped() -> None:
    """What Ana would gain is not what the other would."""
    pair = read(a_night())["introductions"][0]

    assert (pair["a"], pair["b"], pair["via"], pair["kind"]) == ("m01", "m08", "m03", "introduce")
    assert (pair["a_to_b"], pair["b_to_a"], pair["mutual"]) == (0.62, 0.55, 0.583)
    assert pair["travel_km"] == {"m01": 233.0, "m08": 2.1}


def test_a_pair_without_a_town_begins_online() -> None:
    """No town is null, never a made-up place."""
    pair = read(a_night())["introductions"][2]

    assert pair["meeting_area"] is None
    assert pair["travel_km"] == {}


def test_the_objective_has_its_bound_and_gap() -> None:
    """The gap is a share of the bound."""
    objective = read(a_night())["objective"]

    assert objective == {
        "value": 3.5,
        "upper_bound": 3.6,
        "gap": 0.027778,
        "bound_scope": "candidate pairs",
        "owed": 0.0,
        "was_cut_short": False,
        "seconds": None,
    }


def test_the_matching_has_its_bound_its_gap_and_who_might_be_sorry() -> None:
    """An organizer sees how far the introductions are from the best possible."""
    matching = read(a_night())["matching"]

    assert matching == {
        "value": 1.223,
        "upper_bound": 1.25,
        "gap": 0.0216,
        "bound_scope": "candidate pairs",
        "owed": 0.0,
        "n_blocking_pairs": 4,
    }


def test_head_names_the_run() -> None:
    """A plan says what it was made from."""
    document = read(a_night())

    assert document["schema"] == SCHEMA_NAME
    assert document["as_of"] == "2024-05-01T03:00:00Z"
    assert document["notice"] == "This community is synthetic."


@pytest.mark.parametrize("secret", [*PRIVATE_WORDS, *EXACT_PLACES])
def test_nothing_private_is_written(secret: str) -> None:
    """Programs that read the plan are not the member's confidants."""
    assert secret not in written(a_night())
