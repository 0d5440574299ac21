"""The spreadsheets: everything is there, nothing runs."""

import csv
import io
from collections.abc import Callable

import pytest

from matcher.publish.csv_files import groups_csv, introductions_csv, unplaced_csv
from matcher.publish.safe_text import FORMULA_STARTS
from matcher.tables.community import Community
from matcher.tables.proposals import Plan
from tests.unit.publish.worlds import EXACT_PLACES, PRIVATE_WORDS, a_night, an_empty_night

Writer = Callable[[Plan, Community], str]
WRITERS = [groups_csv, introductions_csv, unplaced_csv]


def rows_of(write: Writer) -> list[dict[str, str]]:
    night = a_night()
    return list(csv.DictReader(io.StringIO(write(night.plan, night.community), newline="")))


def test_groups_have_a_row_a_seat() -> None:
    """An organizer sorts and filters people, not groups."""
    rows = rows_of(groups_csv)

    assert [row["member"] for row in rows] == ["m01", "m02", "m03", "m04", "m05", "m06", "m07"]
    assert len({row["group"] for row in rows}) == 2
    assert rows[0]["name"] == "Ana Ruiz"
    assert rows[2]["travel_km"] == "233.0"
    assert rows[5]["meeting_town"] == "Lyon, Auvergne-Rhône-Alpes"


def test_introductions_keep_their_directions() -> None:
    """A and B are not swapped."""
    first, _, last = rows_of(introductions_csv)

    assert (first["member_a"], first["a_to_b"], first["travel_km_a"]) == ("m01", "0.62", "233.0")
    assert (first["member_b"], first["b_to_a"], first["travel_km_b"]) == ("m08", "0.55", "2.1")
    assert (last["meeting_town"], last["travel_km_a"], last["via"]) == ("", "", "")


def test_everyone_left_out_is_told_why() -> None:
    """In words too, and with something to call them by even where the name is empty."""
    rows = rows_of(unplaced_csv)

    assert [(row["member"], row["name"], row["reason"]) for row in rows] == [
        ("m12", "m12", "nothing_said"),
        ("m13", "Quiet Quinn", "others_fitted_better"),
    ]
    assert all(row["reason_in_words"] for row in rows)


@pytest.mark.parametrize("write", WRITERS)
def test_no_cell_is_a_formula(write: Writer) -> None:
    """Names and topics are hostile input to a spreadsheet as well."""
    cells = [cell for row in rows_of(write) for cell in row.values()]

    assert not [cell for cell in cells if cell.startswith(FORMULA_STARTS)]


def test_a_formula_can_still_be_read_as_the_name_it_is() -> None:
    """Defused, not deleted."""
    assert rows_of(groups_csv)[2]["name"] == '\'=HYPERLINK("http://evil.example","x")'


@pytest.mark.parametrize("write", WRITERS)
def test_lines_end_as_rfc_4180_says(write: Writer) -> None:
    """CRLF, and no line break within a cell, so that simple readers count rows right."""
    night = a_night()

    text = write(night.plan, night.community)

    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n") == len(rows_of(write)) + 1


@pytest.mark.parametrize("write", WRITERS)
def test_an_empty_night_still_has_its_header(write: Writer) -> None:
    """A program that reads the columns finds them."""
    night = an_empty_night()

    assert write(night.plan, night.community).splitlines()[0] == ",".join(rows_of(write)[0])


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("secret", [*PRIVATE_WORDS, *EXACT_PLACES])
def test_nothing_private_is_written(write: Writer, secret: str) -> None:
    """A spreadsheet is mailed around."""
    night = a_night()

    assert secret not in write(night.plan, night.community)
