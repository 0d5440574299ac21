"""How fast the desk's pages are for a plan of 2,000 groups, with 20 organizers at once, beside an empty plan.

    python -m benchmarks.desk_pages WORKSPACE --groups 2000 --organizers 20 --seconds 20

WORKSPACE holds a run, as `matcher demo` leaves one. Its people, groups, scores and quotes are copied under new names
until there are so many groups (the people are copies; the pages are real). A real server in a process of its own is
asked by organizers, who are signed in, over and over, without a pause: half their requests are the first page, half the
card of a random group. The same is asked of an empty plan: its first page, and the same page is the measure for the
card too. Prints one JSON line: milliseconds, and the ratios to the empty plan's page.
"""

import argparse
import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import httpx
import numpy as np
import polars as pl

from matcher.arrangement.desk import DeskQuestion
from matcher.arrangement.pools import pool_of_pairs
from matcher.storage.dossiers import DOSSIER_FILE, dossier_bytes, read_dossier
from matcher.storage.questions import QUESTION_FILE, question_bytes, read_question
from matcher.storage.runs import RunStore
from matcher.tables.dossier import Dossier
from matcher.units import MemberId

PASSWORD = "a password of the benchmark"  # noqa: S105 -- of an account that lives for a minute
MEMBER_COLUMNS = ("member", "member_a", "member_b", "author", "via")


def main() -> int:
    """Measure both plans and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--groups", type=int, default=2_000)
    parser.add_argument("--organizers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    run = RunStore(folder=asked.workspace / "runs").current()
    with tempfile.TemporaryDirectory() as folder:
        large, empty = Path(folder) / "large", Path(folder) / "empty"
        n_groups = enlarge(run, large / "runs" / run.name, n_groups=asked.groups)
        enlarge(run, empty / "runs" / run.name, n_groups=0)
        full = measure(large, run.name, asked)
        none = measure(empty, run.name, asked)
    measured = {"groups": n_groups, "organizers": asked.organizers, "full": full, "empty": none}
    base = none["first_page"]
    ratios = {page: {name: round(full[page][name] / base[name], 2) for name in base} for page in full}
    print(json.dumps({**measured, "ratios": ratios}))
    return 0


def enlarge(run: Path, into: Path, *, n_groups: int) -> int:
    """Write a run of copies of another's people, or of none of its suggestions; returns how many groups it has."""
    dossier, question = read_dossier(run), read_question(run)
    n_copies = -(-n_groups // max(len(dossier.groups), 1))
    (into / "tables").mkdir(parents=True)
    (into.parent / "current").write_text(f"{into.name}\n")
    shutil.copy(run / "plan.json", into / "plan.json")
    for path in (run / "tables").glob("*.parquet"):
        copied = copies_of(pl.read_parquet(path), n_copies) if n_copies else pl.read_parquet(path).clear()
        copied.write_parquet(into / "tables" / path.name)
    larger = copied_dossier(dossier, n_copies, n_groups=n_groups)
    (into / DOSSIER_FILE).write_bytes(dossier_bytes(larger))
    (into / QUESTION_FILE).write_bytes(question_bytes(copied_question(question, max(n_copies, 1))))
    return len(larger.groups)


def copies_of(frame: pl.DataFrame, n_copies: int) -> pl.DataFrame:
    """Rows of members, once for each copy of them."""
    ids = [name for name in MEMBER_COLUMNS if name in frame.columns]
    plain = frame.with_columns(pl.col(name).cast(pl.String) for name in ids)
    return pl.concat(plain.with_columns(_named(copy, name) for name in ids) for copy in range(n_copies))


def copied_dossier(dossier: Dossier, n_copies: int, *, n_groups: int) -> Dossier:
    """Everything that may be shown, once for each copy; with no copies, nothing is suggested."""
    if not n_copies:
        return replace(dossier, groups=(), introductions=(), gatherings=(), left_out=())
    copies = [_copy(dossier, number) for number in range(n_copies)]
    return replace(
        dossier,
        people={member: person for one in copies for member, person in one.people.items()},
        unknowns={member: codes for one in copies for member, codes in one.unknowns.items()},
        groups=tuple(group for one in copies for group in one.groups)[:n_groups],
        introductions=tuple(pair for one in copies for pair in one.introductions),
        gatherings=tuple(gathering for one in copies for gathering in one.gatherings),
        left_out=tuple(left for one in copies for left in one.left_out),
    )


def copied_question(question: DeskQuestion, n_copies: int) -> DeskQuestion:
    """The same question of so many copies of everyone; no copy knows another."""
    pool, n_members = question.pool, len(question.members)
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
    groups = [tuple(_id(copy, member) for member in group) for copy in range(n_copies) for group in question.groups]
    members = tuple(_id(copy, member) for copy in range(n_copies) for member in question.members)
    return replace(question, pool=larger, members=members, groups=tuple(groups), upper_bound=None)


def measure(workspace: Path, run_id: str, asked: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Milliseconds of each kind of page while so many organizers ask."""
    for number in range(asked.organizers):
        _matcher(workspace, "accounts", "add", f"organizer{number}", "--role", "organizer", "--password-stdin")
    port = _free_port()
    server = subprocess.Popen(
        [*_COMMAND, "review", "--workspace", str(workspace), "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        groups = [group.id for group in read_dossier(workspace / "runs" / run_id).groups]
        return asyncio.run(_ask(f"http://127.0.0.1:{port}", run_id, groups, asked))
    finally:
        server.terminate()
        server.wait()


async def _ask(
    address: str, run_id: str, groups: Sequence[str], asked: argparse.Namespace
) -> dict[str, dict[str, float]]:
    seconds: dict[str, list[float]] = {"first_page": [], "card": []} if groups else {"first_page": []}
    async with asyncio.TaskGroup() as organizers:
        for number in range(asked.organizers):
            organizers.create_task(_organizer(number, address, run_id, groups, asked, seconds))
    return {
        page: {
            "median_ms": round(1_000 * float(np.quantile(taken, 0.5)), 1),
            "p95_ms": round(1_000 * float(np.quantile(taken, 0.95)), 1),
            "n": len(taken),
        }
        for page, taken in seconds.items()
    }


async def _organizer(
    number: int, address: str, run_id: str, groups: Sequence[str], asked: argparse.Namespace,
    seconds: dict[str, list[float]],
) -> None:  # fmt: skip
    rng = np.random.default_rng([asked.seed, number])
    async with httpx.AsyncClient(base_url=address, timeout=60) as browser:
        await _sign_in(browser, f"organizer{number}")
        ends = perf_counter() + asked.seconds
        while perf_counter() < ends:
            is_card = bool(groups) and rng.random() < 0.5
            path = f"/runs/{run_id}" + (f"/suggestions/{groups[int(rng.integers(len(groups)))]}" if is_card else "")
            began = perf_counter()
            answer = await browser.get(path)
            seconds["card" if is_card else "first_page"].append(perf_counter() - began)
            if answer.status_code != httpx.codes.OK:
                raise RuntimeError(f"{path} answered {answer.status_code}")


async def _sign_in(browser: httpx.AsyncClient, name: str) -> None:
    for _ in range(100):
        try:
            page = await browser.get("/sign-in")
            break
        except httpx.ConnectError:
            await asyncio.sleep(0.3)
    secret = page.text.split('name="secret" value="', 1)[1].split('"', 1)[0]
    answer = await browser.post("/sign-in", data={"name": name, "password": PASSWORD, "secret": secret})
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise RuntimeError(f"{name} was not let in: {answer.status_code}")


_COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]


def _matcher(workspace: Path, *arguments: str) -> None:
    subprocess.run([*_COMMAND, *arguments, "--workspace", str(workspace)], input=PASSWORD, text=True, check=True,
                   stdout=subprocess.DEVNULL, env={**os.environ})  # fmt: skip


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


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


if __name__ == "__main__":
    sys.exit(main())
