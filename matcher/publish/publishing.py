"""From approved to published to the outbox. Each step may be repeated, and none does more by it.

A process that is killed anywhere in between leaves the rest to the next one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from matcher.errors import ConflictError, InputError
from matcher.publish.invitations import Edition, Invitation
from matcher.publish.meeting_times import Times
from matcher.publish.parcels import parcels_of
from matcher.publish.prospects import Prospect, look
from matcher.publish.publisher import Publisher
from matcher.tables.decisions import Decision


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
    """Write down what is published, and put what it means into the outbox; nothing is sent yet.

    Raises:
        InputError: A channel is not there, or a time is over or shown by no clock.
    """
    publisher.check(order.channels)
    # All of it is rendered before anything is decided: what cannot be told is not published.
    before = look(publisher, edition, order.times)
    announced, conflicts = _announce(publisher, edition, order, before)
    prospects = look(publisher, edition, order.times)
    out = [one.invitation for one in prospects if one.suggestion.is_published and not one.held]
    n_enqueued = _enqueue(publisher, out, order.channels)
    return Published(
        announced=announced,
        conflicts=conflicts,
        n_enqueued=n_enqueued,
        prospects=look(publisher, edition, order.times),
    )


def _announce(
    publisher: Publisher, edition: Edition, order: PublishOrder, prospects: Sequence[Prospect]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Publish each that may be, by itself, so that one on which somebody decided first holds no other up."""
    announced, conflicts = [], []
    for one in (prospect.suggestion for prospect in prospects if not prospect.held):
        seen = one.version if order.seen is None else order.seen.get(one.id)
        if one.is_published or seen is None:
            continue
        decision = Decision(
            run_id=edition.run_id, kind="publish", by=order.by, at=publisher.clock(), touched={one.id: seen}, lists={}
        )
        try:
            publisher.decisions.append(decision, edition.suggestions)
        except (ConflictError, InputError) as first:
            conflicts.append(str(first))
        else:
            announced.append(one.id)
    return tuple(announced), tuple(conflicts)


def _enqueue(publisher: Publisher, invitations: Sequence[Invitation], channels: Collection[str]) -> int:
    """Put what is not there yet into the outbox; how much that was."""
    now, addressed = publisher.clock(), publisher.contacts().keys()
    return sum(
        publisher.outbox.enqueue(parcel, now=now)
        for one in invitations
        for parcel in parcels_of(one, channels, publisher.writer, addressed=addressed, now=now)
    )
