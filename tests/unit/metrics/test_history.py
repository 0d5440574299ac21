"""What a cutoff lets us know, and what counts as having come true."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from matcher.metrics.history import (
    EligiblePairs,
    HistoryOptions,
    active_members,
    answers,
    came_true,
    community_then,
    deciles,
    eligible_pairs,
    recent_messages,
)
from tests.worlds import AS_OF, Person, Raw, Said, raw_world, talk

CUTOFF = AS_OF - timedelta(days=200)
OPTIONS = HistoryOptions(min_messages=2)


def says(by: str, *days_ago: float) -> list[Said]:
    """Messages to nobody, so many days before the end of the world."""
    return [Said(by=by, id=f"{by}.{days}", days_ago=days, thread=f"{by}.{days}") for days in days_ago]


def names(by: str, other: str, days_ago: float) -> Said:
    """A message that names somebody."""
    return Said(by=by, id=f"{by}>{other}.{days_ago}", naming=[other], days_ago=days_ago)


def past(raw: Raw) -> dict[str, EligiblePairs]:
    """Eligible pairs at the cutoff."""
    return dict(eligible_pairs(community_then(raw.members, raw.messages, CUTOFF), OPTIONS))


def pairs_of(pairs: EligiblePairs) -> list[tuple[str, str]]:
    """Ids of the pairs."""
    ids = pairs.community.index.ids
    return [(ids[a], ids[b]) for a, b in zip(pairs.rows_a, pairs.rows_b, strict=True)]


def test_strangers_may_be_introduced_and_friends_reunited_and_who_was_never_answered_neither() -> None:
    """Ann and bob answered each other, cem named ann and got no answer, dee knows nobody."""
    before = [names("ann", "bob", 300), names("bob", "ann", 299), names("cem", "ann", 298)]
    raw = raw_world([*before, *(one for by in ("ann", "bob", "cem", "dee") for one in says(by, 250, 240))])

    found = past(raw)

    assert pairs_of(found["reunite"]) == [("ann", "bob")]
    assert pairs_of(found["introduce"]) == [("ann", "dee"), ("bob", "cem"), ("bob", "dee"), ("cem", "dee")]


@pytest.mark.parametrize(
    ("later", "is_true"),
    [
        pytest.param([("ann", "bob", 100), ("bob", "ann", 90)], True, id="both-ways"),
        pytest.param([("ann", "bob", 100)], False, id="one-way"),
        pytest.param([("ann", "bob", 100), ("bob", "ann", 10)], False, id="answer-after-the-horizon"),
        pytest.param([("ann", "bob", 210), ("bob", "ann", 100)], False, id="first-word-before-the-cutoff"),
        pytest.param([], False, id="silence"),
    ],
)
def test_true_is_what_goes_both_ways_within_the_horizon(later: list[tuple[str, str, float]], is_true: bool) -> None:
    """180 days, and nothing from before counts."""
    friends = [names("ann", "bob", 300), names("bob", "ann", 299)]
    raw = raw_world([*friends, *says("ann", 250), *says("bob", 250), *(names(*one) for one in later)])

    found = past(raw)["reunite"]

    assert came_true(found, raw.messages, OPTIONS).tolist() == [is_true]


def test_a_reply_answers_like_a_mention_and_nobody_answers_themselves() -> None:
    """A reply that also names its author is one answer."""
    said = [
        *talk("ann", "bob", turns=2, thread="x"),
        Said(by="bob", id="both", to="x.000", naming=["ann"]),
        Said(by="ann", id="self", naming=["ann"]),
    ]

    found = answers(raw_world(said).messages)

    assert found.select("author", "to").rows() == [("bob", "ann"), ("bob", "ann")]


def test_only_who_wrote_enough_of_late_is_looked_at() -> None:
    """On enough days; and no more than the sample allows."""
    said = [
        *says("ann", 250, 240),
        *says("bob", 250),
        *says("cem", 900, 800),
        *says("dee", 250, 249.9),
        *says("eve", 220, 210),
    ]
    raw = raw_world(said)
    community = community_then(raw.members, raw.messages, CUTOFF)

    def active(**options: int) -> list[str]:
        return [community.index.ids[row] for row in active_members(community, HistoryOptions(**options))]

    assert active(min_messages=2) == ["ann", "dee", "eve"]
    assert active(min_messages=2, min_active_days=2) == ["ann", "eve"]
    assert len(active(min_messages=2, max_members=2)) == 2


def test_a_replay_knows_nothing_but_what_was_written() -> None:
    """No undated profile, nobody who had not written yet, no mention of them."""
    people = [Person(id="ann", about="x", interests=["tea"], place="Lund", at=(55.7, 13.2), reach_km=5)]
    raw = raw_world([Said(by="ann", id="m", naming=["zoe"], days_ago=300), *says("zoe", 10)], people)

    community = community_then(raw.members, raw.messages, CUTOFF)

    assert community.index.ids == ("ann",)
    assert community.members.frame.row(0) == ("ann", "ann", "", [], "", None, None, None, True, [], [])
    assert community.messages.frame.select("message", "mentions").rows() == [("m", [])]


def test_recent_activity_counts_only_recent_messages() -> None:
    """Sixty days before the cutoff, not before today."""
    raw = raw_world([*says("ann", 100, 210, 220, 300), *says("bob", 300)])
    community = community_then(raw.members, raw.messages, CUTOFF)

    assert recent_messages(community, days=60).tolist() == [2, 0]


def test_deciles_are_tenths_and_equals_share_one() -> None:
    """Never by order."""
    assert deciles(np.arange(20.0)).tolist() == [number // 2 for number in range(20)]
    assert deciles(np.array([5.0, 5, 5, 5, 9])).tolist() == [4, 4, 4, 4, 9]
    assert deciles(np.empty(0)).tolist() == []


def test_every_eligible_pair_becomes_a_candidate_in_the_same_order() -> None:
    """So that scores can be laid beside what came true."""
    raw = raw_world([one for by in ("ann", "bob", "cem", "dee") for one in says(by, 250, 240)])

    found = past(raw)["introduce"]

    rows = found.candidates().frame.select(pl.col("member_a", "member_b").cast(pl.String)).rows()
    assert rows == pairs_of(found)
    assert len(found) == 6
