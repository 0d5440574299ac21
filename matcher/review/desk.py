"""Everything that the pages work with, made once by the job and handed to the app."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from matcher.arrangement.means import Means
from matcher.publish.links import LinkSigner
from matcher.publish.publisher import Publisher
from matcher.review.nights import Nights
from matcher.storage.decisions.accounts import AccountStore
from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.outbox import Outbox
from matcher.storage.decisions.store import DecisionStore
from matcher.storage.reviewed import OtherNights


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What the pages work with.

    Attributes:
        nights: The runs of the workspace, as the desk may show them.
        decisions: What was decided.
        accounts: Who may decide.
        outbox: What went out.
        answers: What members answered.
        others: What the other nights say beside one.
        links: Signs members' links, and knows its own.
        means: A solver, chance and work for groups sought anew; new ones each time, with the same seed.
        clock: Tells the instant, in UTC.
        is_forgotten: Whether a member had themselves forgotten; nothing of theirs is written down again.
        publisher: Tells members what is approved; None: this desk cannot.
        is_secure: Whether browsers reach the desk by https, so that cookies may ask for it.
    """

    nights: Nights
    decisions: DecisionStore
    accounts: AccountStore
    outbox: Outbox
    answers: AnswerStore
    others: OtherNights
    links: LinkSigner
    means: Callable[[], Means]
    clock: Callable[[], datetime]
    is_forgotten: Callable[[str], bool]
    publisher: Publisher | None = None
    is_secure: bool = False
