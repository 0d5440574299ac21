"""Another program's address, posted to: checked certificates, no redirects, and only its own word counts."""

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from matcher.engines.smtp_post import is_this_machine
from matcher.errors import NotSentError, SettingsError

MAY_GO_BETTER_LATER = (408, 425, 429)
"""Answers below 500 after which it is tried again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookPost:
    """Posts to one address.

    Attributes:
        url: `https://…`; `http://…` only on this machine.
        timeout_s: How long the receiver may take.
        context: What a secure connection is held to; None: what the machine trusts.

    Raises:
        SettingsError: It is no such address.
    """

    url: str = field(repr=False)
    timeout_s: float = 20.0
    context: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        parts = _parts(self.url)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(parts.hostname or ""))
        is_plain = self.url.isascii() and self.url.isprintable() and " " not in self.url
        if not (is_safe and is_plain and parts.hostname) or "@" in parts.netloc:
            raise SettingsError(
                "publish.webhook_url cannot be used; needs https://HOST/PATH without a name or password in it; http "
                "only on this machine"
            )

    def post(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Post once.

        Raises:
            NotSentError: The receiver did not take it, or could not be reached.
            OSError: The connection was lost while it was on its way: the receiver may have taken it.
            http.client.HTTPException: The same.
        """
        parts = _parts(self.url)
        connection = self._connection(parts)
        try:
            _connect(connection)
            address = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", address, body=body, headers={"user-agent": "matcher", **headers})
            status = connection.getresponse().status
        finally:
            connection.close()
        if not 200 <= status < 300:
            may_retry = status >= 500 or status in MAY_GO_BETTER_LATER
            raise NotSentError(
                f"the receiver of the webhook did not take it; found status {status}; "
                + ("it is tried again" if may_retry else "check publish.webhook_url; redirects are not followed"),
                may_retry=may_retry,
            )

    def _connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        host = parts.hostname or ""
        if parts.scheme == "https":
            context = self.context or ssl.create_default_context()
            return http.client.HTTPSConnection(host, parts.port, timeout=self.timeout_s, context=context)
        return http.client.HTTPConnection(host, parts.port, timeout=self.timeout_s)


def _connect(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except OSError as lost:
        raise NotSentError(
            f"the receiver of the webhook cannot be reached; found {type(lost).__name__}; check publish.webhook_url",
            may_retry=True,
        ) from None


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 -- read here, so that a bad one is found out
    except ValueError:
        return urlsplit("")
    return parts
