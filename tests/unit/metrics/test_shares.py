"""Shares with honest intervals, and none that would give an answer away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.metrics.shares import FEWEST, Share, hide_few, wilson

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counted=counts)
def test_an_interval_holds_its_share_and_stays_within_nothing_and_all(counted: tuple[int, int]) -> None:
    """For few answers too, where the textbook interval leaves [0, 1]."""
    found = wilson(*counted)

    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high


@given(counted=counts)
def test_yes_and_no_are_mirrored(counted: tuple[int, int]) -> None:
    """Whoever counts the noes finds the same."""
    n_yes, n = counted

    yes, no = wilson(n_yes, n), wilson(n - n_yes, n)

    assert (yes.low, yes.high) == pytest.approx((1 - no.high, 1 - no.low))


def test_a_known_interval() -> None:
    """R. Newcombe, Statistics in Medicine 17, 1998, 857-872, table I: 81 of 263 by the score method."""
    found = wilson(81, 263)

    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


@given(sizes=st.lists(st.integers(0, 12), max_size=8))
def test_what_is_kept_back_cannot_be_reckoned_from_the_rest(sizes: list[int]) -> None:
    """Of all that is kept back together there are enough answers, or nothing else is left to keep back."""
    told = hide_few([Share(n_yes=0, n=n) for n in sizes])

    hidden = [one.n for one in told if one.is_hidden]
    assert all(one.is_hidden for one in told if 0 < one.n < FEWEST)
    assert not hidden or sum(hidden) >= FEWEST or sum(hidden) == sum(sizes)
    assert all(one.interval is None for one in told if one.is_hidden or not one.n)


def test_enough_answers_are_told() -> None:
    """Nothing is kept back that need not be."""
    assert not any(one.is_hidden for one in hide_few([Share(n_yes=2, n=5), Share(n_yes=0, n=0), Share(n_yes=9, n=9)]))
