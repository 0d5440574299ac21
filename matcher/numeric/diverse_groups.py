"""A random walk through groupings, compiled: members join other groups or swap, and every group's pull is kept current.

What temperature to walk at, and when to stop, is not decided here.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matcher.numeric.compiled import compiled
from matcher.units import Floats, Rows

N_TRIES = 8
"""How many moves are tried for one member before the next has its turn: its row of weights is then at hand."""

HOPELESS = 16.0
"""A loss of so many temperatures is refused without asking chance, who would agree once in nine million."""

ROUNDING = 1e-9
"""What is not larger, measured in the largest weight, is no gain: it may be the rounding of a sum."""


class Walk(NamedTuple):
    """Where a walk is, and the best place it has seen; changed in place.

    Attributes:
        weights: Symmetric with a zero diagonal, shape (member, member).
        limits: Smallest and largest size, shape (group, 2).
        labels: Everyone's group, shape (member,).
        sizes: How many each group has, shape (group,).
        pulls: Sum of a member's weights to the members of a group, shape (group, member).
        best: The labels of the best place so far, shape (member,).
        values: Sum of the weights inside groups, here and at the best place, shape (2,).
        least: A gain must be larger than this to count, shape (1,).
        dice: State of the generator, shape (1,).
    """

    weights: Floats
    limits: Rows
    labels: Rows
    sizes: Rows
    pulls: Floats
    best: Rows
    values: Floats
    least: Floats
    dice: npt.NDArray[np.uint64]


def start_walk(weights: Floats, limits: Rows, labels: Rows, seed: int) -> Walk:
    """Begin at these labels.

    Args:
        weights: Shape (member, member), symmetric, with a zero diagonal.
        limits: Shape (group, 2).
        labels: Shape (member,), within the limits.
        seed: At least 0; the same seed walks the same way.

    Cost: memory O(member x group) beside the weights.
    """
    n_groups = len(limits)
    dice = np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)
    least = np.array([ROUNDING * np.abs(weights).max(initial=0.0)])
    pulls, sizes = np.zeros((n_groups, len(labels))), np.zeros(n_groups, np.int64)
    walk = Walk(weights, limits, labels.copy(), sizes, pulls, labels.copy(), np.zeros(2), least, dice)
    return_to(walk, labels)
    walk.values[1] = walk.values[0]
    return walk


def return_to(walk: Walk, labels: Rows) -> None:
    """Jump to other labels; sums are taken afresh, so that rounding never piles up."""
    walk.labels[:] = labels
    walk.sizes[:] = np.bincount(labels, minlength=len(walk.limits))
    _add_up(walk)


def wander(walk: Walk, temperature: float, n_sweeps: int) -> float:
    """Try random moves: gains are made, losses with the chance exp(-loss / temperature).

    Args:
        walk: Changed in place; its best place is kept beside.
        temperature: Above 0, in the unit of the weights.
        n_sweeps: How often everyone has a turn of `N_TRIES` moves.

    Returns:
        The share of the losses that was accepted, in [0, 1]; 0 where no move would have lost.
    """
    n_losses, n_accepted = _wander(walk, temperature, n_sweeps)
    return float(n_accepted / max(n_losses, 1))


def settle(walk: Walk) -> bool:
    """Go to the best place, make every gaining move that one pass over all of them finds; say whether there was one."""
    return_to(walk, walk.best)
    walk.values[1] = walk.values[0]  # afresh too, or rounding could hide a gain
    return bool(_settle(walk))


@compiled
def _add_up(walk: Walk) -> None:
    walk.pulls[:] = 0
    total = 0.0
    for member, group in enumerate(walk.labels):
        walk.pulls[group] += walk.weights[member]
    for member, group in enumerate(walk.labels):
        total += walk.pulls[group, member]
    walk.values[0] = total / 2


@compiled
def _gain(walk: Walk, member: int, choice: int | np.int64) -> float:
    """What a move adds to the value; minus infinity where it is none.

    A choice below the number of members is a member to swap with, the others are groups to join.
    """
    n_members = len(walk.labels)
    home = walk.labels[member]
    if choice < n_members:
        other = walk.labels[choice]
        if other == home:
            return -math.inf
        there = walk.pulls[other, member] - walk.pulls[home, member]
        back = walk.pulls[home, choice] - walk.pulls[other, choice]
        return float(there + back - 2 * walk.weights[member, choice])
    other = choice - n_members
    if other == home or walk.sizes[other] >= walk.limits[other, 1] or walk.sizes[home] <= walk.limits[home, 0]:
        return -math.inf
    return float(walk.pulls[other, member] - walk.pulls[home, member])


@compiled
def _move(walk: Walk, member: int, choice: int | np.int64, gain: float) -> None:
    n_members = len(walk.labels)
    home = walk.labels[member]
    if choice < n_members:
        other = walk.labels[choice]
        for row in range(n_members):
            change = walk.weights[member, row] - walk.weights[choice, row]
            walk.pulls[home, row] -= change
            walk.pulls[other, row] += change
        walk.labels[choice] = home
    else:
        other = choice - n_members
        for row in range(n_members):
            change = walk.weights[member, row]
            walk.pulls[home, row] -= change
            walk.pulls[other, row] += change
        walk.sizes[home] -= 1
        walk.sizes[other] += 1
    walk.labels[member] = other
    walk.values[0] += gain
    if walk.values[0] > walk.values[1] + walk.least[0]:
        walk.values[1] = walk.values[0]
        walk.best[:] = walk.labels


@compiled
def _n_choices(walk: Walk) -> int:
    """Members to swap with and, where any size is free, groups to join."""
    is_free = (walk.limits[:, 0] < walk.limits[:, 1]).any()
    return len(walk.labels) + (len(walk.limits) if is_free else 0)


@compiled
def _wander(walk: Walk, temperature: float, n_sweeps: int) -> tuple[int, int]:
    n_choices = np.uint64(_n_choices(walk))
    bits = walk.dice[0]
    n_losses = n_accepted = 0
    for _ in range(n_sweeps):
        for member in range(len(walk.labels)):
            for _ in range(N_TRIES):
                # xorshift64 (Marsaglia 2003): the upper half of the bits chooses, the lower half decides.
                bits ^= bits << np.uint64(13)
                bits ^= bits >> np.uint64(7)
                bits ^= bits << np.uint64(17)
                choice = np.int64(((bits >> np.uint64(32)) * n_choices) >> np.uint64(32))
                gain = _gain(walk, member, choice)
                if gain < -walk.least[0]:
                    if gain == -math.inf:
                        continue
                    n_losses += 1
                    if gain < -HOPELESS * temperature:
                        continue
                    chance = (np.float64(bits & np.uint64(0xFFFFFFFF)) + 0.5) / 4294967296.0
                    if gain < temperature * math.log(chance):
                        continue
                    n_accepted += 1
                _move(walk, member, choice, gain)
    walk.dice[0] = bits
    return n_losses, n_accepted


@compiled
def _settle(walk: Walk) -> bool:
    has_gained = False
    for member in range(len(walk.labels)):
        for choice in range(_n_choices(walk)):
            gain = _gain(walk, member, choice)
            if gain > walk.least[0]:
                _move(walk, member, choice, gain)
                has_gained = True
    return has_gained
