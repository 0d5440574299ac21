"""Where the desk listens: this machine by default, elsewhere only with TLS or a stated proxy."""

import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import InputError
from matcher.review.desk import Desk
from matcher.review.listening import Listening, door_of
from matcher.review.serve import serve

PEM = {"certificate": Path("chain.pem"), "key": Path("key.pem")}
DESK = "https://desk.example"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.9", "::1", "[::1]"])
def test_this_machine_takes_nothing(host: str) -> None:
    """What stays on the machine needs no encryption."""
    listening = Listening(host=host)

    door = door_of(listening)

    assert not listening.is_secure
    assert not door.is_for_proxies
    assert door.answers_to("localhost:8765")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param({"host": "0.0.0.0"}, "open to a network unencrypted", id="everywhere"),  # noqa: S104 -- refused
        pytest.param({"host": "192.168.0.7"}, "open to a network unencrypted", id="a network"),
        pytest.param({"host": "192.168.0.7", "address": DESK}, "open to a network unencrypted", id="an address alone"),
        pytest.param({"host": "::"}, "open to a network unencrypted", id="everywhere of IPv6"),
        pytest.param({"host": "192.168.0.7", "proxies": ["10.0.0.5"]}, "not what it is for", id="a proxy alone"),
        pytest.param({"host": "::", **PEM}, "found no --address", id="everywhere with TLS"),
        pytest.param({"host": "desk.example"}, "needs an IP address", id="a name"),
        pytest.param({"certificate": Path("chain.pem")}, "a certificate and its key", id="no key"),
        pytest.param({"key": Path("key.pem")}, "a certificate and its key", id="no certificate"),
        pytest.param({"proxies": ["proxy.example"], "address": DESK}, "needs the IP address", id="a proxy's name"),
        pytest.param({"proxies": ["10.0.0.5/8"], "address": DESK}, "needs the IP address", id="no network"),
    ],
)
def test_what_would_not_be_safe_is_refused_with_the_way_out(said: dict[str, Any], words: str) -> None:
    """Before anything listens."""
    with pytest.raises(InputError, match=words):
        door_of(Listening(**said))


@pytest.mark.parametrize(
    "address",
    ["http://desk.example", "desk.example", "https://", "https://desk.example/path", "https://a@desk.example",
     "https://desk.example?x", "https://desk.example:nonsense", "ftp://desk.example", "https://[::"],
)  # fmt: skip
def test_the_address_is_a_host_by_https(address: str) -> None:
    """The desk lives at its root."""
    with pytest.raises(InputError, match="needs https:// and a host"):
        door_of(Listening(address=address))


def test_behind_a_proxy_only_the_proxy_may_come() -> None:
    """The way from it is not encrypted, and its word on addresses is believed."""
    listening = Listening(host="10.0.0.7", proxies=["10.0.0.5"], address="https://Desk.example:8443")

    door = door_of(listening)

    assert listening.is_secure
    assert listening.seen_at(8765) == "https://Desk.example:8443"
    assert door.answers_to("desk.example:8443")
    assert not door.answers_to("10.0.0.7")
    assert [door.lets_in(peer) for peer in ("10.0.0.5", "10.0.0.6")] == [True, False]
    assert door.comes_from("10.0.0.5", "1.1.1.1, 203.0.113.9") == "203.0.113.9"
    assert door.comes_from("10.0.0.5", "") == "10.0.0.5"
    assert door.comes_from("10.0.0.5", "1.1.1.1, 203.0.113.9:4711") == "203.0.113.9"
    assert [door.comes_from("10.0.0.5", one) for one in ("[2001:db8::9]:4711", "2001:db8::9")] == ["2001:db8::9"] * 2
    assert door.comes_from("10.0.0.6", "203.0.113.9") == "10.0.0.6"


@pytest.mark.parametrize(
    ("host", "seen"), [("192.0.2.7", "https://192.0.2.7:443"), ("2001:db8::7", "https://[2001:db8::7]:443")]
)
def test_with_a_certificate_everybody_may_come(host: str, seen: str) -> None:
    """By the address that was named, which its certificate may hold."""
    listening = Listening(host=host, **PEM)  # type: ignore[arg-type]

    door = door_of(listening)

    assert listening.is_secure
    assert listening.seen_at(443) == seen
    assert door.answers_to(seen.removeprefix("https://"))
    assert door.lets_in("203.0.113.9")


def test_a_certificate_that_cannot_be_used_is_refused(desk: Desk, tmp_path: Path) -> None:
    """With its path, before anything listens."""
    chain = tmp_path / "chain.pem"
    for content in (None, "nonsense"):
        if content:
            chain.write_text(content)
        listening = Listening(port=0, certificate=chain, key=chain)

        with pytest.raises(InputError, match=r"chain\.pem.*cannot be used"):
            serve(desk, listening, tell=print)
    assert issubclass(ssl.SSLError, OSError)


def test_a_port_that_is_taken_is_refused(desk: Desk) -> None:
    """And says so."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(InputError, match=f"port {port}; found: Address already in use"):
            serve(desk, Listening(port=port), tell=print)
