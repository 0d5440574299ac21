"""Suggestions as they stand now: what the night told of them, or the same told anew of members put together since."""

from weakref import WeakKeyDictionary

from matcher.arrangement.changes import weigh_group
from matcher.reasons.gatherings import account_gathering
from matcher.reasons.groups import account_group
from matcher.review.nights import Night
from matcher.review.standing import party
from matcher.tables.decisions import Members
from matcher.tables.drafts import Suggestion
from matcher.tables.proposed import TERMS, Proposed, ProposedGathering, ProposedGroup, Town
from matcher.units import Km, MemberId

NOWHERE = Town(name="no place within everyone's reach", lat=0.0, lon=0.0)
"""Where a group meets that has no place to meet; no map shows it."""

MOST_KEPT = 4_000
"""Retellings of one run that stay in memory."""


def proposal_now(night: Night, suggestion: Suggestion) -> Proposed:
    """Everything that is told of a suggestion as it stands; a changed group is weighed and explained anew."""
    original = night.proposed.get(suggestion.id)
    if original is not None and original.members == suggestion.members:
        return original
    known = _retold.setdefault(night, {})
    key = suggestion.id, suggestion.members
    found = known.get(key)
    if found is None:
        if len(known) >= MOST_KEPT:
            known.clear()
        found = known[key] = _retell(night, suggestion, original)
    return found


def _retell(night: Night, suggestion: Suggestion, original: Proposed | None) -> Proposed:
    if isinstance(original, ProposedGathering):
        return _fewer(night, suggestion, original)
    return _regrouped(night, suggestion)


def _regrouped(night: Night, suggestion: Suggestion) -> ProposedGroup:
    question, remembered = night.question, night.remembered
    members = party(suggestion.members)
    weighed = weigh_group(question, members)
    area = None if weighed.town is None else question.towns[weighed.town]
    town = NOWHERE if area is None else Town(name=area.name, lat=area.lat, lon=area.lon, time_zone=area.time_zone)
    ways = tuple(Km(seat.travel_km or 0.0) for seat in weighed.seats)
    met = sorted(
        (MemberId(row["member_a"]), MemberId(row["member_b"]), row["last_at"]) for row in remembered.met_among(members)
    )
    return ProposedGroup(
        id=suggestion.id,
        members=members,
        town=town,
        travel_km=ways,
        fit_shares=tuple(seat.fit_share for seat in weighed.seats),
        terms=tuple({name: float(getattr(seat, name)) for name in TERMS} for seat in weighed.seats),
        waited=tuple(map(remembered.waited, members)),
        repeats=tuple(met),
        account=account_group([*members], town.name, max(ways, default=0.0), remembered),
    )


def _fewer(night: Night, suggestion: Suggestion, original: ProposedGathering) -> ProposedGathering:
    """A gathering that lost members; other cities were weighed for other people, so they are not told any more."""
    stays = [seat for seat, member in enumerate(original.members) if member in suggestion.members]
    people = night.dossier.people
    places = {people[MemberId(member)].place for member in suggestion.members} - {""}
    return ProposedGathering(
        id=suggestion.id,
        members=tuple(original.members[seat] for seat in stays),
        hub=original.hub,
        travel_km=tuple(original.travel_km[seat] for seat in stays),
        companies=tuple(original.companies[seat] for seat in stays),
        efforts=tuple(original.efforts[seat] for seat in stays),
        choices=(),
        account=account_gathering([*suggestion.members], original.hub.name, (len(places), 0), night.remembered),
    )


_retold: WeakKeyDictionary[Night, dict[tuple[str, Members], Proposed]] = WeakKeyDictionary()
