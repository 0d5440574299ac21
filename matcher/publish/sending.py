"""Drives the outbox: takes what is due, sends it, writes down what came of it; what is unclear is left to a person."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from matcher.errors import ConflictError, NotSentError
from matcher.publish.channels import Channel
from matcher.storage.decisions.outbox import Entry, Outbox

log = logging.getLogger("matcher")

SEND_LIMIT = timedelta(minutes=10)
"""No attempt at sending one thing lasts longer: what was begun before and not reported is in doubt."""

FIRST_WAIT = timedelta(minutes=1)
"""Until the second attempt; then always twice as long."""

MOST_ATTEMPTS = 10
"""After so many (more than eight hours) it has failed for good, until an organizer says otherwise."""

BY_ITSELF = "matcher"
"""Who resolves a doubt about a file: it is written again, and nobody can tell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Driven:
    """What one drive did.

    Attributes:
        n_sent: Arrived.
        n_waiting: Did not, and are tried again.
        n_failed: Did not, for good.
        n_in_doubt: Begun, and it is not known whether they arrived.
    """

    n_sent: int = 0
    n_waiting: int = 0
    n_failed: int = 0
    n_in_doubt: int = 0


def never_held(entry: Entry) -> str:
    """Hold nothing back."""
    del entry
    return ""


def drive(
    outbox: Outbox,
    channels: Mapping[str, Channel],
    *,
    clock: Callable[[], datetime],
    held: Callable[[Entry], str] = never_held,
    is_over: Callable[[], bool] = lambda: False,
) -> Driven:
    """Send all that is due, one after the other; any number may drive one outbox at once.

    Args:
        outbox: What is to be sent.
        channels: By name; what goes another way stays where it is.
        clock: Tells the instant, in UTC.
        held: Why an entry must not be sent any more; empty: it may.
        is_over: Whether to leave off before the next.
    """
    _repeat_files(outbox, channels, now=clock())
    ends = {"sent": 0, "waiting": 0, "failed": 0, "in_doubt": 0}
    while not is_over() and (entry := outbox.take_next(now=clock(), channels=tuple(channels))):
        ends[_send(outbox, entry, channels[entry.channel], clock=clock, held=held)] += 1
    return Driven(**{f"n_{end}": number for end, number in ends.items()})


def _send(
    outbox: Outbox, entry: Entry, channel: Channel, *, clock: Callable[[], datetime], held: Callable[[Entry], str]
) -> str:
    """Send one entry and write down the end; a crash in between leaves it begun."""
    if why := held(entry):
        return _failed(outbox, entry, why, may_retry=False, now=clock())
    try:
        channel.deliver(entry)
    except NotSentError as failed:
        return _failed(outbox, entry, str(failed), may_retry=failed.may_retry, now=clock())
    except Exception as unknown:  # noqa: BLE001 -- whatever it was, it is not known to have failed
        if channel.is_repeatable:
            return _failed(
                outbox, entry, f"it could not be written; found {_kind(unknown)}", may_retry=True, now=clock()
            )
        log.warning("entry %d of the outbox (%s) is in doubt: %s", entry.number, entry.channel, _kind(unknown))
        return "in_doubt"
    return "sent" if _reported(lambda: outbox.mark_sent(entry, now=clock())) else "in_doubt"


def _failed(outbox: Outbox, entry: Entry, why: str, *, may_retry: bool, now: datetime) -> str:
    is_again = may_retry and entry.attempt < MOST_ATTEMPTS
    retry_at = now + FIRST_WAIT * 2 ** (entry.attempt - 1) if is_again else None
    log.warning("entry %d of the outbox (%s) was not sent: %s", entry.number, entry.channel, why)
    is_noted = _reported(lambda: outbox.mark_failed(entry, why=why, retry_at=retry_at, now=now))
    return ("waiting" if is_again else "failed") if is_noted else "in_doubt"


def _reported(report: Callable[[], None]) -> bool:
    """Whether the end could be written down: not where an organizer gave the attempt up for lost meanwhile."""
    try:
        report()
    except ConflictError as late:
        log.warning("%s", late)
        return False
    return True


def _repeat_files(outbox: Outbox, channels: Mapping[str, Channel], *, now: datetime) -> None:
    """Put in line again what a crash left begun, where doing it twice is doing it once."""
    for entry in outbox.in_doubt(begun_before=now - SEND_LIMIT):
        if entry.channel in channels and channels[entry.channel].is_repeatable:
            _reported(lambda entry=entry: outbox.resolve(entry, was_sent=False, by=BY_ITSELF, now=now))  # type: ignore[misc]


def _kind(error: Exception) -> str:
    return type(error).__name__
