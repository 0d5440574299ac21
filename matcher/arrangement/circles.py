"""Circles that could meet in a city: members connected by real ties, each of whom gains more there than the way costs.

Company only grows with more people. So whoever does not gain enough among all who could come would not gain enough
among some of them either, and can be struck out; then others may have too little company, and so on. Who is left is the
largest set in which everybody gains enough, and every legal gathering in that city lies within it.
"""

from collections.abc import Iterator
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
    found = []
    for hub, capacity in enumerate(capacities):
        span = slice(visits.indptr[hub], visits.indptr[hub + 1])
        effort = np.full(len(journeys.index), np.inf)
        effort[visits.indices[span]] = efforts.data[span]
        most = options.max_size if capacity is None else min(options.max_size, capacity)
        found += list(_circles_at(hub, company, effort, most, options))
    return found


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


def best_part(circle: Circle, is_there: Flags, options: GatheringOptions) -> tuple[Rows, float]:
    """The most worthwhile gathering found among some of a circle.

    Of two who must stay apart, and while there are too many, whoever is missed least, and gains least, is left out.

    Args:
        circle: Who could come.
        is_there: Whom to choose among, shape (guest,).
        options: What a gathering is.

    Returns:
        Positions of its members, ascending, and its value; none and 0 where none is worth holding.
    """
    while True:
        is_there, margin = who_gains(circle.company, circle.effort, is_there, options)
        leaving = _who_leaves(circle, is_there, margin, options)
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


def _who_leaves(circle: Circle, is_there: Flags, margin: Floats, options: GatheringOptions) -> Rows:
    missed = circle.company.inside(is_there, options.n_company).given + margin
    torn = circle.company.apart[is_there[circle.company.apart].all(axis=1)]
    if len(torn):
        return np.array([torn[0, int(missed[torn[0]].argmin())]], dtype=np.int64)
    n_too_many = int(is_there.sum()) - circle.most
    least = np.argsort(np.where(is_there, missed, np.inf), kind="stable")
    return least[: max(1, n_too_many // 4)] if n_too_many > 0 else least[:0]


def connected_parts(company: Company, rows: Rows) -> list[Rows]:
    """Some members, parted into those who are connected by real ties among them."""
    n_parts, part = connected_components(company.worth[rows][:, rows], directed=False)
    return [rows[part == number] for number in range(n_parts)]


def _circles_at(hub: int, company: Company, effort: Floats, most: int, options: GatheringOptions) -> Iterator[Circle]:
    is_there, margin = who_gains(company, effort, company.may_come & np.isfinite(effort), options)
    rows = np.flatnonzero(is_there)
    if len(rows) < options.min_size or most < options.min_size:
        return
    for members in connected_parts(company, rows):
        if len(members) >= options.min_size:
            yield Circle(
                hub=hub,
                members=members,
                effort=effort[members],
                company=company.among(members),
                margin=margin[members],
                most=most,
                opening_cost=options.opening_cost,
            )
