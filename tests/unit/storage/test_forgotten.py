"""What is kept of who was forgotten: enough to know them again, and no more."""

from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.storage.forgotten import Forgotten


def test_who_was_forgotten_is_known_again(tmp_path: Path) -> None:
    """And nobody else; by another reader too."""
    Forgotten(path=tmp_path / "f.json").add("zoe")

    known = Forgotten(path=tmp_path / "f.json")
    assert "zoe" in known
    assert known.among(["ann", "zoe", "zoë"]) == {"zoe"}


def test_the_file_names_nobody(tmp_path: Path) -> None:
    """And of two workspaces one cannot be read with the other."""
    here, there = Forgotten(path=tmp_path / "a.json"), Forgotten(path=tmp_path / "b.json")

    alias = here.add("zoe")

    assert "zoe" not in here.path.read_text()
    assert here.path.stat().st_mode & 0o077 == 0, "whoever has a list of members could tell who it was"
    assert there.add("zoe") != alias


def test_a_pseudonym_stays_the_same(tmp_path: Path) -> None:
    """A job that was killed goes on with it, and it is known when they come back."""
    known = Forgotten(path=tmp_path / "f.json")

    first = known.add("zoe")

    assert known.add("zoe") == first
    assert known.discard("zoe") == first
    assert "zoe" not in known
    assert known.add("zoe") == first


def test_only_who_was_forgotten_is_readmitted(tmp_path: Path) -> None:
    """Otherwise the id is mistyped."""
    with pytest.raises(InputError, match="not forgotten"):
        Forgotten(path=tmp_path / "f.json").discard("zoe")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"salt": "x", "members": []}', '{"salt": "00", "members": 3}'])
def test_a_damaged_file_is_refused(tmp_path: Path, content: str) -> None:
    """An import must not bring back everybody because a file broke."""
    path = tmp_path / "f.json"
    path.write_text(content)

    with pytest.raises(InputError, match="cannot be read"):
        Forgotten(path=path).among(["zoe"])
