"""What a geocoder answered once, for ever: no text is asked about twice, also where there was no answer.

No text is stored, only the hash of service and text; with each is the day on which it was asked.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from matcher.geography.geocoder import Geocoder
from matcher.geography.readings import Reading
from matcher.storage.files import write_whole

TEXTS_PER_SAVE = 20
"""What a killed run has to ask again at most."""

_FIELDS: dict[str, pl.DataType] = {
    "label": pl.String(), "country": pl.String(), "time_zone": pl.String(), "lat": pl.Float64(), "lon": pl.Float64(),
    "uncertainty_km": pl.Float64(), "share": pl.Float64(),
}  # fmt: skip
_SCHEMA: dict[str, pl.DataType] = {
    "key": pl.Binary(), "asked_on": pl.Date(), "readings": pl.List(pl.Struct(_FIELDS)),
}  # fmt: skip


class CachedGeocoder:
    """A geocoder that remembers, around one that asks.

    Within one night nothing is asked twice, not even what failed: whoever asks again gets the same answers.

    Attributes:
        n_texts: Distinct texts wanted so far.
        n_new: How many of them were asked about tonight.
        n_found: How many of all have a reading.
        n_failed: How many of the new ones brought no answer; they are asked again another night.
        n_left: How many were not asked about, because there were too many.
        was_damaged: Whether the file could not be read, so that it is begun anew.
    """

    def __init__(
        self,
        inner: Geocoder,
        path: Path,
        *,
        today: date,
        at_most: int,
        tell: Callable[[int, int], object] | None = None,
    ) -> None:
        """Remember answers of `inner` in the file `path`, which need not exist.

        After each save, `tell` hears how many of the new texts are done, and of how many.
        """
        self._inner = inner
        self._path = path
        self._today = today
        self._at_most = at_most
        self._tell = tell
        self._wanted: dict[str, tuple[Reading, ...] | None] = {}
        self.n_failed = 0
        self.n_left = 0
        self.n_new = 0
        self.was_damaged = False
        self._known = self._load()

    @property
    def name(self) -> str:
        """The inner geocoder's: remembering changes nothing."""
        return self._inner.name

    @property
    def attribution(self) -> str:
        """The inner geocoder's."""
        return self._inner.attribution

    @property
    def n_texts(self) -> int:
        """Distinct texts wanted so far."""
        return len(self._wanted)

    @property
    def n_found(self) -> int:
        """How many of them have a reading."""
        return sum(bool(readings) for readings in self._wanted.values())

    @property
    def fingerprint(self) -> str:
        """Sha256 of all answers given so far: with other answers it is another run."""
        digest = hashlib.sha256()
        for text, readings in sorted(self._wanted.items()):
            digest.update(self._key(text) + repr(readings).encode())
        return digest.hexdigest()

    def find(self, texts: Sequence[str]) -> Mapping[str, tuple[Reading, ...]]:
        """Readings of these texts, asking only about those never asked about, as many as the night allows."""
        distinct = list(dict.fromkeys(texts))
        new = []
        for text in distinct:
            if text not in self._wanted:
                row = self._known.get(self._key(text))
                self._wanted[text] = None if row is None else row[1]
                new += [text] if row is None else []
        asked = new[: self._at_most - self.n_new]
        self.n_left += len(new) - len(asked)
        for start in range(0, len(asked), TEXTS_PER_SAVE):
            self._learn(asked[start : start + TEXTS_PER_SAVE])
            if self._tell:
                self._tell(min(start + TEXTS_PER_SAVE, len(asked)), len(asked))
        return {text: readings for text in distinct if (readings := self._wanted[text]) is not None}

    def forget(self, texts: Sequence[str]) -> int:
        """Remove what is known of these texts for good, when a member leaves.

        Returns:
            How many there were.
        """
        leaving = {self._key(text) for text in texts} & self._known.keys()
        for key in leaving:
            del self._known[key]
        if leaving:
            self._save()
        return len(leaving)

    def _learn(self, texts: Sequence[str]) -> None:
        answers = self._inner.find(texts)
        self.n_new += len(texts)
        self.n_failed += sum(text not in answers for text in texts)
        for text, readings in answers.items():
            self._wanted[text] = readings
            self._known[self._key(text)] = (self._today, readings)
        if answers:
            self._save()

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._inner.name}\0{text}".encode()).digest()

    def _load(self) -> dict[bytes, tuple[date, tuple[Reading, ...]]]:
        if not self._path.exists():
            return {}
        try:
            frame = pl.read_parquet(self._path)
            self.was_damaged = dict(frame.schema) != _SCHEMA or not _is_sound(frame)
        except (pl.exceptions.PolarsError, OSError):
            self.was_damaged = True
        if self.was_damaged:
            # Answers took a request each: what was there stays where it can be looked at.
            self._path.replace(self._path.with_suffix(".damaged"))
            return {}
        return {key: (day, tuple(Reading(**one) for one in found)) for key, day, found in frame.iter_rows()}

    def _save(self) -> None:
        rows = [
            {"key": key, "asked_on": day, "readings": [_plain(reading) for reading in readings]}
            for key, (day, readings) in sorted(self._known.items())
        ]
        frame = pl.DataFrame(rows, schema=_SCHEMA)
        write_whole(self._path, frame.write_parquet)


def _is_sound(frame: pl.DataFrame) -> bool:
    """Whether every answer could have been given: nothing is missing, and numbers lie in their ranges."""
    found = frame.select(pl.col("readings").explode().drop_nulls()).unnest("readings")
    ranges = (("lat", -90, 90), ("lon", -180, 180), ("uncertainty_km", 0, 40_000), ("share", 0, 1))
    inside = pl.all_horizontal(pl.col(name).is_between(low, high) for name, low, high in ranges)
    is_whole = (
        not frame.null_count().transpose().to_series().sum() and not found.null_count().transpose().to_series().sum()
    )
    return is_whole and bool(found.select(inside.all()).item())


def _plain(reading: Reading) -> dict[str, Any]:
    return {name: getattr(reading, name) for name in _FIELDS}
