"""The score of one pair of the live run, opened up."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from matcher.errors import InputError
from matcher.storage.runs import RunStore
from matcher.storage.workspace import Workspace
from matcher.tables.pairs import PARTS, Affinities


@dataclass(frozen=True, kw_only=True)
class PairScore:
    """One pair's affinity as a sum that anybody can check.

    Attributes:
        a: The member asked for first; `a_to_b` is theirs.
        b: The other.
        use: Whose weights: 'reunite' or 'introduce'.
        parts: (part, log-odds of a_to_b, log-odds of b_to_a), in the order of the waterfall.
        evidence: Public messages that show the tie.
        waited_rounds: How many rounds each had been passed over before this run.
        met_at: The last round before it in which they were proposed to each other, as a date; None: in none remembered.
    """

    a: str
    b: str
    use: str
    a_to_b: float
    b_to_a: float
    mutual: float
    found_by: str
    parts: tuple[tuple[str, float, float], ...]
    evidence: tuple[str, ...]
    waited_rounds: tuple[int, int]
    met_at: str | None


def explain_pair(workspace: Workspace, asked_a: str, asked_b: str) -> PairScore:
    """Look the pair up in the live run.

    Args:
        workspace: Where the run is.
        asked_a: A member's id, or their name where only one has it.
        asked_b: The same of the other.

    Raises:
        InputError: There is no run, or an older version made it; no such member; or the pair was no candidate.
    """
    members = workspace.load_community().members.frame
    member_a, member_b = _member(members, asked_a), _member(members, asked_b)
    tables = RunStore(folder=workspace.runs_folder).current() / "tables"
    is_turned = member_a > member_b
    pair = {"member_a": min(member_a, member_b), "member_b": max(member_a, member_b)}
    row = _row(tables, "affinities", pair)
    if row is None:
        raise InputError(
            f"{member_a} and {member_b} were no candidates; no rule found them worth scoring, or a rule keeps them "
            "apart; ask for a pair that has talked, shares topics or lives near each other"
        )
    if not Affinities.columns.keys() <= row.keys() or not (tables / "past_pairs.parquet").exists():
        raise InputError("the live run is of an older version; make a new one with: matcher run")
    here, back = ("b_to_a", "a_to_b") if is_turned else ("a_to_b", "b_to_a")
    tie = _row(tables, "ties", pair) or {"evidence": []}
    return PairScore(
        a=member_a,
        b=member_b,
        use=row["use"],
        a_to_b=row[here],
        b_to_a=row[back],
        mutual=row["mutual"],
        found_by=(_row(tables, "candidates", pair) or {"found_by": ""})["found_by"],
        parts=tuple((part, row[f"{part}_{here}"], row[f"{part}_{back}"]) for part in PARTS),
        evidence=tuple(tie["evidence"]),
        waited_rounds=(_waited(tables, member_a), _waited(tables, member_b)),
        met_at=_met_at(tables, pair),
    )


def _member(members: pl.DataFrame, asked: str) -> str:
    found = members.filter(pl.col("member") == asked)
    if found.is_empty():
        found = members.filter(pl.col("name").str.to_lowercase() == asked.lower())
    if found.height != 1:
        raise InputError(
            f"{asked!r} is not one member; found {found.height} of that id or name; give an id from groups.csv"
        )
    return str(found.item(0, "member"))


def _waited(tables: Path, member: str) -> int:
    waits = pl.scan_parquet(tables / "waits.parquet").filter(pl.col("member").cast(pl.String) == member)
    return int(waits.select(pl.col("n_rounds").sum()).collect().item())


def _met_at(tables: Path, pair: dict[str, str]) -> str | None:
    met = _row(tables, "past_pairs", pair)
    return None if met is None else f"{met['last_at']:%Y-%m-%d}"


def _row(tables: Path, name: str, pair: dict[str, str]) -> dict[str, Any] | None:
    frame = pl.scan_parquet(tables / f"{name}.parquet").with_columns(pl.col("member_a", "member_b").cast(pl.String))
    found = frame.filter(**pair).collect()
    return None if found.is_empty() else found.row(0, named=True)
