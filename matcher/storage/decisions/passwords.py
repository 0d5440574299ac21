"""Names and passwords: how they are compared, what is kept of them, and what is never kept."""

import hashlib
import ipaddress
import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from matcher.errors import AccountError
from matcher.tables.decisions import may_be_kept

MIN_PASSWORD = 12
MAX_PASSWORD = 1_000
MAX_NAME = 64

MOST_AT_ONCE = 4
"""Passwords that are looked at in the same moment: each takes 64 MiB, and anybody may send one."""


class Passwords:
    """Argon2 as its library recommends today."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Take another `hasher` only where its cost does not matter, as in tests."""
        self._hasher = hasher or PasswordHasher()
        self._turns = BoundedSemaphore(MOST_AT_ONCE)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """What is kept of a new password.

        Raises:
            AccountError: It is too short or too long.
        """
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            raise AccountError(
                f"the password cannot be used; found {len(password)} characters; needs {MIN_PASSWORD} to {MAX_PASSWORD}"
            )
        with self._turns:
            return self._hasher.hash(_composed(password))

    def is_right(self, password: str, kept: str | None) -> bool:
        """Whether it is the password; where nothing is kept it takes the same work to say no."""
        try:
            with self._turns:
                self._hasher.verify(kept or self._nobody, _composed(password[: MAX_PASSWORD + 1]))
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made as one would not do it today."""
        return self._hasher.check_needs_rehash(kept)


def clean_name(name: str) -> str:
    """The name of an account as it is shown.

    Raises:
        AccountError: It is empty, too long or cannot be seen.
    """
    composed = " ".join(unicodedata.normalize("NFKC", name).split())
    is_visible = all(unicodedata.category(one)[0] != "C" for one in composed)
    if not composed or len(composed) > MAX_NAME or not is_visible:
        raise AccountError(f"the name cannot be used; found {len(composed)} characters; needs 1 to 64 visible ones")
    return composed


def folded_name(name: str) -> str:
    """The name as it is compared: whoever looks the same but for case and width is the same."""
    alike = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(one if may_be_kept(one) else "\ufffd" for one in alike).split())


def folded_address(address: str) -> str:
    """The address whose attempts are counted together: of IPv6 the network, which one person has whole."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv6Address):
        return str(read.ipv4_mapped or ipaddress.ip_network((read, 64), strict=False))
    return str(read)


def sha256(text: str) -> str:
    """A fingerprint of text that may hold anything, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _composed(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
