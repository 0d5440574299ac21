"""Gatherings night after night: what is written of them, who is asked again and when, and what they count for."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import polars as pl
import pytest

from matcher.publish.plan_json import plan_schema
from matcher.publish.safe_text import FORMULA_STARTS
from matcher.storage.workspace import Workspace
from tests.pipelines.scattered import FORMULA, FRIENDS, SCRIPT, TABLE, Night, run, settle

FILES = ("plan.json", "groups.csv", "introductions.csv", "gatherings.csv", "unplaced.csv", "audit.json")
GUESTS = [one.id for one in FRIENDS]
NO_PAIRS = {"max_per_member": 0}
"""Introductions are off: who is in no group and asked nowhere is passed over."""


@pytest.fixture(scope="module", name="night")
def _night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """One night of friends who live far apart."""
    return run(settle(tmp_path_factory.mktemp("scattered")))


@pytest.fixture(name="workspace")
def _workspace(tmp_path: Path) -> Workspace:
    """The same world before its first night."""
    return settle(tmp_path)


def test_friends_of_six_cities_are_asked_to_one(night: Night) -> None:
    """All of them and nobody else; the table at home meets at home, and the file keeps its schema."""
    [gathering] = night.plan["gatherings"]

    jsonschema.validate(night.plan, plan_schema(), cls=jsonschema.Draft202012Validator)
    assert gathering["members"] == GUESTS
    assert night.seated == [[one.id for one in TABLE]]
    assert gathering["hub"] == gathering["choices"][0]["hub"]
    assert gathering["hub"]["time_zone"] == "Europe/Prague"
    assert [choice["value"] for choice in gathering["choices"]] == sorted(
        (choice["value"] for choice in gathering["choices"]), reverse=True
    )
    for key in ("travel_km", "terms"):
        assert sorted(gathering[key]) == GUESTS


def test_what_the_gathering_is_worth_adds_up(night: Night) -> None:
    """Everybody's company less their way, less what it takes to hold it, is the value; the bound is above it."""
    [gathering], travelling = night.plan["gatherings"], night.plan["travelling"]
    gains = [term["company"] - term["effort"] for term in gathering["terms"].values()]

    assert min(gains) >= 0.5
    assert sum(gains) - 4.0 == pytest.approx(travelling["value"], abs=1e-5)
    assert gathering["choices"][0]["value"] == pytest.approx(travelling["value"], abs=1e-5)
    assert travelling["upper_bound"] >= travelling["value"]
    assert 0 <= travelling["gap"] <= 1


def test_the_gathering_is_counted(night: Night) -> None:
    """In the figures that runs are compared by."""
    figures = json.loads(night.text("metrics.json"))["plan"]
    [gathering] = night.plan["gatherings"]

    assert (figures["n_gatherings"], figures["n_asked"]) == (1, 6)
    assert figures["mean_journey_km"] == pytest.approx(sum(gathering["travel_km"].values()) / 6, abs=0.05)


def test_the_spreadsheet_of_gatherings_runs_nothing(night: Night) -> None:
    """A row a guest, with names as they are but defused."""
    rows = list(csv.DictReader(io.StringIO(night.text("gatherings.csv"), newline="")))

    assert [row["member"] for row in rows] == GUESTS
    assert rows[0]["name"] == f"'{FORMULA}"
    assert [row["from"] for row in rows][2:4] == ["Munich, Germany", "Vienna, Austria"]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(FORMULA_STARTS)]
    assert not [cell for row in rows for cell in row.values() if "\u202e" in cell]


def test_the_report_shows_who_travels_where(night: Night) -> None:
    """City, runner-up, every place that somebody comes from, and no name that is a program."""
    report = night.text("report.html")
    [gathering] = night.plan["gatherings"]

    for choice in gathering["choices"]:
        assert choice["hub"]["name"] in report
    for one in FRIENDS:
        assert one.place in report
    assert SCRIPT not in report
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in report


def test_two_runs_are_the_same_to_the_byte(night: Night, workspace: Workspace) -> None:
    """Another folder, another hour, the same files and the same name."""
    again = run(workspace)

    assert again.folder.name == night.folder.name
    assert {name: again.text(name) for name in FILES} == {name: night.text(name) for name in FILES}


def test_who_was_asked_rests_for_a_season(workspace: Workspace) -> None:
    """Within the week the plan is the same; then nobody is asked again until the season is over; the audit is clean."""
    nights = {days: run(workspace, days=days) for days in (0, 3, 8, 60, 95)}

    asked = {days: night.asked for days, night in nights.items()}
    assert asked == {0: [GUESTS], 3: [GUESTS], 8: [], 60: [], 95: [GUESTS]}
    assert all(night.done.audit.is_clean for night in nights.values())
    assert nights[8].plan["travelling"]["value"] == 0
    assert not set(nights[8].reasons) & set(GUESTS)


def test_how_long_they_rest_is_a_setting(workspace: Workspace) -> None:
    """Who wants a gathering a fortnight gets one."""
    run(workspace)

    nights = [run(workspace, days=days, gatherings={"rest_days": 14.0}) for days in (8, 15)]

    assert [night.asked for night in nights] == [[], [GUESTS]]


def test_a_gathering_is_a_place_and_ends_a_wait(workspace: Workspace) -> None:
    """Passed over in one round, asked to travel in the next: nobody is owed anything after that."""
    before = run(workspace, introductions=NO_PAIRS, gatherings={"max_per_night": 0})
    asked = run(workspace, days=8, introductions=NO_PAIRS)
    after = run(workspace, days=16, introductions=NO_PAIRS)
    later = run(workspace, days=24, introductions=NO_PAIRS)

    waited = [
        {one["member"]: one["waited_rounds"] for one in night.plan["unplaced"] if one["member"] in GUESTS}
        for night in (before, asked, after, later)
    ]
    assert asked.asked == [GUESTS]
    assert waited == [dict.fromkeys(GUESTS, 0), {}, dict.fromkeys(GUESTS, 0), dict.fromkeys(GUESTS, 1)]


def test_a_gathering_is_no_meeting_of_two(workspace: Workspace) -> None:
    """Forty people do not all meet: who was at one may be introduced to each other, as if they had not."""
    first = run(workspace, introductions=NO_PAIRS)
    second = run(workspace, days=8)
    cooled = run(workspace, days=8, rules={"cooldown_days": 30.0})

    met = pl.read_parquet(second.folder / "tables" / "past_pairs.parquet").select("member_a", "member_b")
    assert first.asked == [GUESTS]
    assert {name for pair in met.rows() for name in pair} == {one.id for one in TABLE}
    for night in (second, cooled):
        assert {name for pair in night.introduced for name in pair} == set(GUESTS)
        assert not [pair for pair in night.plan["introductions"] if pair["met_at"] or pair["waited_rounds"]]
        assert night.reasons == dict.fromkeys((one.id for one in TABLE), "met_lately")


def test_none_are_wanted(workspace: Workspace) -> None:
    """An organizer who switches them off reads nothing of them."""
    night = run(workspace, gatherings={"max_per_night": 0})

    jsonschema.validate(night.plan, plan_schema(), cls=jsonschema.Draft202012Validator)
    assert night.plan["gatherings"] == []
    assert night.plan["travelling"] is None
    assert len(night.text("gatherings.csv").splitlines()) == 1
    audit = json.loads(night.text("audit.json"))
    assert [check["violations"] for check in audit["checks"] if check["name"] in {"guests", "gains"}] == [[], []]


def test_the_date_line_is_no_wall(tmp_path: Path) -> None:
    """Friends on both sides of it meet in Fiji, each some hundred kilometres away, and the map can be drawn."""
    homes = [(-17.0 + row / 3, 179.95 if row % 2 else -179.95) for row in range(len(FRIENDS))]
    people = [replace(one, at=home, place="") for one, home in zip(FRIENDS, homes, strict=True)]

    night = run(settle(tmp_path, people=(*people, *TABLE)), geography={"hub_population": 50_000})

    [gathering] = night.plan["gatherings"]
    assert gathering["members"] == GUESTS
    assert gathering["hub"]["name"].endswith("Fiji")
    assert max(gathering["travel_km"].values()) < 400
    assert not re.search(r'="[^"]*\b(nan|inf)\b', night.text("report.html"))


@pytest.mark.parametrize(
    "geography",
    [
        pytest.param({"hubs": "venues"}, id="no-venue-was-listed"),
        pytest.param({"default_far_km": 0.0}, id="nobody-goes-anywhere"),
        pytest.param({"hub_population": 10**9}, id="no-city-is-large-enough"),
    ],
)
def test_where_there_is_nowhere_to_go_nobody_goes(workspace: Workspace, geography: dict[str, object]) -> None:
    """The rest of the night is as ever."""
    night = run(workspace, geography=geography)

    assert night.plan["gatherings"] == []
    assert night.plan["travelling"]["value"] == 0
    assert night.seated == [[one.id for one in TABLE]]


def test_a_weekend_is_found_by_people_of_other_hours_but_not_of_other_tongues(tmp_path: Path) -> None:
    """Who is free at other times of the week is company at a gathering; whom one cannot talk with is not."""
    half = {"anna", "bert", "carl"}
    times = [replace(one, availability=["sat-am" if one.id in half else "sun-pm"]) for one in FRIENDS]
    tongues = [replace(one, languages=["de" if one.id in half else "cs"]) for one in FRIENDS]

    nights = [run(settle(tmp_path / str(row), people=(*some, *TABLE))) for row, some in enumerate((times, tongues))]

    assert [night.asked for night in nights] == [[GUESTS], []]
    assert not [pair for pair in nights[0].introduced if len(half & set(pair)) == 1]


def test_nobody_is_sent_where_somebody_blocked_them(tmp_path: Path) -> None:
    """Emil has blocked Anna: one of them stays away."""
    night = run(settle(tmp_path, blocked=[("emil", "anna")]))

    [members] = night.asked
    assert len(members) == 5
    assert not {"anna", "emil"} <= set(members)
