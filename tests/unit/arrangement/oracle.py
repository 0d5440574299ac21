"""The slow, obvious truth about groups: every set of members, every way to part them."""

from collections.abc import Mapping
from functools import cache
from itertools import combinations
from math import ceil

from matcher.arrangement.groups import GroupOptions

Pair = tuple[str, str]

EVEN_CHANCE = 0.5
"""Of two for whom nothing speaks, in the worlds of these tests, whose parts are all 0."""

KM = {"East": 30.0, "West": 10.0}
"""East is three times as far as West, for everybody."""


def floor(lift: float) -> float:
    """So many times the odds of one to one, as a share."""
    return lift / (1 + lift)


def is_legal(
    group: tuple[str, ...],
    weights: Mapping[Pair, float],
    towns: Mapping[str, set[str]],
    vetoed: set[Pair],
    options: GroupOptions,
) -> bool:
    """The definition of a legal group, word for word."""
    if not options.min_size <= len(group) <= options.max_size:
        return False
    if any(pair in vetoed for pair in combinations(sorted(group), 2)):
        return False
    if not set.intersection(*(towns.get(member, set()) for member in group)):
        return False
    for member in group:
        ties = [weights.get((min(member, o), max(member, o)), 0.0) for o in group if o != member]
        if sum(ties) / len(ties) < floor(options.min_fit_lift) - 1e-9:
            return False
        if sum(tie >= floor(options.tie_lift) for tie in ties) < ceil(options.min_tie_share * len(ties)):
            return False
    return True


def worth(
    group: tuple[str, ...], weights: Mapping[Pair, float], towns: Mapping[str, set[str]], options: GroupOptions
) -> float:
    """2 / (s - 1) times the sum of the pair weights, less everybody's way to the nearest town that all can reach."""
    total = sum(weights.get(pair, 0.0) for pair in combinations(sorted(group), 2))
    way_km = min(KM[town] for town in set.intersection(*(towns[member] for member in group)))
    return 2 / (len(group) - 1) * total - len(group) * options.km_cost(EVEN_CHANCE) * way_km


def best_value(
    members: list[str],
    weights: Mapping[Pair, float],
    towns: Mapping[str, set[str]],
    vetoed: set[Pair],
    options: GroupOptions,
) -> float:
    """The largest value of any legal plan: the first member stays out, or sits in one of their groups."""

    @cache
    def best(left: tuple[str, ...]) -> float:
        if len(left) < options.min_size:
            return 0.0
        first, rest = left[0], left[1:]
        value = best(rest)
        for n_others in range(options.min_size - 1, options.max_size):
            for others in combinations(rest, n_others):
                group = (first, *others)
                if is_legal(group, weights, towns, vetoed, options):
                    remaining = tuple(member for member in rest if member not in others)
                    value = max(value, worth(group, weights, towns, options) + best(remaining))
        return value

    return best(tuple(sorted(members)))
