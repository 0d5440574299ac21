"""Sign in, decide, publish, answer, and the next night: through the real app, on every database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import polars as pl
import pytest

from matcher.review.desk import Desk
from matcher.review.options import DeskOptions
from matcher.settings import Settings, read_options
from matcher.storage.contacts import ContactStore
from matcher.storage.decisions.database import Database
from matcher.storage.workspace import Workspace
from matcher.tables.contacts import Contacts
from pipelines.nightly import NightOrder, run_night
from pipelines.review import desk_of
from tests.pipelines.offices import GRAZ, ids_of, pairs_of, suggestions_of
from tests.pipelines.scattered import FRIENDS, SMALL, Night, settle, talks
from tests.review.conftest import Browser, Clock, cheap_accounts
from tests.review.looking import said
from tests.review.small_nights import browser_at
from tests.worlds import AS_OF

MAIL = '[publish]\nsender = "desk@example.org"\nanswer_address = "http://127.0.0.1:8765"\n'


@dataclass(frozen=True, kw_only=True)
class Place:
    """A workspace whose desk remembers in the database at an address."""

    workspace: Workspace
    address: str
    desk: Desk

    def run(self, *, days: float) -> Night:
        """A night so many days after `AS_OF`."""
        order, options = NightOrder(as_of=AS_OF + timedelta(days=days)), DeskOptions(database=self.address)
        settings = read_options(Settings(), SMALL)
        return Night(done=run_night(self.workspace, settings, order, now=AS_OF, desk=options))


@pytest.fixture
def place(tmp_path: Path, address: str) -> Iterator[Place]:
    """Six friends who live far apart and eight of Graz, all with addresses, and an organizer."""
    talk = [*talks(one.id for one in FRIENDS), *talks((one.id for one in GRAZ), turns=7, topic="jazz")]
    workspace = settle(tmp_path / "w", talk, (*FRIENDS, *GRAZ))
    workspace.settings_file.write_text(MAIL)
    rows = [(one.id, f"{one.id}@example.org") for one in (*FRIENDS, *GRAZ)]
    contacts = Contacts.sorted(pl.DataFrame(rows, schema=Contacts.schema(), orient="row"))
    ContactStore(folder=workspace.contacts_folder).save(contacts, quarantine=pl.DataFrame())
    database = Database(address)
    accounts = cheap_accounts(database)
    accounts.add("otto", "correct horse battery", "organizer", now=AS_OF)
    clock = Clock(now=AS_OF + timedelta(days=2))
    yield Place(workspace=workspace, address=address, desk=desk_of(workspace, database, clock=clock, accounts=accounts))
    database.close()


def test_what_is_decided_and_answered_reaches_the_next_night(place: Place) -> None:
    """Locked stays, rejected does not come back, told is not asked again, who declines is never asked with them."""
    first = place.run(days=0)
    locked, told = ids_of(first, "groups")
    rejected, mailed = ids_of(first, "introductions")[:2]
    browser, address = browser_at(place.desk), f"/runs/{first.folder.name}"

    stale = [decide(browser, address, kind, locked, version) for kind, version in (("lock", 0), ("note", 0))]
    decide(browser, address, "reject", rejected, 0, why="wrong_people")
    for one in (told, mailed):
        decide(browser, address, "approve", one, 0)
    sent = browser.send(f"{address}/publish", to=["csv", "eml"], seen=f"{told}=1 {mailed}=1")
    assert place.desk.publisher
    place.desk.publisher.courier.wait()
    member, other = sorted(suggestions_of(first)[told])[:2]
    answered = say_not_with(place, browser, first, told, member)

    second, third = place.run(days=1), place.run(days=30)

    assert (stale, sent.status_code, answered) == ([303, 409], 303, 303)
    assert {entry.state for entry in place.desk.outbox.entries()} == {"sent"}
    assert len(list(place.workspace.published_folder.rglob("*.eml"))) == len(suggestions_of(first)[told]) + 2
    assert suggestions_of(second)[locked] == suggestions_of(first)[locked]
    assert rejected not in suggestions_of(second)
    assert second.reasons[member] == "invited_lately"
    for night in (second, third):
        assert (member, other) not in pairs_of(night)
    kept = browser.get(f"/runs/{second.folder.name}/suggestions/{locked}")
    assert f'href="{address}"' in kept.text


def test_publishing_is_a_decision_and_what_it_sends_in_one(place: Place) -> None:
    """Somebody rejects one of three just before: the other two go out, whole, and that one not at all."""
    first = place.run(days=0)
    ids = [*ids_of(first, "groups"), *ids_of(first, "gatherings")]
    browser, address = browser_at(place.desk), f"/runs/{first.folder.name}"
    for one in ids:
        decide(browser, address, "approve", one, 0)
    decide(browser, address, "note", ids[1], 1)

    sent = browser.send(f"{address}/publish", to=["csv", "eml"], seen=" ".join(f"{one}=1" for one in ids))
    assert place.desk.publisher
    place.desk.publisher.courier.wait()

    events = place.desk.decisions.events(first.folder.name)
    published = {one for event in events if event.kind == "publish" for one in event.touched}
    parcels = {entry.suggestion for entry in place.desk.outbox.entries()}
    assert sent.status_code == 409
    assert "wrote a note" in said(sent)
    assert published == parcels == {ids[0], ids[2]}


def decide(browser: Browser, address: str, kind: str, one: str, version: int, **fields: str) -> int:
    """Send a decision about what was seen at a version; gives the answer's status."""
    return browser.send(f"{address}/decide", kind=kind, suggestion=one, version=str(version), **fields).status_code


def say_not_with(place: Place, browser: Browser, night: Night, one: str, member: str) -> int:
    """Answer by the link in the member's mail that they want never to meet the first of the others."""
    folder = place.workspace.published_folder / night.folder.name
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob(f"{one}-*.eml")]
    plain = next(mail.get_body(("plain",)) for mail in mails if mail["To"] == f"{member}@example.org")
    assert plain
    link = re.search(r"http://127\.0\.0\.1:8765(/answer/\S+)", plain.get_content())
    assert link
    return browser.client.post(link[1], data={"answer": "not_with", "other": "0", "given": "0"}).status_code
