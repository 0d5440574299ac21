"""The job's own clock and voice: the only place that reads the time and speaks to the terminal."""

import logging
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console
from rich.logging import RichHandler

log = logging.getLogger("matcher")
terminal = Console(stderr=True)


def now() -> datetime:
    """The clock, to the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 -- the one clock of the house


def start_logging(*, is_quiet: bool) -> None:
    """Speak in colour on a terminal and in plain lines elsewhere; always on standard error."""
    handler: logging.Handler
    if sys.stderr.isatty():
        handler = RichHandler(console=terminal, show_path=False, show_level=False, markup=False)
    else:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S"))
    log.handlers = [handler]
    log.propagate = False
    log.setLevel(logging.WARNING if is_quiet else logging.INFO)


def say_embedded(n_done: int, n_texts: int) -> None:
    """Say how far the longest stage of a first night has come."""
    log.info("embedded %d of %d new texts", n_done, n_texts)


def peak_megabytes() -> float:
    """Most memory this process has used at once, to a tenth."""
    units_in_mb = 1024**2 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / units_in_mb, 1)


class Stopwatch:
    """Counts seconds since it was made, and since it was last read."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()

    def lap(self) -> float:
        """Seconds since the last lap."""
        before, self._last = self._last, time.perf_counter()
        return self._last - before

    def total(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._started


@contextmanager
def busy(doing: str) -> Iterator[None]:
    """Show that something is going on: a spinner on a terminal, one line elsewhere."""
    if terminal.is_terminal:
        with terminal.status(doing):
            yield
    else:
        log.info(doing)
        yield
