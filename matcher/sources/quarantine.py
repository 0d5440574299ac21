"""What was wrong with an export, row by row: where, what was done about it, and what to do.

A quarantine never holds a member's words: only the file, the line and a sentence of ours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from matcher.tables.base import Column, Table
from matcher.tables.community import TEXT


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One documented thing that may be wrong with a row.

    Attributes:
        reason: A fixed sentence.
        action: 'refused' (the row was left out), 'mended' (the row was kept, a field fell away)
            or 'skipped' (the row is not meant for us).
        remedy: What the operator can do.
    """

    reason: str
    action: str
    remedy: str


def _refused(reason: str, remedy: str) -> Fault:
    return Fault(reason=reason, action="refused", remedy=remedy)


def _mended(reason: str, remedy: str) -> Fault:
    return Fault(reason=reason, action="mended", remedy=remedy)


def _skipped(reason: str) -> Fault:
    return Fault(reason=reason, action="skipped", remedy="nothing to do")


MALFORMED = _refused("the row cannot be read", "repair the line, or export the file again")
BAD_ID = _refused("the id is missing or is not one", "give the row an id of 1 to 200 visible characters")
BAD_AUTHOR = _refused("the author is missing or is not an id", "say who wrote it, by their id")
UNKNOWN_AUTHOR = _refused("the author is not among the members", "add the author to the members, or leave the row out")
BAD_DATE = _refused("the date cannot be read", "write it as 2024-05-31T18:30:00Z or as seconds since 1970")
FUTURE_DATE = _refused("the date lies in the future", "check the clock and the time zone of the export")
TOO_LONG = _refused("the text is longer than 100,000 characters", "nothing to do, unless a person wrote it")
NOTHING_WRITTEN = _refused(
    "no words are left of the text", "nothing to do: it was empty, or all markup, code and quotes"
)
DUPLICATE = _refused("an earlier row has the same id", "check whether the export was joined from overlapping parts")
SELF_BLOCK = _refused("the member blocks themselves", "nothing to do")
REPLY_TO_SELF = _mended("the message answers itself; the link was dropped", "check which column says what it answers")
REPLY_TO_NOTHING = _mended(
    "the message answers one that is not in the export; the link was dropped", "export the missing messages too"
)
BAD_URL = _mended("the address is not http or https; it was dropped", "give the whole address of the message")
UNCLEAR_OPENNESS = _mended("whether it is public cannot be read; taken as private", "write true or false")
UNCLEAR_CONSENT = _mended("whether the member opted in cannot be read; taken as no", "write true or false")
BAD_COORDINATES = _mended(
    "the coordinates are not on Earth; they were dropped", "give degrees: lat -90..90, lon -180..180"
)
BAD_REACH = _mended("the reach is not a distance; it was dropped", "give kilometres from 0 to 20,100")
NO_VENUE_NAME = _refused("the venue's name is missing or is not one", "give it a name of 1 to 200 visible characters")
NO_VENUE_PLACE = _refused(
    "the venue's coordinates are missing or not on Earth", "give degrees: lat -90..90, lon -180..180"
)
BAD_CAPACITY = _refused(
    "the capacity is not a number of people who can meet", "write a whole number from 2, or nothing where all fit in"
)
SAME_VENUE = _refused("an earlier row names the same venue", "list each venue once, under a name of its own")
BAD_ADDRESS = _refused(
    "the address is missing or is not one that mail can be sent to", "write it like ana@example.org, in plain letters"
)
SAME_CONTACT = _refused("the member has two different addresses", "leave the one that is theirs")
AUTHOR_DELETED = _skipped("the author deleted their account")
NOT_A_PERSON = _skipped("the account belongs to no person")
NOT_A_MESSAGE = _skipped("neither a question nor an answer")

FAULTS = (
    MALFORMED,
    BAD_ID,
    BAD_AUTHOR,
    UNKNOWN_AUTHOR,
    BAD_DATE,
    FUTURE_DATE,
    TOO_LONG,
    NOTHING_WRITTEN,
    DUPLICATE,
    SELF_BLOCK,
    REPLY_TO_SELF,
    REPLY_TO_NOTHING,
    BAD_URL,
    UNCLEAR_OPENNESS,
    UNCLEAR_CONSENT,
    BAD_COORDINATES,
    BAD_REACH,
    NO_VENUE_NAME,
    NO_VENUE_PLACE,
    BAD_CAPACITY,
    SAME_VENUE,
    BAD_ADDRESS,
    SAME_CONTACT,
    AUTHOR_DELETED,
    NOT_A_PERSON,
    NOT_A_MESSAGE,
)
"""Everything that may be wrong with a row; there are no other reasons."""

ACTIONS = ("refused", "mended", "skipped")
FOUND = {"file": pl.String(), "line": pl.UInt32(), "reason": pl.String()}
"""Columns of a finding on its way into the quarantine."""


@dataclass(frozen=True, eq=False)
class Quarantine(Table):
    """Rows that were refused, mended or skipped; a row stands here once for each reason."""

    key: ClassVar[tuple[str, ...]] = ("file", "line", "reason")
    columns: ClassVar[Mapping[str, Column]] = {
        "file": Column(dtype=TEXT, meaning="The file's name, without its folder."),
        "line": Column(dtype=pl.UInt32(), meaning="Its line, or its row in a Parquet file.", low=1),
        "action": Column(dtype=pl.Enum(ACTIONS), meaning="'refused', 'mended' or 'skipped'."),
        "reason": Column(dtype=pl.Enum([fault.reason for fault in FAULTS]), meaning="One of FAULTS."),
        "remedy": Column(dtype=TEXT, meaning="What the operator can do."),
    }

    @classmethod
    def of(cls, findings: Iterable[pl.DataFrame]) -> "Quarantine":
        """Make the table from findings, frames with the columns FOUND in any order of rows."""
        found = pl.concat([pl.DataFrame(schema=FOUND), *findings]).unique()
        known = pl.DataFrame(
            {
                "reason": [fault.reason for fault in FAULTS],
                "action": [fault.action for fault in FAULTS],
                "remedy": [fault.remedy for fault in FAULTS],
            }
        )
        explained = found.join(known, on="reason", how="left", maintain_order="left")
        return cls.sorted(explained.cast({name: cls.schema()[name] for name in ("action", "reason")}))

    @property
    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many rows a pair of action and reason has, in the order of FAULTS."""
        counted = self.frame.group_by("action", "reason").len().sort("reason").iter_rows()
        return {(action, reason): n_rows for action, reason, n_rows in counted}


def finding(file: str, fault: Fault, lines: Iterable[int]) -> pl.DataFrame:
    """Note one fault at these lines of one file."""
    return pl.DataFrame({"line": list(lines)}, schema={"line": pl.UInt32()}).select(
        file=pl.lit(file), line="line", reason=pl.lit(fault.reason)
    )
