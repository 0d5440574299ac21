"""A mail server and a receiver of webhooks that write down all they take; slow, and at times unwilling or rude."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SLOWEST_S = 0.015
"""Before something is taken, and again before that is said: so that a kill finds the sender on either side."""

UNWILLING, RUDE = 0.03, 0.01
"""How often it says 'later', and how often it takes something and hangs up."""


@dataclass
class Offices:
    """Everything that arrived.

    Attributes:
        rng: Chance.
        mails: Message-ID and address of each mail, as often as it came.
        posts: `webhook-id` of each message, as often as it came.
    """

    rng: np.random.Generator
    mails: list[tuple[str, str]] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def has(self, share: float) -> bool:
        """Whether something that happens so often happens now."""
        with self.guard:
            return bool(self.rng.random() < share)

    def pause_s(self) -> float:
        """How long to be slow."""
        with self.guard:
            return float(self.rng.uniform(0, SLOWEST_S))

    def taken(self, key: str) -> bool:
        """Whether the parcel of this key arrived."""
        return any(message.startswith(f"<{key}@") for message, _ in [*self.mails]) or f"msg_{key}" in self.posts

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:  # noqa: N802 -- the library's name
        """To whom."""
        if self.has(UNWILLING):
            return "450 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802 -- the library's name
        """The mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        await asyncio.sleep(self.pause_s())
        self.mails.append((str(message_from_bytes(content)["Message-ID"]), envelope.rcpt_tos[0]))
        await asyncio.sleep(self.pause_s())
        if self.has(RUDE) and server.transport is not None:
            server.transport.close()
        return "250 OK"

    def take_post(self, headers: Message) -> int | None:
        """A message; the status to answer with, or None: hang up."""
        if self.has(UNWILLING):
            return 503
        time.sleep(self.pause_s())
        self.posts.append(headers["webhook-id"])
        time.sleep(self.pause_s())
        return None if self.has(RUDE) else 204


@contextmanager
def open_offices(offices: Offices, mail_port: int, post_port: int) -> Iterator[None]:
    """Take mail and messages on two ports of this machine, on threads."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            status = offices.take_post(self.headers)
            if status is None:
                self.close_connection = True
                return
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    mail = Controller(offices, hostname="127.0.0.1", port=mail_port)
    mail.start()
    server = ThreadingHTTPServer(("127.0.0.1", post_port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        mail.stop()
