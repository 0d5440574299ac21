"""Groups of members who should meet, and how good they are beside any others."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.arrangement.means import Means
from matcher.arrangement.meeting import meet_halfway
from matcher.arrangement.program import Group
from matcher.arrangement.rotation import Rotation
from matcher.arrangement.search import values_of
from matcher.arrangement.seating import GroupOptions, SeatingQuestion
from matcher.arrangement.seek import seek_groups
from matcher.numeric.sparse_rows import entries
from matcher.tables.picture import Picture
from matcher.tables.proposals import Objective, Seats

__all__ = ["GroupOptions", "form_groups"]

Row = Mapping[str, float]


def form_groups(
    question: SeatingQuestion,
    picture: Picture,
    rotation: Rotation,
    options: GroupOptions,
    means: Means,
    *,
    stranger_chance: float,
) -> tuple[Seats, Objective]:
    """Seat members in disjoint legal groups, so that together they are worth as much as can be found.

    A group is worth, for each member, their mean mutual affinity to the others, less what repeats cost, less their way,
    plus what they are owed for rounds waited. It is legal if its size is allowed, no pair in it is vetoed, one town
    within everyone's reach holds them all and one time suits everyone, each member's mean mutual affinity to the others
    reaches `min_fit_lift`, and each has a real tie (`tie_lift`) with at least `min_tie_share` of the others. A pair
    without an affinity weighs 0.

    Groups are numbered by their mean worth, best first; ties by their first member. Each meets in the fairest common
    town that holds it. Groups that organizers keep are among them, fit or not, and the bound holds around them; what
    organizers turned down is not formed again.

    Args:
        question: Who could sit with whom, as these tables and options ask it.
        picture: Who reaches which town.
        rotation: What earlier rounds ask.
        options: What a legal group is, and how much work to do.
        means: A solver, chance, and when to stop; how much work the options say.
        stranger_chance: The share of two for whom nothing speaks, in [0, 1].
    """
    found = seek_groups(
        question.pool,
        question.free,
        replace(means, work=options.work),
        exact_size=options.exact_size,
        barred=_turned_down(question, picture),
    )
    seated = partial(
        _seated,
        mutual=_mutual(question, len(picture.index)),
        picture=picture,
        rotation=rotation,
        km_cost=question.pool.km_cost,
        worst_way_share=options.worst_way_share,
    )
    kept = [seated(tuple(question.rows[list(group)].tolist())) for group in question.held]
    worths = [*values_of(question.pool, found.groups).tolist(), *(_worth(rows) for rows in kept)]
    groups = [*found.groups, *question.held]
    order = sorted(range(len(worths)), key=lambda at: (-round(worths[at] / len(groups[at]), 9), groups[at]))
    ranked = [tuple(question.rows[list(groups[at])].tolist()) for at in order]
    held = math.fsum(worths[len(found.groups) :])
    return _seats([seated(group) for group in ranked], picture), Objective(
        value=found.value + held,
        owed=float(rotation.overdue[[member for group in ranked for member in group]].sum()) - _repeated(kept),
        upper_bound=None if found.upper_bound is None else found.upper_bound + held,
        bound_scope="candidate pairs",
        stranger_chance=stranger_chance,
        was_cut_short=found.was_cut_short,
    )


def _turned_down(question: SeatingQuestion, picture: Picture) -> list[Group]:
    """Groups that must not come back, as positions in the pool, where all of their members could sit."""
    index, place = picture.index, {row: at for at, row in enumerate(question.rows.tolist())}
    barred = [one.members for one in picture.community.decided.barred if one.kind == "group"]
    rows = [index.rows(pl.Series(members, dtype=pl.String)).tolist() for members in barred]
    return [tuple(place[row] for row in group) for group in rows if place.keys() >= {*group}]


def _seated(
    group: Group, mutual: csr_array, picture: Picture, rotation: Rotation, *, km_cost: float, worst_way_share: float
) -> list[Row]:
    """One row of Seats a member, but for the group's number."""
    meeting = meet_halfway(picture.travel, list(group), worst_way_share)
    if meeting is None:  # cannot happen: a legal group has a common town
        return []
    rows: list[Row] = []
    for member, way_km in zip(group, meeting.travel_km.tolist(), strict=True):
        others = np.array([other for other in group if other != member])
        alone = np.full(len(others), member)
        rows.append(
            {
                "member": member,
                "town": meeting.town,
                "travel_km": way_km,
                "fit_share": float(entries(mutual, alone, others).mean()),
                "overdue_bonus": float(rotation.overdue[member]),
                "travel_cost": km_cost * way_km,
                "repeat_cost": float(entries(rotation.repeats, alone, others).mean()),
            }
        )
    return rows


def _worth(rows: Sequence[Row]) -> float:
    """What a group adds to the objective."""
    gained, lost = ("fit_share", "overdue_bonus"), ("travel_cost", "repeat_cost")
    return math.fsum([*(row[name] for row in rows for name in gained), *(-row[name] for row in rows for name in lost)])


def _repeated(groups: Sequence[Sequence[Row]]) -> float:
    """What it costs that members of these groups met before."""
    return math.fsum(row["repeat_cost"] for group in groups for row in group)


def _seats(groups: Sequence[Sequence[Row]], picture: Picture) -> Seats:
    rows = [{"group": number, **row} for number, group in enumerate(groups) for row in group]
    schema = {name: pl.Int64() if name == "member" else column.dtype for name, column in Seats.columns.items()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    members = picture.index.column(frame.get_column("member").to_numpy())
    return Seats.sorted(frame.with_columns(members.alias("member")))


def _mutual(question: SeatingQuestion, n_members: int) -> csr_array:
    """Mutual affinities of those who were asked, both ways, shape (member, member)."""
    pool, rows = question.pool, question.rows
    ends = (np.repeat(rows, np.diff(pool.starts)), rows[pool.partners])
    return csr_array((pool.mutuals, ends), shape=(n_members, n_members))
