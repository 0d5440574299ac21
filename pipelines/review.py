"""The desk's job: what the app works with, from a workspace."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from matcher.arrangement.changes import DESK_WORK
from matcher.arrangement.means import Means
from matcher.engines.highs_programs import HighsPrograms
from matcher.errors import InputError
from matcher.publish.links import LinkSigner
from matcher.review.desk import Desk
from matcher.review.listening import Listening, door_of
from matcher.review.nights import Nights
from matcher.review.serve import serve
from matcher.storage.decisions.accounts import AccountStore
from matcher.storage.decisions.database import Database
from matcher.storage.forgotten import Forgotten
from matcher.storage.runs import RunStore
from matcher.storage.secrets import keep_secret
from matcher.storage.workspace import Workspace
from pipelines.database import open_database
from pipelines.events import now
from pipelines.publish import publisher_of
from pipelines.wiring import read_settings

SEED = 1
"""What groups sought anew at the desk are made from: the same question gets the same answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewOrder:
    """What the operator asks of the desk.

    Attributes:
        listening: Where it listens; its `address` may be left to the settings.
        database: Where it remembers; empty: as the environment or the settings say.
    """

    listening: Listening
    database: str = ""


def run_review(workspace: Workspace, order: ReviewOrder, *, tell: Callable[[str], None]) -> None:
    """Open the desk until it is interrupted.

    Raises:
        InputError: There is nothing to show, nobody who may look, or it may not listen there.
    """
    options = read_settings(workspace).review
    listening = replace(order.listening, address=(order.listening.address or options.address).rstrip("/"))
    door_of(listening)
    database = open_database(workspace, options, order.database)
    try:
        desk = desk_of(workspace, database, clock=now, is_secure=listening.is_secure)
        desk.nights.night(desk.nights.live_id())
        if not any(not one.is_disabled for one in desk.accounts.accounts()):
            raise InputError(
                "nobody could sign in at the desk; found no account; make one: "
                f"matcher accounts add NAME --role admin --workspace {workspace.folder}"
            )
        serve(desk, listening, tell=lambda address: tell(f"The desk is open at {address} (Ctrl-C closes it)"))
    finally:
        database.close()


def desk_of(
    workspace: Workspace,
    database: Database,
    *,
    clock: Callable[[], datetime],
    accounts: AccountStore | None = None,
    is_secure: bool = False,
) -> Desk:
    """What the pages work with.

    Args:
        workspace: Whose runs are shown.
        database: Where decisions are.
        clock: Tells the instant, in UTC.
        accounts: Of other costs than the usual, as in tests.
        is_secure: Whether browsers come by https.
    """
    publisher = publisher_of(workspace, read_settings(workspace), database, clock=clock)
    return Desk(
        nights=Nights(RunStore(folder=workspace.runs_folder)),
        decisions=publisher.decisions,
        accounts=accounts or AccountStore(database),
        outbox=publisher.outbox,
        answers=publisher.answers,
        others=publisher.others,
        links=LinkSigner(keep_secret(workspace.folder / "desk.secret")),
        means=_means,
        clock=clock,
        is_forgotten=Forgotten(path=workspace.forgotten_file).__contains__,
        publisher=publisher,
        is_secure=is_secure,
    )


def _means() -> Means:
    return Means(programs=HighsPrograms(), rng=np.random.default_rng(SEED), work=DESK_WORK)
