"""A night of twelve members who all get on, written by hand: nearly every change is allowed, and all can be counted."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from matcher.arrangement.changes import DeskQuestion, weigh_group
from matcher.review.desk import Desk
from matcher.storage.decisions.database import Database
from matcher.storage.dossiers import DOSSIER_FILE, dossier_bytes
from matcher.storage.questions import QUESTION_FILE, question_bytes
from matcher.storage.workspace import Workspace
from matcher.tables.dossier import Dossier, Person
from matcher.tables.proposals import Account
from matcher.tables.proposed import ProposedGroup, ProposedIntroduction, Town
from matcher.units import Km, MemberId, Share
from pipelines.review import desk_of
from tests.review.conftest import NOW, WHO, Browser, Clock, a_client, cheap_accounts, sign_in
from tests.unit.arrangement.desks import LETTERS, Pair, friends, ids, in_towns

RUN = "2026-02-28-00000001"
GROUPS = {"g-1": "abcd", "g-2": "efg", "g-3": "hijk"}
INTRODUCTION = ("i-1", "lm")
N_MEMBERS = 14
NOTHING_TOLD = Account(reasons=(), shared_topics=(), evidence=(), starter="")
HERE = Town(name="Graz", lat=47.07, lon=15.44, time_zone="Europe/Vienna")


def small_question(shares: Mapping[Pair, float] | None = None) -> DeskQuestion:
    """All fourteen have 0.5 with one another, but for these, and reach one town; the first ones more easily."""
    question = friends(N_MEMBERS, shares or {}, sizes=(3, 5))
    return in_towns(question, {member: {0: 3.0 * at} for at, member in enumerate(LETTERS[:N_MEMBERS], start=1)})


def small_desk(folder: Path, shares: Mapping[Pair, float] | None = None) -> tuple[Desk, Database]:
    """A desk on a workspace with that night; three groups, an introduction of two who sit nowhere, and one alone."""
    workspace, question = Workspace(folder=folder), small_question(shares)
    run = workspace.runs_folder / RUN
    (run / "tables").mkdir(parents=True)
    (run / "plan.json").write_text("{}")
    (run / QUESTION_FILE).write_bytes(question_bytes(question))
    (run / DOSSIER_FILE).write_bytes(dossier_bytes(_dossier(question)))
    (workspace.runs_folder / "current").write_text(RUN)
    database = Database(workspace.folder / "desk.sqlite")
    accounts = cheap_accounts(database)
    for role, name in WHO.items():
        accounts.add(name, "correct horse battery", role, now=NOW)
    return desk_of(workspace, database, clock=Clock(), accounts=accounts), database


def browser_at(desk: Desk, role: str = "organizer") -> Browser:
    """Somebody of a role who is signed in there."""
    client = a_client(desk)
    sign_in(client, WHO[role])
    return Browser(client=client, name=WHO[role])


def _dossier(question: DeskQuestion) -> Dossier:
    return Dossier(
        run_id=RUN,
        as_of=datetime(2026, 2, 28, tzinfo=UTC),
        notice="",
        attribution="",
        lead="",
        objective="",
        stranger_chance=question.stranger_chance,
        people={MemberId(one): Person(name=one.upper(), place="", cell=None) for one in LETTERS[:N_MEMBERS]},
        unknowns={},
        groups=tuple(_group(question, one, members) for one, members in GROUPS.items()),
        introductions=(_introduction(*INTRODUCTION),),
        gatherings=(),
        left_out=(),
        towns=(),
    )


def _group(question: DeskQuestion, one: str, members: str) -> ProposedGroup:
    seats = weigh_group(question, ids(members)).seats
    names = ("fit_share", "overdue_bonus", "travel_cost", "repeat_cost")
    return ProposedGroup(
        id=one,
        members=ids(members),
        town=HERE,
        travel_km=tuple(seat.travel_km or Km(0.0) for seat in seats),
        fit_shares=tuple(seat.fit_share for seat in seats),
        terms=tuple({name: getattr(seat, name) for name in names} for seat in seats),
        waited=tuple(0 for _ in seats),
        repeats=(),
        account=NOTHING_TOLD,
    )


def _introduction(one: str, members: str) -> ProposedIntroduction:
    a, b = ids(members)
    half = Share(0.5)
    return ProposedIntroduction(
        id=one, members=(a, b), a_to_b=half, b_to_a=half, mutual=half, kind="introduce", via=None,
        town=None, travel_km=(), waited=(0, 0), met_at=None, account=NOTHING_TOLD,
    )  # fmt: skip
