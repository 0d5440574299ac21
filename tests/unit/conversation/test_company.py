"""Whom people meet without a word."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.conversation.company import keep_company
from matcher.conversation.options import ConversationOptions
from matcher.conversation.presence import note_presences
from matcher.tables.conversation import MOST_VOICES, Company
from matcher.units import Floats
from tests.worlds import Said, hear, world


def _company(said: list[Said]) -> Company:
    community = world(said)
    heard = hear(community)
    presences = note_presences(community, heard.readings, ConversationOptions())
    return keep_company(presences, heard.ties, community.index)


def _together(said: list[Said]) -> Floats:
    return _company(said).together.toarray()


def _crowd(n_voices: int, thread: str) -> list[Said]:
    """One message each, in one conversation."""
    return [Said(by=f"{thread}{number:03d}", thread=thread) for number in range(n_voices)]


@given(seed=st.integers(0, 1_000))
def test_company_is_the_same_from_both_sides_to_the_byte(seed: int) -> None:
    """A sum in another order differs in its last bit, and then so does the night."""
    rng = np.random.default_rng(seed)
    said = [
        Said(by=f"m{member}", thread=f"t{thread}", days_ago=float(age))
        for member, thread, age in zip(
            rng.integers(0, 6, 60), rng.integers(0, 15, 60), rng.random(60) * 900, strict=True
        )
    ]

    together = _together(said)

    assert together.any()
    assert together.tobytes() == together.T.tobytes()


def test_nobody_keeps_company_with_themselves() -> None:
    """However much they talk."""
    together = _company([*_crowd(3, "a"), *_crowd(4, "b")]).together

    assert together.nnz == 3 * 2 + 4 * 3
    assert not together.diagonal().any()


def test_a_hall_counts_nothing_and_a_full_table_counts() -> None:
    """One voice makes the difference."""
    hall = _company(_crowd(MOST_VOICES + 1, "a")).together
    table = _company(_crowd(MOST_VOICES, "a")).together

    assert hall.nnz == 0
    assert table.nnz == MOST_VOICES * (MOST_VOICES - 1)


def test_a_talk_among_three_counts_ten_times_one_among_thirty() -> None:
    """Who shares a table met; who shares a room may have."""
    together = _together([*_crowd(3, "few"), *_crowd(30, "many")])

    of_three, of_thirty = together[0, 1], together[3, 4]

    np.testing.assert_allclose(of_three, 10 * of_thirty)
