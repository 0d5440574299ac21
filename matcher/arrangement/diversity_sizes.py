"""Which sizes groups may have that must hold everyone."""

from collections.abc import Sequence

import numpy as np

from matcher.errors import InputError
from matcher.units import Rows


def group_limits(sizes: Sequence[tuple[int, int]], n_members: int) -> Rows:
    """Sizes as an array, shape (group, 2), once it is known that some plan has them.

    Raises:
        InputError: A group's limits are crossed, or all of them together cannot hold everyone.
    """
    limits = np.array(sizes, dtype=np.int64).reshape(-1, 2)
    crossed = limits[(limits[:, 0] < 0) | (limits[:, 0] > limits[:, 1])]
    if len(crossed):
        raise InputError(
            f"group sizes are crossed or negative; found {crossed[:3].tolist()}; needs 0 <= lower <= upper"
        )
    fewest, most = limits.sum(axis=0)
    if not fewest <= n_members <= most:
        raise InputError(
            f"the groups cannot hold everyone; found {n_members} members, room for {fewest} to {most}; change the sizes"
        )
    return limits


def extreme_sizes(limits: Rows, n_members: int, *, is_lopsided: bool) -> Rows:
    """The sizes with the most pairs inside groups, or with the fewest.

    Where pairs are worth something on average, lopsided plans are worth more, and once its groups are filled a search
    hardly ever finds from one set of sizes to another: each single step on the way costs.

    Args:
        limits: Shape (group, 2), such that everyone fits.
        n_members: Everyone.
        is_lopsided: Whether to look for the most pairs.

    Returns:
        The size of each group, shape (group,).

    Cost: time and memory O(group x members beyond the lower sizes); time also x the freedom of a group's size.
    """
    sign = 1 if is_lopsided else -1
    n_free = n_members - int(limits[:, 0].sum())
    # most[k]: best sum of squared sizes of the groups so far with k members beyond their lower sizes.
    most = np.where(np.arange(n_free + 1) == 0, 0.0, -np.inf)
    extras = np.zeros((len(limits), n_free + 1), dtype=np.int32)
    for group, (lower, upper) in enumerate(limits.tolist()):
        before, most = most, np.full(n_free + 1, -np.inf)
        for extra in range(min(upper - lower, n_free) + 1):
            tried = before[: n_free + 1 - extra] + sign * (lower + extra) ** 2
            is_better = tried > most[extra:]
            most[extra:][is_better] = tried[is_better]
            extras[group, extra:][is_better] = extra
    sizes = limits[:, 0].copy()
    for group in reversed(range(len(limits))):
        extra = int(extras[group, n_free])
        sizes[group] += extra
        n_free -= extra
    return sizes
