"""Who must be kept apart, whoever blocked whom."""

import polars as pl
import pytest

from matcher.rules.vetoes import RuleOptions, veto_pairs
from tests.unit.arrangement.worlds import blocks_of, community_of, index_of, members_of, messages_by, ties_of

Pair = tuple[str, str]


def vetoed(
    blocks: list[Pair], counts: dict[Pair, tuple[int, int]], hostile: dict[Pair, float]
) -> list[tuple[str, ...]]:
    """Vetoes of a community of three, as plain rows."""
    community = community_of(members_of("abc"), messages_by({}), blocks_of(sorted(blocks)))
    ties = ties_of(index_of("abc"), counts, hostile)
    return veto_pairs(community, ties, RuleOptions()).frame.select(pl.all().cast(pl.String)).rows()


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param([("a", "c")], id="forwards"),
        pytest.param([("c", "a")], id="backwards"),
        pytest.param([("a", "c"), ("c", "a")], id="both"),
    ],
)
def test_a_block_keeps_both_apart_whoever_blocked(blocks: list[Pair]) -> None:
    """From the outcome nobody can tell who blocked whom."""
    assert vetoed(blocks, {}, {}) == [("a", "c", "block")]


@pytest.mark.parametrize(
    ("count", "share", "expected"),
    [
        pytest.param((2, 1), 0.3, [("a", "b", "quarrel")], id="just-enough"),
        pytest.param((0, 3), 0.9, [("a", "b", "quarrel")], id="one-way"),
        pytest.param((1, 1), 1.0, [], id="too-few-messages"),
        pytest.param((9, 9), 0.29, [], id="mostly-friendly"),
    ],
)
def test_a_quarrel_needs_hostility_and_enough_messages(
    count: tuple[int, int], share: float, expected: list[tuple[str, ...]]
) -> None:
    """One sharp word is no quarrel."""
    assert vetoed([], {("a", "b"): count}, {("a", "b"): share}) == expected


def test_a_block_comes_before_a_quarrel() -> None:
    """A pair stands once, under the first rule that forbids it."""
    assert vetoed([("b", "a")], {("a", "b"): (5, 5)}, {("a", "b"): 0.8}) == [("a", "b", "block")]


def test_blocking_oneself_forbids_nothing() -> None:
    """A slip in an export does not stop the night."""
    assert vetoed([("a", "a")], {}, {}) == []
