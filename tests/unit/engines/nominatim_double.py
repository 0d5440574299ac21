"""A real server on this machine that speaks Nominatim's JSON, well or badly."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

LYON = {
    "place_id": 1, "class": "boundary", "type": "administrative", "place_rank": 16, "importance": 0.7,
    "lat": "45.7578137", "lon": "4.8320114", "boundingbox": ["45.7073666", "45.8082628", "4.7718132", "4.8983774"],
    "display_name": "Lyon, Métropole de Lyon, France",
    "address": {"suburb": "Presqu'île", "city": "Lyon", "state": "Auvergne-Rhône-Alpes", "country": "France",
                "country_code": "fr"},
}  # fmt: skip
"""One answer, shortened, in the form that a Nominatim server gives."""


@dataclass
class Server:
    """What the server answers, and what it was asked.

    Attributes:
        domain: Where it is, for the settings.
        answers: By text: what to send as JSON, or bytes to send as they are.
        status: Sent with everything.
        is_mute: Whether it takes a request and never answers.
        asked: Texts, in order.
        agents: User agents, in order.
    """

    domain: str
    answers: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    is_mute: bool = False
    asked: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    queries: list[Mapping[str, list[str]]] = field(default_factory=list)


@contextmanager
def nominatim() -> Iterator[Server]:
    """Serve on a free port of this machine."""
    is_over = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            text = query["q"][0]
            told.asked.append(text)
            told.queries.append(query)
            told.agents.append(self.headers["User-Agent"])
            if told.is_mute:
                is_over.wait()
                return
            answer = told.answers.get(text, [])
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(told.status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = Server(domain=f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
