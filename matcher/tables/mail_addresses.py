"""Addresses of mail: which text is one that can be written to."""

import re
from email.errors import MessageError
from email.headerregistry import Address

LONGEST_ADDRESS = 254
LONGEST_MAILBOX = 64
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def mail_address(text: str | None) -> str:
    r"""The address in the letters that every mail server takes; empty where the text is none.

    A domain of other letters is written as the network knows it (`xn--…`). Refused are addresses that only some servers
    take (other letters before the @), quoted mailboxes, numbers for domains, and whatever could begin a new header.

    Example:
        >>> mail_address(" Ana@Bücher.example "), mail_address("ana@example.org\nBcc: all@example.org")
        ('Ana@xn--bcher-kva.example', '')
    """
    mailbox, at, domain = (text or "").strip(" ").rpartition("@")
    plain_domain = _plain(domain)
    address = f"{mailbox}@{plain_domain}"
    is_short = len(address) <= LONGEST_ADDRESS and len(mailbox) <= LONGEST_MAILBOX
    if not (at and plain_domain and is_short and _MAILBOX.fullmatch(mailbox)):
        return ""
    try:
        return address if Address(addr_spec=address).addr_spec == address else ""
    except (ValueError, MessageError):
        return ""


def is_mail_address(text: str) -> bool:
    """Whether it is an address as `mail_address` writes it."""
    return bool(text) and mail_address(text) == text


def _plain(domain: str) -> str:
    """A domain of two or more labels in ASCII and lower case; empty where it is none."""
    try:
        plain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    labels = plain.split(".")
    is_domain = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdecimal()
    return plain if is_domain else ""
