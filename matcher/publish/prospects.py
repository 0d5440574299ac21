"""What would go out of a run, and what went out: each approved or published suggestion with all that matters for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from matcher.publish.invitations import Edition, Invitation, invitation_of
from matcher.publish.meeting_times import Times
from matcher.publish.publisher import HELD, Publisher
from matcher.storage.decisions.outbox import Entry
from matcher.tables.answered import Heard, hear
from matcher.tables.drafts import Suggestion


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


def look(publisher: Publisher, edition: Edition, times: Times) -> tuple[Prospect, ...]:
    """What would go out, and what went out; nothing is changed.

    Raises:
        InputError: A time is over or shown by no clock.
    """
    draft = publisher.decisions.draft(edition.run_id, edition.suggestions)
    heard, addresses = hear(publisher.answers.answers()), publisher.contacts()
    ends = _ends(publisher.outbox.entries(), edition.run_id)
    ready = [one for one in draft.suggestions.values() if one.is_approved or one.is_published]
    return tuple(
        _prospect(publisher, edition, one, times, heard=heard, addresses=addresses, ends=ends.get(one.id, {}))
        for one in ready
    )


def _prospect(  # noqa: PLR0913 -- each was read once for all
    publisher: Publisher,
    edition: Edition,
    suggestion: Suggestion,
    times: Times,
    *,
    heard: Heard,
    addresses: Mapping[str, str],
    ends: Mapping[tuple[str, str], int],
) -> Prospect:
    town = edition.town_of(suggestion)
    when = times.at(suggestion.id, town.time_zone if town else "", now=publisher.clock())
    is_timed = suggestion.id in times.by_suggestion or times.for_all is not None
    return Prospect(
        suggestion=suggestion,
        invitation=invitation_of(edition, suggestion, town, when),
        held=HELD if publisher.is_held(suggestion.members, heard) else "",
        untimed="" if when else "its time zone is not known" if is_timed else "no time is set",
        unaddressed=tuple(one for one in suggestion.members if one not in addresses),
        ends=ends,
    )


def _ends(entries: Sequence[Entry], run_id: str) -> Mapping[str, Mapping[tuple[str, str], int]]:
    ends: dict[str, dict[tuple[str, str], int]] = {}
    for entry in entries:
        if entry.run_id == run_id:
            known = ends.setdefault(entry.suggestion, {})
            known[entry.channel, entry.state] = known.get((entry.channel, entry.state), 0) + 1
    return ends
