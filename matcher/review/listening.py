"""Where the desk listens, and whether that is safe: what goes over a network is encrypted, or nothing starts."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from matcher.errors import InputError
from matcher.review.door import Door, Network

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Listening:
    """Where the desk listens.

    Attributes:
        host: The IP address to listen on, or 'localhost'.
        port: The port; 0: any that is free.
        address: Under which `https://…` browsers reach it; empty: under `host`.
        proxies: IP addresses or networks of proxies whose word on where a request comes from is believed.
        certificate: For https without a proxy: a file with the chain, in PEM.
        key: Its key.
    """

    host: str = LOOPBACK
    port: int = 8765
    address: str = ""
    proxies: Sequence[str] = ()
    certificate: Path | None = None
    key: Path | None = None

    @property
    def ip(self) -> IPv4Address | IPv6Address:
        """What to listen on.

        Raises:
            InputError: It is no IP address.
        """
        try:
            return ip_address(LOOPBACK if self.host == "localhost" else self.host.strip("[]"))
        except ValueError:
            raise InputError(f"--host is {self.host!r}; needs an IP address like {LOOPBACK}, or 'localhost'") from None

    @property
    def has_tls(self) -> bool:
        """Whether the desk itself speaks https."""
        return self.certificate is not None

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by https."""
        return self.has_tls or bool(self.address)

    def seen_at(self, port: int) -> str:
        """The address to open in a browser, given the port that was found."""
        shown = f"[{self.ip}]" if self.ip.version == 6 else str(self.ip)
        return self.address or f"{'https' if self.has_tls else 'http'}://{shown}:{port}"


def door_of(listening: Listening) -> Door:
    """Who may knock there.

    Raises:
        InputError: What goes over the network would not be encrypted, or something is missing or cannot be read.
    """
    proxies = tuple(map(_network, listening.proxies))
    _check_address(listening.address)
    if (listening.certificate is None) != (listening.key is None):
        raise InputError("https takes a certificate and its key; found one of them; give --tls-cert and --tls-key")
    if proxies and not listening.address:
        raise InputError("a proxy was named, but not what it is for; found no --address; needs its https://…")
    is_open = not listening.ip.is_loopback
    if is_open and not listening.has_tls and not proxies:
        raise InputError(
            f"the desk would be open to a network unencrypted; found --host {listening.host} without TLS; give "
            "--tls-cert and --tls-key, or --proxy and --address for a proxy that speaks https, or leave --host out"
        )
    if listening.ip.is_unspecified and not listening.address:
        raise InputError(f"browsers cannot go to {listening.host}; found no --address; needs the https://… they use")
    host = urlsplit(listening.address).hostname if listening.address else ""
    own = str(listening.ip) if listening.ip.version == 4 else f"[{listening.ip}]"
    return Door(host=_bracketed(host or own), proxies=proxies, is_for_proxies=is_open and not listening.has_tls)


def _check_address(address: str) -> None:
    if not address:
        return
    try:
        read = urlsplit(address)
        is_good = read.scheme == "https" and bool(read.hostname) and read.path in {"", "/"} and read.port != 0
    except ValueError:
        is_good = False
    if not is_good or read.query or read.fragment or read.username:
        raise InputError(f"the desk's address is {address!r}; needs https:// and a host, like https://desk.example.org")


def _network(said: str) -> Network:
    try:
        return ip_network(said)
    except ValueError:
        raise InputError(
            f"--proxy is {said!r}; needs the IP address of the proxy as the desk sees it, or a network, like 10.0.0.0/8"
        ) from None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
