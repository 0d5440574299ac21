"""A list of members' addresses that an organizer supplies: read like any table, settled row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from matcher.sources.clean_text import is_id
from matcher.sources.quarantine import BAD_ADDRESS, BAD_ID, MALFORMED, SAME_CONTACT, Quarantine, finding
from matcher.sources.settling import sift
from matcher.sources.table_columns import Role, map_columns
from matcher.sources.table_files import read_raw_table
from matcher.sources.table_rows import contact_rows
from matcher.tables.contacts import Contacts
from matcher.tables.mail_addresses import mail_address

CONTACTS = Role(
    name="contacts",
    fields={
        "member": ("member", "memberid", "userid", "id", "user", "username", "handle", "login"),
        "email": ("email", "mail", "emailaddress", "mailaddress", "address"),
    },
    needed=("member", "email"),
)


@dataclass(frozen=True, eq=False, kw_only=True)
class ImportedContacts:
    """One list of addresses, read.

    Attributes:
        contacts: Every address that could be kept.
        quarantine: Every row that was refused.
    """

    contacts: Contacts
    quarantine: Quarantine


def read_contacts(path: Path, columns: Mapping[str, str]) -> ImportedContacts:
    """Read one file of addresses: CSV, JSON Lines or Parquet.

    Whoever stands in it twice with one address is kept once; with two, not at all: one of them may be somebody else's.

    Args:
        path: The file.
        columns: For a field of Contacts, the column that holds it, where its name is not a usual one.

    Raises:
        SourceError: The file cannot be read, or lacks a needed column.
        SettingsError: The settings name a field that does not exist.
    """
    raw = read_raw_table(path)
    rows = contact_rows(raw, map_columns(path, CONTACTS, raw.frame.columns, columns)).with_columns(
        pl.col("email").map_elements(mail_address, return_dtype=pl.String(), skip_nulls=False)
    )
    named, refused = sift(rows, [(BAD_ID, ~is_id(pl.col("member"))), (BAD_ADDRESS, pl.col("email") == "")])
    kept, twice = sift(named, [(SAME_CONTACT, pl.col("email").n_unique().over("member") > 1)])
    unreadable = finding(path.name, MALFORMED, raw.malformed)
    return ImportedContacts(
        contacts=Contacts.sorted(kept.unique("member", keep="first", maintain_order=True)),
        quarantine=Quarantine.of([unreadable, *refused, *twice]),
    )
