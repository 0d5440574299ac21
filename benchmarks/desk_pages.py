"""How fast the desk's pages are for a plan of 2,000 groups, with 20 organizers at once, beside an empty plan.

    python -m benchmarks.desk_pages WORKSPACE --groups 2000 --organizers 20 --seconds 20

WORKSPACE holds a run, as `matcher demo` leaves one. Its people, groups, scores and quotes are copied under new names
until there are so many groups (the people are copies; the pages are real). A real server in a process of its own is
asked by organizers, who are signed in, over and over, after a pause (usually none): half their requests are the first
page, half the card of a random group. The same is asked of an empty plan: its first page, which is the measure for the
card too. Prints one JSON line: milliseconds, and the ratios to the empty plan's page; `first_ms` is the very first
look, when the run is read.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter

import httpx
import numpy as np

from benchmarks.desk_copies import enlarge
from benchmarks.desk_organizers import PASSWORD
from matcher.storage.dossiers import read_dossier
from matcher.storage.runs import RunStore


def main() -> int:
    """Measure both plans and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--groups", type=int, default=2_000)
    parser.add_argument("--organizers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between an answer and the next request")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    run = RunStore(folder=asked.workspace / "runs").current()
    with tempfile.TemporaryDirectory() as folder:
        large, empty = Path(folder) / "large", Path(folder) / "empty"
        n_groups = enlarge(run, large / "runs" / run.name, n_groups=asked.groups)
        enlarge(run, empty / "runs" / run.name, n_groups=0)
        full = measure(large, run.name, asked)
        none = measure(empty, run.name, asked)
    measured = {"groups": n_groups, "organizers": asked.organizers, "pause": asked.pause, "full": full, "empty": none}
    base = none["first_page"]
    told = ("median_ms", "p95_ms", "first_ms")
    ratios = {page: {name: round(full[page][name] / base[name], 2) for name in told} for page in full}
    print(json.dumps({**measured, "ratios": ratios}))
    return 0


def measure(workspace: Path, run_id: str, asked: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Milliseconds of each kind of page while so many organizers ask."""
    names = [f"{workspace.name} {number}" for number in range(asked.organizers)]
    for name in names:
        _matcher(workspace, "accounts", "add", name, "--role", "organizer", "--password-stdin")
    port = free_port()
    server = subprocess.Popen(
        [*_COMMAND, "review", "--workspace", str(workspace), "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        groups = [group.id for group in read_dossier(workspace / "runs" / run_id).groups]
        return asyncio.run(_ask(f"http://127.0.0.1:{port}", names, run_id, groups, asked))
    finally:
        server.terminate()
        server.wait()


async def _ask(
    address: str, names: Sequence[str], run_id: str, groups: Sequence[str], asked: argparse.Namespace
) -> dict[str, dict[str, float]]:
    """All sign in, one looks at each kind of page first, which takes longest; then everybody begins."""
    seconds: dict[str, list[float]] = {"first_page": [], "card": []} if groups else {"first_page": []}
    async with AsyncExitStack() as closing:
        browsers = [await closing.enter_async_context(httpx.AsyncClient(base_url=address, timeout=60)) for _ in names]
        for browser, name in zip(browsers, names, strict=True):
            await _sign_in(browser, name)
        first = {
            page: await _look(browsers[0], _path(run_id, groups[:1] if page == "card" else ())) for page in seconds
        }
        async with asyncio.TaskGroup() as organizers:
            for number, browser in enumerate(browsers):
                rng = np.random.default_rng([asked.seed, number])
                organizers.create_task(_organizer(browser, run_id, groups, asked, rng, seconds))
    return {
        page: {
            "median_ms": round(1_000 * float(np.quantile(taken, 0.5)), 1),
            "p95_ms": round(1_000 * float(np.quantile(taken, 0.95)), 1),
            "first_ms": round(1_000 * first[page], 1),
            "n": len(taken),
        }
        for page, taken in seconds.items()
    }


async def _organizer(
    browser: httpx.AsyncClient,
    run_id: str,
    groups: Sequence[str],
    asked: argparse.Namespace,
    rng: np.random.Generator,
    seconds: Mapping[str, list[float]],
) -> None:
    ends = perf_counter() + asked.seconds
    while perf_counter() < ends:
        await asyncio.sleep(asked.pause * 2 * rng.random())
        page = "card" if groups and rng.random() < 0.5 else "first_page"
        path = _path(run_id, [groups[int(rng.integers(len(groups)))]] if page == "card" else ())
        seconds[page].append(await _look(browser, path))


async def _look(browser: httpx.AsyncClient, path: str) -> float:
    """Seconds until a page was there."""
    began = perf_counter()
    answer = await browser.get(path)
    took = perf_counter() - began
    if answer.status_code != httpx.codes.OK:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return took


def _path(run_id: str, group: Sequence[str]) -> str:
    """Of a group's card, or without one of the first page."""
    return f"/runs/{run_id}" + "".join(f"/suggestions/{one}" for one in group)


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


def free_port() -> int:
    """Name a port of this machine where nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
