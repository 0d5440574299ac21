"""A bound that no legal plan exceeds, and the groups that good plans are made of: column generation.

Every seat gets a price. If no group is worth more than its members' prices together, then no plan is worth more than
all prices together: a bound. The best prices are the answer of a linear program over groups, of which only the few that
matter are ever written down. Groups that are still worth more than they cost are found by `numeric/dense_sets.py`, and
while there are any, prices are raised until there are none, so that the bound holds at every moment. Prices are kept
near the best so far (du Merle et al. 1999, doi:10.1016/S0012-365X(98)00213-1). What keeps the bound from the best plan,
half-formed groups, is cut off: of all groups with two or three of the same three members only one can be formed
(subset-row cuts: Jepsen et al. 2008, doi:10.1287/opre.1070.0449).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.arrangement.market import SAFETY, Market
from matcher.arrangement.means import Means
from matcher.arrangement.pools import best_means, owed_to
from matcher.arrangement.program import Group
from matcher.arrangement.search import values_of
from matcher.arrangement.tariff import Tariff
from matcher.numeric.pool import Pool
from matcher.units import Floats, Rows

FIRST_SLACK, LEAST_SLACK, CUT_SLACK = 0.15, 1e-4, 0.01
"""By how much prices are raised before asking which groups are worth more, in what a seat may be worth: a generous
question is answered quickly, and its bound is loose."""

LEEWAY = 0.15
"""How far prices may move from the best so far, in what a seat may be worth."""

HOPELESS_SLACK = 1e3

CLOSE, CLOSE_ENOUGH = 3e-4, 2e-3
"""Prices are settled when the bound is within this share of their total; the second holds for many blocks."""

MANY_BLOCKS = 8
"""With more blocks nothing is cut off: the plan is then further from the bound than half-formed groups are."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Proof:
    """What was proved, and from what.

    Attributes:
        upper_bound: No legal plan is worth more; infinite where nothing was proved.
        groups: The groups that were written down.
        worths: What each is worth, shape (group,).
        shares: How much of each the last prices would form, in [0, 1], shape (group,).
        tariff: What the bound adds up: no group is worth more than it costs.
    """

    upper_bound: float
    groups: list[Group]
    worths: Floats
    shares: Floats
    tariff: Tariff


def prove(pool: Pool, start: Sequence[Group], known: Sequence[Group], means: Means, *, blocks: Sequence[Rows]) -> Proof:
    """Bound what any plan can be worth, and write down the groups that good plans are made of.

    Args:
        pool: Who could sit with whom.
        start: A good plan.
        known: Legal groups to begin with, the plan's among them.
        means: A solver of linear programs, how many rounds, and when to stop; what was proved until then holds.
        blocks: Members in parts, ascending within each; each part's prices are found by a program of its own.
    """
    market = Market(pool, means.programs, blocks)
    market.add(sorted(set(known)))
    unit = best_means(pool) + SAFETY
    # What is owed is large and easily paid: beside it, every distance would look small.
    owed = owed_to(pool, start)
    value = float(values_of(pool, list(start)).sum()) - owed
    best, bound, bound_before_cut, slack = _first_prices(pool, start), np.inf, np.inf, FIRST_SLACK
    tariff = market.tariff(best)
    for _ in range(means.work.n_rounds):
        if means.stop():
            break
        prices = market.solve(best, LEEWAY * unit)
        asked = market.ask(prices, slack, unit)
        while not asked.is_complete and slack < HOPELESS_SLACK and not means.stop():
            prices, slack = (prices + best) / 2, slack * 1.5
            asked = market.ask(prices, slack, unit)
        if asked.bound < bound:
            bound, best, tariff = asked.bound, prices, asked.tariff
        if _is_near(bound - owed, value, LEAST_SLACK):
            break
        n_new = market.add(asked.news)
        if n_new < len(unit) / 4:
            slack /= 2
        close = CLOSE if len(blocks) <= MANY_BLOCKS else CLOSE_ENOUGH
        if (n_new == 0 and slack < LEAST_SLACK) or _is_near(
            asked.bound - owed, market.tariff(prices).total - owed, close
        ):
            if (
                len(blocks) > MANY_BLOCKS
                or _is_near(bound_before_cut - owed, bound - owed, LEAST_SLACK)
                or not market.cut()
            ):
                break
            bound_before_cut, slack = bound, max(slack, CUT_SLACK)
    return Proof(
        upper_bound=bound,
        groups=market.groups,
        worths=market.worths,
        shares=market.shares(),
        tariff=tariff,
    )


def _is_near(larger: float, smaller: float, share: float) -> bool:
    return larger <= smaller + share * abs(smaller)


def _first_prices(pool: Pool, plan: Sequence[Group]) -> Floats:
    """What each member brings to their group in a good plan; nothing for who sits nowhere."""
    prices = np.zeros(len(pool.bonus))
    for group, worth in zip(plan, values_of(pool, list(plan)), strict=True):
        rows = np.array(group)
        drawn = np.array([_drawn(pool, member, rows) for member in group])
        total = drawn.sum()
        prices[rows] = worth * (drawn / total if total > 0 else 1.0 / len(group))
    return np.maximum(prices, 0.0)


def _drawn(pool: Pool, member: int, group: Rows) -> float:
    entries = slice(pool.starts[member], pool.starts[member + 1])
    return float(np.maximum(pool.weights[entries][np.isin(pool.partners[entries], group)], 0.0).sum())
