"""What tests of decisions ask of a desk: how it stands, and forms that a page of it would send."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

import httpx2

from matcher.review.desk import Desk
from matcher.review.standing import Standing, standing
from matcher.storage.dossiers import DOSSIER_FILE, dossier_bytes, read_dossier
from matcher.storage.runs import RunStore
from matcher.storage.workspace import Workspace
from matcher.tables.answered import Answer
from matcher.tables.proposals import Account
from matcher.tables.proposed import ProposedGathering
from matcher.units import Km
from tests.review.conftest import Browser

_links = count()


def now_at(desk: Desk) -> Standing:
    """How the live run stands."""
    return standing(desk, desk.nights.live_id())


def run_of(desk: Desk) -> str:
    """Address of the live run."""
    return f"/runs/{desk.nights.live_id()}"


def some(desk: Desk, kind: str, at: int = 0) -> str:
    """A suggestion of the night: 'g-', 'i-' or 't-'."""
    return [one for one in desk.nights.night(desk.nights.live_id()).suggestions if one.startswith(kind)][at]


def add_gathering(workspace: Workspace, *, n_members: int = 9) -> str:
    """Have the night propose a gathering as well, before anybody looks at it.

    Members gain 2 less 0.1 for each of them: 1.9, 1.8 and so on.
    """
    folder = RunStore(folder=workspace.runs_folder).current()
    dossier = read_dossier(folder)
    members = tuple(sorted(dossier.people)[10 : 10 + n_members])
    gathering = ProposedGathering(
        id="t-000000000001",
        members=members,
        hub=dossier.groups[0].town,
        travel_km=tuple(Km(100.0) for _ in members),
        companies=tuple(2.0 for _ in members),
        efforts=tuple(0.1 * at for at in range(1, n_members + 1)),
        choices=(),
        account=Account(reasons=(), shared_topics=(), evidence=(), starter=""),
    )
    (folder / DOSSIER_FILE).write_bytes(dossier_bytes(replace(dossier, gatherings=(gathering,))))
    return gathering.id


def decide(
    browser: Browser, desk: Desk, kind: str, *suggestions: str, versions: Sequence[int] | None = None, **fields: str
) -> httpx2.Response:
    """Send a decision about suggestions as they are now, or as they were at these versions."""
    draft = now_at(desk).draft
    seen = versions or [draft.version_of(one) for one in suggestions]
    paired: dict[str, str | list[str]] = {"suggestion": [*suggestions], "version": [str(one) for one in seen]}
    return browser.send(f"{run_of(desk)}/decide", kind=kind, **paired, **fields)


def answer(desk: Desk, member: str, kind: str, *, other: str | None = None, until: datetime | None = None) -> None:
    """Have a member answer by a link of an earlier night."""
    link = f"link-{next(_links)}"
    desk.answers.record(
        Answer(
            link=link, run_id="an-earlier-night", suggestion="g-earlier", member=member, kind=kind,
            other=other, at=desk.clock(), until=until,
        )
    )  # fmt: skip
