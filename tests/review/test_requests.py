"""Requests as they come: careful answers, known names, bearable sizes, and no file but ours."""

from collections.abc import Callable, Iterator
from ipaddress import ip_network

import pytest
from starlette.testclient import TestClient

from matcher.review.app import make_app
from matcher.review.desk import Desk
from matcher.review.door import Door
from matcher.review.security import HEADERS
from tests.review.conftest import Browser

EVERYWHERE = ("/", "/sign-in", "/nothing", "/static/desk.css", "/static/nothing", "/answer/made-up", "/runs/nothing")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("address", EVERYWHERE)
def test_every_answer_asks_browsers_to_be_careful(client: TestClient, address: str, method: str) -> None:
    """Pages, redirects, errors and files alike."""
    answer = client.request(method, address)

    assert answer.status_code < 500
    assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)
    assert answer.headers["cache-control"] in {"no-store", "no-cache"}
    assert "server" not in answer.headers


def test_no_page_may_run_or_load_what_is_not_ours() -> None:
    """No inline script, no inline style, no other host, no frame around us."""
    policy = HEADERS["Content-Security-Policy"].split("; ")

    assert policy[0] == "default-src 'none'"
    assert {"script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} < set(policy)
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_static_files_are_kept_by_browsers_until_they_change(client: TestClient) -> None:
    """Pages name them with a version; without it they are asked for again, and cost nothing where they are the same."""
    page = client.get("/sign-in").text
    versioned = page.partition('href="/static/desk.css')[2].partition('"')[0]

    kept = client.get(f"/static/desk.css{versioned}")
    asked = client.get("/static/desk.css")
    again = client.get("/static/desk.css", headers={"if-none-match": asked.headers["etag"]})

    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asked.headers["cache-control"] == "no-cache"
    assert again.status_code == 304
    assert client.get("/static/desk.css?v=other").headers["cache-control"] == "no-cache"
    assert client.get(f"/static/nothing{versioned}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused_with_those_that_work(client: TestClient, method: str) -> None:
    """And with a page."""
    answer = client.request(method, "/sign-in")

    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_head_answers_like_get_without_a_body(client: TestClient) -> None:
    """For whoever watches whether the desk is up."""
    answer = client.head("/sign-in")

    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


HOSTS = ("127.0.0.1:8765", "127.0.0.1", "localhost", "LOCALHOST:80", "[::1]:8765", "[::1]")


@pytest.mark.parametrize("host", HOSTS)
def test_this_machine_reaches_the_desk_by_its_own_names(client: TestClient, host: str) -> None:
    """At any port: a tunnel may change it."""
    assert client.get("/sign-in", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8765",
        "",
        "127.0.0.1@evil.example",
        "::1",
        "localhost:x",
        "desk.example",
    ],
)
def test_the_desk_does_not_answer_to_another_name(client: TestClient, host: str) -> None:
    """Another site's name may point to this machine, and its pages would then read ours."""
    answer = client.get("/sign-in", headers={"host": host})

    assert answer.status_code == 400
    assert 'name="secret"' not in answer.text


def test_a_request_with_two_names_is_refused(client: TestClient) -> None:
    """Whatever stands before us may have looked at the other one."""
    answer = client.get("/sign-in", headers=[("host", "127.0.0.1:8765"), ("host", "evil.example")])

    assert answer.status_code == 400


def test_the_desk_answers_to_the_name_that_it_was_told(desk: Desk) -> None:
    """That of its address."""
    client = TestClient(make_app(desk, Door(host="desk.example")), base_url="http://desk.example")

    assert client.get("/sign-in").status_code == 200


def test_where_only_proxies_may_come_others_are_refused(desk: Desk) -> None:
    """The way here is not encrypted; only from this machine one may look past the proxy."""
    door = Door(host="desk.example", proxies=(ip_network("10.0.0.0/8"),), is_for_proxies=True)

    statuses = {
        peer: TestClient(make_app(desk, door), base_url="http://desk.example", client=(peer, 1))
        .get("/sign-in")
        .status_code
        for peer in ("10.0.0.5", "::ffff:10.0.0.5", "127.0.0.1", "::1", "192.168.0.9", "2001:db8::1", "nonsense")
    }

    assert statuses == {
        "10.0.0.5": 200, "::ffff:10.0.0.5": 200, "127.0.0.1": 200, "::1": 200,
        "192.168.0.9": 403, "2001:db8::1": 403, "nonsense": 403,
    }  # fmt: skip


def test_a_form_that_is_too_large_is_refused(signed_in: Callable[[str], Browser]) -> None:
    """By what it says, and by what comes where it says nothing; one of just the size is read."""
    browser = signed_in("organizer")
    kind = {"content-type": "application/x-www-form-urlencoded"}
    limit = 64 * 1024

    def chunks(total: int) -> Iterator[bytes]:
        for _ in range(total // 1024):
            yield b"a" * 1024

    def status(content: bytes | Iterator[bytes], **headers: str) -> int:
        return browser.client.post("/sign-out", content=content, headers={**kind, **headers}).status_code

    assert status(b"a" * (limit + 1)) == 413
    assert status(chunks(limit + 1024)) == 413
    assert status(b"a" * limit) == 403
    assert status(chunks(limit)) == 403
    assert status(b"secret=x", **{"content-length": "99999999"}) == 413
    assert status(b"secret=x", **{"content-length": "-1"}) == 413


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        pytest.param(b"&".join([b"a=1"] * 5_001), "application/x-www-form-urlencoded", 400, id="too many fields"),
        pytest.param(b"secret=%ff%fe", "application/x-www-form-urlencoded", 400, id="no UTF-8 in a value"),
        pytest.param(b"secret=\xff", "application/x-www-form-urlencoded", 400, id="no UTF-8"),
        pytest.param(b'{"secret": 1}', "application/json", 415, id="JSON"),
        pytest.param(b"--x\r\n\r\n", "multipart/form-data; boundary=x", 415, id="multipart"),
        pytest.param(b"secret=x", "text/plain", 415, id="plain text"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(
    signed_in: Callable[[str], Browser], content: bytes, kind: str, status: int
) -> None:
    """Never with a fault; and never as the kinds that another site may send unasked."""
    answer = signed_in("organizer").client.post("/sign-out", content=content, headers={"content-type": kind})

    assert answer.status_code == status


TRAVERSING = (
    "..",
    "../..",
    "%2e%2e",
    "%2e%2e%2f%2e%2e",
    "..%2fdesk.sqlite",
    "%00",
    "current",
    "order",
    ".",
    "a\\..\\b",
    "%5c..",
    "%252e%252e%252fdesk.sqlite",
    "..;",
    "%c0%ae%c0%ae",
    ".staging",
    ".replaced-x",
    "..%00",
    "a" * 5_000,
)


@pytest.mark.parametrize("run_id", TRAVERSING)
def test_what_is_not_a_run_is_never_opened(signed_in: Callable[[str], Browser], run_id: str) -> None:
    """However it is written."""
    browser = signed_in("admin")

    answers = [browser.get(f"/runs/{run_id}{rest}") for rest in ("", "/log", "/publish", "/suggestions/g-1")]
    sent = [browser.send(f"/runs/{run_id}/{rest}") for rest in ("decide", "publish", "undo", "change", "resolve")]

    assert {answer.status_code for answer in answers} <= {303, 404}
    assert {answer.status_code for answer in sent} <= {400, 404, 405}


@pytest.mark.parametrize(
    "name", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "....//app.py", "%00", "/etc/passwd", ""]
)
def test_no_other_file_is_served(client: TestClient, name: str) -> None:
    """Only what lies in the folder."""
    answer = client.get(f"/static/{name}")

    assert answer.status_code in {404, 405}
    assert "import" not in answer.text
