"""Members' addresses on the disk: whole, for their owner's eyes, and gone when they shall be."""

import stat
from pathlib import Path

import polars as pl
import pytest

from matcher.errors import InputError
from matcher.sources.quarantine import Quarantine
from matcher.storage.contacts import ContactStore
from matcher.tables.contacts import Contacts

NOTHING = Quarantine.none().frame
TWO = Contacts(pl.DataFrame({"member": ["ana", "ben"], "email": ["a@example.org", "b@example.org"]}))


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> ContactStore:
    return ContactStore(folder=tmp_path / "contacts")


def test_addresses_come_back_and_others_take_their_place(store: ContactStore) -> None:
    """The same ones are no news; none before the first import."""
    one = Contacts(TWO.frame.head(1))

    assert store.load().by_member() == {}
    assert [store.save(contacts, quarantine=NOTHING) for contacts in (TWO, TWO, one)] == [True, False, True]
    assert store.load().by_member() == {"ana": "a@example.org"}


def test_only_their_owner_may_read_them(store: ContactStore) -> None:
    """Neither the file nor the folder; and they are printed nowhere."""
    store.save(TWO, quarantine=NOTHING)

    modes = [stat.S_IMODE(path.stat().st_mode) for path in (store.folder, store.folder / "contacts.parquet")]
    assert modes == [0o700, 0o600]
    assert "example.org" not in repr(TWO)


def test_a_damaged_file_is_said_to_be_one(store: ContactStore) -> None:
    """And may be replaced."""
    store.save(TWO, quarantine=NOTHING)
    (store.folder / "contacts.parquet").write_bytes(b"PAR1")

    with pytest.raises(InputError, match="import them again"):
        store.load()
    assert store.save(TWO, quarantine=NOTHING)
