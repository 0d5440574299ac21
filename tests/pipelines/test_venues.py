"""The list of venues on the command line: it replaces venues, and touches nobody. And who meets at them."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from matcher.publish.safe_text import FORMULA_STARTS
from matcher.sources.table import TableOptions
from matcher.storage.workspace import Workspace
from pipelines.importing import import_venues
from tests.pipelines.conftest import matcher
from tests.pipelines.scattered import FORMULA, SCRIPT, Night, run, settle
from tests.worlds import AS_OF

HEADER = "name,lat,lon,capacity,public\n"
TOWN = "Graz, Austria"


def test_venues_are_imported_kept_and_replaced(tmp_path: Path) -> None:
    """The same list twice is no news, another replaces it, and an empty one needs to be meant."""
    venues = tmp_path / "venues.csv"
    command = ("import", "venues", str(venues), "--workspace", str(tmp_path / "place"))
    venues.write_text(HEADER + "Town hall,47.07,15.44,40,yes\nBackroom,47.1,15.4,8,no\nNowhere,,,,\n")
    first, again = matcher(*command), json.loads(matcher(*command, "--json").stdout)

    venues.write_text(HEADER + "Nowhere,,,,\n")
    emptied = matcher(*command, check=False)
    meant = matcher(*command, "--replace")

    assert "Imported 2 venues, 1 of them public." in first.stdout
    assert "refused: 1 row: the venue's coordinates are missing" in first.stdout
    assert (again["is_new"], again["n_venues"]) == (False, 2)
    assert emptied.returncode == 2
    assert "the workspace holds 2 venues and the file none that can be read" in emptied.stderr
    assert "Imported 0 venues" in meant.stdout


def test_an_import_of_venues_takes_one_file_and_leaves_the_community(tmp_path: Path) -> None:
    """Members stay as they were imported."""
    (tmp_path / "messages.csv").write_text("id,author,sent_at,text\n1,ana,2026-01-01,Hello to all of you\n")
    (tmp_path / "venues.csv").write_text(HEADER + "Town hall,47.07,15.44,40,yes\n")
    place = ("--workspace", str(tmp_path / "place"))
    community = ("import", "table", str(tmp_path / "messages.csv"), *place, "--json")
    matcher(*community)

    two = matcher("import", "venues", str(tmp_path / "venues.csv"), "more.csv", *place, check=False)
    matcher("import", "venues", str(tmp_path / "venues.csv"), *place)

    assert two.returncode == 2
    assert "venues are one file; found 2 paths" in two.stderr
    assert json.loads(matcher(*community).stdout)["is_new"] is False


def night_with(folder: Path, venues: str, settings: Mapping[str, Mapping[str, Any]] | None = None) -> Night:
    """A night of the scattered world after an import of these venues; its table lives in Graz."""
    workspace = settle(folder / "workspace")
    _list_venues(workspace, folder / "venues.csv", venues)
    return run(workspace, **(settings or {}))  # type: ignore[arg-type]  # sections by name


def _list_venues(workspace: Workspace, file: Path, venues: str) -> None:
    file.write_text(HEADER + venues, encoding="utf-8")
    import_venues(workspace, [file], TableOptions(), is_replacing=True, now=AS_OF)


def test_a_group_meets_at_the_public_venue_nearby(tmp_path: Path) -> None:
    """Named with its town, with the town's clock, in every file."""
    night = night_with(tmp_path, "Library Hall,47.07,15.44,12,yes\n")

    [group] = night.plan["groups"]
    assert group["meeting_area"] == {
        "name": f"Library Hall, {TOWN}", "lat": 47.07, "lon": 15.44, "time_zone": "Europe/Vienna",
    }  # fmt: skip
    assert all(0 < km < 5 for km in group["travel_km"].values())
    assert "Library Hall" in night.text("report.html")
    assert night.text("groups.csv").count("Library Hall") == 4


@pytest.mark.parametrize(
    "venue",
    [
        pytest.param("Backroom,47.07,15.44,12,no\n", id="private"),
        pytest.param("Backroom,47.07,15.44,12,perhaps\n", id="nobody-knows-whether-it-is-public"),
        pytest.param("Backroom,47.07,15.44,5,yes\n", id="too-small-for-the-largest-group"),
        pytest.param("Backroom,49.6,17.3,12,yes\n", id="out-of-reach"),
    ],
)
def test_a_group_meets_in_its_town_where_no_venue_will_do(tmp_path: Path, venue: str) -> None:
    """Private, too small or too far: the venue is named nowhere."""
    night = night_with(tmp_path, venue)

    assert [group["meeting_area"]["name"] for group in night.plan["groups"]] == [TOWN]
    assert not [name for name in ("plan.json", "groups.csv", "report.html") if "Backroom" in night.text(name)]


def test_a_smaller_group_fits_where_no_larger_one_is_formed(tmp_path: Path) -> None:
    """A room for five will do where groups have at most five."""
    night = night_with(tmp_path, "Snug,47.07,15.44,5,yes\n", {"groups": {"max_size": 5}})

    assert [group["meeting_area"]["name"] for group in night.plan["groups"]] == [f"Snug, {TOWN}"]


def test_the_name_of_a_venue_is_a_name_and_nothing_more(tmp_path: Path) -> None:
    """A list from who knows where is hostile input as well."""
    evil = FORMULA.replace('"', "'") + SCRIPT
    night = night_with(tmp_path, f'"{evil}\u202e",47.07,15.44,12,yes\n')

    rows = list(csv.DictReader(io.StringIO(night.text("groups.csv"), newline="")))
    assert [row["meeting_town"] for row in rows] == [f"'{evil}, {TOWN}"] * 4
    assert not [cell for row in rows for cell in row.values() if cell.startswith(FORMULA_STARTS)]
    assert SCRIPT not in night.text("report.html")
    assert night.plan["groups"][0]["meeting_area"]["name"] == f"{evil}, {TOWN}"


def test_another_list_of_venues_is_another_run(tmp_path: Path) -> None:
    """The same venues are the same run, whatever the order of the rows."""
    hall, inn = "Hall,47.07,15.44,12,yes\n", "Inn,47.06,15.43,30,yes\n"
    workspace = settle(tmp_path / "workspace")
    names = []
    for venues in (hall + inn, inn + hall, hall):
        _list_venues(workspace, tmp_path / "venues.csv", venues)
        names.append(run(workspace).folder.name)

    assert names[0] == names[1] != names[2]


def test_gatherings_may_be_held_at_venues(tmp_path: Path) -> None:
    """At one that holds them, public or not; never at one too small, however near."""
    night = night_with(
        tmp_path,
        "Castle,50.09,14.42,40,no\nKiosk,50.05,14.45,7,yes\nBarn,48.31,14.29,,yes\n",
        {"geography": {"hubs": "venues"}},
    )

    [gathering] = night.plan["gatherings"]
    assert gathering["hub"]["name"] == "Castle, Prague, Czechia"
    assert [choice["hub"]["name"] for choice in gathering["choices"]] == [
        "Castle, Prague, Czechia",
        "Barn, Linz, Austria",
    ]
    assert "Kiosk" not in night.text("plan.json")
