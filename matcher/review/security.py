"""What stands around every answer: who may ask, headers that keep browsers careful, and no details when we fail."""

import logging
import traceback
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matcher.review.door import Door
from matcher.review.errors_shown import show_status
from matcher.review.pages import STATIC_VERSION

log = logging.getLogger("matcher.desk")

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
"""On every answer. Addresses may hold a member's signed token, so that no other site is told where one came from."""

_FOR_A_YEAR = "max-age=31536000"


class Guard:
    """Wraps the app."""

    def __init__(self, app: ASGIApp, *, door: Door, is_secure: bool) -> None:
        self._app = app
        self._door = door
        self._is_secure = is_secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                self._complete(MutableHeaders(raw=message["headers"]), scope, is_good=message["status"] < 400)
                _note(scope, message["status"])
            await send(message)

        try:
            app = self._refusal(scope) or self._app
            await app(scope, receive, send_guarded)
        except Exception as fault:  # noqa: BLE001 -- whatever it is, nobody outside learns of it
            _note_fault(fault)
            if has_begun:
                raise ConnectionAbortedError from None  # half an answer must not look like a whole one
            await show_status(500)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        hosts = Headers(scope=scope).getlist("host")
        if len(hosts) != 1 or not self._door.answers_to(hosts[0]):
            return show_status(400, "the desk is not reached by this name; use the address that matcher review printed")
        request = Request(scope)
        if not self._door.lets_in(request.client.host if request.client else ""):
            return show_status(403, "the desk is reached through its proxy only")
        return None

    def _complete(self, headers: MutableHeaders, scope: Scope, *, is_good: bool) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._is_secure:
            headers.setdefault("Strict-Transport-Security", _FOR_A_YEAR)
        is_static = str(scope["path"]).startswith("/static/")
        is_lasting = is_good and scope["query_string"] == f"v={STATIC_VERSION}".encode()
        lasting = f"public, {_FOR_A_YEAR}, immutable" if is_lasting else "no-cache"
        headers.setdefault("Cache-Control", lasting if is_static else "no-store")


def _note(scope: Scope, status: int) -> None:
    """Log which page was asked for, never its whole address: it may hold a member's token, or what was searched."""
    route = scope.get("route")
    log.debug("%s %s %d", scope["method"], getattr(route, "path", "elsewhere"), status)


def _note_fault(fault: Exception) -> None:
    """Log what failed and where, never the words: they may be a member's."""
    places = traceback.extract_tb(fault.__traceback__)[-8:]
    where = " < ".join(f"{place.filename}:{place.lineno} {place.name}" for place in reversed(places))
    log.error("a page failed: %s at %s", type(fault).__name__, where)
