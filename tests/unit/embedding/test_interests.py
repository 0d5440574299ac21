"""Several interests a member, never one average."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.embedding.encoder import WordHashEncoder
from matcher.embedding.interests import embed_members, member_interests
from matcher.embedding.options import EmbeddingOptions
from matcher.units import Floats, Vectors
from tests.worlds import Person, Said, everyone, hear, world


@st.composite
def texts(draw: st.DrawFn) -> tuple[Vectors, Floats]:
    """Some unit vectors, some of them near each other, with weights."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_texts = draw(st.integers(1, 14))
    centres = rng.normal(size=(draw(st.integers(1, 10)), 16))
    vectors = centres[rng.integers(len(centres), size=n_texts)] + rng.normal(size=(n_texts, 16)) * 0.3
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), rng.uniform(0.01, 1, n_texts)


@given(texts=texts(), max_interests=st.integers(1, 6))
def test_attention_is_divided_and_none_is_lost(texts: tuple[Vectors, Floats], max_interests: int) -> None:
    """Shares are positive, heaviest first, and sum to 1."""
    vectors, shares = member_interests(*texts, EmbeddingOptions(max_interests=max_interests))

    assert 1 <= len(vectors) == len(shares) <= max_interests
    assert shares.sum() == pytest.approx(1)
    assert (shares > 0).all()
    assert (np.diff(shares) <= 0).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@given(texts=texts(), seed=st.integers(0, 99))
def test_the_order_of_texts_changes_no_interest(texts: tuple[Vectors, Floats], seed: int) -> None:
    """What is said first is not what matters most."""
    vectors, weights = texts
    order = np.random.default_rng(seed).permutation(len(vectors))

    interests, shares = member_interests(vectors, weights, EmbeddingOptions())
    shuffled, shuffled_shares = member_interests(vectors[order], weights[order], EmbeddingOptions())

    np.testing.assert_allclose(shares, shuffled_shares, atol=1e-9)
    np.testing.assert_allclose(interests, shuffled, atol=1e-5)


def test_one_topic_is_one_interest_and_two_are_two() -> None:
    """A brewer is one; a brewer who sails is not a brewer at sea, and brews more than sails."""
    brewing, sailing = np.eye(8, dtype=np.float32)[[0, 1]]
    near = np.array([brewing, brewing * 0.99, brewing * 0.98], dtype=np.float32)
    near += np.float32(0.05) * np.eye(8, dtype=np.float32)[2:5]
    near /= np.linalg.norm(near, axis=1, keepdims=True)

    one, one_share = member_interests(near, np.ones(3), EmbeddingOptions())
    two, two_shares = member_interests(np.vstack([near[:1], [sailing], near[1:]]), np.ones(4), EmbeddingOptions())

    assert len(one) == 1
    assert one_share.tolist() == [1]
    assert two_shares.tolist() == [0.75, 0.25]
    assert two[0] @ brewing > 0.98
    assert two[1] @ sailing == pytest.approx(1)


def test_equal_interests_keep_the_order_in_which_they_were_said() -> None:
    """Ties are broken the same way every night."""
    vectors = np.eye(4, dtype=np.float32)[[2, 0, 3]]

    interests, shares = member_interests(vectors, np.ones(3), EmbeddingOptions())

    assert (interests == vectors).all()
    assert shares == pytest.approx([1 / 3] * 3)


def test_opposites_do_not_cancel_a_member_out() -> None:
    """Where the mean is nothing, the heavier text speaks."""
    vectors = np.array([[1, 0], [-1, 0]], dtype=np.float32)

    interests, _ = member_interests(vectors, np.array([0.5, 0.5]), EmbeddingOptions(merge_distance=2.0))

    assert interests.tolist() == [[1, 0]]


def test_members_are_embedded_from_their_own_words() -> None:
    """Two brewers are alike, the sailor is not, and the silent member has no interest at all."""
    said = [
        Said(by="ann", text="yeast and hops make beer"),
        Said(by="bob", text="beer needs hops and yeast"),
        Said(by="sue", text="the wind fills our sails today"),
    ]
    community = world(said, [Person(id="mute")])

    interests = embed_members(
        community, hear(community).readings, WordHashEncoder(), EmbeddingOptions(), among=everyone(community)
    )

    ann, bob, sue = interests.vectors
    assert [community.index.ids[row] for row in interests.owners] == ["ann", "bob", "sue"]
    assert ann @ bob > 0.7 > ann @ sue
    assert interests.encoder == WordHashEncoder().name


def test_each_distinct_text_is_encoded_once() -> None:
    """A hundred members who declare the same topic cost one text."""
    asked: list[str] = []

    class Counting(WordHashEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            asked.extend(texts)
            return super().encode(texts)

    community = world([], [Person(id=f"m{n:03d}", interests=("beer", "sailing")) for n in range(100)])

    interests = embed_members(
        community, hear(community).readings, Counting(), EmbeddingOptions(), among=everyone(community)
    )

    assert asked == ["beer", "sailing"]
    assert len(interests.vectors) == 200


def test_nobody_is_read_in_vain() -> None:
    """Whose interests are not wanted costs nothing; the others keep their own."""
    community = world([], [Person(id="ann", interests=["beer"]), Person(id="bob", interests=["sailing"])])

    interests = embed_members(
        community, hear(community).readings, WordHashEncoder(), EmbeddingOptions(), among=np.array([False, True])
    )

    assert interests.owners.tolist() == [1]
    assert np.allclose(interests.vectors, WordHashEncoder().encode(["sailing"]), atol=1e-3)


def test_an_empty_night_has_no_interests() -> None:
    """Nobody said anything; nothing fails."""
    community = world([], [Person(id="mute")])

    interests = embed_members(
        community, hear(community).readings, WordHashEncoder(), EmbeddingOptions(), among=everyone(community)
    )

    assert len(interests.vectors) == 0
