"""Attacks on the desk, each by its name.

Others stand where what they attack is tested: forms and roles of each page in `test_security.py`; hosts, sizes and
paths in `test_requests.py`; signing in and sessions in `test_sign_in.py`; links in `test_answering.py` and
`unit/publish/test_links.py`; mail, calendars and webhooks in `unit/publish` and `unit/engines`; whatever else may be
sent in `test_any_request.py`; who never ends in `test_endless.py`.
"""

import csv
import json
import logging
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import vobject
from aiosmtpd.smtp import AuthResult
from starlette.testclient import TestClient

from matcher.publish.parcels import load_of
from matcher.publish.safe_text import FORMULA_STARTS
from matcher.review.cookies import leave_word
from matcher.review.desk import Desk
from matcher.review.visits import Visit
from matcher.storage.contacts import ContactStore
from matcher.storage.decisions.database import Database
from matcher.storage.workspace import Workspace
from matcher.tables.contacts import Contacts
from pipelines.review import desk_of
from tests.review.at_desk import answer, decide, run_of, some
from tests.review.conftest import Browser, Clock, a_client, cheap_accounts, secret_of, sign_in
from tests.review.evening import Evening, page_in
from tests.review.poisoned import ATTACK, PLAIN, Skeleton, copied, poisoned_evening
from tests.review.small_nights import RUN, browser_at, small_desk
from tests.unit.engines.test_smtp_post import Office, open_office

SignedIn = Callable[[str], Browser]
pytestmark = pytest.mark.xdist_group("attacks")  # the evenings are made once


@pytest.fixture(scope="module", name="evenings")
def _evenings(night_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Evening]]:
    """The same evening twice: once with harmless words, once with attacks."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("poisoned")
        yield {
            words: stack.enter_context(poisoned_evening(night_folder, folder / str(at), words))
            for at, words in enumerate((PLAIN, ATTACK))
        }


def test_scripts_are_words_on_every_page(evenings: Mapping[str, Evening]) -> None:
    """Whatever members, places, imports and organizers say: a page is built of the very same tags and attributes."""
    plain, attacked = (dict(evenings[words].pages()) for words in (PLAIN, ATTACK))

    assert attacked.keys() == plain.keys()
    for name, page in attacked.items():
        built, as_it_should = Skeleton(page.text), Skeleton(plain[name].text)
        assert (page.status_code, built.tags) == (plain[name].status_code, as_it_should.tags), name
        assert all(re.match(r"/(?!/)|#|https://|$", lead) for lead in built.leads), name
        assert "1338337" not in page.text, name
    shown = [name for name, page in attacked.items() if "&lt;script&gt;alert(1)" in page.text]
    assert len(shown) > 40, "the attacks are on the pages"


def test_scripts_are_words_in_mails(evenings: Mapping[str, Evening]) -> None:
    """The page in a mail is built as with other words, and its headers are ours."""
    plain, attacked = (evenings[words].mails() for words in (PLAIN, ATTACK))

    assert len(attacked) == len(plain) > 4
    for mail, other in zip(attacked, plain, strict=True):
        assert mail.keys() == other.keys()
        assert Skeleton(page_in(mail)).tags == Skeleton(page_in(other)).tags
        assert "alert(1)" in page_in(mail)
        assert [part.get_content_type() for part in mail.walk()] == [part.get_content_type() for part in other.walk()]


def test_words_break_out_of_no_calendar_and_no_message(evenings: Mapping[str, Evening]) -> None:
    """Another reader finds the same properties, another program the same fields."""
    plain, attacked = (
        [sorted(properties(file)) for file in evenings[words].published("*.ics")] for words in (PLAIN, ATTACK)
    )
    messages = [message(evenings[words]) for words in (PLAIN, ATTACK)]

    assert attacked == plain
    assert attacked
    assert messages[0].keys() == messages[1].keys()
    assert messages[0]["data"].keys() == messages[1]["data"].keys()
    assert "<script>" in messages[1]["data"]["members"][0]["name"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_spreadsheet_runs_anything(evenings: Mapping[str, Evening], separator: str) -> None:
    """Wherever it cuts lines into cells: much of Europe cuts at semicolons."""
    evening = evenings[ATTACK]
    run = run_of(evening.desk)
    asked = [evening.organizer.get(at).text for at in (f"{run}/log?format=csv", "/outcomes.csv")]

    for file in (*asked, *(path.read_text() for path in evening.published("*.csv"))):
        rows = list(csv.reader(StringIO(file, newline=""), delimiter=separator))
        assert len(rows) > 1
        assert not [cell for row in rows for cell in row if cell.lstrip(' "').startswith(FORMULA_STARTS)]


def properties(file: Path) -> list[str]:
    """What a calendar file holds, by the names of another reader."""
    event = vobject.readOne(file.read_bytes().decode()).vevent
    return [str(one.name) for one in event.getChildren()]


def message(evening: Evening) -> dict[str, Any]:
    """What was posted to another program."""
    entry = next(one for one in evening.desk.outbox.entries() if one.channel == "webhook")
    read: dict[str, Any] = json.loads(load_of(entry).text)
    return read


def test_looking_at_every_page_changes_nothing(evenings: Mapping[str, Evening]) -> None:
    """A picture, a mail scanner, a browser that reads ahead: nothing is decided, answered, sent or signed."""
    evening = evenings[ATTACK]
    before = written_down(evening)

    statuses = [page.status_code for _, page in evening.looks()]

    assert len(statuses) > 40
    assert written_down(evening) == before


def written_down(evening: Evening) -> list[str]:
    """The whole database, but for when somebody who is signed in was last there."""
    with closing(sqlite3.connect(evening.folder / "desk.sqlite")) as database:
        database.execute("UPDATE sessions SET last_seen = ''")
        return list(database.iterdump())


def test_a_secret_of_an_earlier_session_sends_no_form(desk: Desk) -> None:
    """A page of yesterday that is still open, or that somebody saved."""
    client = a_client(desk)
    sign_in(client, "otto")
    earlier = secret_of(client.get("/account"))
    sign_in(client, "otto")

    refused = client.post("/sign-out", data={"secret": earlier})

    assert refused.status_code == 403
    assert client.get("/account").status_code == 200


def test_nobody_signs_words_with_no_secret(desk: Desk, client: TestClient) -> None:
    """Where nobody is signed in there is none: what another program here puts into the cookie is not said."""
    made_up = Visit(desk=desk, path={}, query=None).go("/")  # type: ignore[arg-type]
    leave_word(made_up, "Call this number", "", is_secure=False)
    client.cookies.set("matcher-told", made_up.headers["set-cookie"].partition("=")[2].partition(";")[0])

    pages = [client.get("/answer/x"), client.post("/account"), client.post("/answer/x"), client.get("/sign-in")]

    assert not [page for page in pages if "Call this number" in page.text]


def test_what_is_told_next_splits_no_answer(signed_in: SignedIn) -> None:
    """An account's name with line ends makes no header."""
    name, word = "Nora\r\nSet-Cookie: matcher-session=planted\r\n\r\n<script>", "another horse battery"

    done = signed_in("admin").send("/accounts/add", name=name, role="viewer", password=word, again=word)

    assert done.status_code == 303
    assert len(done.headers.get_list("set-cookie")) == 1
    assert "<" not in done.headers["set-cookie"]


def test_one_night_is_no_way_into_another(tmp_path: Path) -> None:
    """Events and suggestions of one run are not there in another, though their names may be the same."""
    desk, database = small_desk(tmp_path)
    other = RUN.replace("02-28", "02-27")
    shutil.copytree(tmp_path / "runs" / RUN, tmp_path / "runs" / other)
    browser = browser_at(desk)
    decide(browser, desk, "approve", "g-1")
    before = desk.decisions.events(RUN)

    undone = browser.send(f"/runs/{other}/undo", event="1")
    stale = browser.send(f"/runs/{other}/decide", suggestion="g-1", version="1", kind="lock")
    unknown = browser.send(f"/runs/{other}/decide", suggestion="n-1", version="0", kind="approve")
    database.close()

    assert (undone.status_code, unknown.status_code) == (404, 404)
    assert stale.status_code >= 400
    assert desk.decisions.events(RUN) == before
    assert not desk.decisions.events(other)


def test_of_a_field_that_is_sent_twice_one_value_counts(evenings: Mapping[str, Evening], tmp_path: Path) -> None:
    """Whoever smuggles another answer into a form gets one answer recorded, not two, and not the worse."""
    evening = copied(evenings[PLAIN], tmp_path)
    n_before = len(evening.desk.answers.answers())
    given = re.search(r'name="given" value="(\d+)"', evening.member.get(evening.link).text)
    assert given

    body = {"answer": ["yes", "leave"], "given": [given[1], given[1]]}
    done = evening.member.post(evening.link, data=body)

    assert done.status_code == 303
    assert [one.kind for one in evening.desk.answers.answers()[n_before:]] == ["yes"]


def test_nobody_learns_who_declined_whom(evenings: Mapping[str, Evening], tmp_path: Path) -> None:
    """All pages and files of the desk are the same to the byte whichever of two it was; nobody else's link tells."""
    ana, ben, cem = evenings[PLAIN].members(evenings[PLAIN].told)[:3]
    desks = {who: copied(evenings[PLAIN], tmp_path / who) for who in (ana, ben, "nobody")}
    for at, who in enumerate((ana, ben)):
        decline(desks[who], at)

    told = {who: told_to_organizers(evening) for who, evening in desks.items()}

    assert told[ana] == told[ben]
    assert told[ana] != told["nobody"]
    for who, others in ((ana, (ben, cem)), (ben, (ana, cem))):
        for member in others:
            assert own_page(desks[who], member) == own_page(desks["nobody"], member)


def decline(evening: Evening, at: int) -> None:
    """The first or second member declines the other: by link in the group that was told, in others as if before."""
    link = evening.link_of(evening.members(evening.told)[at])
    done = evening.member.post(link, data={"answer": "not_with", "other": "0", "given": "0"})
    assert done.status_code == 303
    for group in (evening.noted, evening.next, evening.online):
        two = evening.members(group)[:2]
        answer(evening.desk, two[at], "not_with", other=two[1 - at])


def told_to_organizers(evening: Evening) -> dict[str, str]:
    """Everything that the desk shows to whom it knows, and gives them as files."""
    run = run_of(evening.desk)
    pages = {name: page.text for name, page in evening.looks() if name not in ("answer", "leave", "sign in")}
    files = {at: evening.organizer.get(at).text for at in (f"{run}/log?format=csv", "/outcomes.csv")}
    group = {"suggestion": evening.told, "version": "2"}
    refused = evening.organizer.send(f"{run}/decide", kind="approve", **group).text
    return {**pages, **files, "refused": refused}


def own_page(evening: Evening, member: str) -> str:
    """What a member sees by their link."""
    return evening.member.get(evening.link_of(member)).text


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_no_secret_is_logged_or_shown(
    workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Passwords, tokens, links, addresses, what was searched for; also where a mail server says our password aloud."""
    secrets = ["correct horse battery", "wrong horse battery", "smtp horse battery", "a-signed-token", "searched-for"]
    caplog.set_level(logging.DEBUG)
    refusing = {"authenticator": _refuse_aloud, "auth_required": True, "auth_require_tls": False}
    with open_office(Office(), **refusing) as post, closing(Database(workspace.folder / "desk.sqlite")) as database:
        monkeypatch.setenv("MATCHER_SMTP_PASSWORD", "smtp horse battery")
        mail = f'sender = "d@example.org"\nsmtp_host = "127.0.0.1"\nsmtp_port = {post.port}\nsmtp_user = "desk"'
        workspace.settings_file.write_text(f'[publish]\n{mail}\nsmtp_security = "none"\n')
        desk = desk_of(workspace, database, clock=clock, accounts=cheap_accounts(database))
        member = desk.nights.night(desk.nights.live_id()).suggestions[some(desk, "g-")][0]
        _keep_address(workspace, member)
        client = a_client(desk)
        sign_in(client, "otto", "wrong horse battery")
        sign_in(client, "otto")
        browser = Browser(client=client, name="otto")
        browser.get(f"{run_of(desk)}?q=searched-for")
        browser.get("/answer/a-signed-token")
        decide(browser, desk, "approve", some(desk, "g-"))
        browser.send(f"{run_of(desk)}/publish", seen=f"{some(desk, 'g-')}=1", to="smtp")
        assert desk.publisher is not None
        desk.publisher.courier.wait()
        secrets += [client.cookies["matcher-session"], browser.secret, "member@example.org"]
        entry = desk.outbox.entries()[0]
        outbox = browser.get("/outbox").text.replace(browser.secret, "")

    said = [*(f"{one.getMessage()} {one.exc_text or ''}" for one in ours(caplog)), entry.why, repr(entry), outbox]
    assert "did not let us in" in entry.why
    assert not [(secret, line) for secret in secrets for line in said if secret in line]


def ours(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What was logged, but for the mail server and the browser of the test."""
    return [one for one in caplog.records if not one.name.startswith(("mail", "httpx", "httpcore"))]


def _refuse_aloud(*_: object) -> AuthResult:
    return AuthResult(success=False, handled=False, message="535 5.7.8 not with smtp horse battery")


def _keep_address(workspace: Workspace, member: str) -> None:
    contacts = Contacts(pl.DataFrame({"member": [member], "email": ["member@example.org"]}))
    ContactStore(folder=workspace.contacts_folder).save(contacts, quarantine=pl.DataFrame())


def test_what_is_secret_is_its_owners_alone(evenings: Mapping[str, Evening]) -> None:
    """Other users of the machine read neither the desk's memory, its secret, addresses, nor what went out."""
    folder = evenings[PLAIN].folder
    private = [*folder.glob("desk.sqlite*"), folder / "desk.secret", folder / "contacts", folder / "published"]

    open_to_others = {path.name: oct(path.stat().st_mode) for path in private if path.stat().st_mode & 0o077}

    assert len(private) >= 5
    assert open_to_others.keys() <= {"desk.sqlite.lock"}
