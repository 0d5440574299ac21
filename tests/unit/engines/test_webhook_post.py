"""Messages posted to a real receiver, which takes them, refuses them, sends them elsewhere, or hangs up."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from matcher.engines.webhook_post import WebhookPost
from matcher.errors import NotSentError, SettingsError

BODY = '{"name": "Žofie"}'.encode()


@dataclass
class Receiver:
    """What it answers, and what it got; a status of None: it hangs up."""

    status: int | None = 204
    location: str = ""
    got: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)


@contextmanager
def listening(receiver: Receiver) -> Iterator[str]:
    """A receiver on a port of its own; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append((self.path, self.rfile.read(length), headers))
            if receiver.status is None:
                self.close_connection = True
                return
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("location", receiver.location)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_message_arrives_whole_with_its_headers() -> None:
    """At the address that was named, with what it asks."""
    with listening(receiver := Receiver()) as address:
        WebhookPost(url=f"{address}/hook?room=1").post(BODY, {"webhook-id": "msg_1"})

    ((path, body, headers),) = receiver.got
    assert (path, body, headers["webhook-id"]) == ("/hook?room=1", BODY, "msg_1")


@pytest.mark.parametrize(
    ("status", "may_retry"),
    [(500, True), (503, True), (429, True), (408, True), (400, False), (401, False), (404, False), (410, False)],
)
def test_what_was_not_taken_is_said_so(status: int, *, may_retry: bool) -> None:
    """With whether it may go better later."""
    with listening(Receiver(status=status)) as address, pytest.raises(NotSentError, match=f"{status}") as refused:
        WebhookPost(url=address).post(BODY, {})

    assert refused.value.may_retry == may_retry


def test_no_redirect_is_followed() -> None:
    """Else the receiver could send members' names anywhere."""
    with (
        listening(elsewhere := Receiver()) as other,
        listening(Receiver(status=307, location=other)) as address,
        pytest.raises(NotSentError, match="redirects are not followed") as refused,
    ):
        WebhookPost(url=address).post(BODY, {})

    assert not refused.value.may_retry
    assert not elsewhere.got


def test_a_receiver_that_hangs_up_leaves_open_whether_it_took_it() -> None:
    """It read the message, and never answered."""
    with listening(receiver := Receiver(status=None)) as address, pytest.raises(Exception) as lost:  # noqa: PT011 -- whatever it is
        WebhookPost(url=address).post(BODY, {})

    assert not isinstance(lost.value, NotSentError)
    assert len(receiver.got) == 1


def test_nobody_at_the_port_is_tried_again() -> None:
    """The receiver may come back."""
    with listening(Receiver()) as address:
        pass

    with pytest.raises(NotSentError, match="cannot be reached") as refused:
        WebhookPost(url=address).post(BODY, {})
    assert refused.value.may_retry


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook", "http://localhost.evil.example/", "ftp://localhost/", "https://", "https://u:p@example.org/",
        "https://example.org:99999/", "file:///etc/passwd", "//example.org", "https://exämple.org/", "",
        "https://example.org/a b", "https://example.org/\r\nX: y",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_is_refused_and_not_repeated(url: str) -> None:
    """Names go over secure lines, and a password in an address would end up in logs."""
    with pytest.raises(SettingsError, match="needs https") as refused:
        WebhookPost(url=url)

    assert len(url) < 10 or url not in str(refused.value)
