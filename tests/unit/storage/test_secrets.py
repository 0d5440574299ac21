"""What is promised of the workspace's secret."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.storage.secrets import keep_secret


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    """Links that were sent stay good."""
    path = tmp_path / "new" / "desk.secret"

    first = keep_secret(path)

    assert len(first) == 32
    assert keep_secret(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["desk.secret"]


def test_all_who_come_at_once_get_the_same(tmp_path: Path) -> None:
    """The first one's."""
    with ThreadPoolExecutor(16) as pool:
        kept = set(pool.map(keep_secret, [tmp_path / "desk.secret"] * 64))

    assert len(kept) == 1


def test_two_workspaces_have_two_secrets(tmp_path: Path) -> None:
    """A link of one is worth nothing in the other."""
    assert keep_secret(tmp_path / "a") != keep_secret(tmp_path / "b")


@pytest.mark.parametrize("content", ["", "abc", "00" * 16, "zz" * 32, "é" * 64])
def test_a_damaged_secret_is_refused(tmp_path: Path, content: str) -> None:
    """It is not made anew behind the operator's back, nor is a short one used."""
    path = tmp_path / "desk.secret"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)

    with pytest.raises(InputError):
        keep_secret(path)


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """It is none any more."""
    path = tmp_path / "desk.secret"
    keep_secret(path)
    path.chmod(0o644)

    with pytest.raises(InputError, match="others may read"):
        keep_secret(path)
