"""The search for groups as the desk has it: one at a time, bounded in time, and its outcomes remembered for a while."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from threading import Lock

from matcher.errors import RunError
from matcher.review.anew import Anew, form_anew
from matcher.review.desk import Desk
from matcher.review.standing import Standing

LONGEST = timedelta(seconds=8)
"""So long an organizer waits; then the best so far is shown."""

MOST_REMEMBERED = 8
"""So many outcomes are remembered until somebody takes one; another is sought again, and compared."""


class Search:
    """Seeks groups for whoever asks, so that no search stops the desk for all.

    Attributes:
        turn: Is held by the one who seeks.
    """

    def __init__(self) -> None:
        self.turn = Lock()
        self._outcomes: OrderedDict[str, Anew] = OrderedDict()

    def seek(self, desk: Desk, now: Standing, left_out: Collection[str]) -> Anew:
        """Seek groups around those that are held.

        Raises:
            RunError: Somebody else's groups are being sought just now.
            InputError: Somebody who is to rest sits in a held group.
        """
        if not self.turn.acquire(blocking=False):
            raise RunError("groups are being formed for another organizer just now; nothing was done; try again soon")
        try:
            until = desk.clock() + LONGEST
            means = replace(desk.means(), stop=lambda: desk.clock() > until)
            anew = form_anew(now, means, left_out)
            self._outcomes[anew.fingerprint] = anew
            while len(self._outcomes) > MOST_REMEMBERED:
                self._outcomes.popitem(last=False)
            return anew
        finally:
            self.turn.release()

    def remembered(self, run_id: str, fingerprint: str) -> Anew | None:
        """The outcome for a run that has this fingerprint; None: it was too long ago, or another process's."""
        found = self._outcomes.get(fingerprint)
        return found if found and found.run_id == run_id else None


SEARCH = Search()
"""The one of this process."""
