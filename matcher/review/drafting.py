"""The draft of a run, folded when something was decided rather than for every page."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from matcher.review.desk import Desk
from matcher.review.nights import Night
from matcher.tables.decisions import Event
from matcher.tables.drafts import Draft, draft_of


def drafted(desk: Desk, night: Night) -> Draft:
    """A run's suggestions as they stand now.

    Raises:
        InputError: The run was replaced by another plan after the review began.
    """
    events = desk.decisions.events(night.folder.name)
    seen, draft = _folded.get(night, (None, None))
    # The store answers with the very same events until there are more.
    if draft is None or seen is not events:
        draft = draft_of(night.suggestions, events, kept=night.kept)
        _folded[night] = events, draft
    return draft


_folded: WeakKeyDictionary[Night, tuple[Sequence[Event], Draft]] = WeakKeyDictionary()
