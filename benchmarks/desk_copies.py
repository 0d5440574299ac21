"""A night of many copies of another's people: as large as one likes, and as real as the one that is copied."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from matcher.arrangement.desk import DeskQuestion
from matcher.arrangement.pools import pool_of_pairs
from matcher.storage.dossiers import DOSSIER_FILE, dossier_bytes, read_dossier
from matcher.storage.questions import QUESTION_FILE, question_bytes, read_question
from matcher.tables.dossier import Dossier
from matcher.units import MemberId

MEMBER_COLUMNS = ("member", "member_a", "member_b", "author", "via")


def enlarge(run: Path, into: Path, *, n_groups: int, first: int = 0) -> int:
    """Write a run of copies of another's people, or of none of its suggestions; returns how many groups it has.

    Args:
        run: The folder of the other.
        into: Where to; it becomes the live one there.
        n_groups: How many there shall be.
        first: Number of the first copy: people of different numbers are different people.
    """
    dossier, question = read_dossier(run), read_question(run)
    copies = range(first, first - (-n_groups // max(len(dossier.groups), 1)))
    (into / "tables").mkdir(parents=True)
    (into.parent / "current").write_text(f"{into.name}\n")
    shutil.copy(run / "plan.json", into / "plan.json")
    for path in (run / "tables").glob("*.parquet"):
        copied = copies_of(pl.read_parquet(path), copies) if copies else pl.read_parquet(path).clear()
        copied.write_parquet(into / "tables" / path.name)
    larger = replace(copied_dossier(dossier, copies, n_groups=n_groups), run_id=into.name)
    (into / DOSSIER_FILE).write_bytes(dossier_bytes(larger))
    (into / QUESTION_FILE).write_bytes(question_bytes(copied_question(question, copies or range(1))))
    return len(larger.groups)


def copies_of(frame: pl.DataFrame, copies: range) -> pl.DataFrame:
    """Rows of members, once for each copy of them."""
    ids = [name for name in MEMBER_COLUMNS if name in frame.columns]
    plain = frame.with_columns(pl.col(name).cast(pl.String) for name in ids)
    return pl.concat(plain.with_columns(_named(copy, name) for name in ids) for copy in copies)


def copied_dossier(dossier: Dossier, copies: range, *, n_groups: int) -> Dossier:
    """Everything that may be shown, once for each copy; with no copies, nothing is suggested."""
    if not copies:
        return replace(dossier, groups=(), introductions=(), gatherings=(), left_out=())
    several = [_copy(dossier, number) for number in copies]
    return replace(
        dossier,
        people={member: person for one in several for member, person in one.people.items()},
        unknowns={member: codes for one in several for member, codes in one.unknowns.items()},
        groups=tuple(group for one in several for group in one.groups)[:n_groups],
        introductions=tuple(pair for one in several for pair in one.introductions),
        gatherings=tuple(gathering for one in several for gathering in one.gatherings),
        left_out=tuple(left for one in several for left in one.left_out),
    )


def copied_question(question: DeskQuestion, copies: range) -> DeskQuestion:
    """The same question of so many copies of everyone; no copy knows another."""
    pool, n_members, n_copies = question.pool, len(question.members), len(copies)
    owners = np.repeat(np.arange(n_members), np.diff(pool.starts))
    once = owners < pool.partners
    pairs = np.column_stack([owners[once], pool.partners[once]])
    shifts = n_members * np.repeat(np.arange(n_copies), len(pairs))[:, None]
    larger = pool_of_pairs(
        n_members * n_copies,
        np.tile(pairs, (n_copies, 1)) + shifts,
        np.tile(pool.weights[once], n_copies),
        sizes=pool.sizes,
        is_sum=pool.is_sum,
        mutuals=np.tile(pool.mutuals[once], n_copies),
    )
    widths = np.tile(np.diff(pool.town_starts), n_copies)
    larger = larger._replace(
        bonus=np.tile(pool.bonus, n_copies),
        reach=np.tile(pool.reach, (n_copies, 1)),
        slots=np.tile(pool.slots, (n_copies, 1)),
        holds=pool.holds,
        town_starts=np.concatenate([[0], np.cumsum(widths)]).astype(pool.town_starts.dtype),
        towns=np.tile(pool.towns, n_copies),
        km=np.tile(pool.km, n_copies),
        floors=pool.floors,
        km_cost=pool.km_cost,
        worst_share=pool.worst_share,
    )
    groups = [tuple(_id(copy, member) for member in group) for copy in copies for group in question.groups]
    members = tuple(_id(copy, member) for copy in copies for member in question.members)
    return replace(question, pool=larger, members=members, groups=tuple(groups), upper_bound=None)


def _copy(dossier: Dossier, number: int) -> Dossier:
    """One copy, with every id renamed."""

    def named(member: MemberId) -> MemberId:
        return _id(number, member)

    return replace(
        dossier,
        people={named(member): person for member, person in dossier.people.items()},
        unknowns={named(member): codes for member, codes in dossier.unknowns.items()},
        groups=tuple(
            replace(
                group, id=f"{group.id}{number:03d}", members=tuple(map(named, group.members)),
                repeats=tuple((named(a), named(b), at) for a, b, at in group.repeats),
            )
            for group in dossier.groups
        ),
        introductions=tuple(
            replace(
                pair, id=f"{pair.id}{number:03d}", members=(named(pair.members[0]), named(pair.members[1])),
                via=None if pair.via is None else named(pair.via),
            )
            for pair in dossier.introductions
        ),
        gatherings=tuple(
            replace(one, id=f"{one.id}{number:03d}", members=tuple(map(named, one.members)))
            for one in dossier.gatherings
        ),
        left_out=tuple(replace(one, member=named(one.member)) for one in dossier.left_out),
    )  # fmt: skip


def _id(copy: int, member: str) -> MemberId:
    return MemberId(f"c{copy:03d}-{member}")


def _named(copy: int, column: str) -> pl.Expr:
    return pl.format(f"c{copy:03d}-{{}}", pl.col(column)).alias(column)
