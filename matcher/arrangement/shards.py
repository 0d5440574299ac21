"""Big pools cut into parts that hang together: shards of members, and windows of groups."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from matcher.arrangement.program import Group
from matcher.numeric.parts import grow_parts
from matcher.numeric.pool import Pool
from matcher.units import Floats, Rows


def cut_into_shards(pool: Pool, most: int) -> list[Rows]:
    """Parts of at most so many members, ascending within each; small scraps share a part."""
    n_members = len(pool.bonus)
    ones = np.ones(n_members, np.int64)
    part, n_parts = grow_parts(pool.starts, pool.partners, pool.weights, ones, most, np.arange(n_members))
    return (
        _packed([np.flatnonzero(part == number) for number in range(n_parts)], most)
        if n_parts > 1
        else [np.arange(n_members)]
    )


def fillable(shards: Sequence[Rows], most: int, sizes: tuple[int, int]) -> list[Rows]:
    """The same members, in the same order, in parts that groups of these sizes can fill, if they can fill the whole.

    Args:
        shards: Parts, in order.
        most: Members of a part: a multiple of the largest size.
        sizes: Fewest and most members of a group.
    """
    order = np.concatenate(shards)
    parts = [order[start : start + most] for start in range(0, len(order), most)]
    rest = len(parts[-1])
    if len(parts) > 1 and -(-rest // sizes[1]) > rest // sizes[0]:
        parts[-2:] = [np.concatenate(parts[-2:])]
    return [np.sort(part) for part in parts]


def cut_into_windows(
    n_members: int, plan: Sequence[Group], options: Sequence[Group], losses: Floats, most: int
) -> list[Rows]:
    """Parts of at most so many members, no group of the plan torn apart, linked by the options; ascending within each.

    Args:
        n_members: How many.
        plan: Disjoint groups; whoever sits in none is alone.
        options: Groups that could be formed instead.
        losses: By how much each group of the plan, and then each who is alone, falls short: parts begin where most is
            lost, shape (group + alone,).
        most: Members of a part.
    """
    node = nodes_of(n_members, plan)
    sizes = np.bincount(node, minlength=len(losses))
    ends = np.cumsum([0, *(len(group) for group in options)])
    members = np.array([member for group in options for member in group], dtype=np.int64)
    inside = csr_array((np.ones(len(members)), node[members], ends), shape=(len(options), len(losses)))
    links = csr_array(inside.T @ inside)
    seeds = np.argsort(-losses, kind="stable")
    part, n_parts = grow_parts(
        links.indptr.astype(np.int64), links.indices.astype(np.int64), links.data, sizes, most, seeds
    )
    order = np.argsort(part[node], kind="stable")
    ends = np.cumsum(np.bincount(part[node], minlength=n_parts))
    return _packed([np.sort(rows) for rows in np.split(order, ends[:-1])], most)


def nodes_of(n_members: int, plan: Sequence[Group]) -> Rows:
    """Number of each member's group; those who are alone have numbers of their own after that, shape (member,)."""
    node = np.full(n_members, -1, np.int64)
    for number, group in enumerate(plan):
        node[list(group)] = number
    alone = np.flatnonzero(node < 0)
    node[alone] = len(plan) + np.arange(len(alone))
    return node


def _packed(parts: list[Rows], most: int) -> list[Rows]:
    """Put small parts together, in their order, as long as they fit."""
    packed: list[list[Rows]] = []
    room = 0
    for rows in sorted(parts, key=lambda rows: (-len(rows), int(rows[0]))):
        if packed and len(rows) <= room:
            packed[-1].append(rows)
            room -= len(rows)
        else:
            packed.append([rows])
            room = most - len(rows)
    return [np.sort(np.concatenate(rows)) for rows in packed]
