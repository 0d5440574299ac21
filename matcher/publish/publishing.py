"""From approved to published and into the outbox, in one step that happens whole or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from matcher.errors import ConflictError, InputError
from matcher.publish.invitations import Edition
from matcher.publish.meeting_times import Times, time_text
from matcher.publish.parcels import parcels_of
from matcher.publish.prospects import Prospect, look
from matcher.publish.publisher import Publisher
from matcher.storage.decisions.outbox import Parcel
from matcher.storage.decisions.store import Sending
from matcher.tables.deciding import next_event
from matcher.tables.decisions import Decision

Seen = Mapping[str, int]
"""By suggestion the version that was looked at."""

UNHEARD = "by these ways nobody would learn of it, since nobody has an address, or no time is set for a calendar"


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishOrder:
    """What an organizer wants published.

    Attributes:
        channels: By which ways; of CHANNELS.
        by: Who wants it.
        times: When people meet.
        seen: By suggestion the version that was looked at; None: all that is approved, as it stands.
    """

    channels: tuple[str, ...]
    by: str
    times: Times = field(default_factory=Times)
    seen: Mapping[str, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What came of it.

    Attributes:
        announced: Suggestions that are published from now on.
        conflicts: Why others are not: somebody decided first.
        n_enqueued: New parcels.
        prospects: All that is published or approved, as it stands now.
    """

    announced: tuple[str, ...]
    conflicts: tuple[str, ...]
    n_enqueued: int
    prospects: tuple[Prospect, ...]


def publish(publisher: Publisher, edition: Edition, order: PublishOrder) -> Published:
    """Write down what is published, together with what it puts into the outbox; nothing is sent yet.

    What was published before is completed: by ways, and for members, that it lacked.

    Raises:
        InputError: A channel is not there, or a time is over or shown by no clock.
        RunError: At this very moment another run was published, perhaps to the same people.
    """
    publisher.check(order.channels)
    n_elsewhere = publisher.decisions.n_published(but=edition.run_id)
    before, now, addressed = look(publisher, edition, order.times), publisher.clock(), publisher.contacts().keys()
    # All of it is rendered before anything is decided: what cannot be told is not published.
    parcels = {
        one.suggestion.id: tuple(
            parcels_of(one.invitation, order.channels, publisher.writer, addressed=addressed, now=now)
        )
        for one in before
        if not one.held
    }
    going = _Going(publisher=publisher, edition=edition, by=order.by, parcels=parcels, n_elsewhere=n_elsewhere)
    wanted = _wanted(before, order)
    by_time: dict[str, dict[str, int]] = {}
    for one in before:
        if one.suggestion.id in wanted and parcels[one.suggestion.id]:
            by_time.setdefault(time_text(one.invitation.when), {})[one.suggestion.id] = wanted[one.suggestion.id]
    done = [_announce(going, seen, when) for when, seen in by_time.items()]
    out = [one for one in before if one.suggestion.is_published and not one.held and not one.is_over(now)]
    n_more = publisher.outbox.enqueue(*(parcel for one in out for parcel in parcels[one.suggestion.id]), now=now)
    announced = tuple(one for told, _ in done for one in told)
    return Published(
        announced=announced,
        conflicts=(
            *(first for _, conflicts in done for first in conflicts),
            *(f"{one}: {UNHEARD}" for one in wanted if not parcels[one]),
            *_left_behind(publisher, edition, order, before),
        ),
        n_enqueued=n_more + sum(len(parcels[one]) for one in announced),
        prospects=look(publisher, edition, order.times),
    )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Going:
    """What is the same for all that is to be published.

    Attributes:
        publisher: What publishing works with.
        edition: The run.
        by: Who publishes.
        parcels: By suggestion what would be sent.
        n_elsewhere: How often anything of other runs had been published when it was looked at who was told of what.
    """

    publisher: Publisher
    edition: Edition
    by: str
    parcels: Mapping[str, Sequence[Parcel]]
    n_elsewhere: int


def _wanted(prospects: Sequence[Prospect], order: PublishOrder) -> Seen:
    """What is to be published, and may be."""
    ready = [one.suggestion for one in prospects if not one.held and not one.suggestion.is_published]
    if order.seen is None:
        return {one.id: one.version for one in ready}
    return {one.id: order.seen[one.id] for one in ready if one.id in order.seen}


def _left_behind(
    publisher: Publisher, edition: Edition, order: PublishOrder, prospects: Sequence[Prospect]
) -> Iterable[str]:
    """Why something that was looked at is not even among what could go out: somebody decided, or answered, first."""
    held = {one.suggestion.id: one.held for one in prospects if not one.suggestion.is_published}
    known = {one.suggestion.id for one in prospects}
    for one, seen in (order.seen or {}).items():
        if held.get(one):
            yield f"{one} is held back: {held[one]}"
        if one in known:
            continue
        wanted = Decision(
            run_id=edition.run_id, kind="publish", by=order.by, at=publisher.clock(), touched={one: seen}, lists={}
        )
        try:
            next_event(
                edition.suggestions, publisher.decisions.events(edition.run_id), wanted, kept=edition.dossier.kept
            )
        except (ConflictError, InputError) as first:
            yield str(first)


def _announce(going: _Going, seen: Seen, when: str) -> tuple[Sequence[str], Sequence[str]]:
    """Publish all that are told the same time as one decision.

    Where somebody decided first about one of them, each half goes by itself, so that it holds up no other.

    Returns:
        What is published, and why others are not.
    """
    publisher, edition = going.publisher, going.edition
    decision = Decision(
        run_id=edition.run_id, kind="publish", by=going.by, at=publisher.clock(), touched=seen, lists={}, words=when
    )
    sending = Sending(
        parcels=tuple(parcel for one in seen for parcel in going.parcels[one]), n_published_elsewhere=going.n_elsewhere
    )
    try:
        publisher.decisions.append(decision, edition.suggestions, kept=edition.dossier.kept, sending=sending)
    except (ConflictError, InputError) as first:
        if len(seen) == 1:
            return (), (str(first),)
        ids, middle = [*seen], len(seen) // 2
        halves = [{one: seen[one] for one in some} for some in (ids[:middle], ids[middle:])]
        (told, conflicts), (others, more) = (_announce(going, half, when) for half in halves)
        return (*told, *others), (*conflicts, *more)
    return tuple(seen), ()
