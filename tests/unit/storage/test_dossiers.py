"""What the desk may show of a run, written and read again."""

from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.publish.dossier import dossier_of
from matcher.storage.dossiers import DOSSIER_FILE, dossier_bytes, read_dossier
from matcher.tables.dossier import Dossier
from tests.unit.publish.worlds import a_travelled_night


def _dossier() -> Dossier:
    night = a_travelled_night()
    return dossier_of(night.plan, night.community, night.places, night.facts)


def _written(folder: Path, content: bytes) -> Path:
    path = folder / DOSSIER_FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return folder


def test_a_dossier_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Every name, number and instant of groups, introductions and gatherings comes back."""
    dossier = _dossier()

    read = read_dossier(_written(tmp_path / "run", dossier_bytes(dossier)))

    assert read == dossier
    assert read.groups
    assert read.introductions
    assert read.gatherings


def test_the_same_dossier_is_the_same_bytes() -> None:
    """A run of the same facts leaves the same files."""
    assert dossier_bytes(_dossier()) == dossier_bytes(_dossier())


def test_a_run_without_a_dossier_says_what_to_do(tmp_path: Path) -> None:
    """An older version planned it."""
    with pytest.raises(InputError, match="start a new one with matcher run"):
        read_dossier(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"no gzip", id="not-gzip"),
        pytest.param(dossier_bytes(_dossier())[:200], id="cut-off"),
        pytest.param(bytes.fromhex("1f8b08000000000000ffabae050043bfa6a302000000"), id="another-shape"),
    ],
)
def test_a_damaged_dossier_is_refused(tmp_path: Path, content: bytes) -> None:
    """Half a run is never shown as a whole one."""
    with pytest.raises(InputError, match="cannot be read"):
        read_dossier(_written(tmp_path / "run", content))
