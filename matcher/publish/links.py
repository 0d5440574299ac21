"""Signed links: by one a member answers one suggestion, without an account and until a day.

A link says in its own address who answers what, and is signed: nobody can change it or make one up. It is not secret
from whoever holds it, so nothing stands in it that its holder may not know: ids, a version, an instant.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from itsdangerous import BadData, URLSafeSerializer

from matcher.errors import InputError, LinkError
from matcher.tables.decisions import may_be_kept

MAX_TOKEN = 4_000
"""Characters of the longest token that is looked at; ours have about 150."""

_SALT = "matcher answer link 1"
"""So that nothing else signed with the same secret is a link."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerLink:
    """What a link allows: one member to answer one suggestion as it was published.

    Attributes:
        run_id: The run.
        suggestion: The suggestion.
        version: Its version as it went out, from 0.
        member: Who answers.
        until: The last instant at which it may be used; kept to the second.

    Raises:
        InputError: An id is missing, or the instant has no time zone.
    """

    run_id: str
    suggestion: str
    version: int
    member: str
    until: datetime

    def __post_init__(self) -> None:
        if not all(map(may_be_kept, (self.run_id, self.suggestion, self.member))):
            raise InputError("an id of the link is missing or cannot be seen; needs ids of visible characters")
        if self.until.tzinfo is None:
            raise InputError("a link ends at an instant; found a time without a zone; needs UTC")
        object.__setattr__(self, "until", self.until.astimezone(UTC).replace(microsecond=0))


class LinkSigner:
    """Makes links and reads them, with one secret."""

    def __init__(self, secret: bytes) -> None:
        """Sign with `secret`, at least 32 bytes of chance.

        Raises:
            InputError: It is shorter.
        """
        if len(secret) < 32:
            raise InputError(f"the secret for links is too short; found {len(secret)} bytes; needs at least 32")
        self._sealed = URLSafeSerializer(
            secret, salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"}
        )

    def token(self, link: AnswerLink) -> str:
        """What stands in the link's address: letters, digits, `-`, `_` and `.`; the same for the same link."""
        ends = int(link.until.timestamp())
        return str(self._sealed.dumps([link.run_id, link.suggestion, link.version, link.member, ends]))

    def read(self, token: str, *, now: datetime) -> AnswerLink:
        """What a token allows.

        Raises:
            LinkError: We did not make it, letter for letter, or its time is over.
        """
        if len(token) > MAX_TOKEN or not token.isascii():
            raise _forged()
        try:
            run_id, suggestion, version, member, ends = self._sealed.loads(token)
            signer = self._sealed.make_signer(_SALT)
            ours = signer.sign(signer.unsign(token))
        except BadData:
            raise _forged() from None
        # Base64 has several spellings of one signature; only the one that we sent is good.
        if not hmac.compare_digest(ours, token.encode()):
            raise _forged()
        link = AnswerLink(
            run_id=run_id,
            suggestion=suggestion,
            version=version,
            member=member,
            until=datetime.fromtimestamp(ends, UTC),
        )
        if now > link.until:
            raise LinkError(
                f"the link is over; it could be used until {link.until:%Y-%m-%d %H:%M} UTC; ask the organizers",
                is_expired=True,
            )
        return link


def link_id(token: str) -> str:
    """A short name for a token under which answers are kept, and from which it cannot be had back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _forged() -> LinkError:
    return LinkError("this is no link of ours; found a token that we did not sign; use the link as it was sent")
