"""Three members whom half-formed groups share in a way that whole groups cannot."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from matcher.arrangement.program import Group
from matcher.units import Floats

WORTH_CUTTING = 1.02
"""From this sum of shares on; 1 is what whole groups reach."""

MOST_EACH = 5
"""A member takes part in at most so many new cuts at once."""


def trios_to_cut(groups: Sequence[Group], shares: Floats, known: set[Group]) -> list[Group]:
    """Trios of whom more than one group in all holds two or three, the clearest first.

    Args:
        groups: Members of each group, ascending.
        shares: How much of each is formed, shape (group,).
        known: Trios that are cut already.
    """
    formed = [(group, share) for group, share in zip(groups, shares.tolist(), strict=True) if 1e-6 < share < 1 - 1e-6]
    pairs: Counter[Group] = Counter()
    trios: Counter[Group] = Counter()
    for group, share in formed:
        for pair in combinations(group, 2):
            pairs[pair] += share
        for trio in combinations(group, 3):
            trios[trio] += share
    crowded = []
    for a, b, c in _triangles(pairs):
        # Whoever holds all three was counted three times.
        share = pairs[a, b] + pairs[a, c] + pairs[b, c] - 2 * trios[a, b, c]
        if share > WORTH_CUTTING and (a, b, c) not in known:
            crowded.append((-share, (a, b, c)))
    n_of: Counter[int] = Counter()
    chosen: list[Group] = []
    for _, trio in sorted(crowded):
        if max(n_of[member] for member in trio) < MOST_EACH:
            n_of.update(trio)
            chosen.append(trio)
    return chosen


def _triangles(pairs: Collection[Group]) -> Iterator[tuple[int, int, int]]:
    """Three members of whom each two are a pair."""
    after: dict[int, list[int]] = {}
    for a, b in sorted(pairs):
        after.setdefault(a, []).append(b)
    for a, friends in after.items():
        for b, c in combinations(friends, 2):
            if (b, c) in pairs:
                yield a, b, c
