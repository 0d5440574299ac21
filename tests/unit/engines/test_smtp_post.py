"""Mail handed to a real server, which takes it, refuses it, or hangs up at the worst moment."""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from matcher.engines.smtp_post import SmtpPost, is_this_machine
from matcher.errors import NotSentError, SettingsError

MESSAGE = b"Subject: Come\r\n\r\nHello\r\n.\r\n..two dots\r\nEnd\r\n"
FROM, TO = "organizers@example.org", "ana@example.org"


@dataclass
class Office:
    """A mail server's answers, and what it took; an answer of None: it hangs up."""

    rcpt: str = "250 OK"
    data: str | None = "250 OK"
    hangs_up_at: str = ""
    taken: list[Envelope] = field(default_factory=list)

    async def handle_MAIL(self, server: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]) -> str:  # noqa: N802 -- the library's name
        """Who sends."""
        if self.hangs_up_at == "MAIL":
            _hang_up(server)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]) -> str:  # noqa: N802 -- the library's name
        """To whom."""
        if self.hangs_up_at == "RCPT":
            _hang_up(server)
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802 -- the library's name
        """The mail is there, whatever is answered."""
        self.taken.append(envelope)
        if self.data is None:
            _hang_up(server)
            return "250 never heard"
        return self.data


def _hang_up(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.close()


class _Anywhere(Controller):
    """A server on whichever port is free; the library looks for it on port 0."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def open_office(office: Office, **options: Any) -> Iterator[SmtpPost]:  # noqa: ANN401 -- the library's own options
    """A server on a port of its own, and the way to it."""
    controller = _Anywhere(office, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield SmtpPost(host="127.0.0.1", port=controller.port, security="none", timeout_s=20)
    finally:
        controller.stop()


def test_a_mail_arrives_as_it_was_made() -> None:
    """To the one address, with lone dots where they were."""
    with open_office(office := Office()) as post:
        post.deliver(FROM, TO, MESSAGE)

    (envelope,) = office.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == (FROM, [TO])
    assert isinstance(envelope.content, bytes)
    assert envelope.content.split(b"\r\n\r\n")[1] == b"Hello\r\n.\r\n..two dots\r\nEnd\r\n"
    assert message_from_bytes(envelope.content, policy=default)["Subject"] == "Come"


@pytest.mark.parametrize(
    ("office", "may_retry"),
    [
        pytest.param(Office(rcpt="450 greylisted"), True, id="later"),
        pytest.param(Office(rcpt="550 ana@example.org is unknown"), False, id="never"),
        pytest.param(Office(data="451 no room"), True, id="refused-later-after-reading"),
        pytest.param(Office(data="554 spam"), False, id="refused-after-reading"),
        pytest.param(Office(hangs_up_at="MAIL"), True, id="hangs-up-before"),
        pytest.param(Office(hangs_up_at="RCPT"), True, id="hangs-up-at-the-recipient"),
    ],
)
def test_what_was_not_taken_is_said_so(office: Office, *, may_retry: bool) -> None:
    """For certain; with whether it is worth another attempt, and without the server's words, which name the address."""
    with open_office(office) as post, pytest.raises(NotSentError) as refused:
        post.deliver(FROM, TO, MESSAGE)

    assert refused.value.may_retry == may_retry
    assert "ana" not in str(refused.value)


def test_a_connection_lost_after_the_mail_leaves_open_whether_it_arrived() -> None:
    """The server has it, and never says so: that is not a failure to be repeated."""
    with open_office(office := Office(data=None)) as post, pytest.raises(Exception) as lost:  # noqa: PT011 -- whatever it is
        post.deliver(FROM, TO, MESSAGE)

    assert not isinstance(lost.value, NotSentError)
    assert len(office.taken) == 1


def test_nobody_at_the_port_is_tried_again() -> None:
    """The server may come back."""
    with open_office(Office()) as post:
        pass

    for nowhere in (post, replace(post, host="a" * 70 + ".example", security="starttls")):
        with pytest.raises(NotSentError, match="could not be used") as refused:
            nowhere.deliver(FROM, TO, MESSAGE)
        assert refused.value.may_retry


def gate(user: bytes, password: bytes) -> Callable[..., AuthResult]:
    """Lets one in."""

    def authenticate(_: SMTP, __: Session, ___: Envelope, mechanism: str, said: object) -> AuthResult:
        del mechanism
        assert isinstance(said, LoginPassword)
        return AuthResult(success=(said.login, said.password) == (user, password), handled=False)

    return authenticate


@pytest.fixture(scope="module", name="certificate")
def _certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server shows, and what a client that trusts it holds it to."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", key, "-out", cert, "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=cert)


def secured(post: SmtpPost, trust: ssl.SSLContext | None, **said: Any) -> SmtpPost:  # noqa: ANN401 -- fields of the post
    """The same way, secured by starttls where nothing else is said."""
    return replace(post, **{"security": "starttls", "context": trust, **said})


def test_mail_goes_over_a_secure_line_after_signing_in(certificate: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """By starttls, as most servers want it."""
    shown, trust = certificate
    options = {
        "tls_context": shown,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": gate(b"us", b"pw"),
    }
    with open_office(office := Office(), **options) as post:
        secured(post, trust, user="us", password="pw").deliver(FROM, TO, MESSAGE)  # noqa: S106 -- of nobody
        with pytest.raises(NotSentError, match="did not let us in") as refused:
            secured(post, trust, user="us", password="wrong").deliver(FROM, TO, MESSAGE)  # noqa: S106 -- of nobody

    assert len(office.taken) == 1
    assert refused.value.may_retry
    assert "wrong" not in f"{refused.value}{secured(post, trust, password='wrong')!r}"  # noqa: S106 -- of nobody


def test_mail_goes_over_a_line_that_is_secure_from_the_start(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    """As port 465 has it."""
    shown, trust = certificate
    with open_office(office := Office(), ssl_context=shown) as post:
        secured(post, trust, security="tls").deliver(FROM, TO, MESSAGE)

    assert len(office.taken) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_nobody_vouches_for_gets_no_mail(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext], security: str
) -> None:
    """It may be anybody."""
    shown, _ = certificate
    options = {"ssl_context": shown} if security == "tls" else {"tls_context": shown}
    with open_office(office := Office(), **options) as post, pytest.raises(NotSentError, match="could not be trusted"):
        secured(post, None, security=security).deliver(FROM, TO, MESSAGE)

    assert not office.taken


def test_a_server_without_a_secure_line_gets_no_mail() -> None:
    """Rather none than one that all can read."""
    with open_office(office := Office()) as post, pytest.raises(NotSentError):
        secured(post, None).deliver(FROM, TO, MESSAGE)

    assert not office.taken


def test_an_open_line_leads_to_this_machine_only() -> None:
    """And there are three kinds of line."""
    for host in ("mail.example.org", "10.0.0.1", "localhost.evil.example", ""):
        with pytest.raises(SettingsError, match="another machine"):
            SmtpPost(host=host, port=25, security="none")
    with pytest.raises(SettingsError, match="needs one of"):
        SmtpPost(host="localhost", port=25, security="ssl")
    assert all(map(is_this_machine, ("localhost", "127.0.0.1", "127.9.9.9", "::1")))
