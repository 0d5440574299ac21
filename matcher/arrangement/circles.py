"""Circles that could meet in a city: members connected by real ties, each of whom gains more there than the way costs.

Company only grows with more people. So whoever does not gain enough among all who could come would not gain enough
among some of them either, and can be struck out; then others may have too little company, and so on. Who is left is the
largest set in which everybody gains enough, and every legal gathering in that city lies within it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import connected_components

from matcher.arrangement.company import Company, GatheringOptions
from matcher.tables.geography import Journeys
from matcher.units import Flags, Floats, Rows

ROUNDING = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Circle:
    """Members who could meet in one city.

    Attributes:
        hub: Row of the city.
        members: Rows, ascending, shape (guest,).
        effort: What the way costs each, in log-odds, shape (guest,).
        company: What they are to each other; its members are the guests.
        margin: What each gains if all come, the way taken off: no one gains more with fewer, shape (guest,).
        most: Most who may come.
        opening_cost: What it takes to hold a gathering, in log-odds.
    """

    hub: int
    members: Rows
    effort: Floats
    company: Company
    margin: Floats
    most: int
    opening_cost: float

    @property
    def most_worth(self) -> float:
        """No gathering of these is worth more."""
        return float(np.sort(self.margin)[::-1][: self.most].sum()) - self.opening_cost


def find_circles(company: Company, journeys: Journeys, options: GatheringOptions) -> list[Circle]:
    """Find every city's circles that are large enough, by city and then by first member."""
    visits, efforts = journeys.km.tocsc(), journeys.effort.tocsc()
    efforts.sort_indices()
    visits.sort_indices()
    capacities = journeys.hubs.frame.get_column("capacity").to_list()
    anybody = company.inside(company.may_come, options.n_company)
    may_gain = company.may_come & (anybody.n_ties >= options.min_ties)
    found = []
    for hub, capacity in enumerate(capacities):
        span = slice(visits.indptr[hub], visits.indptr[hub + 1])
        rows, effort = visits.indices[span].astype(np.int64), efforts.data[span]
        kept = may_gain[rows] & (anybody.worth[rows] - effort >= options.min_gain - ROUNDING)
        most = options.max_size if capacity is None else min(options.max_size, capacity)
        if kept.sum() >= options.min_size <= most:
            among = company.among(rows[kept])
            found += list(_circles_of(hub, rows[kept], effort[kept], among, options, most=most))
    return found


def circles_without(circles: Sequence[Circle], members: Rows, options: GatheringOptions) -> list[Circle]:
    """Find what is left of circles if these members do not come."""
    left: list[Circle] = []
    for circle in circles:
        stays = np.flatnonzero(~np.isin(circle.members, members))
        if len(stays) == len(circle.members):
            left.append(circle)
        else:
            rows, effort, company = circle.members[stays], circle.effort[stays], circle.company.among(stays)
            left += _circles_of(circle.hub, rows, effort, company, options, most=circle.most)
    return left


def who_gains(company: Company, effort: Floats, is_there: Flags, options: GatheringOptions) -> tuple[Flags, Floats]:
    """Strike out whoever does not gain enough, and so on.

    Args:
        company: What members are to each other.
        effort: What the way costs each, shape (member,).
        is_there: Who could come, shape (member,).
        options: What is enough.

    Returns:
        Who is left, and what each of them gains, the way taken off, shape (member,) each.
    """
    while True:
        inside = company.inside(is_there, options.n_company)
        margin = inside.worth - effort
        stays = is_there & (margin >= options.min_gain - ROUNDING) & (inside.n_ties >= options.min_ties)
        if (stays == is_there).all():
            return is_there, margin
        is_there = stays


def connected_parts(company: Company, rows: Rows) -> list[Rows]:
    """Some members, parted into those who are connected by real ties among them."""
    n_parts, part = connected_components(company.worth[rows][:, rows], directed=False)
    return [rows[part == number] for number in range(n_parts)]


def _circles_of(
    hub: int, rows: Rows, effort: Floats, company: Company, options: GatheringOptions, *, most: int
) -> Iterator[Circle]:
    """Find the circles among some members, from what they are to each other."""
    is_there, margin = who_gains(company, effort, np.ones(len(rows), np.bool_), options)
    for part in connected_parts(company, np.flatnonzero(is_there)):
        if len(part) >= options.min_size:
            yield Circle(
                hub=hub,
                members=rows[part],
                effort=effort[part],
                company=company.among(part),
                margin=margin[part],
                most=most,
                opening_cost=options.opening_cost,
            )
