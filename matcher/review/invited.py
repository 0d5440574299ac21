"""What a member's link is about: who was asked, with whom, where, and what the member answered so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from matcher.errors import InputError, LinkError
from matcher.publish.invitations import Edition, Invitation, invitation_of
from matcher.publish.links import AnswerLink, link_id
from matcher.review.desk import Desk
from matcher.review.drafting import drafted
from matcher.tables.answered import Answer, Heard, Replies, hear

TELLS_AFTER = timedelta(days=1)
"""So long after it went out a member may tell how it was; who says yes, at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Invited:
    """What went out to a member.

    Attributes:
        invitation: As all its members were told.
        others: Who else was asked, ascending.
        told_at: When it was published.
    """

    invitation: Invitation
    others: tuple[str, ...]
    told_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Answering:
    """Where a member stands with one link.

    Attributes:
        link: What the link allows.
        name: The link's, under which its answers are kept.
        n_given: Answers given by it so far: a form says how many it knew of.
        invited: What it is about; None: the run is gone, or never went out so. Then one may pause or leave only.
        said: All answers of the member.
        heard: What stands after them.
        now: The instant.
    """

    link: AnswerLink
    name: str = field(repr=False)
    n_given: int
    invited: Invited | None
    said: Sequence[Answer]
    heard: Heard
    now: datetime

    @property
    def replies(self) -> Replies:
        """What the member answered about this suggestion."""
        return self.heard.about(self.link.run_id, self.link.suggestion)

    @property
    def others(self) -> tuple[str, ...]:
        """Who else was asked, ascending; nobody where that is not known."""
        return self.invited.others if self.invited else ()

    @property
    def comes(self) -> bool | None:
        """Whether the member said that they come; None: they did not say."""
        return self.replies.comes.get(self.link.member)

    @property
    def has_met(self) -> bool | None:
        """Whether the member said that they met; None: they did not say."""
        return self.replies.has_met.get(self.link.member)

    @property
    def was_good(self) -> bool | None:
        """Whether the member said that it was good; None: they did not say."""
        return self.replies.was_good.get(self.link.member)

    @property
    def has_left(self) -> bool:
        """Whether the member left."""
        return self.link.member in self.heard.left

    @property
    def paused_until(self) -> datetime | None:
        """Until when the member pauses; None: they do not."""
        until = self.heard.paused_until.get(self.link.member)
        return until if until is not None and self.now < until else None

    @property
    def may_tell(self) -> bool:
        """Whether it can have taken place, so that the member may say how it was."""
        told_at = self.invited.told_at if self.invited else None
        return told_at is not None and (self.comes is True or self.now >= told_at + TELLS_AFTER)

    def again(self, other: str) -> bool | None:
        """Whether the member would meet another again; None: they did not say."""
        return self.replies.again.get((self.link.member, other))

    def shuns(self, other: str) -> bool:
        """Whether the member asked never to meet another."""
        return (self.link.member, other) in self.heard.not_with


def answering(desk: Desk, token: str) -> Answering:
    """Where the member who holds a token stands.

    Raises:
        LinkError: The token is not ours, or its time is over; also where the member had themselves forgotten.
    """
    now = desk.clock()
    link, name = desk.links.read(token, now=now), link_id(token)
    if desk.is_forgotten(link.member):
        raise LinkError("the link is over; its member was forgotten; ask the organizers", is_expired=True)
    said = desk.answers.answers(member=link.member)
    return Answering(
        link=link,
        name=name,
        n_given=sum(one.link.startswith(f"{name}:") for one in said),
        invited=_invited(desk, link),
        said=said,
        heard=hear(said),
        now=now,
    )


def _invited(desk: Desk, link: AnswerLink) -> Invited | None:
    try:
        night = desk.nights.night(link.run_id)
        found = drafted(desk, night).suggestions.get(link.suggestion)
        if found is None or found.published_version != link.version or link.member not in found.members:
            return None
        edition = Edition(dossier=night.dossier, suggestions=night.suggestions, question=lambda: night.question)
        invitation = invitation_of(edition, found, edition.town_of(found), None)
    except (InputError, OSError):  # the run was removed, perhaps at this moment
        return None
    told = [one.at for one in desk.decisions.events(link.run_id) if one.kind == "publish" and found.id in one.touched]
    others = tuple(one for one in found.members if one != link.member)
    return Invited(invitation=invitation, others=others, told_at=max(told))
