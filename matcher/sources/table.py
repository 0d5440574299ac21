"""Tables of members, messages and blocks, as CSV, JSON Lines or Parquet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import polars as pl

from matcher.errors import SourceError
from matcher.sources.imported import Imported
from matcher.sources.quarantine import MALFORMED, Quarantine, finding
from matcher.sources.settling import Settled, settle_members, settle_messages
from matcher.sources.table_columns import BLOCKS, MEMBERS, MESSAGES, Role, map_columns, role_of
from matcher.sources.table_files import RawTable, read_raw_table
from matcher.sources.table_rows import Columns, block_rows, member_rows, message_rows, says_openness
from matcher.tables.base import Table
from matcher.tables.community import Blocks, Members, Messages

NOBODY_ASKED = (
    "There was no list of members: whoever wrote counts as one, and nobody was asked. "
    "For study only; invite no one from it."
)
NOT_QUOTED = "Nothing says which messages are public, so none of them is quoted."


@dataclass(frozen=True, kw_only=True, slots=True)
class TableOptions:
    """How to read tables whose columns have other names than ours.

    Attributes:
        member_columns: For a field of Members, the column that holds it: `{member = "Profile No"}`.
        message_columns: The same for Messages, where two fields are read in addition: `quotes` (ids
            of members, joined to the mentions) and `is_private` (the opposite of `is_public`).
            Several columns, with commas between, may feed `mentions` or `topics`.
        block_columns: The same for Blocks.
        venue_columns: The same for Venues.
        contact_columns: The same for Contacts.
        is_public_when_unsaid: Whether messages are public where no column says so.
    """

    member_columns: Mapping[str, str] = field(default_factory=dict)
    message_columns: Mapping[str, str] = field(default_factory=dict)
    block_columns: Mapping[str, str] = field(default_factory=dict)
    venue_columns: Mapping[str, str] = field(default_factory=dict)
    contact_columns: Mapping[str, str] = field(default_factory=dict)
    is_public_when_unsaid: bool = False


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _File:
    """A file, and what its columns hold."""

    raw: RawTable
    role: Role
    columns: Columns


def read_tables(paths: Sequence[Path], options: TableOptions, *, now: datetime) -> Imported:
    """Read an export of one or more files, in whatever order they are given.

    A file's role is told by how its name begins (members, messages, blocks), or else by its columns.
    Without a member list, whoever wrote is a member. A member list without a column for consent lists
    those who opted in; with one, an empty answer is a no. A message of somebody who is not listed is
    refused. Without a column of topics, a message has its channel as its topic.

    A row of blocks that cannot be read stops the import: a block must not get lost.

    Raises:
        SourceError: A file cannot be read, lacks a needed column, or none was given.
        SettingsError: The settings name a field that does not exist.
    """
    files = list(_files(paths, options))
    is_listed = any(file.role == MEMBERS for file in files)
    members, of_members = _members(files)
    messages, of_messages = _messages(files, options, now=now, members=members if is_listed else None)
    blocks, of_blocks = _blocks(files)
    unreadable = [finding(file.raw.path.name, MALFORMED, file.raw.malformed) for file in files]
    return Imported(
        members=Members.sorted(members if is_listed else _authors(messages)),
        messages=Messages.sorted(messages),
        blocks=Blocks.sorted(blocks),
        quarantine=Quarantine.of([*unreadable, *of_members, *of_messages, *of_blocks]),
        notice=_notice(files, options, is_listed=is_listed),
        source="table",
    )


def _files(paths: Sequence[Path], options: TableOptions) -> Iterator[_File]:
    named = {
        MEMBERS.name: options.member_columns,
        MESSAGES.name: options.message_columns,
        BLOCKS.name: options.block_columns,
    }
    in_order = sorted(paths, key=lambda path: path.name)
    if not in_order:
        raise SourceError("no file was given; found nothing to read; name at least one file of messages")
    for path, following in pairwise(in_order):
        if path.name == following.name:
            raise SourceError(f"two files have one name; found {path} and {following}; rename one of them")
    for path in in_order:
        raw = read_raw_table(path)
        role = role_of(path, raw.frame.columns, named)
        yield _File(raw=raw, role=role, columns=map_columns(path, role, raw.frame.columns, named[role.name]))


def _members(files: Sequence[_File]) -> Settled:
    rows = [member_rows(file.raw, file.columns) for file in files if file.role == MEMBERS]
    return settle_members(pl.concat([_no_rows(Members), *rows]))


def _messages(files: Sequence[_File], options: TableOptions, *, now: datetime, members: pl.DataFrame | None) -> Settled:
    rows = [
        message_rows(file.raw, file.columns, is_public_when_unsaid=options.is_public_when_unsaid)
        for file in files
        if file.role == MESSAGES
    ]
    uncounted = _no_rows(Messages).cast({"n_links": pl.UInt32()})
    known = None if members is None else members.get_column("member")
    return settle_messages(pl.concat([uncounted, *rows]), now=now, members=known)


def _blocks(files: Sequence[_File]) -> Settled:
    rows, findings = _no_rows(Blocks), []
    for file in files:
        if file.role == BLOCKS:
            kept, found = block_rows(file.raw, file.columns)
            rows = pl.concat([rows, kept])
            findings += found
    return rows.unique(["member", "blocked"]), findings


def _no_rows(table: type[Table]) -> pl.DataFrame:
    return pl.DataFrame(schema={"file": pl.String(), "line": pl.UInt32(), **table.schema()})


def _authors(messages: pl.DataFrame) -> pl.DataFrame:
    """Everyone who wrote, as members of whom nothing else is known."""
    return pl.concat(
        [
            pl.DataFrame(schema=Members.schema()),
            messages.select(
                pl.col("author").unique().alias("member"),
            ).with_columns(name="member", is_opted_in=True),
        ],
        how="diagonal",
    ).with_columns(
        pl.col("about", "place_text").fill_null(""),
        pl.col("interests", "languages", "availability").fill_null([]),
    )


def _notice(files: Sequence[_File], options: TableOptions, *, is_listed: bool) -> str:
    is_silent = any(file.role == MESSAGES and not says_openness(file.columns) for file in files)
    notices = [] if is_listed else [NOBODY_ASKED]
    if is_silent and not options.is_public_when_unsaid:
        notices.append(NOT_QUOTED)
    return " ".join(notices)
