"""What a change of groups would do, before it is made: what it costs, whom it concerns, which rules it breaks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matcher.arrangement.changes import BrokenRule, Weighed, weigh, weigh_group
from matcher.review.figures import GroupFigures, figures_of, verdict, worth_of
from matcher.review.refusals import RESTING, rule_in_words
from matcher.review.standing import Standing, party
from matcher.review.wishes import Lists
from matcher.tables.decisions import Members
from matcher.tables.drafts import Suggestion


@dataclass(frozen=True, kw_only=True, slots=True)
class Touched:
    """One group of a change.

    Attributes:
        id: Empty for a new one.
        before: As it is; None for a new one.
        after: As it would be; None where it is dissolved.
    """

    id: str
    before: GroupFigures | None
    after: GroupFigures | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """A change before it is made.

    Attributes:
        lists: Members afterwards.
        seen: The versions that it was made from.
        touched: The groups, side by side.
        verdict: Whether it is better or worse, and by how much.
        refusals: Why it cannot be made; empty: it can.
        notes: What else happens.
    """

    lists: Lists
    seen: Mapping[str, int]
    touched: tuple[Touched, ...]
    verdict: str
    refusals: tuple[str, ...]
    notes: tuple[str, ...]


def preview(now: Standing, lists: Lists) -> Preview:
    """Look at new lists of members for groups beside how these stand; only the groups in question are weighed."""
    ids = [one for one in lists if one in now.draft.suggestions]
    weighed = weigh_lists(now, lists)
    return Preview(
        lists=lists,
        seen={one: now.draft.version_of(one) for one in ids},
        touched=tuple(_touched(now, weighed, lists, one) for one in lists),
        verdict=verdict(weighed.value_before, weighed.value_after, worth_of(now.night)),
        refusals=refusals_of(now, lists, weighed),
        notes=tuple(_notes(now, lists)),
    )


def weigh_lists(now: Standing, lists: Lists) -> Weighed:
    """Weigh the lists beside the groups whose place they take; a rejected one is worth nothing now."""
    before = [party(now.groups[one].members) for one in lists if one in now.groups]
    return weigh(now.question(but=lists), before, [party(after) for after in lists.values() if after])


def refusals_of(now: Standing, lists: Lists, weighed: Weighed) -> tuple[str, ...]:
    """Why groups cannot be changed like that, in words: each rule by its name, and whom it concerns."""
    parted = now.parted(but=lists)
    said = [*_fixed(now.draft.suggestions[one] for one in lists if one in now.draft.suggestions)]
    for broken in (*weighed.broken, *_seated_elsewhere(now, lists)):
        pair = broken.members[0], broken.members[-1]
        said.append(rule_in_words(now, broken, [parted[pair]] if pair in parted else []))
    coming = [one for one in _newly_seated(now, lists) if now.rests(one)]
    if coming:
        said.append(f"{RESTING} It concerns {now.names(coming)}.")
    return tuple(dict.fromkeys(said))


def _fixed(touched: Iterable[Suggestion]) -> Iterable[str]:
    for one in touched:
        if one.is_published:
            yield f"{one.id} was published: its members know of it. It stays as it is."
        elif one.is_locked:
            yield f"{one.id} is locked. Unlock it first."


def _seated_elsewhere(now: Standing, lists: Lists) -> list[BrokenRule]:
    """Who sits in a group that the change does not touch: so it is with members of a rejected one, who were free."""
    seated = sorted({member for after in lists.values() for member in after or ()})
    twice = [member for member in seated if now.seat_of.get(member, "") not in ("", *lists)]
    return [BrokenRule(rule="seated_twice", members=party([one]), found=2, needed=1) for one in twice]


def _newly_seated(now: Standing, lists: Lists) -> list[str]:
    coming = {one for group, after in lists.items() for one in {*(after or ())} - {*_members(now, group)}}
    # A split makes a new group of people who sat together.
    there = {one for group in lists for one in _members(now, group)}
    return sorted(coming - there)


def _members(now: Standing, group: str) -> Members:
    found = now.suggestion(group)
    return found.members if found else ()


def _touched(now: Standing, weighed: Weighed, lists: Lists, one: str) -> Touched:
    question, before, after = now.question(but=lists), _members(now, one), lists[one] or ()
    known = {group.members: group for group in (*weighed.before, *weighed.after)}

    def figures(members: Members, others: Members, mark: str) -> GroupFigures | None:
        if not members:
            return None
        group = known.get(party(members)) or weigh_group(question, party(members))
        return figures_of(now, question, group, marked={*members} - {*others}, mark=mark)

    return Touched(
        id=one if before else "",
        before=figures(before, after, "goes"),
        after=figures(after, before, "comes"),
    )


def _notes(now: Standing, lists: Lists) -> Iterable[str]:
    sat = {member for one in lists if one in now.groups for member in now.groups[one].members}
    sits = {member for after in lists.values() for member in after or ()}
    if sat - sits:
        yield f"Without a seat then: {now.names(sorted(sat - sits))}."
    if sits - sat:
        yield f"With a seat then: {now.names(sorted(sits - sat))}."
    yield from also_introduced(now, sits - sat)
    for members in now.turned_down(party(after) for after in lists.values() if after):
        yield f"Turned down as one group before: {now.names(sorted(members))}."
    for one in lists:
        found = now.suggestion(one)
        if found and (found.is_approved or found.is_rejected) and lists[one]:
            yield f"{one} is {found.state}; with other members it is open again."
    resting = sorted(one for one in sits & sat if now.rests(one))
    if resting:
        yield f"May not be asked any more, so that their group cannot be approved: {now.names(resting)}."


def also_introduced(now: Standing, members: Iterable[str]) -> Iterable[str]:
    """Say of those who get a seat that they are introduced to somebody as well: a night never does both."""
    for one in sorted(members):
        pair = now.introduction_of.get(one)
        if pair is not None:
            yield f"{pair.id} introduces {now.names(pair.members)}: with a seat as well, reject one of the two."
