"""Callers without end: connections that say nothing, forms that never arrive, parts within parts."""

import socket
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from matcher.publish.links import AnswerLink
from matcher.review import forms, patience
from matcher.review.desk import Desk


def test_who_connects_and_says_nothing_is_cut(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor half a line: else as many as the desk serves at once would shut out all others."""
    host, port = address.removeprefix("http://").split(":")
    monkeypatch.setattr(patience, "PATIENCE_S", 0.05)

    for said in (b"", b"GET /sign-in HTT", b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /si"):
        with socket.create_connection((host, int(port)), timeout=30) as caller:
            caller.sendall(said)
            answered = b"".join(iter(lambda caller=caller: _heard(caller), b""))  # type: ignore[misc]
        assert answered.startswith(b"HTTP/1.1 200" if said.count(b"\r\n") else b"")


def _heard(caller: socket.socket) -> bytes:
    try:
        return caller.recv(65_536)
    except ConnectionResetError:
        return b""


def test_a_form_that_never_ends_is_given_up(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever says that more will come is not waited for without end."""
    host, port = address.removeprefix("http://").split(":")
    monkeypatch.setattr(forms, "PATIENCE_S", 0.05)
    head = "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 9\r\n\r\nsecr"

    with socket.create_connection((host, int(port)), timeout=30) as caller:
        caller.sendall(head.encode())
        answered = caller.recv(65_536)

    assert answered.startswith(b"HTTP/1.1 408")


PART = b'--x\r\nContent-Disposition: form-data; name="answer"'
BOMBS = {
    "too many parts": (PART + b"\r\n\r\nyes\r\n") * 600,
    "a file": PART + b'; filename="leave"\r\n\r\nleave\r\n--x--\r\n',
    "many headers": PART + b"\r\nX-A: b" * 3_000 + b"\r\n\r\nleave\r\n--x--\r\n",
    "a long header": PART + b"\r\nX: " + b"a" * 60_000 + b"\r\n\r\nleave\r\n--x--\r\n",
    "a long name": PART.replace(b"answer", b"a" * 60_000) + b"\r\n\r\nleave\r\n--x--\r\n",
    "no end": PART + b"\r\n\r\n" + b"a" * 60_000,
    "parts in a part": PART
    + b"\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    + PART
    + b"\r\n\r\nleave\r\n--x--",
    "half a letter": PART + b"\r\nContent-Type: text/plain; charset=utf-16\r\n\r\nl\xd8\r\n--x--",
    "too large": PART + b"\r\n\r\n" + b"a" * 70_000 + b"\r\n--x--",
}


@pytest.mark.parametrize("kind", ["boundary=x", "boundary=x; charset=undefined", "boundary=x; charset=unicode_escape"])
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_no_form_in_parts_blows_up(desk: Desk, client: TestClient, bomb: bytes, kind: str) -> None:
    """Mail programs may send them, so anybody may."""
    until, run_id = desk.clock() + timedelta(days=1), desk.nights.live_id()
    token = desk.links.token(AnswerLink(run_id=run_id, suggestion="g-1", version=1, member="m1", until=until))
    assert client.post(f"/answer/{token}", data={"given": "0", "answer": "no such"}).status_code == 400

    done = client.post(f"/answer/{token}", content=bomb, headers={"content-type": f"multipart/form-data; {kind}"})

    assert done.status_code in {400, 409, 413}
    assert not desk.answers.answers()
