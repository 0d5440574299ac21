"""The best groups of a small circle, by trying every legal group: the truth, for as few as it reaches."""

from functools import cache
from itertools import combinations

from matcher.arrangement.seating import Group, SeatingQuestion


def circles(question: SeatingQuestion) -> list[list[int]]:
    """Seatable members parted into those who are connected, however many steps apart; ascending.

    While everyone needs a real tie with half of the others, no legal group spans two circles.
    """
    waiting = dict.fromkeys(question.seatable)
    found: list[list[int]] = []
    while waiting:
        circle: list[int] = []
        reached = [next(iter(waiting))]
        del waiting[reached[0]]
        while reached:
            member = reached.pop()
            circle.append(member)
            fresh = [other for other in question.weights[member] if other in waiting]
            reached.extend(fresh)
            for other in fresh:
                del waiting[other]
        found.append(sorted(circle))
    return found


def best_groups(question: SeatingQuestion, circle: list[int]) -> list[Group]:
    """Disjoint legal groups of these members with the largest possible worth; of equal plans always the same.

    Steps grow with two to the power of the circle's size: for some ten members.
    """
    options = question.options
    legal: dict[int, list[tuple[Group, float]]] = {member: [] for member in circle}
    for size in range(options.min_size, min(options.max_size, len(circle)) + 1):
        for group in combinations(circle, size):
            worth = question.worth(group)
            if worth > 0:
                legal[group[0]].append((group, worth))

    @cache
    def best(left: Group) -> tuple[float, tuple[Group, ...]]:
        """The first of those left stays out, or sits in one of the groups that they begin."""
        if len(left) < options.min_size:
            return 0.0, ()
        total, groups = best(left[1:])
        for group, worth in legal[left[0]]:
            if set(group) <= set(left):
                others, rest = best(tuple(member for member in left if member not in group))
                if worth + others > total:
                    total, groups = worth + others, (group, *rest)
        return total, groups

    return list(best(tuple(circle))[1])
