"""Suggestions that organizers keep: each stays as it is if it still breaks no rule, and is dropped whole if it does.

How good it still is, is not asked: whoever locked or approved it has judged that. A group is held to its size, its
pairs, a town and a time for all; an introduction to its pair and to the limits; a gathering to all that the audit asks
of one, in the very city that its organizers know.
"""

from collections.abc import Collection, Sequence
from itertools import combinations

import numpy as np
import polars as pl

from matcher.arrangement.circles import ROUNDING, who_gains
from matcher.arrangement.company import Company, GatheringOptions, asked_lately
from matcher.arrangement.introductions import IntroductionOptions
from matcher.arrangement.meeting import EVEN_SHARE, meet_halfway
from matcher.arrangement.seating import GroupOptions
from matcher.numeric.sparse_rows import entries
from matcher.tables.decided import Held, HeldPlaces
from matcher.tables.geography import Journeys
from matcher.tables.picture import Picture
from matcher.units import Floats, Rows


def hold_places(picture: Picture, groups: GroupOptions, introductions: IntroductionOptions) -> HeldPlaces:
    """Find the held groups and introductions that break no rule tonight; who sits in a group is not introduced.

    Args:
        picture: What was decided, who reaches which town, who must not meet, when members have time.
        groups: The sizes of a group.
        introductions: How many a member may have, and whether two may begin online.
    """
    apart = _vetoed(picture)
    sizes = range(groups.min_size, groups.max_size + 1)
    seated: list[tuple[int, ...]] = []
    for rows in _rows_of("group", picture):
        is_taken = any({*rows} & {*group} for group in seated)
        if len(rows) in sizes and not is_taken and _may_meet(rows, picture, apart) and _has_place(rows, picture):
            seated.append(rows)
    taken = {row for group in seated for row in group}
    n_left = dict.fromkeys(range(len(picture.index)), introductions.max_per_member)
    introduced: list[tuple[int, int]] = []
    for a, b in _rows_of("introduction", picture):
        may_begin = introductions.may_begin_online or _has_place((a, b), picture)
        if not {a, b} & taken and min(n_left[a], n_left[b]) > 0 and may_begin and _may_meet((a, b), picture, apart):
            introduced.append((a, b))
            n_left[a], n_left[b] = n_left[a] - 1, n_left[b] - 1
    return HeldPlaces(groups=tuple(seated), introductions=tuple(introduced))


def hold_gatherings(company: Company, picture: Picture, options: GatheringOptions) -> list[tuple[int, Rows, Floats]]:
    """Find the held gatherings that break no rule tonight: row of the city, members, and what each gains."""
    journeys, rested = picture.journeys, ~asked_lately(picture, options.rest_days)
    found: list[tuple[int, Rows, Floats]] = []
    taken = np.zeros(len(picture.index), np.bool_)
    for held in picture.community.decided.held:
        hub = _hub_of(held, journeys) if held.kind == "gathering" else None
        if hub is None or hub in {city for city, _, _ in found} or len(found) == options.max_per_night:
            continue
        members = picture.index.rows(pl.Series(held.members, dtype=pl.String))
        is_torn = np.isin(company.apart, members).all(axis=1).any()
        if _rests(held, picture) or taken[members].any() or is_torn or not rested[members].all():
            continue
        gains = _gains(hub, members, company, journeys, options)
        if gains is not None:
            found.append((hub, members, gains))
            taken[members] = True
    return found


def _rows_of(kind: str, picture: Picture) -> list[tuple[int, ...]]:
    """Members of the held suggestions of a kind, of whom nobody pauses, as rows."""
    index = picture.index
    held = [one for one in picture.community.decided.held if one.kind == kind and not _rests(one, picture)]
    return [tuple(index.rows(pl.Series(one.members, dtype=pl.String)).tolist()) for one in held]


def _rests(held: Held, picture: Picture) -> bool:
    """Whether somebody in it pauses; an invitation to something else does not stop what is approved."""
    resting = picture.community.decided.resting
    return any(resting.get(member) == "paused" for member in held.members)


def _vetoed(picture: Picture) -> frozenset[tuple[int, int]]:
    """Pairs of held members who must not sit at one table, as rows."""
    index, pair = picture.index, ("member_a", "member_b")
    holding = sorted(picture.community.decided.holding)
    among = picture.vetoes.frame.filter(*(pl.col(side).cast(pl.String).is_in(holding) for side in pair))
    return frozenset(zip(*(index.rows(among.get_column(side)).tolist() for side in pair), strict=True))


def _may_meet(rows: Sequence[int], picture: Picture, apart: Collection[tuple[int, int]]) -> bool:
    is_free = bool(np.bitwise_and.reduce(picture.times[list(rows)]).any())
    return is_free and not any(pair in apart for pair in combinations(rows, 2))


def _has_place(rows: Sequence[int], picture: Picture) -> bool:
    return meet_halfway(picture.travel, list(rows), EVEN_SHARE) is not None


def _hub_of(held: Held, journeys: Journeys) -> int | None:
    """Row of the city in which it was to be; None where tonight knows no such city."""
    for row, *city in journeys.hubs.frame.select("town", "name", "lat", "lon").iter_rows():
        if held.hub is not None and held.hub[0] == city[0] and np.allclose(held.hub[1:], city[1:], atol=1e-4):
            return int(row)
    return None


def _gains(hub: int, members: Rows, company: Company, journeys: Journeys, options: GatheringOptions) -> Floats | None:
    """What each gains in that city; None where one does not, or too many or too few would come."""
    capacity = journeys.hubs.frame.get_column("capacity")[hub]
    if not options.min_size <= len(members) <= min(options.max_size, capacity or options.max_size):
        return None
    efforts = entries(journeys.effort, members, np.full(len(members), hub))
    gains, margin = who_gains(company.among(members), efforts, efforts > 0, options)
    is_worth = margin.sum() > options.opening_cost - ROUNDING
    return margin if gains.all() and is_worth else None
