"""The spreadsheet of what was published: whole, in order, and nothing in it runs."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from matcher.publish.approved_csv import COLUMNS, approved_rows, with_rows
from matcher.publish.invitations import invitation_of
from matcher.publish.safe_text import FORMULA_STARTS
from matcher.tables.drafts import Suggestion
from tests.unit.publish.evening import NAMES, edition, suggestion


def rows_of(one: Suggestion, **names: str) -> str:
    """Its rows, with these names."""
    night = edition({**NAMES, **names})
    return approved_rows(invitation_of(night, one, night.town_of(one), None))


def read(file: str) -> list[list[str]]:
    """All rows."""
    return list(csv.reader(io.StringIO(file, newline="")))


def test_suggestions_stand_in_one_order_however_they_came() -> None:
    """And each once: the later rows take the place of the earlier ones."""
    pair, group = suggestion("i-1", ("a", "d")), suggestion()
    one = with_rows(with_rows("", rows_of(pair)), rows_of(group))
    other = with_rows(with_rows(with_rows("", rows_of(group, a="Anna")), rows_of(pair)), rows_of(group))

    assert one == other
    assert read(one)[0] == list(COLUMNS)
    assert [(row[0], row[4], row[5]) for row in read(one)[1:]] == [
        ("g-1", "a", "Ana"),
        ("g-1", "b", "Ben"),
        ("g-1", "c", "Cem"),
        ("i-1", "a", "Ana"),
        ("i-1", "d", "Dea"),
    ]


@given(st.text(st.sampled_from('=+-@\t\r\n",;aä＝'), max_size=30))  # noqa: RUF001
def test_no_cell_begins_a_formula(name: str) -> None:
    """Whatever a member calls themselves; also after the file was read and written again."""
    file = with_rows(with_rows("", rows_of(suggestion(), b=name)), rows_of(suggestion("i-1", ("a", "d"))))

    assert not [cell for row in read(file) for cell in row if cell.startswith(FORMULA_STARTS)]
    assert len(read(file)) == 6
    assert {len(row) for row in read(file)} == {len(COLUMNS)}
