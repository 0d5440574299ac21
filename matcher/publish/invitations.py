"""What members are told of one suggestion: who, where, when, why; no score, no home, nothing private."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from matcher.arrangement.changes import DeskQuestion, weigh_group
from matcher.publish.told_text import told_text
from matcher.reasons.words import listed
from matcher.tables.decisions import Members
from matcher.tables.dossier import Dossier
from matcher.tables.drafts import Suggestion
from matcher.tables.proposals import Account
from matcher.tables.proposed import Proposed, ProposedGathering, ProposedIntroduction, Town
from matcher.units import MemberId

KINDS: Mapping[str, str] = {"g": "group", "n": "group", "i": "introduction", "t": "gathering"}
"""By the first letter of an id."""

BY_TALK = "From how people here talk with each other, we think that you would get on."
BY_HAND = "The organizers brought you together themselves."
ONLINE = "online, in a call"
MOST_TOPICS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """One suggestion as its members may know it.

    Attributes:
        run_id: The run.
        suggestion: Its id.
        version: The version that goes out.
        kind: 'group', 'introduction' or 'gathering'.
        members: Ascending.
        names: Of each member, as the others see them.
        town: Where; None: they begin online.
        when: With the time zone of the place; None: no time is set.
        topics: What they share, as they said in public.
        reasons: Sentences to them.
        starter: A first line.
        notice: What every reader must know, or empty.
    """

    run_id: str
    suggestion: str
    version: int
    kind: str
    members: Members
    names: Mapping[str, str]
    town: Town | None
    when: datetime | None
    topics: tuple[str, ...]
    reasons: tuple[str, ...]
    starter: str
    notice: str = ""

    @property
    def place(self) -> str:
        """Where, in words."""
        return self.town.name if self.town else ONLINE

    def others(self, member: str) -> tuple[str, ...]:
        """Names of all but one, in the order of their names."""
        return tuple(sorted((self.names[one] for one in self.members if one != member), key=str.casefold))


@dataclass(frozen=True, eq=False, kw_only=True)
class Edition:
    """One run, as publishing sees it.

    Attributes:
        dossier: What may be shown of it.
        suggestions: Members by id, as the night proposed them.
        question: Who could sit with whom; asked only where a group was changed.
    """

    dossier: Dossier
    suggestions: Mapping[str, Members]
    question: Callable[[], DeskQuestion]

    @property
    def run_id(self) -> str:
        """The run."""
        return self.dossier.run_id

    @cached_property
    def proposed(self) -> Mapping[str, Proposed]:
        """What the night proposed, by id."""
        return self.dossier.proposed

    def town_of(self, suggestion: Suggestion) -> Town | None:
        """Where its members meet; for a changed group the fair town of its members. None: online, or nowhere."""
        proposed = self.proposed.get(suggestion.id)
        if isinstance(proposed, ProposedGathering):
            return proposed.hub
        if isinstance(proposed, ProposedIntroduction):
            return proposed.town if proposed.members == suggestion.members else None
        if proposed is not None and proposed.members == suggestion.members:
            return proposed.town
        question = self.question()
        row = weigh_group(question, [MemberId(one) for one in suggestion.members]).town
        return None if row is None else Town(**question.towns[row]._asdict())


def invitation_of(edition: Edition, suggestion: Suggestion, town: Town | None, when: datetime | None) -> Invitation:
    """Put a suggestion into words for its members.

    Args:
        edition: Its run.
        suggestion: As it stands; published or about to be.
        town: Where they meet.
        when: With a time zone; None: no time is set.
    """
    dossier = edition.dossier
    proposed = edition.proposed.get(suggestion.id)
    is_changed = proposed is None or proposed.members != suggestion.members
    account = None if proposed is None or is_changed else proposed.account
    out = suggestion.published_version
    topics = tuple(told_text(one, limit=40) for one in account.shared_topics[:MOST_TOPICS]) if account else ()
    place = told_text(town.name, limit=80) if town else ""
    return Invitation(
        run_id=dossier.run_id,
        suggestion=suggestion.id,
        version=suggestion.version if out is None else out,
        kind=KINDS[suggestion.id[0]],
        members=suggestion.members,
        names={one: _name(dossier, MemberId(one)) for one in suggestion.members},
        town=Town(name=place, lat=town.lat, lon=town.lon, time_zone=town.time_zone) if town else None,
        when=when,
        topics=topics,
        reasons=_reasons(topics, is_changed=is_changed),
        starter=_starter(account, proposed, place),
        notice=told_text(dossier.notice, limit=200) if dossier.notice else "",
    )


def _reasons(topics: tuple[str, ...], *, is_changed: bool) -> tuple[str, ...]:
    # The organizers' reasons say more than the others may know: who lives where, whom one talks with elsewhere.
    if is_changed:
        return (BY_HAND,)
    return (*([f"You care about the same things: {listed(topics, most=len(topics))}."] if topics else []), BY_TALK)


def _starter(account: Account | None, proposed: object, place: str) -> str:
    """The night's own line where all of it is between them; else a plain one."""
    names_another = isinstance(proposed, ProposedIntroduction) and proposed.via and not proposed.account.shared_topics
    if account is None or names_another:
        return f"How about a first hello in {place}?" if place else "How about a first hello?"
    return told_text(account.starter, limit=300)


def _name(dossier: Dossier, member: MemberId) -> str:
    person = dossier.people.get(member)
    return told_text(person.name if person else member, limit=60) or "(no name)"
