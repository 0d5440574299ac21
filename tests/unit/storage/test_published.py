"""Files that leave the desk: whole, each under a plain name, changed by one at a time."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.storage.published import PublishedFiles


def test_a_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    """A folder a run."""
    files = PublishedFiles(folder=tmp_path)

    paths = [files.write("r-1", "g-1.ics", content) for content in (b"old", b"new")]

    assert paths[0] == paths[1] == tmp_path / "r-1" / "g-1.ics"
    assert paths[0].read_bytes() == b"new"


def test_many_who_change_one_file_lose_nothing(tmp_path: Path) -> None:
    """Each sees what the one before left; line ends stay as they are."""
    files = PublishedFiles(folder=tmp_path)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: files.change("r", "all.csv", lambda before: f"{before}{n}\r\n"), range(40)))

    assert sorted((tmp_path / "r" / "all.csv").read_bytes().decode().split("\r\n")) == sorted(
        ["", *map(str, range(40))]
    )


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "a\0", "a\n", "ä", "x" * 200, "a:b"])
def test_no_other_name_becomes_a_path(tmp_path: Path, name: str) -> None:
    """Whatever asked for it."""
    files = PublishedFiles(folder=tmp_path / "published")

    for run_id, file in ((name, "x.ics"), ("r", name)):
        with pytest.raises(InputError, match="no file is named like that"):
            files.write(run_id, file, b"")
        with pytest.raises(InputError, match="no file is named like that"):
            files.change(run_id, file, str)
    assert not (tmp_path / "published").exists()
