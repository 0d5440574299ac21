"""The list of venues on the command line: it replaces venues, and touches nobody."""

import json
from pathlib import Path

from tests.pipelines.conftest import matcher

HEADER = "name,lat,lon,capacity,public\n"


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
