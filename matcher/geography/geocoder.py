"""Asking somebody else where a place is: opt-in, for texts that the offline gazetteer cannot read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from matcher.errors import SettingsError
from matcher.geography.readings import Reading
from matcher.numeric.ranges import require

SERVICES: Final = ("none", "nominatim")
PUBLIC_SERVER: Final = "nominatim.openstreetmap.org"
PUBLIC_PER_SECOND: Final = 1.0
"""An absolute maximum for all that one operator sends, by the usage policy of the OpenStreetMap Foundation."""
_CONTACT: Final = re.compile(r"[!-~]+@[!-~]+\.[!-~]+|https?://[!-~]+")
_DOMAIN: Final = re.compile(r"(?:https?://)?[A-Za-z0-9.-]+(?::\d{1,5})?")


class Geocoder(Protocol):
    """Finds out where written places are.

    A geocoder is sent texts alone, nothing of who wrote them. It may fail at some: it answers what it knows, and
    raises nothing.
    """

    @property
    def name(self) -> str:
        """Service and server: answers of two never mix."""
        ...

    @property
    def attribution(self) -> str:
        """What everybody who sees an answer must be shown; empty where nothing is owed."""
        ...

    def find(self, texts: Sequence[str]) -> Mapping[str, tuple[Reading, ...]]:
        """Readings of these texts, likeliest first.

        Returns:
            By text. None where it is no place it knows; a text that could not be asked about has no entry.
        """
        ...


class NoGeocoder:
    """Asks nobody: what the gazetteer cannot read stays unknown."""

    name = "none"
    attribution = ""

    def find(self, texts: Sequence[str]) -> Mapping[str, tuple[Reading, ...]]:
        """Nothing is known of any text."""
        del texts
        return {}


@dataclass(frozen=True, kw_only=True, slots=True)
class GeocoderOptions:
    """Whether homes that the gazetteer cannot read are sent to a geocoder, and how.

    OpenStreetMap's public server allows one request a second, wants to know whom to write to, and is not there for
    regular bulk work: for a large community run a Nominatim of your own, and name it as `domain`.

    What is sent are words that members wrote as their home. Numbers, links, handles, streets and the like are kept
    back, as `may_be_asked` says; but a bare name cannot be told from a village, so whoever wrote their own name as
    their home has it sent. Ask your members before you turn this on, or run a server of your own.

    Attributes:
        service: 'none' or 'nominatim'.
        contact: Mail or web address of the operator, sent with every request; required.
        domain: Where the service is, as 'nominatim.example.org' or 'http://localhost:8080'.
        per_second: Most requests a second; at most 1 on the public server.
        at_most: Most requests a night; what is left waits for the next.
        timeout_seconds: After so long a request counts as failed.
    """

    service: str = "none"
    contact: str = ""
    domain: str = PUBLIC_SERVER
    per_second: float = PUBLIC_PER_SECOND
    at_most: int = 500
    timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        """Refuse what cannot be meant, and what a service does not allow.

        Raises:
            SettingsError: A value is unknown or out of range, or nobody can be written to.
        """
        require("geocoder", self, positive=("per_second", "timeout_seconds"), not_negative=("at_most",))
        if self.service not in SERVICES:
            raise SettingsError(f"geocoder.service is {self.service!r}; needs one of {list(SERVICES)}")
        if not _DOMAIN.fullmatch(self.domain):
            raise SettingsError(f"geocoder.domain is {self.domain!r}; needs a host, as 'nominatim.example.org'")
        if self.service != "none" and not _CONTACT.fullmatch(self.contact):
            raise SettingsError(
                f"geocoder.contact is {self.contact!r}; the service must know whom to write to: needs a mail or web "
                "address of yours, as 'community@example.org'; or set geocoder.service to 'none'"
            )
        if PUBLIC_SERVER in self.domain.lower() and self.per_second > PUBLIC_PER_SECOND:
            raise SettingsError(
                f"geocoder.per_second is {self.per_second}; {PUBLIC_SERVER} allows at most {PUBLIC_PER_SECOND}; "
                "needs that, or a server of your own as geocoder.domain"
            )
