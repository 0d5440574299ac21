"""Sends in the background while the desk answers: one thread, begun when there is something to send."""

import threading
from collections.abc import Callable


class Courier:
    """Runs one piece of work at a time on a thread of its own; a request during it makes it run once more.

    When the program ends, what is being sent is finished; the rest stays in the outbox for the next one.
    """

    def __init__(self, work: Callable[[Callable[[], bool]], object]) -> None:
        """Run `work`, which is told how to ask whether it should leave off."""
        self._work = work
        self._guard = threading.Lock()
        self._is_wanted = False
        self._thread: threading.Thread | None = None

    def go(self) -> None:
        """Have it run, now or after what it is doing."""
        with self._guard:
            self._is_wanted = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="courier", daemon=False)
                self._thread.start()

    def wait(self) -> None:
        """Until it has nothing to do."""
        while (thread := self._thread) is not None:
            thread.join()

    def _run(self) -> None:
        while True:
            with self._guard:
                if not self._is_wanted:
                    self._thread = None
                    return
                self._is_wanted = False
            try:
                self._work(_program_ends)
            except BaseException:
                with self._guard:
                    self._thread = None
                raise


def _program_ends() -> bool:
    # The interpreter waits for this thread once the main one is through.
    return not threading.main_thread().is_alive()
