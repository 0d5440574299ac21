"""What would go out of a run, and what went out: each approved or published suggestion with all that matters for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from matcher.publish.invitations import Edition, Invitation, invitation_of
from matcher.publish.meeting_times import Times, read_time_text
from matcher.publish.publisher import HELD, Publisher
from matcher.publish.told_already import told_already
from matcher.rules.elsewhere import Elsewhere, unsafe_pairs
from matcher.tables.answered import Heard
from matcher.tables.drafts import Draft, Suggestion


@dataclass(frozen=True, kw_only=True, slots=True)
class Prospect:
    """One suggestion that is approved or published, as it would go out.

    Attributes:
        suggestion: As it stands.
        invitation: What its members are told.
        held: Why it does not go out; empty: it does.
        untimed: Why it has no calendar file; empty: it has.
        unaddressed: Members without an address.
        ends: By channel and state of its entries in the outbox, how many there are.
    """

    suggestion: Suggestion
    invitation: Invitation
    held: str
    untimed: str
    unaddressed: tuple[str, ...]
    ends: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def is_over(self, now: datetime) -> bool:
        """Whether its time is over, so that nobody need be told of it any more."""
        return self.invitation.when is not None and self.invitation.when <= now


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Known:
    """What was read once for all suggestions of a run."""

    draft: Draft
    elsewhere: Elsewhere
    heard: Heard
    addresses: Mapping[str, str]
    ends: Mapping[str, Mapping[tuple[str, str], int]]


def look(publisher: Publisher, edition: Edition, times: Times) -> tuple[Prospect, ...]:
    """What would go out, and what went out; nothing is changed.

    Raises:
        InputError: A time is over or shown by no clock.
    """
    run_id = edition.run_id
    known = _Known(
        draft=publisher.decisions.draft(run_id, edition.suggestions, kept=edition.dossier.kept),
        elsewhere=publisher.others.beside(run_id, edition.dossier.as_of),
        heard=publisher.answers.heard(),
        addresses=publisher.contacts(),
        ends=publisher.outbox.ends(run_id),
    )
    ready = [one for one in known.draft.suggestions.values() if one.is_approved or one.is_published]
    return tuple(_prospect(publisher, edition, one, times, known) for one in ready)


def _prospect(publisher: Publisher, edition: Edition, suggestion: Suggestion, times: Times, known: _Known) -> Prospect:
    town = edition.town_of(suggestion)
    if suggestion.is_published:
        # What was said of all is not about what went out before: its members know when they meet, or that they are
        # to find a time; only for it by name may one still be said.
        times = replace(times, for_all=None)
    when = read_time_text(suggestion.meets)
    if when is None:
        when = times.at(suggestion.id, town.time_zone if town else "", now=publisher.clock())
    is_timed = suggestion.id in times.by_suggestion or times.for_all is not None
    return Prospect(
        suggestion=suggestion,
        invitation=invitation_of(edition, suggestion, town, when),
        held=_held(publisher, edition, suggestion, known),
        untimed="" if when else "its time zone is not known" if is_timed else "no time is set",
        unaddressed=tuple(one for one in suggestion.members if one not in known.addresses),
        ends=known.ends.get(suggestion.id, {}),
    )


def _held(publisher: Publisher, edition: Edition, suggestion: Suggestion, known: _Known) -> str:
    """Why it does not go out."""
    apart = known.elsewhere.never_together | unsafe_pairs(known.draft, but=suggestion.id)
    if publisher.is_held(suggestion.members, known.heard, apart):
        return HELD
    is_out = suggestion.is_published
    return "" if is_out else told_already(suggestion, known.elsewhere, edition.dossier, edition.suggestions)
