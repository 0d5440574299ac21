"""When something goes wrong: pages that say what to do, and faults of which nobody outside learns anything."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from matcher.errors import ConflictError, EngineMissingError, InputError, MissingError, RunError, TableError
from matcher.review.app import PAGES, make_app
from matcher.review.desk import Desk
from matcher.review.nights import Night, Nights
from matcher.review.security import HEADERS
from matcher.review.visits import Page, Visit
from matcher.storage.runs import RunStore
from matcher.storage.workspace import Workspace
from tests.review.conftest import ADDRESS, Browser, a_client, sign_in


def failing(error: Exception) -> Page:
    """A page that fails."""

    def fail(_: Visit) -> Response:
        raise error

    return Page(path="/fail", answer=fail)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (MissingError("no such thing; found <b>"), 404),
        (InputError("cannot be; found <b>"), 400),
        (ConflictError("somebody was first; found <b>"), 409),
        (RunError("not now; found <b>"), 503),
        (EngineMissingError("not installed; found <b>"), 503),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else "",
)
def test_an_error_of_ours_becomes_a_page_that_says_it(desk: Desk, error: Exception, status: int) -> None:
    """With its words, escaped."""
    client = TestClient(make_app(desk, pages=(*PAGES, failing(error))), base_url=ADDRESS)
    sign_in(client, "otto")

    answer = client.get("/fail")

    assert answer.status_code == status
    assert "found &lt;b&gt;" in answer.text
    assert 'aria-label="Main"' in answer.text


@pytest.mark.parametrize("error", [ValueError("a member's words"), TableError("a member's words"), OSError("/a/path")])
def test_a_fault_is_a_page_without_details(desk: Desk, caplog: pytest.LogCaptureFixture, error: Exception) -> None:
    """And the log says what failed where, without a word of what was asked or sent."""
    client = TestClient(make_app(desk, pages=(*PAGES, failing(error))), base_url=ADDRESS)
    sign_in(client, "otto")

    with caplog.at_level(logging.DEBUG):
        answer = client.get("/fail?q=what+was+searched")

    assert answer.status_code == 500
    assert not {"words", "/a/path", "Traceback", type(error).__name__} & set(answer.text.split())
    assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)
    said = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("matcher"))
    assert f"a page failed: {type(error).__name__}" in said
    assert "test_faults.py" in said
    assert not any(word in said for word in ("searched", "member", "/a/path"))


def test_the_log_names_pages_and_not_addresses(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """An address may hold a member's signed token, a run, or what an organizer searched for; a form a password."""
    client = a_client(desk)

    with caplog.at_level(logging.DEBUG, logger="matcher"):
        sign_in(client, "otto", "my secret password")
        client.get("/answer/a-signed-token?q=searched")
        client.get("/runs/some-run?q=searched")

    said = [record.getMessage() for record in caplog.records if record.name.startswith("matcher")]
    assert "GET /answer/{token} 404" in said or "GET /answer/{token} 400" in said
    assert not any(word in line for line in said for word in ("a-signed", "searched", "my secret", "some-run", "otto"))


def test_without_a_run_the_pages_say_what_to_do(workspace: Workspace, signed_in: Callable[[str], Browser]) -> None:
    """Signing in still works."""
    browser = signed_in("organizer")
    (workspace.runs_folder / "current").unlink()

    answer = browser.get("/")

    assert answer.status_code == 400
    assert "matcher run" in answer.text
    assert browser.get("/account").status_code == 200


def test_of_many_who_ask_at_once_one_reads_the_night(workspace: Workspace) -> None:
    """A desk that was just begun is asked by all organizers, and none of them gets half of it, or a fault."""
    start = Barrier(8)

    def ask(nights: Nights) -> Night:
        start.wait()
        return nights.night(nights.live_id())

    with ThreadPoolExecutor(8) as pool:
        found = [[*pool.map(ask, [Nights(RunStore(folder=workspace.runs_folder))] * 8)] for _ in range(20)]

    assert all(one is several[0] for several in found for one in several)
