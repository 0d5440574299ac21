"""Venues that an organizer lists: what is read, what is refused, and that nobody is sent where too few fit in."""

from pathlib import Path

import polars as pl
import pytest

from matcher.errors import SettingsError, SourceError
from matcher.sources.quarantine import (
    BAD_CAPACITY,
    MALFORMED,
    NO_VENUE_NAME,
    NO_VENUE_PLACE,
    SAME_VENUE,
    UNCLEAR_OPENNESS,
    Fault,
)
from matcher.sources.venues import ImportedVenues, read_venues

HEADER = "Name,Lat,Lon,Capacity,Public\n"
CAFE = "Café Central,47.07,15.44,12,yes\n"


def read(folder: Path, text: str, name: str = "venues.csv") -> ImportedVenues:
    """Write this file and read it."""
    (folder / name).write_text(text, encoding="utf-8")
    return read_venues(folder / name, {})


def test_a_list_is_read_whole(tmp_path: Path) -> None:
    """Every field finds its column; no capacity is no limit, and who says nothing of it means a public place."""
    imported = read(tmp_path, HEADER + "Town hall,47.1,15.5,,\nBackroom,47.2,15.6,8.0,no\n" + CAFE)

    assert imported.venues.frame.rows() == [
        ("Backroom", 47.2, 15.6, 8, False),
        ("Café Central", 47.07, 15.44, 12, True),
        ("Town hall", 47.1, 15.5, None, True),
    ]
    assert len(imported.quarantine) == 0


def test_three_columns_are_enough(tmp_path: Path) -> None:
    """A name and where it is."""
    imported = read(tmp_path, '{"venue": "Park", "latitude": 1.5, "lng": -2}\n', "venues.jsonl")

    assert imported.venues.frame.rows() == [("Park", 1.5, -2.0, None, True)]


def test_parquet_is_read_alike(tmp_path: Path) -> None:
    """Numbers and answers that are none but text already."""
    frame = pl.DataFrame({"name": ["Café Central"], "lat": [47.07], "lon": [15.44], "capacity": [12], "public": [True]})
    frame.write_parquet(tmp_path / "venues.parquet")

    imported = read_venues(tmp_path / "venues.parquet", {})

    assert imported.venues.frame.equals(read(tmp_path, HEADER + CAFE).venues.frame)


@pytest.mark.parametrize(
    ("row", "fault", "kept"),
    [
        pytest.param("Bar,47.1", MALFORMED, None, id="fewer fields than the header"),
        pytest.param(",47.1,15.4,9,yes", NO_VENUE_NAME, None, id="no name"),
        pytest.param("\u200b\x07,47.1,15.4,9,yes", NO_VENUE_NAME, None, id="a name that nobody sees"),
        pytest.param(f"{'B' * 201},47.1,15.4,9,yes", NO_VENUE_NAME, None, id="a name as long as a letter"),
        pytest.param("Bar,,15.4,9,yes", NO_VENUE_PLACE, None, id="half a coordinate"),
        pytest.param("Bar,115.4,47.1,9,yes", NO_VENUE_PLACE, None, id="north of the pole"),
        pytest.param("Bar,nan,inf,9,yes", NO_VENUE_PLACE, None, id="no finite coordinates"),
        pytest.param("Bar,47.1,15.4,many,yes", BAD_CAPACITY, None, id="capacity in words"),
        pytest.param("Bar,47.1,15.4,1,yes", BAD_CAPACITY, None, id="nobody meets alone"),
        pytest.param("Bar,47.1,15.4,-4,yes", BAD_CAPACITY, None, id="fewer than nobody"),
        pytest.param("Bar,47.1,15.4,4.5,yes", BAD_CAPACITY, None, id="half a person"),
        pytest.param("Bar,47.1,15.4,1e300,yes", BAD_CAPACITY, None, id="more than there are people"),
        pytest.param("CAFÉ central,1,1,9,yes", SAME_VENUE, None, id="named before, in other capitals"),
        pytest.param("Bar,47.1,15.4,9,perhaps", UNCLEAR_OPENNESS, ("Bar", 47.1, 15.4, 9, False), id="unclear openness"),
    ],
)
def test_one_bad_row_has_one_outcome(tmp_path: Path, row: str, fault: Fault, kept: tuple[object, ...] | None) -> None:
    """It is refused or mended, listed with its line and a remedy, and costs no other row."""
    imported = read(tmp_path, HEADER + CAFE + row + "\n")

    others = imported.venues.frame.filter(pl.col("venue") != "Café Central").rows()
    assert others == ([] if kept is None else [kept])
    assert imported.quarantine.frame.rows() == [("venues.csv", 3, fault.action, fault.reason, fault.remedy)]


def test_a_hostile_name_loses_what_could_fool_a_reader(tmp_path: Path) -> None:
    """Marks that turn the direction of reading, control characters, and lines of its own."""
    imported = read(tmp_path, HEADER + '"Bar\u202e \x1b[31m\n\n Roma",41.9,12.5,,\n')

    assert imported.venues.frame.get_column("venue").to_list() == ["Bar [31m Roma"]


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    """The same venues are the same table."""
    rows = [CAFE, "Town hall,47.1,15.5,,\n", "Backroom,47.2,15.6,8,no\n"]

    there, back = (read(tmp_path, HEADER + "".join(order)).venues for order in (rows, rows[::-1]))

    assert there.frame.equals(back.frame)


def test_columns_may_be_named(tmp_path: Path) -> None:
    """A list whose headings nobody could guess."""
    (tmp_path / "list.csv").write_text("Lokal,lat,lon\nPub,1,2\n")

    imported = read_venues(tmp_path / "list.csv", {"venue": "Lokal"})

    assert imported.venues.frame.get_column("venue").to_list() == ["Pub"]


def test_what_is_no_list_of_venues_is_refused_whole(tmp_path: Path) -> None:
    """Without coordinates nobody could be sent there; a field that does not exist is a mistake."""
    with pytest.raises(SourceError, match="no column holds 'lat' of the venues"):
        read(tmp_path, "name,address\nPub,High Street 1\n")
    with pytest.raises(SettingsError, match="'colour' is not a field of venues"):
        read_venues(tmp_path / "venues.csv", {"colour": "name"})
