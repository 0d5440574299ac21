"""Mails as other programs read them: two readings of the words, one address, and headers that are ours alone."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import InputError, NotSentError
from matcher.publish.letters import Letter
from matcher.publish.mail import check_sender, mail_of
from tests.unit.publish.evening import NOW

LETTER = Letter(
    subject="Meet Žofie in Graz?",
    plain="Hello Ana,\n.\nFrom here on: żółć\n",
    html="<p>Hello Ana</p>",
    calendar="BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n",
    unsubscribe="https://desk.example.org/answer/" + "x" * 300,
    written_at=NOW,
)
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post",
    "MIME-Version", "Content-Type",
}  # fmt: skip


def made(letter: Letter = LETTER, recipient: str = "ana@example.org") -> bytes:
    """As it would be sent."""
    return mail_of(
        letter, key="0123", sender="us@example.org", sender_name="Die Veranstalter, Graz", recipient=recipient
    )


def read(mail: bytes) -> EmailMessage:
    """By the standard library, strictly enough to notice defects."""
    return message_from_bytes(mail, policy=default)


def test_the_words_come_in_plain_and_html_with_the_calendar_beside() -> None:
    """Each as it was written."""
    mail = read(made())
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))

    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == LETTER.plain
    assert html.get_content().strip() == LETTER.html
    (calendar,) = mail.iter_attachments()
    assert calendar.get_content_type() == "text/calendar"
    assert calendar.get_param("method") == "PUBLISH"
    assert calendar.get_content() == LETTER.calendar.encode() or calendar.get_content() == LETTER.calendar
    assert not mail.defects


def test_headers_say_who_when_and_how_to_get_no_more() -> None:
    """One click must find its address in one piece (RFC 8058)."""
    mail = made()

    assert set(read(mail)) == HEADERS
    assert read(mail)["Subject"] == LETTER.subject
    assert read(mail)["To"] == "ana@example.org"
    assert read(mail)["From"].addresses[0].display_name == "Die Veranstalter, Graz"
    assert f"\r\nList-Unsubscribe: <{LETTER.unsubscribe}>\r\n".encode() in mail
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in mail
    without = read(made(replace(LETTER, unsubscribe="", calendar="")))
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post"} & set(without)
    assert not list(without.iter_attachments())


def test_the_same_parcel_is_the_same_mail() -> None:
    """To the byte, so that whoever gets it twice can tell."""
    assert made() == made()
    assert read(made())["Message-ID"] == "<0123@example.org>"


def test_a_mail_is_plain_ascii_in_short_lines() -> None:
    """Any server on the way takes it."""
    mail = made()

    assert mail.isascii()
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in mail.split(b"\r\n"))


@given(st.text(st.sampled_from('ab: =?,<>"@\\ä\t;()'), max_size=120))
def test_no_subject_makes_a_header(subject: str) -> None:
    """Nor does a name in it, encoded in whatever way; and the headers stay ours."""
    mail = read(
        made(replace(LETTER, subject=f"x{subject} =?utf-8?q?a=0D=0ABcc:_b=40evil.example?= y".replace("=?", "= ?")))
    )

    assert set(mail) == HEADERS
    assert mail["To"] == "ana@example.org"


@pytest.mark.parametrize("subject", ["a\r\nBcc: b@evil.example", "a\nBcc: b@evil.example", "a\rBcc: b@evil.example"])
def test_a_line_end_in_a_header_is_refused(subject: str) -> None:
    """It cannot come that far; if it does, no mail is made."""
    with pytest.raises(ValueError, match=r"linefeed|newline|carriage"):
        made(replace(LETTER, subject=subject))


@pytest.mark.parametrize(
    "recipient", ["a@b.org\r\nBcc: c@evil.example", "a@b.org, c@evil.example", "", "a", "ä@example.org", "a@ä.example"]
)
def test_what_is_not_one_address_gets_no_mail(recipient: str) -> None:
    """For certain nothing arrived, and it is no use to try again."""
    with pytest.raises(NotSentError) as refused:
        made(recipient=recipient)

    assert not refused.value.may_retry
    assert "evil" not in str(refused.value)


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("", "Us"),
        ("us", "Us"),
        ("us@example.org\nBcc: x@y.org", "Us"),
        ("us@example.org", "Us\nBcc: x@y.org"),
        ("ü@b.org", "Us"),
    ],
)
def test_a_sender_that_cannot_be_is_refused_before_anything_is_sent(sender: str, name: str) -> None:
    """It says which setting to mend."""
    with pytest.raises(InputError, match=r"publish\.sender"):
        check_sender(sender, name)

    check_sender("us@example.org", "Žofie, the organizer")


def test_policies_of_the_library_agree() -> None:
    """What we make is read by the usual policy for mail as by the default one."""
    assert message_from_bytes(made(), policy=SMTP)["Subject"] == LETTER.subject
