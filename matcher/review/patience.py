"""HTTP as uvicorn speaks it, but for callers who never say what they want.

Uvicorn waits for the head of a request as long as it takes: whoever opens as many connections as the desk serves at
once, and says half a line on each, would shut everybody else out for good.
"""

import asyncio
from typing import cast

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

PATIENCE_S = 20.0
"""A connection is looked at so often, and cut where nothing was asked on it between two looks."""


class PatientProtocol(H11Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to look."""
        super().connection_made(transport)
        self._look_later(None)

    def _look_later(self, seen: object) -> None:
        self.loop.call_later(PATIENCE_S, self._look, seen)

    def _look(self, seen: object) -> None:
        """Cut the connection if the latest request on it was answered when it was `seen` last; None: there was none."""
        if self not in self.connections:
            return
        latest = cast("RequestResponseCycle | None", self.cycle)  # None, whatever uvicorn says, until there is one
        is_idle = latest is None or latest.response_complete
        if is_idle and latest is seen:
            self.transport.abort()  # what was not read of an answer by now never is
        else:
            self._look_later(latest if is_idle else self)
