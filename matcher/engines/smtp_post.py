"""A mail server, spoken to command by command: so that it is always known whether a mail may have been taken."""

import ipaddress
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from matcher.errors import NotSentError, SettingsError

SECURITIES = ("starttls", "tls", "none")
_LINE_BEGINS_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class SmtpPost:
    """Hands mails to one server, each by a connection of its own.

    Attributes:
        host: The server.
        port: Its port.
        security: 'starttls', 'tls' or 'none'; certificates are checked.
        user: Who signs in; empty: nobody does.
        password: With what.
        timeout_s: How long one answer of the server may take.
        context: What a secure connection is held to; None: what the machine trusts.

    Raises:
        SettingsError: There is no such security, or none is wanted on the way to another machine.
    """

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_s: float = 60.0
    context: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        if self.security not in SECURITIES:
            raise SettingsError(f"publish.smtp_security is {self.security!r}; needs one of {', '.join(SECURITIES)}")
        if self.security == "none" and not is_this_machine(self.host):
            raise SettingsError(
                f"publish.smtp_security is 'none', and {self.host!r} is another machine; needs 'starttls' or 'tls'"
            )

    def deliver(self, sender: str, recipient: str, message: bytes) -> None:
        """Hand over one mail.

        Raises:
            NotSentError: The server did not take it, or could not be asked to.
            OSError: The connection was lost while the mail was on its way: the server may have taken it.
            smtplib.SMTPException: The same.
        """
        server = _before(self._connect)
        try:
            _before(lambda: self._greet(server))
            _before(lambda: _ask(server, f"MAIL FROM:<{sender}>", (250,)))
            _before(lambda: _ask(server, f"RCPT TO:<{recipient}>", (250, 251)))
            _before(lambda: _ask(server, "DATA", (354,)))
            # From here on only the server's own word says that it did not take it.
            server.send(_as_data(message))
            code, _ = server.getreply()
            if code != 250:
                raise _refused("the mail", code)
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = self.context or ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_s, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)

    def _greet(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self.security == "starttls":
            server.starttls(context=self.context or ssl.create_default_context())
            server.ehlo()
        if self.user:
            server.login(self.user, self.password)


def is_this_machine(host: str) -> bool:
    """Whether what is sent there never leaves this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _before(step: Callable[[], T]) -> T:
    """Do what comes before the mail itself: whatever goes wrong, nothing was taken.

    The server's own words are not repeated: they may hold the address.
    """
    try:
        return step()
    except smtplib.SMTPAuthenticationError as refused:
        raise NotSentError(
            f"the mail server did not let us in; found code {refused.smtp_code}; check publish.smtp_user and "
            "MATCHER_SMTP_PASSWORD",
            may_retry=True,
        ) from None
    except smtplib.SMTPResponseException as refused:
        raise _refused("us", refused.smtp_code) from None
    except ssl.SSLError as untrusted:
        raise NotSentError(
            f"the mail server could not be trusted; found {untrusted.reason}; check publish.smtp_host, its certificate "
            "and publish.smtp_security",
            may_retry=True,
        ) from None
    except (OSError, ValueError, smtplib.SMTPException) as lost:  # a host that is no name is a ValueError
        raise NotSentError(
            f"the mail server could not be used; found {type(lost).__name__}; check publish.smtp_host, smtp_port and "
            "smtp_security",
            may_retry=True,
        ) from None


def _ask(server: smtplib.SMTP, command: str, taken: tuple[int, ...]) -> None:
    code, _ = server.docmd(command)
    if code not in taken:
        raise _refused(command.partition(":")[0], code)


def _refused(what: str, code: int) -> NotSentError:
    again = "it is tried again" if 400 <= code < 500 else "check the address, or ask who runs the server"
    return NotSentError(f"the mail server refused {what}; found code {code}; {again}", may_retry=400 <= code < 500)


def _as_data(message: bytes) -> bytes:
    """The mail as it stands after DATA: lines ended as mail ends them, dots at their beginning doubled."""
    lines = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n").replace(b"\n", b"\r\n")
    return _LINE_BEGINS_WITH_DOT.sub(b"..", lines) + b"\r\n.\r\n"
