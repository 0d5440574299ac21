"""What every encoder promises, whichever library stands behind it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from matcher.embedding.encoder import Encoder, WordHashEncoder
from matcher.embedding.options import EmbeddingOptions
from matcher.engines.sentence_transformers_encoder import SentenceTransformersEncoder
from matcher.storage.vector_cache import CachedEncoder

# One worker of a parallel run loads the model once; the others never pay for it.
pytestmark = pytest.mark.xdist_group("model")

TEXTS = (
    "How long should I ferment a saison before bottling?",
    "The glass shapes the aroma of a Belgian ale.",
    "Which wallet shows staking rewards per epoch?",
    "",
    "日本のビールについて教えてください",
    "ok",
    "\0\u202e\U0001f37a",
    "hop " * 90,
)

AUTO = SentenceTransformersEncoder(EmbeddingOptions())
EXACT = SentenceTransformersEncoder(EmbeddingOptions(precision="fp32"))

ENGINES: dict[str, Callable[[Path], Encoder]] = {
    "word-hash": lambda _: WordHashEncoder(),
    "sentence-transformers-auto": lambda _: AUTO,
    "sentence-transformers-fp32": lambda _: EXACT,
    "cached-word-hash": lambda folder: CachedEncoder(WordHashEncoder(), folder),
    "cached-sentence-transformers": lambda folder: CachedEncoder(AUTO, folder),
}


@pytest.fixture(scope="module", params=ENGINES)
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """Every engine by name."""
    return ENGINES[request.param](tmp_path_factory.mktemp("vectors"))


def test_vectors_have_length_one(encoder: Encoder) -> None:
    """Whoever compares vectors may take the product for the cosine, for hostile texts too."""
    vectors = encoder.encode(TEXTS)

    assert vectors.dtype == np.float32
    assert vectors.shape[0] == len(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    """A night without words is a night."""
    assert encoder.encode([]).shape == (0, 0)


def test_the_same_texts_give_the_same_bytes(encoder: Encoder) -> None:
    """The same night twice is the same plan."""
    assert encoder.encode(TEXTS).tobytes() == encoder.encode(TEXTS).tobytes()


def test_a_vector_does_not_depend_on_its_company(encoder: Encoder) -> None:
    """A resumed or incremental night equals one in a single go, to the byte."""
    together = encoder.encode(TEXTS)

    order = [4, 0, 7, 2, 2, 5]
    apart = encoder.encode([TEXTS[row] for row in order])
    alone = encoder.encode(TEXTS[1:2])

    assert apart.tobytes() == together[order].tobytes()
    assert alone.tobytes() == together[1:2].tobytes()


def test_texts_that_share_a_subject_are_nearer(encoder: Encoder) -> None:
    """The least that meaning means: beer is nearer to beer than to wallets."""
    beer, same, wallet = encoder.encode(
        ["brewing dark beer at home", "dark beer for brewing beginners", "which wallet shows staking rewards"]
    )

    assert beer @ same > beer @ wallet + 0.2


def test_a_name_says_precision_and_model() -> None:
    """Vectors of two encoders never meet, so they must be called differently."""
    names = {
        EXACT.name,
        SentenceTransformersEncoder(EmbeddingOptions(precision="bf16")).name,
        WordHashEncoder(256).name,
        WordHashEncoder(512).name,
    }

    assert len(names) == 4


def test_auto_keeps_what_fp32_says() -> None:
    """The faster default may round, not think differently."""
    auto, exact = AUTO.encode(TEXTS), EXACT.encode(TEXTS)

    assert (auto * exact).sum(axis=1).min() > 0.999
