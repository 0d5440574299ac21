"""What an account of several members draws on: the night's own tables, or what a run kept of them for the desk."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Row = Mapping[str, Any]
"""One row of a table, by column."""


class Knowledge(Protocol):
    """What may be said of members: names, ties and public words."""

    def names(self, members: Iterable[str], /) -> list[str]:
        """Names as members see them, in the order asked."""
        ...

    def ties_among(self, members: Iterable[str], /) -> list[Row]:
        """Rows of `Ties` of all pairs that have any, the warmest first."""
        ...

    def shared_topics(self, members: Iterable[str], /, *, at_least: int) -> list[tuple[str, int]]:
        """Topics that so many of these members talk about, with their number, most telling first."""
        ...

    def telling_message(self, member: str, topics: Iterable[str], /) -> str | None:
        """A member's most telling public message on one of the topics; None where there is none fit to show."""
        ...

    def in_order_of_time(self, messages: Iterable[str], /) -> tuple[str, ...]:
        """The same messages, each once, the earliest first."""
        ...
