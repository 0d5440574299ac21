"""The community as imported: whole, or as it was."""

from pathlib import Path

import polars as pl
import pytest

from matcher.errors import InputError
from matcher.storage.workspace import Workspace
from matcher.tables.community import Venues
from tests.worlds import Person, Raw, Said, raw_world

NOTHING = pl.DataFrame({"file": [], "line": [], "action": [], "reason": [], "remedy": []})


def _save(workspace: Workspace, raw: Raw) -> bool:
    return workspace.save_community(
        raw.members, raw.messages, raw.blocks, source="test", notice="for a test", quarantine=NOTHING
    )


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    """Nothing is lost on the way to disk and back."""
    raw = raw_world([Said(by="ana", naming=["ben"])], blocked=[("ana", "ben")])
    workspace = Workspace(folder=tmp_path)

    _save(workspace, raw)
    loaded = workspace.load_community()

    assert loaded.members.frame.equals(raw.members.frame)
    assert loaded.messages.frame.equals(raw.messages.frame)
    assert loaded.blocks.frame.equals(raw.blocks.frame)
    assert (loaded.source, loaded.notice) == ("test", "for a test")


def test_saving_the_same_again_changes_nothing(tmp_path: Path) -> None:
    """A second import of the same export is no news."""
    workspace = Workspace(folder=tmp_path)

    first = _save(workspace, raw_world([Said(by="ana")]))
    fingerprint = workspace.load_community().fingerprint
    second = _save(workspace, raw_world([Said(by="ana")]))

    assert (first, second) == (True, False)
    assert workspace.load_community().fingerprint == fingerprint


def test_what_a_member_took_back_is_gone(tmp_path: Path) -> None:
    """Delete means gone: an older import leaves no file behind."""
    workspace = Workspace(folder=tmp_path)
    _save(workspace, raw_world([Said(by="ana", text="my secret")]))

    _save(workspace, raw_world([Said(by="ben")]))

    assert not any(b"my secret" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_an_import_that_dies_halfway_leaves_the_old_community(tmp_path: Path) -> None:
    """The pointer moves last."""
    workspace = Workspace(folder=tmp_path)
    _save(workspace, raw_world([Said(by="ana")]))
    before = workspace.load_community().fingerprint
    raw = raw_world([Said(by="ben")])

    with pytest.raises(AttributeError):
        workspace.save_community(
            raw.members,
            raw.messages,
            raw.blocks,
            source="test",
            notice="",
            quarantine=None,  # type: ignore[arg-type] # dies here, after the tables were written
        )

    assert workspace.load_community().fingerprint == before


@pytest.mark.parametrize("name", ["members.parquet", "messages.parquet", "blocks.parquet"])
@pytest.mark.parametrize("damage", [b"", b"not parquet at all", None])
def test_a_damaged_community_says_so(tmp_path: Path, name: str, damage: bytes | None) -> None:
    """Cut, overwritten or gone: one sentence with the way out, and a second import mends it."""
    workspace = Workspace(folder=tmp_path)
    raw = raw_world([Said(by="ana")])
    _save(workspace, raw)
    (path,) = tmp_path.rglob(name)
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)

    with pytest.raises(InputError, match=r"is damaged; found \w+; import the export again with --replace"):
        workspace.load_community()

    _save(workspace, raw)
    assert len(workspace.load_community().members) == 1


def test_blocks_cannot_be_emptied_behind_our_back(tmp_path: Path) -> None:
    """A whole file with other contents is damage too."""
    workspace = Workspace(folder=tmp_path)
    _save(workspace, raw_world([Said(by="ana", naming=["ben"])], blocked=[("ana", "ben")]))
    (path,) = tmp_path.rglob("blocks.parquet")
    pl.read_parquet(path).clear().write_parquet(path)

    with pytest.raises(InputError, match="found changed tables; import the export again with --replace"):
        workspace.load_community()


def test_an_empty_workspace_says_what_to_do(tmp_path: Path) -> None:
    """A first user meets this message first."""
    with pytest.raises(InputError, match="import one first: matcher import table"):
        Workspace(folder=tmp_path).load_community()


def test_a_workspace_of_an_earlier_version_is_still_read(tmp_path: Path) -> None:
    """Without the columns of later versions nobody has stated anything, and the fingerprint is the same."""
    workspace = Workspace(folder=tmp_path)
    _save(workspace, raw_world([Said(by="ana")]))
    fingerprint = workspace.load_community().fingerprint
    (stored,) = tmp_path.glob("community/*/members.parquet")
    pl.read_parquet(stored).drop("languages", "availability").write_parquet(stored)

    loaded = workspace.load_community()

    assert loaded.fingerprint == fingerprint
    assert loaded.members.frame.select("languages", "availability").rows() == [([], [])]


def test_what_members_state_is_stored_and_counts(tmp_path: Path) -> None:
    """A language is an input like any other."""
    workspace = Workspace(folder=tmp_path)
    _save(workspace, raw_world([Said(by="ana")]))
    before = workspace.load_community().fingerprint
    stated = raw_world([Said(by="ana")], [Person(id="ana", languages=["english"], availability=["sat-am"])])

    is_new = _save(workspace, stated)

    loaded = workspace.load_community()
    assert is_new
    assert loaded.fingerprint != before
    assert loaded.members.frame.select("languages", "availability").rows() == [(["english"], ["sat-am"])]


def _venues(**capacities: int | None) -> Venues:
    rows = [(name, 47.0, 15.0, capacity, True) for name, capacity in capacities.items()]
    return Venues.sorted(pl.DataFrame(rows, schema=Venues.schema(), orient="row"))


def test_venues_stand_beside_whatever_community_there_is(tmp_path: Path) -> None:
    """They may come first, outlive another import, and a second import of the same list is no news."""
    workspace = Workspace(folder=tmp_path)
    before = workspace.load_venues()

    saved = [workspace.save_venues(_venues(bar=8), quarantine=NOTHING) for _ in range(2)]
    _save(workspace, raw_world([Said(by="ana")]))
    _save(workspace, raw_world([Said(by="ben")]))

    assert len(before) == 0
    assert saved == [True, False]
    assert workspace.load_community().venues.frame.rows() == [("bar", 47.0, 15.0, 8, True)]
    assert workspace.venues_quarantine_file.exists()


def test_venues_are_part_of_the_fingerprint_when_there_are_any(tmp_path: Path) -> None:
    """A plan made without venues keeps its name; other venues make another plan."""
    workspace = Workspace(folder=tmp_path)
    _save(workspace, raw_world([Said(by="ana")]))
    fingerprints = [workspace.load_community().fingerprint]

    for venues in (_venues(bar=8), _venues(bar=None), Venues.none()):
        workspace.save_venues(venues, quarantine=NOTHING)
        fingerprints.append(workspace.load_community().fingerprint)

    assert fingerprints[3] == fingerprints[0]
    assert len(set(fingerprints)) == 3


@pytest.mark.parametrize("damage", [b"", b"not parquet at all"])
def test_damaged_venues_say_so(tmp_path: Path, damage: bytes) -> None:
    """No night is planned as if there were none; another import mends them."""
    workspace = Workspace(folder=tmp_path)
    _save(workspace, raw_world([Said(by="ana")]))
    workspace.save_venues(_venues(bar=8), quarantine=NOTHING)
    (tmp_path / "venues" / "venues.parquet").write_bytes(damage)

    with pytest.raises(InputError, match="are damaged"):
        workspace.load_community()

    assert workspace.save_venues(_venues(bar=8), quarantine=NOTHING)
    assert len(workspace.load_community().venues) == 1
