"""The ways out. Each takes one entry of the outbox and returns when it arrived."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from matcher.errors import NotSentError
from matcher.publish.approved_csv import with_rows
from matcher.publish.mail import MailPost, mail_of
from matcher.publish.parcels import letter_of, load_of, parcel_key
from matcher.publish.webhook import WebPost, signed_headers
from matcher.storage.decisions.outbox import Entry
from matcher.storage.published import PublishedFiles

CSV_FILE = "approved.csv"


class Channel(Protocol):
    """One way out."""

    @property
    def is_repeatable(self) -> bool:
        """Whether doing it twice leaves the same behind as doing it once."""
        ...

    def deliver(self, entry: Entry) -> None:
        """Send one entry.

        Raises:
            NotSentError: For certain nothing arrived. Anything else that is raised leaves open what became of it.
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class CsvChannel:
    """`approved.csv` in the run's folder under `published/`."""

    files: PublishedFiles
    is_repeatable: bool = True

    def deliver(self, entry: Entry) -> None:
        """Put the suggestion's rows into the file."""
        self.files.change(entry.run_id, CSV_FILE, lambda before: with_rows(before, load_of(entry).text))


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarChannel:
    """A calendar file a suggestion, under `published/`."""

    files: PublishedFiles
    is_repeatable: bool = True

    def deliver(self, entry: Entry) -> None:
        """Write the file."""
        self.files.write(entry.run_id, f"{entry.suggestion}.ics", load_of(entry).text.encode())


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailer:
    """Makes the mail of an entry, to the address that the member has now.

    Attributes:
        sender: Address that mail comes from.
        sender_name: Beside it.
        addresses: Tells the members' addresses.
    """

    sender: str
    sender_name: str
    addresses: Callable[[], Mapping[str, str]]

    def mail(self, entry: Entry) -> tuple[str, bytes]:
        """The address, and the mail.

        Raises:
            NotSentError: The member has no address any more.
        """
        address = self.addresses().get(entry.recipient)
        if address is None:
            raise NotSentError("the member has no address any more; import contacts again", may_retry=False)
        letter, key = letter_of(entry), parcel_key(entry)
        return address, mail_of(letter, key=key, sender=self.sender, sender_name=self.sender_name, recipient=address)


@dataclass(frozen=True, kw_only=True, slots=True)
class MailFileChannel:
    """A mail file a suggestion and member, under `published/`."""

    files: PublishedFiles
    mailer: Mailer
    is_repeatable: bool = True

    def deliver(self, entry: Entry) -> None:
        """Write the file."""
        _, mail = self.mailer.mail(entry)
        who = hashlib.sha256(entry.recipient.encode()).hexdigest()[:12]
        self.files.write(entry.run_id, f"{entry.suggestion}-{who}.eml", mail)


@dataclass(frozen=True, kw_only=True, slots=True)
class SmtpChannel:
    """A mail, sent."""

    post: MailPost
    mailer: Mailer
    is_repeatable: bool = False

    def deliver(self, entry: Entry) -> None:
        """Send the mail."""
        address, mail = self.mailer.mail(entry)
        self.post.deliver(self.mailer.sender, address, mail)


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookChannel:
    """A message to another program."""

    post: WebPost
    secret: bytes = field(repr=False)
    clock: Callable[[], datetime]
    is_repeatable: bool = False

    def deliver(self, entry: Entry) -> None:
        """Sign it, and post it."""
        body = load_of(entry).text.encode()
        headers = signed_headers(self.secret, key=parcel_key(entry), body=body, now=self.clock())
        self.post.post(body, {"content-type": "application/json", **headers})
