"""Groups formed anew around what is held: what that would change, and how it is recognized when it is taken."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from matcher.arrangement.changes import (
    DeskQuestion,
    Difference,
    GroupDifference,
    Party,
    keep_apart,
    resolve,
    tell_difference,
    weigh_group,
)
from matcher.arrangement.means import Means
from matcher.review.standing import Standing, is_held, party
from matcher.review.wishes import Lists
from matcher.tables.proposals import Objective
from matcher.units import MemberId

MOST_TRIES = 4
"""So often a search is begun again without a group that was turned down; then such a group is left out."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Anew:
    """Groups formed anew, not yet taken.

    Attributes:
        run_id: The run.
        lists: Members afterwards of all groups that change; new ones are called '+1' and so on.
        seen: The versions of those that there are.
        difference: What became of each group.
        ids: By members the ids of the groups that stand.
        value_before: What the groups that stand are worth together.
        objective: What they would be worth, beside any groups around what is held.
        left_out: Who rests by the organizer's wish, ascending.
    """

    run_id: str
    lists: Lists
    seen: Mapping[str, int]
    difference: Difference
    ids: Mapping[Party, str]
    value_before: float
    objective: Objective
    left_out: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Names exactly this outcome, so that what is taken is what was shown."""
        whole = json.dumps([self.run_id, self.lists, self.seen, self.left_out], sort_keys=True)
        return hashlib.sha256(whole.encode()).hexdigest()


def form_anew(now: Standing, means: Means, left_out: Collection[str]) -> Anew:
    """Seek groups around those that are held.

    Who may not be asked any more rests, and who is in a held introduction and in no group, as in a night. A rejected
    group does not come back, nor one that holds all of its members.

    Raises:
        InputError: Somebody who is to rest sits in a held group.
    """
    question, groups = now.question(), list(now.groups.values())
    before = [party(one.members) for one in groups]
    held = [party(one.members) for one in groups if is_held(one)]
    bound = {member for members in held for member in members}
    resting = {one for one in question.members if one not in bound and _rests(now, one)} | {*left_out}
    found, objective = _seek(now, question, before, held, means, party(resting))
    ids = {party(one.members): one.id for one in groups}
    difference = tell_difference(before, found)
    lists = _lists(difference.groups, ids)
    return Anew(
        run_id=now.night.folder.name,
        lists=lists,
        seen={one: now.draft.version_of(one) for one in lists if one in now.groups},
        difference=difference,
        ids=ids,
        value_before=sum(weigh_group(question, members).value for members in before),
        objective=objective,
        left_out=tuple(sorted(left_out)),
    )


def _rests(now: Standing, member: str) -> bool:
    introduction = now.introduction_of.get(member)
    is_busy = introduction is not None and is_held(introduction) and member not in now.seat_of
    return is_busy or now.rests(member)


def _seek(
    now: Standing,
    question: DeskQuestion,
    before: Sequence[Party],
    held: Sequence[Party],
    means: Means,
    resting: Party,
) -> tuple[Sequence[Party], Objective]:
    """Seek; while a group comes up that was turned down, seek again with its loosest two kept apart.

    The first bound holds for all: what is kept apart afterwards only takes possibilities away.
    """
    barred, torn, start, bound = now.barred, question, before, None
    for tried in range(MOST_TRIES):
        found = resolve(torn, start, means, locked=held, left_out=resting)
        bound = bound if tried else found.objective.upper_bound
        objective = replace(found.objective, upper_bound=bound)
        came_back = [group for group in found.groups if group not in held and _is_barred(group, barred)]
        if not came_back:
            return found.groups, objective
        if means.stop():
            break
        torn = keep_apart(torn, _loosest_pairs(question, barred, came_back))
        start = [group for group in found.groups if group not in came_back]
    lost = sum(weigh_group(question, group).value for group in came_back)
    kept = [group for group in found.groups if group not in came_back]
    return kept, replace(objective, value=objective.value - lost)


def _is_barred(group: Party, barred: Iterable[frozenset[str]]) -> bool:
    return any(one <= {*group} for one in barred)


def _loosest_pairs(
    question: DeskQuestion, barred: Iterable[frozenset[str]], came_back: Sequence[Party]
) -> list[tuple[MemberId, MemberId]]:
    """Of each turned-down group that came back the two who hold it together least, of equal ones the first."""
    back = [party(one) for one in barred if any(one <= {*group} for group in came_back)]
    return [min(combinations(one, 2), key=lambda pair: weigh_group(question, pair).value) for one in back]


def _lists(groups: Iterable[GroupDifference], ids: Mapping[Party, str]) -> Lists:
    """Groups that come from another keep its id."""
    lists: dict[str, Party | None] = {}
    n_new = 0
    for one in groups:
        if one.before is None:
            n_new += 1
            lists[f"+{n_new}"] = one.after
        elif one.kind != "stayed":
            lists[ids[one.before]] = one.after
    return lists
