"""Whom of a circle to ask: all who gain, or, of a crowd, the most worthwhile gathering that is found.

A crowd is shrunk to those who fit in: step by step whoever is missed least, and gains least, is left out. Who is missed
shows only where few are too many; in a crowd nobody is, so that also whoever is tied least is tried. What is left then
grows and shrinks again: those outside who would gain most come in, whoever is missed least leaves, as long as that
makes it better.
"""

import numpy as np

from matcher.arrangement.circles import ROUNDING, Circle, connected_parts, who_gains
from matcher.arrangement.company import GatheringOptions
from matcher.units import Flags, Floats, Rows

Found = tuple[Rows, float]


def best_part(circle: Circle, is_there: Flags, options: GatheringOptions) -> Found:
    """The most worthwhile gathering found among some of a circle.

    Args:
        circle: Who could come.
        is_there: Whom to choose among, shape (guest,).
        options: What a gathering is.

    Returns:
        Positions of its members, ascending, and its value; none and 0 where none is worth holding.
    """
    found = _shrunk(circle, is_there, options)
    if is_there.sum() <= circle.most:
        return found
    starts = (found, _shrunk(circle, is_there, options, by_ties=True))
    return max((_regrown(circle, is_there, start, options) for start in starts), key=lambda one: one[1])


def _shrunk(circle: Circle, is_there: Flags, options: GatheringOptions, *, by_ties: bool = False) -> Found:
    """Leave out one of any two who must stay apart, and whoever is too many; then take the best connected part."""
    while True:
        is_there, margin = who_gains(circle.company, circle.effort, is_there, options)
        leaving = _who_leaves(circle, is_there, margin, options, by_ties=by_ties)
        if not len(leaving):
            break
        is_there = is_there.copy()
        is_there[leaving] = False
    best, best_value = np.empty(0, np.int64), 0.0
    for part in connected_parts(circle.company, np.flatnonzero(is_there)):
        value = float(margin[part].sum()) - circle.opening_cost
        if len(part) >= options.min_size and value > best_value:
            best, best_value = part, value
    return best, best_value


def _who_leaves(circle: Circle, is_there: Flags, margin: Floats, options: GatheringOptions, *, by_ties: bool) -> Rows:
    company, n_company = circle.company, options.n_company
    given = company.worth @ is_there / n_company if by_ties else company.inside(is_there, n_company).given
    missed = given + margin
    torn = company.apart[is_there[company.apart].all(axis=1)]
    if len(torn):
        return _less_missed(torn, missed)
    n_too_many = int(is_there.sum()) - circle.most
    least = np.argsort(np.where(is_there, missed, np.inf), kind="stable")
    return least[: max(1, n_too_many // 4)] if n_too_many > 0 else least[:0]


def _less_missed(torn: Rows, missed: Floats) -> Rows:
    """Of each two who must stay apart the one who is missed less; of pairs that share somebody, of the first only."""
    settled: set[int] = set()
    leaving = []
    for pair in torn.tolist():
        if settled.isdisjoint(pair):
            settled.update(pair)
            leaving.append(pair[int(missed[pair].argmin())])
    return np.array(leaving, dtype=np.int64)


def _regrown(circle: Circle, is_there: Flags, start: Found, options: GatheringOptions) -> Found:
    best, value = start
    n_more = circle.most // 2 if len(best) else 0
    while n_more:
        inside = np.zeros(len(is_there), np.bool_)
        inside[best] = True
        margin = circle.company.drawn_to(inside, options.n_company) - circle.effort
        outside = np.where(is_there & ~inside, margin, -np.inf)
        inside[np.argsort(-outside, kind="stable")[:n_more]] = True
        found = _shrunk(circle, inside & is_there, options)
        if found[1] > value + ROUNDING:
            best, value = found
        else:
            n_more //= 2
    return best, value
