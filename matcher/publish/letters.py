"""An invitation as a letter to one of its members: all of its words, before it becomes a mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from matcher.publish.invitations import Invitation
from matcher.publish.links import AnswerLink, LinkSigner
from matcher.publish.meeting_times import time_in_words
from matcher.publish.options import PublishOptions
from matcher.publish.wording import day
from matcher.reasons.words import listed

MOST_IN_SUBJECT = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One letter, written.

    Attributes:
        subject: One line.
        plain: As text.
        html: As a page that loads nothing.
        calendar: The meeting as a calendar file; empty where it has no time.
        unsubscribe: The address at which one click ends all mails; empty where there is none.
        written_at: When.
    """

    subject: str
    plain: str
    html: str
    calendar: str
    unsubscribe: str
    written_at: datetime


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Writer:
    """Who writes the letters.

    Attributes:
        options: How members are told.
        links: Signs the links to the pages for answers.
    """

    options: PublishOptions
    links: LinkSigner

    def answer_address(self, invitation: Invitation, member: str, until: datetime) -> str:
        """Where a member answers; empty: nowhere."""
        if not self.options.answer_address:
            return ""
        link = AnswerLink(
            run_id=invitation.run_id,
            suggestion=invitation.suggestion,
            version=invitation.version,
            member=member,
            until=until,
        )
        return f"{self.options.answer_address.rstrip('/')}/answer/{self.links.token(link)}"

    def write(self, invitation: Invitation, member: str, *, calendar: str, now: datetime) -> Letter:
        """Write to one member.

        Args:
            invitation: What they are told.
            member: One of its members.
            calendar: The meeting as a calendar file, or empty.
            now: The instant.
        """
        until = now + timedelta(days=self.options.link_days)
        link = self.answer_address(invitation, member, until)
        return write_letter(
            invitation, member, link=link, until=until, sender_name=self.options.sender_name, calendar=calendar, now=now
        )


def write_letter(  # noqa: PLR0913 -- everything that stands in a letter
    invitation: Invitation,
    member: str,
    *,
    link: str,
    until: datetime,
    sender_name: str,
    calendar: str = "",
    now: datetime,
) -> Letter:
    """Write a letter with a link that is given, or with none."""
    others = invitation.others(member)
    facts = {
        "invitation": invitation,
        "name": invitation.names[member],
        "others": listed(others, most=len(others)),
        "when": "" if invitation.when is None else time_in_words(invitation.when),
        "link": link,
        "until": day(until),
        "sender_name": sender_name,
        "subject": _subject(invitation, others),
    }
    return Letter(
        subject=str(facts["subject"]),
        plain=_environment(is_html=False).get_template("invitation.txt.jinja").render(facts),
        html=_environment(is_html=True).get_template("invitation.html.jinja").render(facts),
        calendar=calendar,
        unsubscribe=link,
        written_at=now,
    )


def _subject(invitation: Invitation, others: tuple[str, ...]) -> str:
    if len(others) > MOST_IN_SUBJECT:
        who = f"{', '.join(others[: MOST_IN_SUBJECT - 1])} and {len(others) - MOST_IN_SUBJECT + 1} others"
    else:
        who = listed(others)
    return f"Meet {who}{f' in {invitation.town.name}' if invitation.town else ''}?"


@cache
def _environment(*, is_html: bool) -> Environment:
    return Environment(
        autoescape=is_html,  # noqa: S701 -- the other kind is plain text
        loader=PackageLoader("matcher.publish"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
