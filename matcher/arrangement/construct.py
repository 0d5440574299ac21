"""Groups grown one member at a time from the best pairs. What makes them better lives in `improve.py`."""

from collections.abc import Iterable, Mapping

from matcher.arrangement.seating import ILLEGAL, Group, SeatingQuestion


def grow_groups(question: SeatingQuestion, free: Iterable[int], charm: Mapping[int, float]) -> list[Group]:
    """Grow groups among the free members, from the strongest pair on, until no pair grows into one.

    Args:
        question: Who could sit with whom.
        free: Members who have no seat.
        charm: Factors by which members are preferred; 1 for whoever is not named. Chance comes
            in here, so that building anew does not always build the same.

    Returns:
        Disjoint legal groups, members ascending.
    """
    unseated = set(free)
    pairs = [
        (-mutual * charm.get(a, 1.0) * charm.get(b, 1.0), a, b)
        for a in sorted(unseated)
        for b, mutual in question.weights[a].items()
        if a < b and b in unseated and mutual >= question.tie_floor
    ]
    groups: list[Group] = []
    for _, a, b in sorted(pairs):
        if a in unseated and b in unseated:
            group = grow(question, (a, b), unseated, charm)
            if group:
                groups.append(group)
                unseated.difference_update(group)
    return groups


def grow(question: SeatingQuestion, seed: Group, free: set[int], charm: Mapping[int, float]) -> Group:
    """The best legal group met while adding, one by one, who is most drawn to those already there.

    Returns:
        Members ascending; empty where none of the groups met is legal.
    """
    group, pull = seed, _pull_of(question, seed, free)
    best: Group = ()
    best_worth = ILLEGAL
    while True:
        worth = question.worth(group)
        if worth > best_worth:
            best, best_worth = group, worth
        if len(group) == question.options.max_size:
            return best
        newcomer = _next(question, group, pull, charm)
        if newcomer is None:
            return best
        group = tuple(sorted((*group, newcomer)))
        del pull[newcomer]
        for other, mutual in question.weights[newcomer].items():
            if other in free and other not in group:
                pull[other] = pull.get(other, 0.0) + mutual


def _pull_of(question: SeatingQuestion, group: Group, free: set[int]) -> dict[int, float]:
    pull: dict[int, float] = {}
    for member in group:
        for other, mutual in question.weights[member].items():
            if other in free and other not in group:
                pull[other] = pull.get(other, 0.0) + mutual
    return pull


def _next(question: SeatingQuestion, group: Group, pull: dict[int, float], charm: Mapping[int, float]) -> int | None:
    ranked = sorted((-drawn * charm.get(other, 1.0), other) for other, drawn in pull.items())
    return next((other for _, other in ranked if question.may_meet((*group, other))), None)
