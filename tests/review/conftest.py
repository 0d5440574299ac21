"""A small night at the desk, for whoever tests its pages.

Fixtures:
    desk: a `Desk` on a workspace of its own with one night of 120 made-up members (groups, introductions, gatherings);
        words are hashed, no model is asked. `desk.nights.live_id()` is its run.
    clock: what the desk takes for the time; `clock.now += timedelta(…)` moves it.
    client: a browser in which nobody is signed in, as a starlette TestClient; redirects are not followed.
    signed_in: `signed_in("organizer")` is a `Browser` in which somebody of that role is: 'viewer' (vera), 'organizer'
        (otto), 'admin' (ada). Calling it again gives another browser, so that two organizers work at once.
    address: where the desk is served by the real server, as `http://127.0.0.1:PORT`.

    browser.get("/runs/…") looks; browser.send("/runs/…/decide", kind="approve", …) sends a form with its secret; a
    value that is a list is sent as several. `browser.client` is the client itself.

The names of the first members by id are attacks (HOSTILE_NAMES), so that every page is tried with them.
"""

import csv
import html
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import numpy as np
import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from matcher.review.app import make_app
from matcher.review.desk import Desk
from matcher.review.listening import Listening
from matcher.review.serve import server_of
from matcher.sources.synthetic import make_community, write_export
from matcher.storage.decisions.accounts import AccountStore
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.passwords import Passwords
from matcher.storage.workspace import Workspace
from pipelines.importing import ImportOrder, import_export
from pipelines.nightly import NightOrder, run_night
from pipelines.review import desk_of
from pipelines.wiring import read_settings

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"  # noqa: S105 -- of nobody
WHO = {"viewer": "vera", "organizer": "otto", "admin": "ada"}
ADDRESS = "http://127.0.0.1:8765"

HOSTILE_NAMES = (
    "<script>alert('name')</script>",
    "\"><img src=x onerror=alert('name')>",
    "' autofocus onfocus='alert(1)",
    "{{ 7 * 191 }}{% raw %}",
    '=HYPERLINK("http://evil.example","x")',
    "\u202eElia\u2066",
)
SETTINGS = '[embedding]\nmodel = "word-hash"\n[gatherings]\nmin_size = 5\n'


@dataclass
class Clock:
    """The desk's time, which a test may move."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """The instant."""
        return self.now


@dataclass(frozen=True)
class Browser:
    """A browser in which somebody is signed in."""

    client: TestClient
    name: str

    def get(self, address: str) -> httpx2.Response:
        """Look at a page."""
        return self.client.get(address)

    def send(self, address: str, **fields: str | list[str]) -> httpx2.Response:
        """Send a form as a page of the desk would."""
        return self.client.post(address, data={"secret": self.secret, **fields})

    @property
    def secret(self) -> str:
        """What forms of this session carry."""
        return secret_of(self.get("/account"))


def secret_of(page: httpx2.Response) -> str:
    """The secret in the first form of a page."""
    found = re.search(r'name="secret" value="([^"]+)"', page.text)
    assert found, page.text
    return html.unescape(found[1])


def cheap_accounts(database: Database) -> AccountStore:
    """Accounts whose passwords cost next to nothing."""
    return AccountStore(database, passwords=Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)))


@pytest.fixture(scope="session")
def night_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a night and accounts; it is copied for each test."""
    workspace = Workspace(folder=tmp_path_factory.mktemp("desk") / "workspace")
    export = workspace.folder / "export"
    write_export(make_community(np.random.default_rng(1), n_members=120), export)
    _rename(export / "members.csv")
    workspace.settings_file.write_text(SETTINGS)
    settings = read_settings(workspace)
    paths = (export / "members.csv", export / "messages.jsonl", export / "blocks.csv")
    import_export(workspace, ImportOrder(source="table", paths=paths), settings.sources, now=NOW)
    run_night(workspace, settings.night, NightOrder(), now=NOW)
    database = Database(workspace.folder / "desk.sqlite")
    accounts = cheap_accounts(database)
    for role, name in WHO.items():
        accounts.add(name, PASSWORD, role, now=NOW - timedelta(days=30))
    database.close()
    shutil.rmtree(workspace.folder / "cache")
    return workspace.folder


@pytest.fixture
def workspace(night_folder: Path, tmp_path: Path) -> Workspace:
    """A workspace of the test's own, with one night."""
    return Workspace(folder=Path(shutil.copytree(night_folder, tmp_path / "workspace")))


@pytest.fixture
def clock() -> Clock:
    """The desk's time."""
    return Clock()


@pytest.fixture
def database(workspace: Workspace) -> Iterator[Database]:
    """What the desk remembers."""
    database = Database(workspace.folder / "desk.sqlite")
    yield database
    database.close()


@pytest.fixture
def desk(workspace: Workspace, database: Database, clock: Clock) -> Desk:
    """What pages work with."""
    return desk_of(workspace, database, clock=clock, accounts=cheap_accounts(database))


@pytest.fixture
def client(desk: Desk) -> TestClient:
    """A browser in which nobody is signed in."""
    return a_client(desk)


@pytest.fixture
def signed_in(desk: Desk) -> Callable[[str], Browser]:
    """Browsers in which somebody of a role is signed in."""

    def browser(role: str) -> Browser:
        client = a_client(desk)
        done = sign_in(client, WHO[role])
        assert done.status_code == 303, done.text
        return Browser(client=client, name=WHO[role])

    return browser


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """Where the desk can be reached while a test runs."""
    with served(desk) as address:
        yield address


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """The real server, and where it is."""
    server = server_of(desk, Listening())
    with socket.create_server(("127.0.0.1", 0)) as ear:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [ear]})
        thread.start()
        yield f"http://127.0.0.1:{ear.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def a_client(desk: Desk) -> TestClient:
    """Another browser."""
    return TestClient(make_app(desk), base_url=ADDRESS, follow_redirects=False)


def sign_in(client: TestClient, name: str, password: str = PASSWORD, **fields: str) -> httpx2.Response:
    """Sign in as a person does: look at the form, fill it in, send it."""
    secret = secret_of(client.get("/sign-in"))
    return client.post("/sign-in", data={"secret": secret, "name": name, "password": password, **fields})


def _rename(members: Path) -> None:
    """Give the first members names that are attacks."""
    with members.open(encoding="utf-8", newline="") as read:
        rows = list(csv.DictReader(read))
    for row, name in zip(rows, HOSTILE_NAMES, strict=False):
        row["display_name"] = name
    with members.open("w", encoding="utf-8", newline="") as written:
        writer = csv.DictWriter(written, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
