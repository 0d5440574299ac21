"""What `matcher publish` says: how far all is, and what keeps the rest."""

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.publish.prospects import Prospect
from matcher.reasons.words import counted
from matcher.storage.decisions.outbox import Entry
from pipelines.publish import PublishDone


def publish_facts(done: PublishDone) -> Mapping[str, Any]:
    """What came of it, for programs; no address, no words of members."""
    published, driven = done.published, done.driven
    return {
        "run_id": done.run_id,
        "published": list(published.announced) if published else [],
        "conflicts": list(published.conflicts) if published else [],
        "n_enqueued": published.n_enqueued if published else 0,
        "n_sent": driven.n_sent if driven else 0,
        "suggestions": [_suggestion_facts(one) for one in done.prospects],
        "outbox": _counts(done.entries),
        "in_doubt": [_entry_facts(one) for one in done.in_doubt],
        "failed": [_entry_facts(one) for one in done.entries if one.state == "failed"],
        "waiting": [_entry_facts(one) for one in done.entries if one.state == "waiting"],
    }


def _suggestion_facts(prospect: Prospect) -> Mapping[str, Any]:
    when = prospect.invitation.when
    return {
        "id": prospect.suggestion.id,
        "state": prospect.suggestion.state,
        "version": prospect.invitation.version,
        "members": list(prospect.suggestion.members),
        "where": prospect.invitation.place,
        "begins": when.isoformat() if when else None,
        "held_back": prospect.held or None,
        "without_address": list(prospect.unaddressed),
    }


def _entry_facts(entry: Entry) -> Mapping[str, Any]:
    names = ("number", "run_id", "suggestion", "channel", "recipient", "attempt", "at", "not_before", "why")
    return {name: getattr(entry, name) for name in names}


def _counts(entries: Sequence[Entry]) -> Mapping[str, Mapping[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for entry in entries:
        states = counts.setdefault(entry.channel, {})
        states[entry.state] = states.get(entry.state, 0) + 1
    return counts


def publish_lines(done: PublishDone, channels: Sequence[str], *, is_dry_run: bool) -> list[str]:
    """Say what came of it, line by line."""
    lines = [f"Run {done.run_id}: {counted(len(done.prospects), 'suggestion')} approved or published."]
    if is_dry_run:
        lines += [_prospect_line(one) for one in done.prospects]
    lines += _lacking(done.prospects, channels)
    if done.published:
        number = counted(len(done.published.announced), "suggestion")
        lines.append(f"Published now: {number}; new in the outbox: {done.published.n_enqueued}.")
        lines += [f"  not published: {why}" for why in done.published.conflicts]
    if done.driven:
        one = done.driven
        lines.append(
            f"Sent now: {one.n_sent}; to be tried again: {one.n_waiting}; failed: {one.n_failed}; "
            f"in doubt: {one.n_in_doubt}."
        )
    for channel, states in _counts(done.entries).items():
        lines.append(f"  {channel}: " + ", ".join(f"{number} {state}" for state, number in sorted(states.items())))
    lines += [f"  failed: entry {one.number}, {one.channel}, {one.suggestion}: {one.why}" for one in _failed(done)]
    lines += [
        f"  in doubt: entry {one.number}, {one.channel}, {one.suggestion}, begun {one.at:%Y-%m-%d %H:%M} UTC; say on "
        "the desk's page Outbox whether it arrived"
        for one in done.in_doubt
    ]
    return lines


def _prospect_line(prospect: Prospect) -> str:
    one, asked = prospect.invitation, counted(len(prospect.suggestion.members), "member")
    when = f"{one.when:%Y-%m-%d %H:%M} {one.when.tzinfo}" if one.when else prospect.untimed
    held = f"; HELD BACK: {prospect.held}" if prospect.held else ""
    return f"  {one.suggestion}  {prospect.suggestion.state}  {asked}, {one.place}, {when}{held}"


def _lacking(prospects: Sequence[Prospect], channels: Sequence[str]) -> list[str]:
    """What keeps anything from going out whole."""
    lines = [f"  held back: {one.suggestion.id}: {one.held}" for one in prospects if one.held]
    unaddressed = sorted({member for one in prospects if not one.held for member in one.unaddressed})
    if unaddressed and {"eml", "smtp"} & set(channels):
        shown = ", ".join(unaddressed[:10]) + (" and others" if len(unaddressed) > 10 else "")
        lines.append(f"  no address: {counted(len(unaddressed), 'member')}: {shown}; matcher import contacts FILE")
    untimed = [one for one in prospects if one.untimed and not one.held]
    if untimed and "ics" in channels:
        shown = ", ".join(one.suggestion.id for one in untimed[:10]) + (" and others" if len(untimed) > 10 else "")
        lines.append(f"  no calendar file, for lack of a time: {shown}; say --when, and --zone where they meet online")
    return lines


def _failed(done: PublishDone) -> list[Entry]:
    return [one for one in done.entries if one.state == "failed"]
