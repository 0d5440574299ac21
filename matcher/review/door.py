"""Who may knock: by which host names the desk answers, and whose word on addresses counts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address

Network = IPv4Network | IPv6Network

THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
"""Names under which only this machine reaches itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """Who may knock.

    Attributes:
        host: Another name by which the desk is reached, as in an address; empty: only this machine does.
        proxies: Networks whose word on where a request comes from is believed.
        is_for_proxies: Whether only they, and this machine, may come: the way here is not encrypted.
    """

    host: str = ""
    proxies: Sequence[Network] = ()
    is_for_proxies: bool = False

    def answers_to(self, host: str) -> bool:
        """Whether a request's `Host` is a name of ours; another site's page may have its name point to this machine."""
        name, _, port = host.lower().rpartition(":")
        is_ported = bool(name) and port.isascii() and port.isdigit()
        return (name if is_ported else host.lower()) in {*THIS_MACHINE, self.host.lower()} - {""}

    def lets_in(self, peer: str) -> bool:
        """Whether whoever is connected may ask at all."""
        return not self.is_for_proxies or self._is_proxy(peer) or _is_this_machine(peer)

    def comes_from(self, peer: str, forwarded_for: str) -> str:
        """Where a request comes from: the peer, or what a proxy of ours says, which is the last entry.

        Some proxies add the caller's port, which is another for every attempt.
        """
        last = forwarded_for.rpartition(",")[2].strip()
        ported = _PORTED.fullmatch(last)
        said = (ported["six"] or ported["four"]) if ported else last
        return said if said and self._is_proxy(peer) else peer

    def _is_proxy(self, peer: str) -> bool:
        try:
            read = ip_address(peer)
        except ValueError:
            return False
        mapped = getattr(read, "ipv4_mapped", None) or read
        return any(mapped in network for network in self.proxies)


_PORTED = re.compile(r"\[(?P<six>[^\]]+)\](:\d+)?|(?P<four>[\d.]+):\d+")


def _is_this_machine(peer: str) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return False
