"""What was paid for once is remembered, whatever happens to the machine."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from matcher.embedding.encoder import WordHashEncoder
from matcher.storage.vector_cache import CachedEncoder
from matcher.units import Vectors

TEXTS = [f"text number {number} about {'beer' if number % 3 else 'sailing'}" for number in range(10)]

SECOND_NIGHT = """
import sys
from pathlib import Path
from matcher.embedding.options import EmbeddingOptions
from matcher.engines.sentence_transformers_encoder import SentenceTransformersEncoder
from matcher.storage.vector_cache import CachedEncoder

def night(texts):
    encoder = CachedEncoder(SentenceTransformersEncoder(EmbeddingOptions()), Path(sys.argv[1]))
    vectors = encoder.encode(texts)
    print(encoder.n_asked, encoder.n_embedded, "torch" in sys.modules, vectors.shape)

night(["brewing", "sailing"][: int(sys.argv[2])])
"""


class DiesAfter:
    """An encoder whose machine is switched off after so many calls."""

    def __init__(self, n_calls: int, name: str = "word-hash-512") -> None:
        self.name = name
        self._n_left = n_calls

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Count down, then die."""
        if self._n_left == 0:
            raise KeyboardInterrupt
        self._n_left -= 1
        return WordHashEncoder().encode(texts)


def test_the_second_night_embeds_nothing(tmp_path: Path) -> None:
    """Unchanged words cost nothing, and are the same bytes."""
    first, second = CachedEncoder(WordHashEncoder(), tmp_path), CachedEncoder(DiesAfter(0), tmp_path)

    fresh, remembered = first.encode(TEXTS), second.encode(TEXTS)

    assert (first.n_asked, first.n_embedded) == (10, 10)
    assert (second.n_asked, second.n_embedded) == (10, 0)
    assert fresh.tobytes() == remembered.tobytes()


def test_only_new_texts_are_embedded(tmp_path: Path) -> None:
    """One new message costs one text, and a text asked twice counts once."""
    CachedEncoder(WordHashEncoder(), tmp_path).encode(TEXTS)
    encoder = CachedEncoder(WordHashEncoder(), tmp_path)

    vectors = encoder.encode([*TEXTS, "something new", TEXTS[3], "something new"])

    assert (encoder.n_asked, encoder.n_embedded) == (11, 1)
    assert (vectors[3] == vectors[11]).all()
    assert (vectors[10] == vectors[12]).all()


def test_a_killed_night_resumes(tmp_path: Path) -> None:
    """What was finished before the crash is not paid for again."""
    # The first call warms the model up; then two parts of three are finished.
    dying = CachedEncoder(DiesAfter(3), tmp_path, texts_per_part=4)
    with pytest.raises(KeyboardInterrupt):
        dying.encode(TEXTS)

    resumed = CachedEncoder(WordHashEncoder(), tmp_path, texts_per_part=4)
    vectors = resumed.encode(TEXTS)

    assert (dying.n_embedded, resumed.n_embedded) == (8, 2)
    assert vectors.tobytes() == CachedEncoder(WordHashEncoder(), tmp_path / "whole").encode(TEXTS).tobytes()


@pytest.mark.parametrize("damage", [b"", b"PAR1 not really", None], ids=["empty", "rubbish", "one-bit"])
def test_a_damaged_part_is_removed_and_embedded_again(tmp_path: Path, damage: bytes | None) -> None:
    """A bad disk must not decide who meets whom, not even by one bit."""
    fresh = CachedEncoder(WordHashEncoder(), tmp_path, texts_per_part=4).encode(TEXTS)
    part = sorted(tmp_path.rglob("*.parquet"))[1]
    whole = bytearray(part.read_bytes())
    whole[len(whole) // 2] ^= 1
    part.write_bytes(whole if damage is None else damage)

    mended = CachedEncoder(WordHashEncoder(), tmp_path, texts_per_part=4)
    vectors = mended.encode(TEXTS)

    assert mended.n_damaged == 1
    assert 1 <= mended.n_embedded <= 4
    assert vectors.tobytes() == fresh.tobytes()
    assert CachedEncoder(DiesAfter(0), tmp_path).encode(TEXTS).tobytes() == fresh.tobytes()


def test_two_encoders_never_meet(tmp_path: Path) -> None:
    """Another model, or another precision, remembers nothing of the first."""
    CachedEncoder(WordHashEncoder(512), tmp_path).encode(TEXTS)
    other = CachedEncoder(WordHashEncoder(256), tmp_path)

    vectors = other.encode(TEXTS)

    assert other.n_embedded == 10
    assert vectors.shape == (10, 256)


def test_parts_hold_no_words(tmp_path: Path) -> None:
    """The cache outlives the messages: it may keep numbers, never what somebody wrote."""
    CachedEncoder(WordHashEncoder(), tmp_path).encode(["a secret about my landlord"])

    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

    assert b"landlord" not in stored


def test_forgotten_texts_are_gone(tmp_path: Path) -> None:
    """Delete means gone; everybody else's vectors stay."""
    CachedEncoder(WordHashEncoder(), tmp_path, texts_per_part=4).encode(TEXTS)

    n_forgotten = CachedEncoder(WordHashEncoder(), tmp_path).forget([TEXTS[2], TEXTS[7], "never seen"])
    after = CachedEncoder(WordHashEncoder(), tmp_path)
    after.encode(TEXTS)

    assert n_forgotten == 2
    assert (after.n_asked, after.n_embedded, after.n_damaged) == (10, 2, 0)


def test_parts_are_the_same_in_whichever_order_texts_come(tmp_path: Path) -> None:
    """Same inputs, same files, to the byte."""
    for folder, texts in (("a", TEXTS), ("b", TEXTS[::-1])):
        CachedEncoder(WordHashEncoder(), tmp_path / folder, texts_per_part=4).encode(texts)

    stored = [{p.name: p.read_bytes() for p in (tmp_path / folder).rglob("*.parquet")} for folder in "ab"]

    assert stored[0] == stored[1]
    assert len(stored[0]) == 3


@pytest.mark.xdist_group("model")
def test_a_night_with_nothing_new_never_imports_torch(tmp_path: Path) -> None:
    """Importing takes longer than a whole small night; and neither night writes into the operator's log."""
    first, second = (
        subprocess.run(
            [sys.executable, "-c", SECOND_NIGHT, str(tmp_path), n_texts], capture_output=True, text=True, check=True
        )
        for n_texts in ("2", "1")
    )

    assert (first.stdout, first.stderr) == ("2 2 True (2, 384)\n", "")
    assert (second.stdout, second.stderr) == ("1 0 False (1, 384)\n", "")


def test_what_is_remembered_is_near_what_was_computed(tmp_path: Path) -> None:
    """Half precision costs a thousandth, not a meaning."""
    computed = WordHashEncoder().encode(TEXTS)
    remembered = CachedEncoder(WordHashEncoder(), tmp_path).encode(TEXTS)

    np.testing.assert_allclose(remembered, computed, atol=5e-4)


def test_progress_is_told_after_each_part(tmp_path: Path) -> None:
    """Whoever waits for a first night sees it move; a second one has nothing to tell."""
    told: list[tuple[int, int]] = []
    encoder = CachedEncoder(
        WordHashEncoder(), tmp_path, texts_per_part=2, tell=lambda n_done, n_texts: told.append((n_done, n_texts))
    )

    encoder.encode(["a", "b", "c", "d", "e"])
    encoder.encode(["a", "b"])

    assert told == [(2, 5), (4, 5), (5, 5)]
