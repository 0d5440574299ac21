"""The port behind which every model stands, and the slow, obvious reference beside it."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol
from zlib import crc32

import numpy as np
import numpy.typing as npt

from matcher.units import Vectors

Halves = npt.NDArray[np.float16]

_WORD = re.compile(r"\w+")


class Encoder(Protocol):
    """Turns texts into unit vectors whose cosine says how alike the texts are.

    The same text gives the same bytes, whichever texts it is asked with and in whichever order.
    """

    @property
    def name(self) -> str:
        """Model, fingerprint and precision: vectors of two names are never compared."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts.

        Args:
            texts: Any strings, also empty or repeated.

        Returns:
            Unit vectors, float32, shape (text, dim); shape (0, 0) for no texts.
        """


class WordHashEncoder:
    """Counts words, and runs of three letters inside them, in hashed buckets.

    Texts that share words are alike, and nothing else is: an oracle for tests, and the way to run a
    night with no model at all.
    """

    def __init__(self, dim: int = 512) -> None:
        self._dim = dim

    @property
    def name(self) -> str:
        """Which buckets."""
        return f"word-hash-{self._dim}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode each text by itself; a text without words gets the first axis."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        vectors = np.zeros((len(texts), self._dim))
        for row, text in enumerate(texts):
            for feature, weight in _features(text):
                digest = crc32(feature.encode())
                vectors[row, (digest >> 1) % self._dim] += weight if digest & 1 else -weight
            if not vectors[row].any():
                vectors[row, 0] = 1.0
        unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return unit


def to_halves(vectors: Vectors) -> Halves:
    """Keep eleven bits of each number: what a stored vector is made of."""
    return vectors.astype(np.float16)


def from_halves(halves: Halves) -> Vectors:
    """Unit vectors from stored ones.

    Every vector takes this way, fresh or remembered, so both are the same bytes; taking it twice
    changes nothing, because the new length is nearer to 1 than half a step of float16.
    """
    vectors = halves.astype(np.float32)
    norms = np.sqrt(np.einsum("td,td->t", vectors, vectors))
    vectors /= np.maximum(norms, np.float32(1e-12))[:, None]
    return vectors


def _features(text: str) -> Iterator[tuple[str, float]]:
    """Words in full, and their inner trigrams for less."""
    for word in _WORD.findall(text.casefold()):
        yield word, 1.0
        padded = f"<{word}>"
        for start in range(len(padded) - 2):
            yield padded[start : start + 3], 0.25
