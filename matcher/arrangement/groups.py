"""Groups of members who should meet: the search's answer as a table."""

import numpy as np
import polars as pl

from matcher.arrangement.construct import grow_groups
from matcher.arrangement.exact import best_groups, circles
from matcher.arrangement.improve import improve
from matcher.arrangement.meeting import meet_halfway
from matcher.arrangement.seating import Group, GroupOptions, SeatingQuestion, ask
from matcher.tables.geography import Travel
from matcher.tables.pairs import Affinities, Vetoes
from matcher.tables.proposals import Seats

__all__ = ["GroupOptions", "form_groups"]


def form_groups(
    affinities: Affinities,
    travel: Travel,
    vetoes: Vetoes,
    options: GroupOptions,
    rng: np.random.Generator,
    *,
    stranger_chance: float,
) -> Seats:
    """Seat members in disjoint legal groups, so that together they fit as well as can be found.

    A group is legal if its size is allowed, no pair in it is vetoed, one town is within everyone's
    reach, each member's mean mutual affinity to the others reaches `min_fit_lift`, and each has a
    real tie (`tie_lift`) with at least `min_tie_share` of the others. A pair without an affinity
    weighs 0. Whoever reaches no town is not seated. Circles of up to `exact_size` connected members
    are seated as well as possible, larger ones at least as well as by greedy construction.

    Groups are numbered by their mean fit, best first; ties by their first member. Each meets in the
    common town with the smallest mean way plus longest way.
    """
    question = ask(affinities, travel, vetoes, options, stranger_chance=stranger_chance)
    small = [circle for circle in circles(question) if len(circle) <= options.exact_size]
    many = sorted(set(question.seatable).difference(*small))
    groups = [group for circle in small for group in best_groups(question, circle)]
    groups += improve(question, grow_groups(question, many, {}), many, rng)
    ranked = sorted(groups, key=lambda group: (-round(question.worth(group) / len(group), 9), group))
    return _seated(question, ranked, travel)


def _seated(question: SeatingQuestion, groups: list[Group], travel: Travel) -> Seats:
    numbers: list[int] = []
    rows: list[int] = []
    towns: list[int] = []
    ways: list[float] = []
    fits: list[float] = []
    for number, group in enumerate(groups):
        meeting = meet_halfway(travel, list(group))
        if meeting is None:  # cannot happen: a legal group has a common town
            continue
        numbers += [number] * len(group)
        rows += group
        towns += [meeting.town] * len(group)
        ways += meeting.travel_km.tolist()
        fits += [_fit(question, member, group) for member in group]
    return Seats.sorted(
        pl.DataFrame(
            {
                "group": pl.Series(numbers, dtype=pl.UInt32),
                "member": travel.index.column(np.array(rows, dtype=np.int64)),
                "town": pl.Series(towns, dtype=pl.UInt32),
                "travel_km": pl.Series(ways, dtype=pl.Float64),
                "fit_share": pl.Series(fits, dtype=pl.Float64),
            }
        )
    )


def _fit(question: SeatingQuestion, member: int, group: Group) -> float:
    mine = question.weights[member]
    return sum(mine.get(other, 0.0) for other in group) / (len(group) - 1)
