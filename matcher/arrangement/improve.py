"""Local search: better seats by small moves, and by taking a corner of the plan apart and building it anew.

Work is counted in rebuilt corners and never in seconds, so the same night gives the same plan on any
machine. What a small move is lives in `moves.py`.
"""

from collections import deque
from collections.abc import Iterable

import numpy as np

from matcher.arrangement.construct import grow_groups
from matcher.arrangement.moves import NOWHERE, Seating, moves_of
from matcher.arrangement.seating import ROUNDING, Group, SeatingQuestion

N_FREE_HELPERS = 12
"""At most this many unseated neighbours join when a corner is built anew: more only cost time."""

COURAGE = 0.1
"""At first a rebuilt corner may cost this share of a mean group's worth; the share falls to 0."""


def improve(
    question: SeatingQuestion, groups: list[Group], seatable: list[int], rng: np.random.Generator
) -> list[Group]:
    """Better groups than these, by descent and then by rebuilding one corner after another.

    Never worse than what it was given.

    Args:
        question: Who could sit with whom.
        groups: Where to start, disjoint and legal.
        seatable: Whom to seat, ascending: whole circles of connected members.
        rng: Chance.
    """
    seating = Seating(question, groups)
    _descend(seating, seatable)
    best, value, best_value = dict(seating.groups), 0.0, 0.0
    n_shakes = question.options.n_rounds * -(-len(seatable) // question.options.min_size)
    for number in range(n_shakes):
        seating.commit()
        courage = COURAGE * (1 - number / n_shakes) * _mean(seating.worth)
        gained = _rebuild(seating, seatable[rng.integers(len(seatable))], rng)
        if gained < -courage - ROUNDING:
            seating.take_back()
            continue
        value += gained
        if value > best_value + ROUNDING:
            best, best_value = dict(seating.groups), value
    return sorted(best.values())


def _mean(worth: dict[int, float]) -> float:
    return sum(worth.values()) / len(worth) if worth else 0.0


def _rebuild(seating: Seating, member: int, rng: np.random.Generator) -> float:
    """Take apart the groups around a member, grow others from their members, and polish."""
    question = seating.question
    corner = {seating.seat[member], *_some_neighbour_groups(seating, member, rng)} - {NOWHERE}
    freed = sorted({member, *(sitter for number in corner for sitter in seating.groups[number])})
    idle = sorted(seating.idle_near(freed))
    helpers = rng.permutation(idle)[:N_FREE_HELPERS].tolist() if idle else []
    pool = [*freed, *helpers]
    charm = dict(zip(pool, rng.uniform(0.6, 1.4, len(pool)).tolist(), strict=True))
    gained = seating.change(tuple((number, ()) for number in sorted(corner)))
    for group in grow_groups(question, pool, charm):
        gained += seating.change(((seating.new_number(), group),))
    return gained + _descend(seating, pool)


def _some_neighbour_groups(seating: Seating, member: int, rng: np.random.Generator) -> list[int]:
    """One to three groups in which the member has a neighbour."""
    numbers = sorted({seating.seat[other] for other in seating.question.weights[member]} - {NOWHERE})
    return rng.permutation(numbers)[: rng.integers(1, 4)].tolist() if numbers else []


def _descend(seating: Seating, members: Iterable[int]) -> float:
    """Make gaining moves until none of these members, or of those they moved, has one."""
    waiting = deque(sorted(set(members)))
    queued = set(waiting)
    gained = 0.0
    while waiting:
        member = waiting.popleft()
        queued.discard(member)
        for _, changes in sorted(moves_of(seating, member), key=lambda move: (-move[0], move[1])):
            before = sum(seating.worth.get(number, 0.0) for number, _ in changes)
            after = sum(seating.question.worth(group) for _, group in changes)
            if after > before + ROUNDING:
                touched = {sitter for number, _ in changes for sitter in seating.groups.get(number, ())}
                touched.update(sitter for _, group in changes for sitter in group)
                gained += seating.change(changes)
                fresh = sorted(touched - queued)
                waiting.extend(fresh)
                queued.update(fresh)
                break
    return gained
