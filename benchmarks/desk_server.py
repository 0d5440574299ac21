"""The program itself, `matcher`, run in processes that are forked from one that has everything loaded.

A start takes seconds, nearly all of them imports; a hundred starts would take minutes of nothing else.
"""

import multiprocessing
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import sleep

import httpx

from pipelines import cli_publish, review
from pipelines.cli import main
from pipelines.events import now

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__, "benchmarks.desk_left", "benchmarks.desk_pages"])


@dataclass
class Program:
    """`matcher` in one workspace.

    Attributes:
        workspace: The folder.
        printed: A folder for what it prints and logs.
        port: Where the desk listens.
        later: How far its clock is ahead: what is in doubt is shown after ten minutes, and nobody here waits so long.
    """

    workspace: Path
    printed: Path
    port: int
    later: timedelta = timedelta(0)

    @property
    def address(self) -> str:
        """Of the desk."""
        return f"http://127.0.0.1:{self.port}"

    def open_desk(self) -> BaseProcess:
        """Start `matcher review`, and wait until it answers."""
        desk = self._start("review", "--port", str(self.port))
        while True:
            try:
                httpx.get(f"{self.address}/sign-in")
            except httpx.TransportError:
                if not desk.is_alive():
                    sys.exit(f"the desk did not start: {self.said('review.log')}")
                sleep(0.01)
            else:
                return desk

    def publish(self, run_id: str, *arguments: str, dies_after_s: float | None = None) -> str:
        """Run `matcher publish` to its end, or kill it; what it printed."""
        command = self._start("publish", "--run", run_id, *arguments)
        if dies_after_s is not None:
            sleep(dies_after_s)
            command.kill()
        command.join()
        if dies_after_s is None and command.exitcode:
            sys.exit(f"matcher publish left with {command.exitcode}: {self.said('publish.log')}")
        return self.said("publish.txt")

    def said(self, name: str) -> str:
        """What a command printed (`.txt`, the last time) or logged (`.log`, every time)."""
        return (self.printed / name).read_text(encoding="utf-8")

    def _start(self, *arguments: str) -> BaseProcess:
        whole = (*arguments, "--workspace", str(self.workspace))
        process = _FORKS.Process(target=_run, args=(whole, self.later, self.printed / arguments[0]))
        process.start()
        return process


def _run(arguments: Sequence[str], later: timedelta, printed: Path) -> None:
    os.dup2(os.open(printed.with_suffix(".txt"), os.O_CREAT | os.O_WRONLY | os.O_TRUNC), 1)
    os.dup2(os.open(printed.with_suffix(".log"), os.O_CREAT | os.O_WRONLY | os.O_APPEND), 2)

    def clock() -> datetime:
        return now() + later

    review.now = cli_publish.now = clock  # type: ignore[attr-defined]
    sys.argv = ["matcher", *arguments]
    main()
