"""One job at a time in a workspace."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from matcher.errors import LockedError
from matcher.storage.lock import hold_lock
from tests.worlds import AS_OF

HOLD_AND_WAIT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from matcher.storage.lock import hold_lock
with hold_lock(Path(sys.argv[1]), job="run", now=datetime(2026, 3, 1, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_says_who_holds_the_lock(tmp_path: Path) -> None:
    """Two processes, as two cron jobs would be; a killed holder locks nobody out."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_AND_WAIT, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        with pytest.raises(LockedError) as refused, hold_lock(tmp_path, job="run", now=AS_OF):
            pass

        holder.kill()
    assert f"'run', process {holder.pid} on" in str(refused.value)
    assert "since 2026-03-01T00:00:00+00:00" in str(refused.value)
    with hold_lock(tmp_path, job="import", now=AS_OF):
        assert json.loads((tmp_path / "lock-holder.json").read_text())["pid"] == os.getpid()


def test_the_lock_is_free_after_an_error(tmp_path: Path) -> None:
    """A failed night must not block the next."""
    with pytest.raises(ValueError, match="boom"), hold_lock(tmp_path, job="run", now=AS_OF):
        raise ValueError("boom")

    with hold_lock(tmp_path, job="run", now=AS_OF):
        pass
