"""What goes into the outbox: each parcel rendered once, so that what is sent is what was shown."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from matcher.publish.approved_csv import approved_rows
from matcher.publish.calendar_files import calendar_file
from matcher.publish.invitations import Invitation
from matcher.publish.letters import Letter, Writer
from matcher.publish.webhook import webhook_body
from matcher.storage.decisions.outbox import Parcel

CHANNELS: Mapping[str, str] = {
    "csv": "one spreadsheet of all that was published",
    "ics": "a calendar file for each suggestion that has a time",
    "eml": "a mail file for each member",
    "smtp": "a mail to each member",
    "webhook": "a message to another program for each suggestion",
}
"""Every way out, in the order in which they are gone through."""

TO_MEMBERS = ("eml", "smtp")
"""Channels with a parcel a member; the others have one a suggestion."""

FILE = "file"
RECEIVER = "receiver"
"""Recipients that are no member."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """What a parcel holds.

    Attributes:
        members: Of the suggestion: if one of them leaves before it is sent, it is not.
        text: Rows, a calendar or a message; empty where there is a letter.
        letter: To one member, without their address: that is looked up when it is sent.
    """

    members: tuple[str, ...]
    text: str = ""
    letter: Letter | None = None


def parcels_of(
    invitation: Invitation, channels: Collection[str], writer: Writer, *, addressed: Collection[str], now: datetime
) -> Iterator[Parcel]:
    """Render one suggestion for channels.

    Nothing is made for a calendar where there is no time, nor a mail for whoever has no address: a later call makes
    what is missing.

    Args:
        invitation: What members are told.
        channels: Wanted ones, of CHANNELS.
        writer: Writes the letters.
        addressed: Members who have an address.
        now: The instant.
    """
    options = writer.options
    calendar = ""
    if invitation.when:
        calendar = calendar_file(invitation, sender=options.sender, sender_name=options.sender_name, now=now)
    texts = {"csv": approved_rows(invitation), "ics": calendar, "webhook": webhook_body(invitation, now=now)}
    for channel in (one for one in CHANNELS if one in channels):
        if channel in TO_MEMBERS:
            for member in (one for one in invitation.members if one in addressed):
                letter = writer.write(invitation, member, calendar=calendar, now=now)
                yield _parcel(invitation, channel, member, Load(members=invitation.members, letter=letter))
        elif texts[channel]:
            recipient = RECEIVER if channel == "webhook" else FILE
            yield _parcel(invitation, channel, recipient, Load(members=invitation.members, text=texts[channel]))


def load_of(parcel: Parcel) -> Load:
    """Read what a parcel holds."""
    return msgspec.json.decode(parcel.payload, type=Load)


def letter_of(parcel: Parcel) -> Letter:
    """Read the letter that a parcel holds.

    Raises:
        ValueError: It holds none.
    """
    letter = load_of(parcel).letter
    if letter is None:
        raise ValueError(f"a parcel by {parcel.channel} holds no letter")
    return letter


def parcel_key(parcel: Parcel) -> str:
    """A name for a parcel that gives no member away: the same for the same parcel, for ever."""
    whole = json.dumps([parcel.run_id, parcel.suggestion, parcel.version, parcel.channel, parcel.recipient])
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _parcel(invitation: Invitation, channel: str, recipient: str, load: Load) -> Parcel:
    return Parcel(
        run_id=invitation.run_id,
        suggestion=invitation.suggestion,
        version=invitation.version,
        channel=channel,
        recipient=recipient,
        payload=msgspec.json.encode(load).decode(),
    )
