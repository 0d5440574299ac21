"""Who must be kept apart, whoever blocked whom."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.rules.vetoes import RuleOptions, veto_pairs
from matcher.tables.community import Members, PastMeetings
from matcher.tables.decided import APART_RULES, Decided
from tests.unit.arrangement.worlds import (
    AS_OF,
    blocks_of,
    community_of,
    index_of,
    meetings_of,
    members_of,
    members_who,
    messages_by,
    ties_of,
)

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


def kept_apart(
    members: Members, meetings: PastMeetings | None = None, cooldown_days: float = 0.0
) -> list[tuple[str, ...]]:
    """Vetoes of members who neither block nor quarrel."""
    community = community_of(members, messages_by({}), blocks_of())
    community = replace(community, meetings=meetings or PastMeetings.none())
    ties = ties_of(community.index, {})
    vetoes = veto_pairs(community, ties, RuleOptions(cooldown_days=cooldown_days))
    return vetoes.frame.select(pl.all().cast(pl.String)).rows()


def test_two_who_state_languages_need_one_in_common() -> None:
    """D states none and can talk with everyone; c would need b."""
    stated = {"a": ["english"], "b": ["english", "french"], "c": ["french"], "d": []}

    vetoes = kept_apart(members_who("languages", stated))

    assert vetoes == [("a", "c", "no_common_language")]


def test_two_who_state_times_need_one_in_common() -> None:
    """Whoever states nothing may have time."""
    stated = {"a": ["sat-am"], "b": ["sun-am"], "c": [], "d": ["sat-am", "sun-am"], "e": ["sun-am"]}

    vetoes = kept_apart(members_who("availability", stated))

    assert vetoes == [("a", "b", "no_common_time"), ("a", "e", "no_common_time")]


@given(st.lists(st.lists(st.sampled_from("xyz"), unique=True, max_size=3), min_size=1, max_size=6))
def test_pairs_are_apart_exactly_where_both_state_and_share_nothing(stated: list[list[str]]) -> None:
    """Against every pair looked at by itself."""
    said = dict(zip("abcdef", stated, strict=False))

    vetoes = kept_apart(members_who("languages", said))

    expected = [pair for pair in combinations(said, 2) if all(said[one] for one in pair)]
    expected = [(a, b) for a, b in expected if not set(said[a]) & set(said[b])]
    assert [(a, b) for a, b, _ in vetoes] == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(0, [], id="no-cooldown"),
        pytest.param(7, [], id="just-over"),
        pytest.param(7.5, [("a", "b", "cooldown")], id="last-week"),
        pytest.param(30, [("a", "b", "cooldown"), ("a", "c", "cooldown"), ("b", "c", "cooldown")], id="a-month"),
    ],
)
def test_two_who_met_lately_wait_for_the_cooldown(days: float, expected: list[tuple[str, ...]]) -> None:
    """Being passed over in one night is no meeting."""
    meetings = meetings_of({AS_OF - timedelta(days=20): ["abc"], AS_OF - timedelta(days=7): ["ab"]}, "cd")

    assert kept_apart(members_of("abcd"), meetings, days) == expected


def decided_apart(rule: str, options: RuleOptions, **said: list[Pair]) -> list[tuple[str, ...]]:
    """Vetoes of three, of whom a decision keeps A and B apart by this rule."""
    decided = Decided(apart={("a", "b"): rule})
    meetings = meetings_of({AS_OF - timedelta(days=3): ["ab"]})
    community = community_of(members_of("abc"), messages_by({}), blocks_of(said.get("blocks", [])))
    community = replace(community, decided=decided, meetings=meetings)
    ties = ties_of(index_of("abc"), {("a", "b"): (3, 3)}, {("a", "b"): 0.0})
    return veto_pairs(community, ties, options).frame.select(pl.all().cast(pl.String)).rows()


@pytest.mark.parametrize("rule", APART_RULES)
def test_a_decision_keeps_two_apart(rule: str) -> None:
    """Whoever asked for it."""
    assert decided_apart(rule, RuleOptions()) == [("a", "b", rule)]


@pytest.mark.parametrize("rule", APART_RULES)
def test_a_block_is_told_before_a_decision(rule: str) -> None:
    """From the outcome nobody can tell one from the other."""
    assert decided_apart(rule, RuleOptions(), blocks=[("b", "a")]) == [("a", "b", "block")]


def test_what_reaches_further_is_told_first() -> None:
    """Who declined never meets, though they also met lately; a rejection ends with the cooldown or after it."""
    cooling = RuleOptions(cooldown_days=10)

    assert decided_apart("declined", cooling) == [("a", "b", "declined")]
    assert decided_apart("rejected", cooling) == [("a", "b", "cooldown")]
