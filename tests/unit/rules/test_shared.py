"""What a group has in common, as bit masks."""

from functools import reduce
from operator import and_

from hypothesis import given
from hypothesis import strategies as st

from matcher.rules.shared import availability_bits
from tests.unit.arrangement.worlds import members_of, members_who

times = st.lists(st.integers(0, 150).map("t{:03}".format), unique=True, max_size=5)


@given(st.lists(times, min_size=1, max_size=6))
def test_masks_meet_exactly_where_everyone_who_states_a_time_shares_one(stated: list[list[str]]) -> None:
    """However many times there are, and whoever states none."""
    bits = availability_bits(members_who("availability", dict(zip("abcdef", stated, strict=False))))

    shared = [set(said) for said in stated if said]
    has_time = not shared or bool(reduce(and_, shared))
    assert bool(reduce(and_, bits).any()) == has_time


def test_nobody_states_anything_and_everyone_may_meet() -> None:
    """One word a member, all bits set."""
    bits = availability_bits(members_of("abc"))

    assert bits.shape == (3, 1)
    assert (~bits == 0).all()
