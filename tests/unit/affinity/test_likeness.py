"""How much of what one member cares about is found in another."""

import numpy as np

from matcher.affinity.likeness import likeness
from matcher.tables.community import MemberIndex
from matcher.tables.vectors import Interests
from matcher.units import MemberId


def _interests(*members: list[tuple[int, float]]) -> Interests:
    """Each member as (axis, weight) pairs."""
    flat = [(owner, axis, weight) for owner, some in enumerate(members) for axis, weight in some]
    vectors = np.zeros((len(flat), 6), np.float32)
    for row, (_, axis, _) in enumerate(flat):
        vectors[row, axis] = 1
    return Interests(
        vectors=vectors,
        owners=np.array([owner for owner, _, _ in flat], np.int64),
        weights=np.array([weight for _, _, weight in flat], np.float32),
        index=MemberIndex(tuple(MemberId(f"m{row}") for row in range(len(members)))),
        encoder="axes",
    )


PEOPLE = _interests(
    [(0, 1.0)],
    [(0, 0.2), (1, 0.4), (2, 0.4)],
    [(3, 1.0)],
    [(4, 0.5), (5, 0.5)],
    [],
)


def test_it_differs_by_direction() -> None:
    """All that m0 cares about is found in m1; little of what m1 cares about is found in m0."""
    there, back = likeness(PEOPLE, np.array([0, 1]), np.array([1, 0]))

    assert there > back > 0


def test_strangers_share_less_than_friends_and_the_silent_say_nothing() -> None:
    """Somebody without interests is unknown, not unlike."""
    alike, unlike, unknown, unknown_too = likeness(PEOPLE, np.array([0, 0, 0, 4]), np.array([1, 2, 4, 0]))

    assert alike > 0 > unlike
    assert unknown == unknown_too == 0


def test_several_interests_are_compared_one_by_one() -> None:
    """Their average would lie between the topics, near to neither."""
    (shared,) = likeness(
        _interests([(0, 0.5), (1, 0.5)], [(0, 1.0)], [(2, 1.0)], [(3, 1.0)]), np.array([1]), np.array([0])
    )

    assert shared > 1
