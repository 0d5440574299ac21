"""How files become numbered lines."""

from pathlib import Path

import pytest

from matcher.errors import SourceError
from matcher.sources import lines
from matcher.sources.lines import numbered_lines


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    """Else the first column of half the world's spreadsheets would have a strange name."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xef\xbb\xbfid\r\n1")

    assert list(numbered_lines(path)) == [(1, "id\r\n"), (2, "1")]


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_line_too_long_to_hold_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: bytes) -> None:
    """One line of gigabytes must not fill the memory; the lines around it keep their numbers."""
    monkeypatch.setattr(lines, "LONGEST_LINE", 8)
    path = tmp_path / "x.csv"
    path.write_bytes(b"short\n" + b"x" * 8 + b"\n" + b"y\n" + b"z" * 99 + end)

    assert list(numbered_lines(path)) == [(1, "short\n"), (2, None), (3, "y\n"), (4, None)]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """The message names the path and the remedy."""
    with pytest.raises(SourceError) as refused:
        list(numbered_lines(tmp_path))

    assert str(refused.value) == f"{tmp_path} cannot be opened; found IsADirectoryError; give a file that you may read"
