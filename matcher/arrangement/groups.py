"""Groups of members who should meet, and how good they are beside any others."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from matcher.arrangement.means import Means
from matcher.arrangement.meeting import Meeting, meet_halfway
from matcher.arrangement.pools import part_of
from matcher.arrangement.program import Group
from matcher.arrangement.rotation import Rotation
from matcher.arrangement.search import values_of
from matcher.arrangement.seating import GroupOptions, ask
from matcher.arrangement.solve import Solution, solve, try_everything
from matcher.numeric.pool import FORBIDDEN, Pool
from matcher.numeric.sparse_rows import entries
from matcher.tables.pairs import Affinities
from matcher.tables.picture import Picture
from matcher.tables.proposals import Objective, Seats
from matcher.units import Floats, Rows

__all__ = ["GroupOptions", "form_groups"]

ONE_HALF = 0.5


def form_groups(
    affinities: Affinities,
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

    While everyone needs a real tie with half of the others, no legal group spans two circles of connected members: each
    circle is seated by itself, small ones by trying everything, larger ones as `solve` does.

    Groups are numbered by their mean worth, best first; ties by their first member. Each meets in the fairest common
    town that holds it.

    Args:
        affinities: Mutual affinities of the candidate pairs.
        picture: Who reaches which town, who must not meet, who can come when.
        rotation: What earlier rounds ask.
        options: What a legal group is, and how much work to do.
        means: A solver, chance, and when to stop; how much work the options say.
        stranger_chance: The share of two for whom nothing speaks, in [0, 1].
    """
    means = replace(means, work=options.work)
    question = ask(affinities, picture, rotation, options, stranger_chance=stranger_chance)
    solved = [
        (rows, _seat(part_of(question.pool, rows), options.exact_size, means)) for rows in _circles(question.pool)
    ]
    groups = [tuple(rows[list(group)].tolist()) for rows, one in solved for group in one.groups]
    worths = values_of(question.pool, groups).tolist()
    order = sorted(range(len(groups)), key=lambda at: (-round(worths[at] / len(groups[at]), 9), groups[at]))
    ranked = [tuple(question.rows[list(groups[at])].tolist()) for at in order]
    meetings = {group: meet_halfway(picture.travel, list(group), options.worst_way_share) for group in ranked}
    seats = _seated(meetings, affinities, picture, rotation, options.km_cost(stranger_chance))
    bounds = [one.upper_bound for _, one in solved]
    return seats, Objective(
        value=math.fsum(worths),
        owed=float(rotation.overdue[[member for group in ranked for member in group]].sum()),
        upper_bound=None if None in bounds else sum(bound for bound in bounds if bound is not None),
        bound_scope="candidate pairs",
        stranger_chance=stranger_chance,
        was_cut_short=any(one.was_cut_short for _, one in solved),
    )


def _circles(pool: Pool) -> list[Rows]:
    """Members parted into those who are connected, however many steps apart; ascending within each."""
    if pool.floors[2] < ONE_HALF:
        return [np.arange(len(pool.bonus))] if len(pool.bonus) else []
    owners = np.repeat(np.arange(len(pool.bonus)), np.diff(pool.starts))
    links = pool.weights > FORBIDDEN
    ends = (owners[links], pool.partners[links])
    graph = csr_array((np.ones(len(ends[0])), ends), shape=(len(pool.bonus), len(pool.bonus)))
    n_circles, circle = connected_components(graph, directed=False)
    order = np.argsort(circle, kind="stable")
    return np.split(order, np.cumsum(np.bincount(circle, minlength=n_circles))[:-1]) if n_circles else []


def _seat(circle: Pool, exact_size: int, means: Means) -> Solution:
    """The best groups of one circle, beside a bound on any."""
    found = try_everything(circle) if len(circle.bonus) <= exact_size else None
    return found or solve(circle, means)


def _seated(
    meetings: Mapping[Group, Meeting | None], affinities: Affinities, picture: Picture, rotation: Rotation,
    km_cost: float,
) -> Seats:  # fmt: skip
    mutual = _mutual(affinities, picture)
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
                    "travel_cost": km_cost * way_km,
                    "repeat_cost": float(entries(rotation.repeats, alone, others).mean()),
                }
            )
    schema = {name: pl.Int64() if name == "member" else column.dtype for name, column in Seats.columns.items()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    members = picture.index.column(frame.get_column("member").to_numpy())
    return Seats.sorted(frame.with_columns(members.alias("member")))


def _mutual(affinities: Affinities, picture: Picture) -> csr_array:
    """Mutual affinities both ways, shape (member, member)."""
    index, frame = picture.travel.index, affinities.frame
    ends = [index.rows(frame.get_column(side)) for side in ("member_a", "member_b")]
    both = (np.concatenate(ends), np.concatenate(ends[::-1]))
    mutual: Floats = np.tile(frame.get_column("mutual").to_numpy(), 2)
    return csr_array((mutual, both), shape=(len(index), len(index)))
