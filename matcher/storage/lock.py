"""One run at a time in a workspace."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from matcher.errors import LockedError
from matcher.storage.files import write_text


@contextmanager
def hold_lock(folder: Path, *, job: str, now: datetime) -> Iterator[None]:
    """Hold the workspace while a job writes to it.

    The operating system releases the lock when the process ends, however it ends: a killed run
    never locks the next one out.

    Raises:
        LockedError: Another process holds it; the message says which.
    """
    folder.mkdir(parents=True, exist_ok=True)
    holder = folder / "lock-holder.json"
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        with lock:
            facts = {"job": job, "pid": os.getpid(), "host": socket.gethostname(), "since": now.isoformat()}
            write_text(holder, json.dumps(facts) + "\n")
            try:
                yield
            finally:
                holder.unlink(missing_ok=True)
    except Timeout as busy:
        raise LockedError(
            f"{folder} is in use; {_who(holder)} holds it; wait until it is done, or stop that process"
        ) from busy


def _who(holder: Path) -> str:
    try:
        facts = json.loads(holder.read_text(encoding="utf-8"))
        return f"'{facts['job']}', process {facts['pid']} on {facts['host']} since {facts['since']},"
    except (OSError, ValueError, TypeError, KeyError):
        return "another process"
