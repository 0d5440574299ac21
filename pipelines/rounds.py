"""Earlier rounds of a workspace: what its past runs proposed, or organizers published, as an input of tonight's."""

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import polars as pl

from matcher.errors import InputError, TableError
from matcher.rules.aftermath import ReviewedRun
from matcher.storage.runs import RunStore
from matcher.tables.answered import Heard
from matcher.tables.community import GATHERING, PastMeetings
from matcher.tables.decided import Decided, kind_of
from matcher.tables.decisions import Members
from pipelines.decided import DeskMemory
from pipelines.run_folder import ROUND


def remember_rounds(
    runs: RunStore, as_of: datetime, *, n_rounds: int, n_days: float, days_apart: float = 0.0,
    desk: DeskMemory | None = None,
) -> PastMeetings:  # fmt: skip
    """Read the last rounds before an instant: so many, and all of so many days.

    Runs of one instant are one round; it is what the one says that was made live last. So are runs less than
    `days_apart` from the next round, or from tonight: their plans are still being looked at. Runs of a version that
    left no round behind are not remembered. Where organizers decided about runs of a round, the round is what they
    published of all of these, and whoever was open in one of them and was told of nothing was passed over. Where they
    did not, what they keep for later is known to have reached nobody.

    Raises:
        InputError: The round of a run cannot be read.
    """
    desk = desk or DeskMemory()
    paths = [(round_at, path) for path in _round_files(runs) if (round_at := _held_at(path)) and round_at < as_of]
    latest = dict(paths)
    held = _apart(sorted(latest), as_of, days_apart)
    last, since = held[-n_rounds:] if n_rounds else [], as_of - timedelta(days=n_days)
    reviewed = {run.run_id: run for run in desk.runs}
    untold = {one.members for one in desk.decided(as_of, days_apart=days_apart).held}
    remembered = [PastMeetings.none().frame]
    for before, at in zip([None, *held], held, strict=False):
        if at in last or at > since:
            of_round = [path for held_at, path in paths if held_at <= at and (before is None or held_at > before)]
            decided = [path for path in of_round if _run_id(path) in reviewed]
            published = [(reviewed[_run_id(path)], _read(path)) for path in decided]
            as_proposed = _without(_read(latest[at]).frame, untold)
            remembered.append(note_published(at, published, desk.heard).frame if decided else as_proposed)
    return PastMeetings.sorted(pl.concat(remembered))


def note_published(at: datetime, runs: Iterable[tuple[ReviewedRun, PastMeetings]], heard: Heard) -> PastMeetings:
    """One round as organizers made it: who was told of what, and who was told of nothing.

    Those of whom somebody says that they did not meet, and nobody that they did, were told, but met nobody.

    Args:
        at: The instant of the round.
        runs: What was decided about each run, and what the run itself noted.
        heard: What members answered.
    """
    told: set[tuple[str, str]] = set()
    was_open: set[str] = set()
    for run, noted in runs:
        was_open |= {*noted.frame.get_column("member").to_list()}
        for one in run.published:
            kind, replies = kind_of(one.id), heard.about(run.run_id, one.id)
            has_met = not replies.has_met or any(replies.has_met.values()) or kind == GATHERING
            name = f"{kind} {one.id}"
            told |= {(member, name if has_met else f"{name} of {member}") for member in one.members}
    passed_over = was_open - {member for member, _ in told}
    rows = [(at, *one) for one in (*told, *((member, "") for member in passed_over))]
    return PastMeetings.sorted(pl.DataFrame(rows, schema=PastMeetings.schema(), orient="row"))


def _without(noted: pl.DataFrame, untold: Collection[Members]) -> pl.DataFrame:
    """The rows of a round but for the meetings of exactly these members."""
    if not untold:
        return noted
    together = noted.filter(pl.col("meeting") != "").group_by("meeting").agg(pl.col("member").sort())
    reached_nobody = [name for name, members in together.iter_rows() if tuple(members) in untold]
    return noted.filter(~pl.col("meeting").is_in(reached_nobody))


def fingerprint_with_rounds(community: str, meetings: PastMeetings, decided: Decided) -> str:
    """Name what a plan follows from: the community's fingerprint, with rounds and decisions where there are any."""
    lines, told = BytesIO(), decided.told()
    if len(meetings):
        meetings.frame.write_ndjson(lines)
    if told:
        lines.write(json.dumps(told).encode())
    return hashlib.sha256(community.encode() + lines.getbuffer()).hexdigest() if lines.tell() else community


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


def _run_id(path: Path) -> str:
    """The run to which a file of a round belongs."""
    return path.parent.parent.name


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
