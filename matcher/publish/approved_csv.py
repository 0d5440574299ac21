"""What was published as a spreadsheet: a row a member, cells that no spreadsheet runs."""

import csv
import io
from collections.abc import Iterable, Sequence

from matcher.publish.invitations import Invitation
from matcher.publish.safe_text import clean_text, safe_cell

COLUMNS = ("suggestion", "kind", "where", "begins", "member", "name", "shared_topics", "starter")


def approved_rows(invitation: Invitation) -> str:
    """Write one suggestion's rows, without the header; as RFC 4180 says."""
    begins = invitation.when.isoformat(timespec="minutes") if invitation.when else ""
    return _csv(
        (
            invitation.suggestion,
            invitation.kind,
            safe_cell(invitation.place),
            begins,
            safe_cell(clean_text(member)),
            safe_cell(invitation.names[member]),
            safe_cell("; ".join(invitation.topics)),
            safe_cell(invitation.starter),
        )
        for member in invitation.members
    )


def with_rows(file: str, rows: str) -> str:
    """Put a suggestion's rows into a file, in place of any that it holds of it; the suggestions in the order of ids.

    Args:
        file: As it is; empty: there is none yet.
        rows: As `approved_rows` wrote them.
    """
    new = _read(rows)
    ours = {row[0] for row in new}
    kept = [row for row in _read(file)[1:] if row[0] not in ours]
    return _csv([COLUMNS, *sorted([*kept, *new], key=lambda row: (row[0], row[4]))])


def _read(text: str) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(text, newline="")) if len(row) == len(COLUMNS)]


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
