"""Baselines are what their names say, counted by hand on a small community."""

from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import pytest
from scipy.sparse import csr_array

from matcher.engines.sklearn_baselines import factorize, tfidf_rows
from matcher.metrics.baselines import Learned, member_texts, score_baselines, topic_rows
from matcher.metrics.history import EligiblePairs, HistoryOptions, community_then, eligible_pairs, exchanged
from matcher.units import Floats
from tests.worlds import AS_OF, Said, raw_world, talk

NOW = AS_OF - timedelta(days=1)
OPTIONS = HistoryOptions(min_messages=1)


def scored(use: str) -> tuple[EligiblePairs, Mapping[str, Floats]]:
    """Ann, bob, cem talk in a ring; bob talks with dee, cem with dee; eve is alone with her bread."""
    said = [
        *talk("ann", "bob", turns=4),
        *talk("ann", "cem", turns=3),
        *talk("bob", "cem", turns=3),
        *talk("bob", "dee", turns=3, topics=["tea"], text="green tea leaves steep briefly"),
        *talk("cem", "dee", turns=3),
        Said(by="eve", days_ago=20),
    ]
    raw = raw_world(said)
    community = community_then(raw.members, raw.messages, NOW)
    texts = member_texts(community, np.arange(5), within_days=365)
    factors, partners = factorize(exchanged(community), n_factors=2)
    learned = Learned(words=tfidf_rows(texts), factors=factors, partners=partners)
    pairs = eligible_pairs(community, OPTIONS)[use]
    return pairs, score_baselines(pairs, learned, OPTIONS, np.random.default_rng(1))


def test_strangers_are_scored_by_whom_they_have_in_common_and_how_much_they_write() -> None:
    """Eligible are ann-dee and everybody's pair with eve."""
    pairs, scores = scored("introduce")

    ids = pairs.community.index.ids
    assert [(ids[a], ids[b]) for a, b in zip(pairs.rows_a, pairs.rows_b, strict=True)] == [
        ("ann", "dee"),
        ("ann", "eve"),
        ("bob", "eve"),
        ("cem", "eve"),
        ("dee", "eve"),
    ]
    assert scores["common neighbours"].tolist() == [2, 0, 0, 0, 0]
    assert scores["Adamic-Adar"] == pytest.approx([2 / np.log(3), 0, 0, 0, 0])
    assert scores["preferential attachment"].tolist() == [4, 0, 0, 0, 0]
    assert scores["recent activity"][:2] == pytest.approx([np.log(5) + np.log(3), np.log(5) + np.log(2)])
    assert scores["text"][1] > scores["text"][4] > 0
    assert "exchanges so far" not in scores


def test_friends_are_also_scored_by_what_they_exchanged_so_far() -> None:
    """The most obvious rival of a tie."""
    pairs, scores = scored("reunite")

    assert len(pairs) == 5
    # A talk of n turns holds n - 1 answers.
    assert scores["exchanges so far"].tolist() == [3, 2, 2, 2, 2]


def test_every_baseline_scores_every_pair_with_a_number() -> None:
    """No NaN ranks above anything by accident."""
    for use in ("introduce", "reunite"):
        pairs, scores = scored(use)

        assert all(values.shape == (len(pairs),) and np.isfinite(values).all() for values in scores.values())


def test_topic_rows_are_unit_or_empty() -> None:
    """Cosines lie in [0, 1]."""
    pairs, _ = scored("introduce")

    rows = topic_rows(pairs.community)

    assert np.sqrt(rows.multiply(rows).sum(axis=1)) == pytest.approx(np.ones(5))


def test_words_of_one_text_alone_are_no_evidence() -> None:
    """And without words, or without texts, there is nothing to compare."""
    rows = tfidf_rows(["beer and bread", "bread with salt", "", "yacht"])

    assert rows.shape[0] == 4
    assert (rows @ rows.T).toarray().round(6).tolist()[0] == [1, 1, 0, 0]
    assert tfidf_rows(["", ""]).nnz == 0
    assert tfidf_rows(["one", "two"]).nnz == 0


def test_factors_find_circles_that_talk_among_themselves() -> None:
    """Two circles of five, in each of which one pair never talked: that pair is likelier than any across."""
    circles = np.kron(np.eye(2), np.ones((5, 5))) * 3 - 3 * np.eye(10)
    circles[[0, 1, 5, 6], [1, 0, 6, 5]] = 0

    factors, partners = factorize(csr_array(circles), n_factors=2)

    guess = factors @ partners.T
    assert min(guess[0, 1], guess[5, 6]) > 5 * guess[:5, 5:].max()


def test_where_nobody_talked_there_is_nothing_to_factor() -> None:
    """Zeros, not an error."""
    factors, partners = factorize(csr_array((3, 3), dtype=np.float64), n_factors=2)

    assert not (factors @ partners.T).any()
