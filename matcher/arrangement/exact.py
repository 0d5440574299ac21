"""The best groups of a few members, by trying every legal group: the truth, for as few as it reaches."""

from functools import cache
from itertools import combinations

from matcher.arrangement.program import Group
from matcher.arrangement.search import value_of
from matcher.numeric.pool import Pool

LARGEST_EXACT = 12
"""No more members than this are seated by trying everything."""


def best_groups(pool: Pool, *, is_everyone: bool = False) -> list[Group] | None:
    """Disjoint legal groups with the largest possible worth; of equal plans always the same.

    Steps grow with two to the power of the pool's size: for some ten members.

    Args:
        pool: Who could sit with whom.
        is_everyone: Whether nobody may be left out.

    Returns:
        The groups; None where everyone must be placed and cannot be.
    """
    members = tuple(range(len(pool.bonus)))
    legal: dict[int, list[tuple[Group, float]]] = {member: [] for member in members}
    for size in range(pool.sizes[0], min(pool.sizes[1], len(members)) + 1):
        for group in combinations(members, size):
            worth = value_of(pool, group)
            if worth > (float("-inf") if is_everyone else 0.0):
                legal[group[0]].append((group, worth))

    @cache
    def best(left: Group) -> tuple[float, tuple[Group, ...]]:
        """The first of those left stays out, or sits in one of the groups that they begin."""
        if not left:
            return 0.0, ()
        total, groups = (float("-inf"), ()) if is_everyone else best(left[1:])
        for group, worth in legal[left[0]]:
            if set(group) <= set(left):
                others, rest = best(tuple(member for member in left if member not in group))
                if worth + others > total:
                    total, groups = worth + others, (group, *rest)
        return total, groups

    total, groups = best(members)
    return None if total == float("-inf") else list(groups)
