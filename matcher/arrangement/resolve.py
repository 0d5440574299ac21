"""Groups sought anew around those that an organizer has locked."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.arrangement.desk import DeskQuestion, Party
from matcher.arrangement.differences import Difference, tell_difference
from matcher.arrangement.means import Means, WorkOptions
from matcher.arrangement.pools import part_of
from matcher.arrangement.program import Group
from matcher.arrangement.search import value_of
from matcher.arrangement.solve import Solution, solve_circles
from matcher.arrangement.weigh import WeighedGroup, weigh
from matcher.errors import InputError
from matcher.tables.proposals import Objective
from matcher.units import MemberId, Rows

DESK_WORK = WorkOptions(n_starts=4, n_moves=5_000, n_rounds=12, n_passes=3, n_nodes=20, priced_size=60)
"""A night's search, but without prices for larger circles, where they take most of its time: somebody waits. It begins
with what stands, and never loses by it; where nothing is proved, the night's bound holds."""

EXACT_SIZE = 10
"""Circles of connected members up to this size are seated by trying everything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolved:
    """Groups around those that are locked.

    Attributes:
        groups: The locked ones first, as they were given; then the others, best first.
        locked: The locked ones, weighed, with the rules that they break.
        objective: What all are worth together, beside what any groups around these locks could be.
        difference: What became of each group that stood before.
    """

    groups: tuple[Party, ...]
    locked: tuple[WeighedGroup, ...]
    objective: Objective
    difference: Difference


def resolve(
    question: DeskQuestion,
    before: Sequence[Sequence[MemberId]],
    means: Means,
    *,
    locked: Sequence[Sequence[MemberId]] = (),
    left_out: Collection[MemberId] = (),
) -> Resolved:
    """Keep the locked groups to the member, and seek the others anew among who is left.

    A locked group stays even if it breaks a rule; it says so. Groups that stood before are where the search begins, as
    far as they are legal and nobody in them is locked or rests: what is found is worth at least as much as they are.

    Args:
        question: What the night asked; for pairs that an organizer keeps apart see `keep_apart`.
        before: The groups that stand.
        means: A solver, chance, how much work, and when to stop; for work see DESK_WORK.
        locked: Groups that stay as they are.
        left_out: Members who rest tonight.

    Raises:
        InputError: Somebody who rests sits in a locked group.
    """
    held = {member for group in locked for member in group}
    resting = held & {*left_out}
    if resting:
        raise InputError(
            f"nobody can rest and sit in a locked group; found {sorted(resting)[:3]}; unlock the group, or seat them"
        )
    free = np.setdiff1d(np.arange(len(question.members)), question.rows(held | {*left_out}))
    found = _seek(question, before, free, means)
    value_per_seat = {group: value_of(question.pool, group) / len(group) for group in found.groups}
    ranked = sorted(found.groups, key=lambda group: (-round(value_per_seat[group], 9), group))
    kept = weigh(question, [], locked).after
    groups = (*(group.members for group in kept), *(question.party(group) for group in ranked))
    return Resolved(
        groups=groups,
        locked=kept,
        objective=_objective(question, kept, found),
        difference=tell_difference(before, groups),
    )


def _seek(question: DeskQuestion, before: Sequence[Sequence[MemberId]], free: Rows, means: Means) -> Solution:
    """The best groups of those who are free, in positions of the question's pool."""
    part, place = part_of(question.pool, free), {row: at for at, row in enumerate(free.tolist())}
    start: list[Group] = []
    for party in before:
        group = tuple(place[row] for row in question.rows(party).tolist() if row in place)
        is_whole = len(group) == len(party) and not {*group} & {one for other in start for one in other}
        if is_whole and value_of(part, group) > 0:
            start.append(group)
    # Circles in which nobody lost a seat are as good as before: if time runs out, it was not spent on them.
    sat = question.rows({one for party in (*question.groups, *before) for one in party})
    lost = {place[row] for row in sat.tolist() if row in place} - {one for group in start for one in group}
    found = solve_circles(part, means, exact_size=EXACT_SIZE, start=start, first=lost)
    return Solution(
        groups=[tuple(free[list(group)].tolist()) for group in found.groups],
        value=found.value,
        upper_bound=found.upper_bound,
        was_cut_short=found.was_cut_short,
    )


def _objective(question: DeskQuestion, locked: Sequence[WeighedGroup], found: Solution) -> Objective:
    """How good all groups are, beside any around these locks.

    Whatever is locked, rests or is kept apart only takes possibilities away, so the night's bound still holds; but not
    for a locked group that breaks a rule.
    """
    held = math.fsum(group.value for group in locked)
    bounds = [] if found.upper_bound is None else [found.upper_bound + held]
    if question.upper_bound is not None and not any(group.broken for group in locked):
        bounds.append(max(question.upper_bound, found.value + held))
    owed = [seat.overdue_bonus for group in locked for seat in group.seats]
    owed += question.pool.bonus[[row for group in found.groups for row in group]].tolist()
    return Objective(
        value=found.value + held,
        upper_bound=min(bounds, default=None),
        bound_scope="candidate pairs",
        stranger_chance=question.stranger_chance,
        owed=math.fsum(owed),
        was_cut_short=found.was_cut_short,
    )
