"""Earlier rounds of a workspace: what its past runs proposed, as an input of tonight's."""

import hashlib
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import polars as pl

from matcher.errors import InputError, TableError
from matcher.storage.runs import RunStore
from matcher.tables.community import PastMeetings
from pipelines.run_folder import ROUND


def remember_rounds(
    runs: RunStore, as_of: datetime, *, n_rounds: int, n_days: float, days_apart: float = 0.0
) -> PastMeetings:
    """Read the last rounds before an instant: so many, and all of so many days.

    Runs of one instant are one round; it is what the one says that was made live last. So are runs less than
    `days_apart` from the next round, or from tonight: their plans are still being looked at. Runs of a version that
    left no round behind are not remembered.

    Raises:
        InputError: The round of a run cannot be read.
    """
    rounds = {round_at: path for path in _round_files(runs) if (round_at := _held_at(path)) and round_at < as_of}
    held = _apart(sorted(rounds), as_of, days_apart)
    last, since = held[-n_rounds:] if n_rounds else [], as_of - timedelta(days=n_days)
    remembered = [_read(rounds[at]).frame for at in held if at in last or at > since]
    return PastMeetings.sorted(pl.concat([PastMeetings.none().frame, *remembered]))


def fingerprint_with_rounds(community: str, meetings: PastMeetings) -> str:
    """Name what a plan follows from: the community's fingerprint, or one of it and the rounds where there are any."""
    if not len(meetings):
        return community
    lines = BytesIO()
    meetings.frame.write_ndjson(lines)
    return hashlib.sha256(community.encode() + lines.getbuffer()).hexdigest()


def _apart(instants: list[datetime], as_of: datetime, days_apart: float) -> list[datetime]:
    """Of ascending instants those that are so many days from the next that is kept, the last from tonight."""
    kept: list[datetime] = []
    for at in reversed(instants):
        if at + timedelta(days=days_apart) <= (kept[-1] if kept else as_of):
            kept.append(at)
    return kept[::-1]


def _round_files(runs: RunStore) -> list[Path]:
    paths = [runs.folder / run_id / "tables" / f"{ROUND}.parquet" for run_id in runs.ids_as_made_live()]
    return [path for path in paths if path.exists()]


def _held_at(path: Path) -> datetime | None:
    """When a round was held; None where nobody was open to proposals."""
    try:
        held: datetime | None = pl.scan_parquet(path).select(pl.col("round_at").first()).collect().item()
    except (OSError, ValueError, pl.exceptions.PolarsError) as broken:
        raise _damaged(path) from broken
    return held


def _read(path: Path) -> PastMeetings:
    try:
        return PastMeetings(pl.read_parquet(path))
    except (OSError, pl.exceptions.PolarsError, TableError) as broken:
        raise _damaged(path) from broken


def _damaged(path: Path) -> InputError:
    return InputError(
        f"the round of an earlier run cannot be read; found {path}; run that night again, or take its folder away"
    )
