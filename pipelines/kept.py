"""What a night leaves in the job's hands: each table as it is made, and the seconds it took."""

from typing import Any, TypeVar

from matcher.errors import RunError
from matcher.tables.proposals import Seats
from pipelines.events import Stopwatch, log

T = TypeVar("T")


class KeptTables:
    """Passed to the night as `kept`: remembers tables by type, and stops the night at its time limit.

    Attributes:
        seconds: Seconds by the name of the table that was made in them.
    """

    def __init__(self, *, time_limit_seconds: float | None = None) -> None:
        self._tables: dict[type[Any], Any] = {}
        self._watch = Stopwatch()
        self._limit = time_limit_seconds
        self.seconds: dict[str, float] = {}
        self._has_plan = False

    def is_over(self) -> bool:
        """Whether the time limit has passed: the search for groups then leaves off."""
        return self._limit is not None and self._watch.total() > self._limit

    def __call__(self, table: T, /) -> T:
        """Keep one table.

        Raises:
            RunError: The time limit has passed.
        """
        name = type(table).__name__
        self._tables[type(table)] = table
        self._has_plan |= isinstance(table, Seats)
        self.seconds[name] = round(self._watch.lap(), 3)
        log.info("%s: %.1f s", name, self.seconds[name])
        self.check_limit()
        return table

    def check_limit(self) -> None:
        """Stop the night if its time is over before there are groups; asked after each table, and while embedding.

        Once there are groups, little is left to do, and the plan is worth having.

        Raises:
            RunError: The time limit has passed.
        """
        if self._limit is not None and self.is_over() and not self._has_plan:
            raise RunError(
                f"the night took longer than its limit; found {self._watch.total():.0f} s; "
                f"needs at most {self._limit:.0f} s: raise --time-limit; yesterday's plan stays live"
            )

    def get(self, kind: type[T]) -> T:
        """The table of this type."""
        table: T = self._tables[kind]
        return table
