"""Gatherings: circles who live far apart meet in one city, where each gains more by the company than the way costs.

The model is a prize-collecting facility location. Cities are facilities; at most `max_per_night` are opened. A member
who is asked to a city pays the way, in log-odds of coming, and collects a prize that depends on who else comes: the
mean worth of their `n_company` closest there, missing ones counted as 0. The worth of two is by how many log-odds
their affinity is above strangers'; who could meet without a journey is worth nothing here. To find: the cities and
who is asked to which, for the largest sum of prizes less ways, so that

* each member is asked once, and only to where the prize exceeds the way by `min_gain`: nobody pays for everybody
  else;
* each has real ties with at least `min_ties` others there, and all are connected by such ties;
* a gathering has `min_size` to `max_size` members, and nobody meets whom they must not; a city holds one at most.

The log-odds of a way follow from how willingness falls with distance (`geography/willingness.py`), so prizes and ways
are in one unit: who lives ten times as far needs company worth as many log-odds more.

Two ways lead to a plan, and the better is taken: the most worthwhile circle of any city, then the next among those
who are left, and so on; and the answer of one integer program (`facilities.py`) over the circles that could be part of
a better plan (`coverage.py`). Both files also bound what any plan could be worth.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import polars as pl

from matcher.arrangement.circles import ROUNDING, Circle, circles_without, find_circles, who_gains
from matcher.arrangement.company import Company, GatheringOptions, keep_good_company
from matcher.arrangement.coverage import cover
from matcher.arrangement.facilities import facility_program, list_guests
from matcher.arrangement.guests import best_part
from matcher.arrangement.held import hold_gatherings
from matcher.arrangement.means import Means
from matcher.numeric.sparse_rows import entries
from matcher.tables.geography import Journeys
from matcher.tables.pairs import Affinities
from matcher.tables.picture import Picture
from matcher.tables.proposals import Attendances, HubChoices, Objective
from matcher.units import Flags, Floats, Rows

__all__ = ["GatheringOptions", "plan_gatherings"]

LARGEST_PROGRAM, LARGEST_WHOLE = 60_000, 5_000
"""Above so many quantities no linear and no integer program is tried; then what circles cover bounds any plan."""

N_RUNNERS_UP = 2


class Judged(NamedTuple):
    """A city for some people: a row of HubChoices.

    Attributes:
        hub: Row of the city.
        n_drawn: To how many of them it would be worth the way.
        mean_km: Mean way of all of them who would go so far.
        longest_km: The longest.
        value: What a gathering of those whom it draws would be worth.
    """

    hub: int
    n_drawn: int
    mean_km: float
    longest_km: float
    value: float


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Gathering:
    """Who is asked to which city.

    Attributes:
        hub: Row of the city.
        members: Rows, ascending.
        value: What they gain in all, the way taken off, in log-odds.
    """

    hub: int
    members: Rows
    value: float


def plan_gatherings(
    affinities: Affinities, picture: Picture, options: GatheringOptions, means: Means, *, stranger_chance: float
) -> tuple[Attendances, HubChoices, Objective]:
    """Choose cities, and who is asked to travel there.

    Args:
        affinities: Mutual affinities of the candidate pairs.
        picture: Who would travel where, who must not meet, who is open to proposals, who was asked lately.
        options: What is worth a journey, and how many.
        means: A solver, and when to stop.
        stranger_chance: The share of two for whom nothing speaks, in [0, 1].

    Returns:
        The gatherings, those that organizers keep among them, the most worthwhile first, each member asked to one at
        most; for each its city and the next best; and how good they are, in log-odds, with a bound on any others.
    """
    journeys = picture.journeys
    company = keep_good_company(affinities, picture, options, stranger_chance=stranger_chance)
    held = _held(company, picture, options)
    chosen, bound = _choose(company, picture, options, means, held)
    judged = [_judge(one, company, journeys, options) for one in (*held, *chosen)]
    settled = zip((*held, *_in_the_best_cities(chosen, judged[len(held) :], held)), judged, strict=True)
    weighed = sorted(settled, key=lambda one: (-round(one[0].value, 9), one[0].members.tolist()))
    ranked = [one for one, _ in weighed]
    return (
        _attendances(ranked, company, journeys, options),
        _hub_choices(weighed),
        Objective(
            value=_value(ranked),
            upper_bound=max(bound + _value(held), _value(ranked)),
            bound_scope="candidate pairs",
            stranger_chance=stranger_chance,
            was_cut_short=means.stop(),
        ),
    )


def _held(company: Company, picture: Picture, options: GatheringOptions) -> list[Gathering]:
    """What organizers keep, where they had it."""
    kept = hold_gatherings(company, picture, options)
    return [
        Gathering(hub=hub, members=rows, value=float(gains.sum()) - options.opening_cost) for hub, rows, gains in kept
    ]


def _choose(
    company: Company, picture: Picture, options: GatheringOptions, means: Means, held: Sequence[Gathering]
) -> tuple[list[Gathering], float]:
    """The best gatherings beside those that are held, none much like one that was turned down; and a bound on any.

    Where one comes up that was, its guests stay at home tonight, and all is chosen anew; the first bound still holds.
    """
    rest = replace(options, max_per_night=max(options.max_per_night - len(held), 0))
    circles = find_circles(company, picture.journeys, options) if rest.max_per_night else []
    for one in held:
        elsewhere = [circle for circle in circles if circle.hub != one.hub]
        circles = circles_without(elsewhere, one.members, options)
    chosen, bound = _best(circles, rest, means)
    while turned_down := [one for one in chosen if _is_barred(one, picture)]:
        for one in turned_down:
            circles = circles_without(circles, one.members, options)
        chosen, _ = _best(circles, rest, means)
    return chosen, bound


def _is_barred(one: Gathering, picture: Picture) -> bool:
    ids = {picture.index.ids[row] for row in one.members.tolist()}
    barred = picture.community.decided.barred
    return any(other.kind == "gathering" and other.is_like(ids) for other in barred)


def _best(circles: Sequence[Circle], options: GatheringOptions, means: Means) -> tuple[list[Gathering], float]:
    """The better plan of two ways to one, and what no plan exceeds."""
    chosen = _one_by_one(circles, options)
    bound, worthwhile = _narrowed(circles, _value(chosen), options, means)
    for plan, proved in _together(worthwhile, options, means) if worthwhile else ():
        chosen, bound = max(chosen, plan, key=_value), min(bound, proved)
    return chosen, bound


def _value(gatherings: Sequence[Gathering]) -> float:
    return math.fsum(one.value for one in gatherings)


def _one_by_one(circles: Sequence[Circle], options: GatheringOptions) -> list[Gathering]:
    """The most worthwhile gathering of any city, then the next of those who are left, and so on."""
    chosen: list[Gathering] = []
    while len(chosen) < options.max_per_night:
        best: Gathering | None = None
        for circle in sorted(circles, key=lambda one: -one.most_worth):
            if best is not None and circle.most_worth <= best.value:
                break
            guests, value = best_part(circle, np.ones(len(circle.members), np.bool_), options)
            if len(guests) and (best is None or value > best.value):
                best = Gathering(hub=circle.hub, members=circle.members[guests], value=value)
        if best is None:
            break
        chosen.append(best)
        elsewhere = [circle for circle in circles if circle.hub != best.hub]
        circles = circles_without(elsewhere, best.members, options)
    return chosen


def _narrowed(
    circles: Sequence[Circle], value: float, options: GatheringOptions, means: Means
) -> tuple[float, list[Circle]]:
    """What no plan exceeds, and the circles that could be part of a plan that is worth more than this value."""
    coverage = cover(circles, n_most=options.max_per_night)
    bound = coverage.bound(at_least=value)
    if bound <= value + ROUNDING:
        return bound, []
    caps = _caps(circles, options, means)
    best = np.sort(caps)[::-1][: options.max_per_night]
    reach = caps + best[: options.max_per_night - 1].sum()
    promising: list[int] = np.flatnonzero(reach > value + ROUNDING).tolist()
    worthwhile = [circles[number] for number in promising if coverage.bound_with(number) > value + ROUNDING]
    return min(bound, float(best.sum())), worthwhile


def _caps(circles: Sequence[Circle], options: GatheringOptions, means: Means) -> Floats:
    """What no gathering of each circle exceeds; by a program where a crowd could be among the best, shape (circle,)."""
    caps = np.array([one.most_worth for one in circles])
    judged: list[float] = []
    for number in np.argsort(-caps, kind="stable").tolist():
        circle = circles[number]
        if means.stop() or caps[number] <= sorted([0.0, *judged])[-options.max_per_night :][0]:
            break
        if len(circle.members) > circle.most:
            asked = facility_program(list_guests([circle], options), [circle], options)
            relaxed = replace(asked, is_whole=np.zeros(len(asked.gains), np.bool_))
            proved = means.programs.maximize(relaxed, n_nodes=options.n_nodes, stop=means.stop).upper_bound
            caps[number] = min(caps[number], max(proved, 0.0))
        judged.append(float(caps[number]))
    return np.asarray(np.maximum(caps, 0), dtype=np.float64)


def _together(
    circles: Sequence[Circle], options: GatheringOptions, means: Means
) -> Iterator[tuple[list[Gathering], float]]:
    """Plans that programs over all cities come to, and what each proves: first a linear one, then a whole one."""
    guests = list_guests(circles, options)
    n_quantities = len(circles) + guests.n_quantities
    if n_quantities > LARGEST_PROGRAM:
        return
    asked = facility_program(guests, circles, options)
    relaxed = replace(asked, is_whole=np.zeros(n_quantities, np.bool_))
    for largest, program in ((LARGEST_PROGRAM, relaxed), (LARGEST_WHOLE, asked)):
        if n_quantities > largest or means.stop():
            return
        answer = means.programs.maximize(program, n_nodes=options.n_nodes, stop=means.stop)
        is_asked = answer.amounts[len(circles) : len(circles) + len(guests.members)] > 0.5
        if len(is_asked):
            yield _settled(circles, guests.circles, is_asked, options), answer.upper_bound


def _settled(circles: Sequence[Circle], owner: Rows, is_asked: Flags, options: GatheringOptions) -> list[Gathering]:
    """The gatherings that an answer of a program comes to: the best of each city, and of these the best."""
    found: dict[int, Gathering] = {}
    for number, circle in enumerate(circles):
        guests, value = best_part(circle, is_asked[owner == number], options)
        if len(guests) and (circle.hub not in found or value > found[circle.hub].value):
            found[circle.hub] = Gathering(hub=circle.hub, members=circle.members[guests], value=value)
    return sorted(found.values(), key=lambda one: -one.value)[: options.max_per_night]


def _attendances(
    chosen: Sequence[Gathering], company: Company, journeys: Journeys, options: GatheringOptions
) -> Attendances:
    rows = []
    for number, one in enumerate(chosen):
        worth = company.inside(_flags(one, len(journeys.index)), options.n_company).worth
        hubs = np.full(len(one.members), one.hub)
        km, effort = entries(journeys.km, one.members, hubs), entries(journeys.effort, one.members, hubs)
        of_each = zip(one.members.tolist(), km, worth[one.members], effort, strict=True)
        rows += [(number, member, one.hub, *ways) for member, *ways in of_each]
    names = ["gathering", "member", "hub", "travel_km", "company", "effort"]
    found = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64), orient="row")
    members = journeys.index.column(found.get_column("member").cast(pl.Int64).to_numpy())
    numbers = pl.col("gathering", "hub").cast(pl.UInt32)
    return Attendances.sorted(found.with_columns(numbers, members.alias("member")))


def _in_the_best_cities(
    gatherings: Sequence[Gathering], judged: Sequence[Sequence[Judged]], held: Sequence[Gathering]
) -> list[Gathering]:
    """The same gatherings, each in the free city that is worth most to all of its guests."""
    hubs = [one.hub for one in (*gatherings, *held)]
    settled = list(gatherings)
    for number, one in enumerate(gatherings):
        free = [city for city in judged[number] if city.hub not in hubs and city.n_drawn == len(one.members)]
        best = max(free, key=lambda city: city.value, default=None)
        if best is not None and best.value > one.value + ROUNDING:
            hubs[number], settled[number] = best.hub, replace(one, hub=best.hub, value=best.value)
    return settled


def _hub_choices(gatherings: Sequence[tuple[Gathering, Sequence[Judged]]]) -> HubChoices:
    """The city of each gathering, and the free cities that would be next best for the same people."""
    taken = {one.hub for one, _ in gatherings}
    rows = []
    for number, (one, judged) in enumerate(gatherings):
        free = [city for city in judged if city.hub not in taken]
        best = sorted(free, key=lambda city: (-city.n_drawn, -round(city.value, 9), city.hub))[:N_RUNNERS_UP]
        ranked = [*(city for city in judged if city.hub == one.hub), *best]
        rows += [(number, rank, *city) for rank, city in enumerate(ranked)]
    return HubChoices.sorted(pl.DataFrame(rows, schema=HubChoices.schema(), orient="row"))


def _judge(one: Gathering, company: Company, journeys: Journeys, options: GatheringOptions) -> list[Judged]:
    """Judge every city that holds all of these people, and is in reach of any."""
    among = company.among(one.members)
    km, effort = journeys.km[one.members].tocsc(), journeys.effort[one.members].tocsc()
    judged = []
    for hub, capacity in enumerate(journeys.hubs.frame.get_column("capacity")):
        span = slice(km.indptr[hub], km.indptr[hub + 1])
        ways = km.data[span]
        if not len(ways) or (capacity is not None and capacity < len(one.members)):
            continue
        cost = np.full(len(one.members), np.inf)
        cost[effort.indices[span]] = effort.data[span]
        gains, margin = who_gains(among, cost, np.isfinite(cost), options)
        value = float(margin[gains].sum()) - options.opening_cost
        judged.append(Judged(hub, int(gains.sum()), float(ways.mean()), float(ways.max()), value))
    return judged


def _flags(one: Gathering, n_members: int) -> Flags:
    is_there = np.zeros(n_members, np.bool_)
    is_there[one.members] = True
    return is_there
