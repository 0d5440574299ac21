"""A PostgreSQL server for tests: begun on a socket in a folder of its own, and gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = "-c listen_addresses='' -c fsync=off -c max_connections=120"


def postgres_programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; None: PostgreSQL is not installed, or cannot run as this user."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
    is_there = folders and (folders[0] / "pg_ctl").exists()
    return folders[0] if is_there and (os.geteuid() != 0 or _servant()) else None


@contextmanager
def postgres_server(programs: Path) -> Iterator[str]:
    """Run a server that only this machine's processes of ours reach; gives its address."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has at most 107 characters
    log = folder / "log"
    if servant := _servant():
        shutil.chown(folder, servant)
    _run(
        programs / "initdb", "-D", folder / "data", "-U", "desk", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"
    )
    try:
        _run(programs / "pg_ctl", "-D", folder / "data", "-l", log, "-w", "-o", f"{_SETTINGS} -k {folder}", "start")
        yield f"postgresql://desk@/postgres?host={folder}"
    finally:
        _run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop", is_needed=False)
        shutil.rmtree(folder, ignore_errors=True)


def _servant() -> str | None:
    """Who runs it where we are root, which it refuses to be run by; None: we do."""
    if os.geteuid() != 0:
        return None
    passwd = Path("/etc/passwd").read_text(encoding="utf-8")
    return "postgres" if "\npostgres:" in passwd and shutil.which("runuser") else None


def _run(*command: object, is_needed: bool = True) -> None:
    servant = _servant()
    before = ["runuser", "-u", servant, "--"] if servant else []
    # To nowhere: the server would keep a pipe open.
    subprocess.run(
        [*before, *map(str, command)],
        check=is_needed,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
