"""A letter as a mail: plain and HTML parts, a calendar file, and headers that nobody's words can reach."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Protocol

from matcher.errors import InputError, NotSentError
from matcher.publish.letters import Letter
from matcher.tables.mail_addresses import is_mail_address

LONGEST_LINE = 900
"""Characters of a header that must stay in one piece; mail allows 998 a line."""


class _Policy(EmailPolicy):
    """Folds headers as mail wants them, but for an address in angles, which must stay as it is."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header as bytes."""
        if name == "List-Unsubscribe":
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


# Seven bits: what any server on the way takes, whatever the words are.
POLICY = _Policy(linesep="\r\n", cte_type="7bit")


class MailPost(Protocol):
    """Hands one mail to a mail server."""

    def deliver(self, sender: str, recipient: str, message: bytes) -> None:
        """Hand it over, and hear that it was taken.

        Raises:
            NotSentError: For certain it was not taken. Anything else that is raised leaves that open.
        """
        ...


def mail_of(letter: Letter, *, key: str, sender: str, sender_name: str, recipient: str) -> bytes:
    """Make the mail, ready to be sent.

    Args:
        letter: What it says.
        key: Of the parcel; the same parcel always makes the mail of the same Message-ID.
        sender: Address that it comes from.
        sender_name: Beside it.
        recipient: Address that it goes to; no other stands anywhere in it.

    Raises:
        NotSentError: The recipient's address is none.
    """
    mail = EmailMessage(policy=POLICY)
    if not is_mail_address(recipient):
        raise NotSentError("the address of the member is none; import contacts again", may_retry=False)
    mail["From"] = Address(display_name=sender_name, addr_spec=sender)
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = letter.subject
    mail["Date"] = letter.written_at
    mail["Message-ID"] = f"<{key}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    if letter.unsubscribe and len(letter.unsubscribe) <= LONGEST_LINE:
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.plain)
    mail.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        mail.add_attachment(
            letter.calendar.encode(), maintype="text", subtype="calendar", filename="meeting.ics",
            params={"charset": "utf-8", **_method(letter.calendar)},
        )  # fmt: skip
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{key}_{number}")  # by chance it would be another each time
    return mail.as_bytes()


def check_sender(sender: str, sender_name: str) -> None:
    """Whether mail can come from there.

    Raises:
        InputError: No, and the settings must say otherwise.
    """
    if not (is_mail_address(sender) and sender_name.isprintable()):
        raise InputError(
            f"mail cannot come from {sender[:80]!r}; needs an address in publish.sender, like organizers@example.org, "
            "and a name of one line in publish.sender_name"
        )


def _method(calendar: str) -> dict[str, str]:
    return {"method": "PUBLISH"} if "\r\nMETHOD:PUBLISH\r\n" in calendar else {}
