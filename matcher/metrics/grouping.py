"""What a grouping is worth, and whether it is legal: counted from the pair weights alone, apart from any optimizer."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from matcher.tables.pair_weights import PairWeights
from matcher.units import Floats

Groups = Sequence[Sequence[int]]
"""Rows of each group's members."""

OBJECTIVES = ("mean", "sum")


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupingRules:
    """What a legal grouping keeps.

    Attributes:
        min_size: Fewest members of a group; not asked where the pair weights bring sizes.
        max_size: Most members of a group; the same.
        is_everyone: Whether nobody may be left out.
    """

    min_size: int
    max_size: int
    is_everyone: bool


def value_groups(pairs: PairWeights, groups: Groups, objective: str) -> Floats:
    """Value of each group, shape (group,).

    Args:
        pairs: The weights.
        groups: No member in two of them.
        objective: 'sum': the weights of all pairs inside the group; 'mean': 2 / (s - 1) of that for a group of s, which
            is each member's mean weight to the others, added up. A group of one is worth 0.
    """
    group_of = np.full(len(pairs), -1)
    for group, rows in enumerate(groups):
        group_of[list(rows)] = group
    first, second = group_of[pairs.edges].T
    inside = (first == second) & (first >= 0)
    sums = np.zeros(len(groups))
    np.add.at(sums, first[inside], pairs.weights[inside])
    if objective == "sum":
        return sums
    others = np.maximum(np.array([len(rows) for rows in groups]) - 1, 1)
    return np.asarray(2 * sums / others)


def broken_rules(pairs: PairWeights, groups: Groups, unplaced: Sequence[int], rules: GroupingRules) -> list[str]:
    """Say which rules a grouping breaks; nothing for a legal one."""
    bounds = pairs.sizes or ((rules.min_size, rules.max_size),) * len(groups)
    broken = []
    if sorted(chain(*groups, unplaced)) != list(range(len(pairs))):
        broken.append("somebody stands nowhere or in two places")
    if rules.is_everyone and unplaced:
        broken.append(f"{len(unplaced)} members are left out, and everyone was to be placed")
    if len(bounds) != len(groups):
        broken.append(f"there are {len(groups)} groups instead of {len(bounds)}")
    broken += [
        f"group {group} has {len(rows)} members instead of {fewest} to {most}"
        for group, (rows, (fewest, most)) in enumerate(zip(groups, bounds, strict=False), start=1)
        if not fewest <= len(rows) <= most
    ]
    return broken
