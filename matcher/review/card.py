"""The evidence card: everything that an organizer should know of one suggestion before deciding about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matcher.publish.basemap import BasemapPaths
from matcher.publish.cards import group_card, introduction_card
from matcher.publish.gathering_cards import gathering_card
from matcher.publish.map_ground import ground_in
from matcher.publish.report_view import GatheringCard, GroupCard, Guest, IntroductionCard, Side, Told
from matcher.publish.wording import day
from matcher.review.events_told import Line, changes_of, lines_of
from matcher.review.exchanges import Exchanges, exchanges_of
from matcher.review.nights import Night
from matcher.review.proposals_now import NOWHERE, proposal_now
from matcher.review.refusals import refusals
from matcher.review.scores import Scores, scores_of
from matcher.review.standing import Standing
from matcher.review.unknown import unknown_among, unknown_of
from matcher.tables.decisions import REJECT_REASONS, Event
from matcher.tables.drafts import Suggestion
from matcher.tables.proposed import Proposed, ProposedGathering, ProposedGroup, ProposedIntroduction
from matcher.units import MemberId


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """One member on the card; `unknown` is what is not known of them, in words, or empty."""

    member: str
    name: str
    unknown: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One suggestion, told.

    Attributes:
        kind: 'group', 'introduction' or 'gathering'.
        now: As it stands.
        shown: As the report shows such a one; maps and words of it are used.
        title: Where they meet, or who.
        parties: The members, in the order of `shown`.
        came: Who is in it only since an organizer changed it, in words, or empty.
        went: Who was in it as the night proposed it, in words, or empty.
        again: Who met whom before, and when.
        exchanges: What they wrote to each other.
        scores: What their scores are made of.
        unknown: By what is not known, of whom.
        ground: The basemap under the map; None: there is no map.
        against: Why it may not be approved as it is.
        rejection: The reason why it was rejected, in words, or empty.
        kept_since: The run in which organizers locked or approved it, if it is still locked since and open; or empty.
        log: What was decided about it, the latest first.
    """

    kind: str
    now: Suggestion
    shown: GroupCard | IntroductionCard | GatheringCard
    title: str
    parties: tuple[Party, ...]
    came: str
    went: str
    again: tuple[str, ...]
    exchanges: Exchanges
    scores: Scores
    unknown: Mapping[str, str]
    ground: BasemapPaths | None
    against: tuple[str, ...]
    rejection: str
    kept_since: str
    log: tuple[Line, ...]

    @property
    def seats(self) -> Sequence[tuple[Guest | Side, Party]]:
        """Each seat of a group, or side of an introduction, with its member; of a gathering none."""
        seats = {"group": "guests", "introduction": "sides"}.get(self.kind)
        return [] if seats is None else list(zip(getattr(self.shown, seats), self.parties, strict=True))

    @property
    def told(self) -> Told:
        """Reasons, topics and how to begin."""
        return self.shown.told


def card_of(now: Standing, suggestion: Suggestion, events: Sequence[Event]) -> Card:
    """Make the card of a suggestion as it stands.

    Args:
        now: The run.
        suggestion: One of its draft.
        events: Everything decided about the run, in order.
    """
    night = now.night
    proposal, dossier = proposal_now(night, suggestion), night.dossier
    kind, shown = _shown(night, proposal)
    members = proposal.members
    original = night.suggestions.get(suggestion.id, ())
    return Card(
        kind=kind,
        now=suggestion,
        shown=shown,
        title=_title(shown),
        parties=tuple(
            Party(member=one, name=dossier.people[one].name, unknown=unknown_of(one, dossier)) for one in members
        ),
        came=now.names(sorted({*members} - {*original})) if original else "",
        went=now.names(sorted({*original} - {*members})),
        again=_again(night, members),
        exchanges=exchanges_of(members, proposal.account.evidence, night.remembered),
        scores=scores_of(members, night.remembered, dossier.stranger_chance),
        unknown=unknown_among(members, dossier),
        ground=None if shown.map is None else ground_in(shown.map.view_box, shown.map.worlds),
        against=() if suggestion.is_published else refusals(now, suggestion),
        rejection=REJECT_REASONS.get(suggestion.why, ""),
        kept_since=dossier.kept.get(suggestion.id, "") if suggestion.is_locked and suggestion.state == "open" else "",
        log=_log(now, suggestion, events),
    )


def _shown(night: Night, proposal: Proposed) -> tuple[str, GroupCard | IntroductionCard | GatheringCard]:
    """The card as the report would show it; what it quotes is told with who wrote to whom."""
    people, chance = night.dossier.people, night.dossier.stranger_chance
    match proposal:
        case ProposedGroup():
            card = group_card(0, proposal, people, {}, night.field, chance)
            return "group", replace(card, map=None) if proposal.town == NOWHERE else card
        case ProposedIntroduction():
            return "introduction", introduction_card(proposal, people, {}, night.field, chance)
        case ProposedGathering():
            return "gathering", gathering_card(0, proposal, people, {})


def _title(shown: GroupCard | IntroductionCard | GatheringCard) -> str:
    match shown:
        case GroupCard():
            return shown.town
        case GatheringCard():
            return shown.city
        case IntroductionCard():
            return " and ".join(side.name for side in shown.sides)


def _again(night: Night, members: Sequence[MemberId]) -> tuple[str, ...]:
    met = night.remembered.met_among(members)
    people = night.dossier.people
    return tuple(
        f"{people[row['member_a']].name} and {people[row['member_b']].name} were proposed to each other on "
        f"{day(row['last_at'])}."
        for row in met
    )


def _log(now: Standing, suggestion: Suggestion, events: Sequence[Event]) -> tuple[Line, ...]:
    about = [event for event in events if suggestion.id in event.touched]
    if not about:
        return ()
    return tuple(lines_of(now, reversed(about), changes_of(now.night.suggestions, events)))
