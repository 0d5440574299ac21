"""Groups of members who should meet, and how good they are beside any others."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from matcher.arrangement.means import Means
from matcher.arrangement.meeting import Meeting, meet_halfway
from matcher.arrangement.program import Group
from matcher.arrangement.rotation import Rotation
from matcher.arrangement.search import values_of
from matcher.arrangement.seating import GroupOptions, SeatingQuestion
from matcher.arrangement.solve import solve_circles
from matcher.numeric.sparse_rows import entries
from matcher.tables.picture import Picture
from matcher.tables.proposals import Objective, Seats

__all__ = ["GroupOptions", "form_groups"]


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
    town that holds it.

    Args:
        question: Who could sit with whom, as these tables and options ask it.
        picture: Who reaches which town.
        rotation: What earlier rounds ask.
        options: What a legal group is, and how much work to do.
        means: A solver, chance, and when to stop; how much work the options say.
        stranger_chance: The share of two for whom nothing speaks, in [0, 1].
    """
    found = solve_circles(question.pool, replace(means, work=options.work), exact_size=options.exact_size)
    worths = values_of(question.pool, found.groups).tolist()
    order = sorted(range(len(worths)), key=lambda at: (-round(worths[at] / len(found.groups[at]), 9), found.groups[at]))
    ranked = [tuple(question.rows[list(found.groups[at])].tolist()) for at in order]
    meetings = {group: meet_halfway(picture.travel, list(group), options.worst_way_share) for group in ranked}
    return _seated(meetings, question, picture, rotation), Objective(
        value=found.value,
        owed=float(rotation.overdue[[member for group in ranked for member in group]].sum()),
        upper_bound=found.upper_bound,
        bound_scope="candidate pairs",
        stranger_chance=stranger_chance,
        was_cut_short=found.was_cut_short,
    )


def _seated(
    meetings: Mapping[Group, Meeting | None], question: SeatingQuestion, picture: Picture, rotation: Rotation
) -> Seats:
    mutual = _mutual(question, len(picture.index))
    rows: list[dict[str, object]] = []
    for number, (group, meeting) in enumerate(meetings.items()):
        if meeting is None:  # cannot happen: a legal group has a common town
            continue
        for member, way_km in zip(group, meeting.travel_km.tolist(), strict=True):
            others = np.array([other for other in group if other != member])
            alone = np.full(len(others), member)
            rows.append(
                {
                    "group": number,
                    "member": member,
                    "town": meeting.town,
                    "travel_km": way_km,
                    "fit_share": float(entries(mutual, alone, others).mean()),
                    "overdue_bonus": float(rotation.overdue[member]),
                    "travel_cost": question.pool.km_cost * way_km,
                    "repeat_cost": float(entries(rotation.repeats, alone, others).mean()),
                }
            )
    schema = {name: pl.Int64() if name == "member" else column.dtype for name, column in Seats.columns.items()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    members = picture.index.column(frame.get_column("member").to_numpy())
    return Seats.sorted(frame.with_columns(members.alias("member")))


def _mutual(question: SeatingQuestion, n_members: int) -> csr_array:
    """Mutual affinities of those who were asked, both ways, shape (member, member)."""
    pool, rows = question.pool, question.rows
    ends = (np.repeat(rows, np.diff(pool.starts)), rows[pool.partners])
    return csr_array((pool.mutuals, ends), shape=(n_members, n_members))
