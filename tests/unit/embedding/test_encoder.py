"""The reference encoder, and how vectors are stored."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.embedding.encoder import WordHashEncoder, from_halves, to_halves


@given(seed=st.integers(0, 2**32 - 1), dim=st.integers(32, 512), scale=st.floats(0.01, 100))
def test_storing_twice_changes_nothing(seed: int, dim: int, scale: float) -> None:
    """So a vector is the same bytes whether it is fresh, remembered, or remembered again."""
    vectors = np.random.default_rng(seed).standard_t(2, size=(5, dim)) * scale
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    once = from_halves(to_halves(unit))
    twice = from_halves(to_halves(once))

    assert once.tobytes() == twice.tobytes()
    np.testing.assert_allclose(np.linalg.norm(once, axis=1), 1, atol=1e-5)


@given(text=st.text(max_size=60))
def test_case_and_spacing_say_nothing(text: str) -> None:
    """Words are compared, not how they are laid out."""
    plain, shouted = WordHashEncoder().encode([text.casefold(), f"  {text.casefold()}\n"])

    assert (plain == shouted).all()


def test_texts_without_a_common_word_are_far_apart() -> None:
    """The reference knows words and nothing else: that is what makes it an oracle."""
    vectors = WordHashEncoder().encode(["dark beer", "beer, dark", "staking wallet"])

    np.testing.assert_allclose(vectors[0] @ vectors[1], 1, atol=1e-6)
    assert vectors[0] @ vectors[2] < 0.2
