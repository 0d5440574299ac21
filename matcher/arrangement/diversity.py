"""Everyone placed, in groups of given sizes, with as much pair weight inside the groups as can be found.

The literature calls this the maximally diverse grouping problem. What no plan can exceed is in `diversity_bound.py`;
groups for a night, with floors, travel and members left out, are not made here.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from matcher.arrangement.diversity_sizes import extreme_sizes, group_limits
from matcher.errors import TableError
from matcher.numeric.diverse_groups import N_TRIES, Walk, return_to, settle, start_walk, wander
from matcher.units import Floats, Rows

HOT_SHARE: Final = 0.01
"""A cooling begins where this share of losses is accepted: hotter, a plan keeps nothing of what it was."""

COLD_SHARE: Final = 0.0005
"""It ends where no more than this share is accepted: colder, nothing happens that settling does not find."""

REHEAT: Final = 0.65
"""Later coolings begin so far up from cold to hot, on a logarithmic scale: hot enough to change, not to forget."""

FIRST_STEPS: Final = 100
"""Moves tried in the first cooling, for each two members of a community, counted in both orders."""

GROWTH: Final = 1.25
"""Each cooling is so much longer than the last: a short search finishes several, a long one ends with long ones."""

N_TEMPERATURES: Final = 100
"""At least so many a cooling."""

CHUNK_STEPS: Final = 200_000
"""At most so many moves, or one turn for everyone, between two questions whether to stop: some milliseconds."""

PROBE_SWEEPS: Final = 50
PROBE_COOLING: Final = 0.93
"""At most so often everyone has a turn, and so much colder is the next, while hot and cold are sought."""


def inside(weights: Floats, labels: Rows) -> float:
    """Sum the weights of the pairs that share a group.

    Example:
        >>> inside(np.array([[0.0, 2.0, 5.0], [2.0, 0.0, 1.0], [5.0, 1.0, 0.0]]), np.array([0, 1, 0]))
        5.0
    """
    return math.fsum(
        float(weights[np.ix_(rows, rows)].sum()) / 2 for rows in (np.flatnonzero(labels == one) for one in set(labels))
    )


def spread_members(
    weights: Floats,
    sizes: Sequence[tuple[int, int]],
    rng: np.random.Generator,
    *,
    n_steps: int,
    stop: Callable[[], bool] = lambda: False,
) -> Rows:
    """Place everyone so that the weights inside groups add up to as much as the given work can find.

    Simulated annealing, again and again: the first cooling begins with chance, each later one with the best plan so
    far, warmed up again. The temperatures are found by trying, so weights may have any scale.

    Args:
        weights: What two members are worth in one group, of either sign, symmetric with a zero diagonal,
            shape (member, member).
        sizes: The smallest and the largest size of each group.
        rng: Chance.
        n_steps: How many moves to try; the first cooling is over after some 100 x member^2.
        stop: Asked every 200,000 moves or so; when it says so, the best plan so far is returned. A search that it
            does not end is not changed by it.

    Returns:
        The group of each member, shape (member,), always within the sizes. No single move or swap gains anything,
        unless `stop` cut in.

    Raises:
        TableError: The weights are no symmetric matrix of numbers with a zero diagonal.
        InputError: No plan has these sizes.

    Source: S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi, Optimization by Simulated Annealing, Science 220, 1983.

    Cost: some 8 ns a move tried among hundreds of members; memory O(member^2), meant for a few thousand.
    """
    _refuse_crooked(weights)
    limits = group_limits(sizes, len(weights))
    fullness = extreme_sizes(limits, len(weights), is_lopsided=bool(weights.sum() > 0))
    labels = rng.permutation(np.repeat(np.arange(len(limits)), fullness))
    walk = start_walk(np.ascontiguousarray(weights, np.float64), limits, labels, int(rng.integers(2**63)))
    _settle(walk, stop)
    if len(limits) > 1 and weights.any():
        _anneal(walk, _Purse(n_steps, stop), rng.permutation(labels))
    return walk.best.copy()


def _refuse_crooked(weights: Floats) -> None:
    is_square = weights.ndim == 2 and weights.shape[0] == weights.shape[1]
    if not (is_square and np.isfinite(weights).all() and (weights == weights.T).all() and not weights.diagonal().any()):
        raise TableError(
            f"Pair weights are no symmetric matrix of numbers with a zero diagonal; found shape {weights.shape}; "
            "needs one row and one column a member, and the same weight both ways"
        )


@dataclass(slots=True)
class _Purse:
    """Work that may still be done."""

    n_steps: int
    stop: Callable[[], bool]

    def pays(self, n_steps: int) -> bool:
        """Take so much out, unless it is empty or time is up."""
        if self.n_steps <= 0 or self.stop():
            self.n_steps = 0
            return False
        self.n_steps -= n_steps
        return True


def _anneal(walk: Walk, purse: _Purse, labels: Rows) -> None:
    """Spend the purse on coolings, the first from these labels, each later one from the best."""
    hot, cold = _find_heat(walk, purse)
    warm = hot**REHEAT * cold ** (1 - REHEAT)
    return_to(walk, labels)
    n_steps = FIRST_STEPS * len(labels) ** 2
    while purse.n_steps > 0:
        _cool(walk, purse, (hot, cold), min(n_steps, purse.n_steps))
        _settle(walk, purse.stop)
        hot, n_steps = warm, int(n_steps * GROWTH)


def _find_heat(walk: Walk, purse: _Purse) -> tuple[float, float]:
    """Cool from where nearly everything is accepted; see where little is, and where nearly nothing."""
    temperature = float(np.abs(walk.weights).max()) * math.sqrt(walk.limits[:, 1].max())
    hot = temperature
    sweep_steps = N_TRIES * len(walk.labels)
    n_sweeps = min(PROBE_SWEEPS, max(1, CHUNK_STEPS // sweep_steps))
    while purse.pays(n_sweeps * sweep_steps):
        share = wander(walk, temperature, n_sweeps)
        if share >= HOT_SHARE:
            hot = temperature
        if share < COLD_SHARE:
            break
        temperature *= PROBE_COOLING
    return hot, temperature


def _cool(walk: Walk, purse: _Purse, heat: tuple[float, float], n_steps: int) -> None:
    """Wander from hot to cold in so many steps."""
    sweep_steps = N_TRIES * len(walk.labels)
    n_temperatures = max(N_TEMPERATURES, -(-n_steps // CHUNK_STEPS))
    n_sweeps = max(1, round(n_steps / n_temperatures / sweep_steps))
    for temperature in np.geomspace(*heat, n_temperatures).tolist():
        if not purse.pays(n_sweeps * sweep_steps):
            return
        wander(walk, temperature, n_sweeps)


def _settle(walk: Walk, stop: Callable[[], bool]) -> None:
    """Make gaining moves, from the best place, until there is none."""
    while settle(walk) and not stop():
        pass
