"""Serving the app: one process, until somebody says stop."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from matcher.errors import InputError
from matcher.review.app import make_app
from matcher.review.desk import Desk
from matcher.review.listening import Listening, door_of
from matcher.review.patience import PatientProtocol

MOST_AT_ONCE = 500
"""Connections; who comes then is asked to try again."""
GRACE_S = 5
"""How long answers that were begun may take after somebody said stop."""


def serve(desk: Desk, listening: Listening, *, tell: Callable[[str], None]) -> None:
    """Serve the desk until it is interrupted; `tell` hears its address once it can be reached.

    Raises:
        InputError: It may not or cannot listen there.
    """
    server = server_of(desk, listening)
    _check_tls(listening)
    with _listen(listening) as ear, suppress(KeyboardInterrupt):
        tell(listening.seen_at(ear.getsockname()[1]))
        server.run(sockets=[ear])


def server_of(desk: Desk, listening: Listening) -> uvicorn.Server:
    """What serves the desk, not begun yet.

    Raises:
        InputError: It may not listen there.
    """
    config = uvicorn.Config(
        make_app(desk, door_of(listening)),
        http=PatientProtocol,
        # The same whatever else is installed; a library for it would also log whole addresses.
        ws="none",
        lifespan="off",
        # Its own lines would hold whole addresses, and with them members' links and what was searched for.
        access_log=False,
        log_config=None,
        server_header=False,
        # Whose word on addresses counts is asked at the door.
        proxy_headers=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_graceful_shutdown=GRACE_S,
        ssl_certfile=listening.certificate,
        ssl_keyfile=listening.key,
    )
    return uvicorn.Server(config)


def _listen(listening: Listening) -> socket.socket:
    family = socket.AF_INET6 if listening.ip.version == 6 else socket.AF_INET
    try:
        return socket.create_server((str(listening.ip), listening.port), family=family, backlog=512)
    except OSError as refused:
        raise InputError(
            f"nobody can listen on {listening.ip} port {listening.port}; found: {refused.strerror}; say another --port"
        ) from None


def _check_tls(listening: Listening) -> None:
    if listening.certificate is None or listening.key is None:
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(listening.certificate, listening.key)
    except OSError as refused:  # SSLError is one
        kind = type(refused).__name__
        raise InputError(
            f"the certificate {listening.certificate} and the key {listening.key} cannot be used; found {kind}; needs "
            "a chain and its key without a password, in PEM"
        ) from None
