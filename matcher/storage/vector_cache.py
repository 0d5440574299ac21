"""Vectors that were already paid for: a second night embeds only what is new.

A part is an immutable Parquet file of some 1,000 vectors, named by the hash of what it holds: a
damaged part gives itself away, and two runs that write the same part write the same file. No text
is stored, only the hash of encoder and text.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from matcher.embedding.encoder import Encoder, Halves, from_halves, to_halves
from matcher.storage.files import write_whole
from matcher.units import Rows, Vectors

TEXTS_PER_PART = 1_000
"""What a killed run loses at most."""

_SCHEMA = {"key": pl.Binary(), "vector": pl.Binary()}


class CachedEncoder:
    """An encoder that remembers, around one that computes.

    Attributes:
        n_asked: Distinct texts asked for so far.
        n_embedded: How many of them were new.
        n_damaged: Parts that were found damaged, and removed.
        seconds_loading: Until the inner encoder gave its first vector: importing, loading the model.
        seconds_embedding: Spent in the inner encoder after that.
        seconds_remembering: Spent on reading and writing parts.
    """

    def __init__(
        self,
        inner: Encoder,
        folder: Path,
        *,
        texts_per_part: int = TEXTS_PER_PART,
        tell: Callable[[int, int], object] | None = None,
    ) -> None:
        """Remember vectors of `inner` under `folder`, which need not exist.

        After each part, `tell` hears how many of the new texts are done, and of how many.
        """
        self._inner = inner
        # Each encoder has its own folder, and its name is in each key: two encoders never meet.
        self._folder = folder / hashlib.sha256(inner.name.encode()).hexdigest()[:16]
        self._texts_per_part = texts_per_part
        self._tell = tell
        self._is_warm = False
        self.n_asked = 0
        self.n_embedded = 0
        self.n_damaged = 0
        self.seconds_loading = 0.0
        self.seconds_embedding = 0.0
        self.seconds_remembering = 0.0

    @property
    def name(self) -> str:
        """The inner encoder's: remembering changes nothing."""
        return self._inner.name

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, computing only those never seen; each finished part is kept if the run dies."""
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        distinct = list(dict.fromkeys(texts))
        keys = [self._key(text) for text in distinct]
        self.n_asked += len(distinct)
        rows, halves = self._remembered(keys)
        pieces = [(rows, halves)] if len(rows) else []
        # In the order of keys, so that the parts are the same in whichever order the texts come.
        new = sorted(set(range(len(keys))).difference(rows.tolist()), key=keys.__getitem__)
        for start in range(0, len(new), self._texts_per_part):
            chunk = new[start : start + self._texts_per_part]
            computed = to_halves(self._compute([distinct[row] for row in chunk]))
            self._keep([keys[row] for row in chunk], computed)
            pieces.append((np.array(chunk, dtype=np.int64), computed))
            if self._tell:
                self._tell(start + len(chunk), len(new))
        known = np.empty((len(distinct), pieces[0][1].shape[1]), dtype=np.float16)
        for piece_rows, piece in pieces:
            known[piece_rows] = piece
        row_of = {text: row for row, text in enumerate(distinct)}
        return from_halves(known[[row_of[text] for text in texts]])

    def forget(self, texts: Sequence[str]) -> int:
        """Remove the vectors of these texts for good, when a member leaves.

        Returns:
            How many there were.
        """
        leaving = pl.Series([self._key(text) for text in texts], dtype=pl.Binary())
        n_forgotten = 0
        for path, part in self._parts():
            staying = part.filter(~pl.col("key").is_in(leaving.implode()))
            if staying.height < part.height:
                n_forgotten += part.height - staying.height
                if staying.height:
                    self._write(staying)
                path.unlink()
        return n_forgotten

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._inner.name}\0{text}".encode()).digest()

    def _remembered(self, keys: Sequence[bytes]) -> tuple[Rows, Halves]:
        """Which of the keys have a stored vector, shape (found,), and those, shape (found, dim)."""
        started = perf_counter()
        asked = pl.DataFrame({"key": keys, "row": range(len(keys))}, schema={"key": pl.Binary(), "row": pl.Int64()})
        found = [part.join(asked, on="key", maintain_order="left").select("row", "vector") for _, part in self._parts()]
        # A killed and resumed `forget` may leave a vector in two parts: the same vector.
        both = pl.concat([asked.head(0).select("row", vector="key"), *found]).unique("row", maintain_order=True)
        rows = both.get_column("row").to_numpy()
        halves = np.frombuffer(b"".join(both.get_column("vector")), dtype="<f2").reshape(
            len(rows), -1 if len(rows) else 0
        )
        self.seconds_remembering += perf_counter() - started
        return rows, halves

    def _parts(self) -> Iterator[tuple[Path, pl.DataFrame]]:
        """Every sound part; damaged ones are removed, to be embedded again."""
        for path in sorted(self._folder.glob("*.parquet")):
            try:
                part = pl.read_parquet(path)
            except (pl.exceptions.PolarsError, OSError):
                part = pl.DataFrame(schema=_SCHEMA)
            if dict(part.schema) == _SCHEMA and path.stem == _fingerprint(part):
                yield path, part
            else:
                self.n_damaged += 1
                path.unlink(missing_ok=True)

    def _compute(self, texts: Sequence[str]) -> Vectors:
        """Ask the inner encoder, and keep the time."""
        started = perf_counter()
        if not self._is_warm:
            # The first text pays for imports and for loading the model: that is another figure.
            self._inner.encode(texts[:1])
            self._is_warm = True
            self.seconds_loading += perf_counter() - started
            started = perf_counter()
        vectors = self._inner.encode(texts)
        self.seconds_embedding += perf_counter() - started
        self.n_embedded += len(texts)
        return vectors

    def _keep(self, keys: Sequence[bytes], halves: Halves) -> None:
        started = perf_counter()
        rows = [half.astype("<f2").tobytes() for half in halves]
        self._write(pl.DataFrame({"key": list(keys), "vector": rows}, schema=_SCHEMA))
        self.seconds_remembering += perf_counter() - started

    def _write(self, part: pl.DataFrame) -> None:
        path = self._folder / f"{_fingerprint(part)}.parquet"
        write_whole(path, lambda unfinished: part.write_parquet(unfinished, compression="uncompressed"))


def _fingerprint(part: pl.DataFrame) -> str:
    """What a part of this content is called."""
    digest = hashlib.sha256(part.height.to_bytes(8, "little"))
    digest.update(b"".join(part.get_column("key")))
    digest.update(b"".join(part.get_column("vector")))
    return digest.hexdigest()[:32]
