"""Which homes a geocoder is asked about, and what becomes of its answers."""

import re
from collections.abc import Mapping
from typing import Final

import polars as pl

from matcher.geography.geocoder import Geocoder
from matcher.geography.jokes import is_joke
from matcher.geography.readings import Reading
from matcher.geography.written_clock import written_clock
from matcher.tables.community import Community
from matcher.tables.geography import HomeReadings

LONGEST_ASKED: Final = 60
MOST_WORDS: Final = 6
"""Longer than this it is a sentence, not a place."""
_PRIVATE: Final = re.compile(r"[\d@#_\\<>{}=*|]|://|www\.|\w\.\w{2,}|^\W*/", re.IGNORECASE)
"""Numbers of houses and telephones, mail, handles, links: nobody else's business."""
_BREAKS: Final = re.compile(r"[,;/()\-\u2013]+")


def may_be_asked(text: str) -> bool:
    """Whether a text looks like the name of a place, and gives away nothing more.

    Example:
        >>> [may_be_asked(text) for text in ("Kleinkleckersdorf", "12 High Street", "@ana", "Hogwarts", "UTC+2")]
        [True, False, False, False, False]
    """
    words = text.split()
    is_name = 3 <= len(text.strip()) <= LONGEST_ASKED and len(words) <= MOST_WORDS and text.isprintable()
    if not is_name or _PRIVATE.search(text) or not any(letter.isalpha() for letter in text):
        return False
    is_fun = any(is_joke(part) for part in (text, *_BREAKS.split(text)) if part.strip())
    return not is_fun and written_clock(text, frozenset()) is None


def texts_to_ask(readings: HomeReadings, community: Community) -> list[str]:
    """Homes that have no reading and may be sent elsewhere, each once: those of most members first, ties by text."""
    homes = community.members.frame.filter(pl.col("lat").is_null() | pl.col("lon").is_null())
    unread = homes.with_columns(pl.col("member").cast(community.index.enum)).join(
        readings.frame, on="member", how="anti"
    )
    counted = unread.group_by(text=pl.col("place_text").str.strip_chars()).agg(n_members=pl.len())
    texts = counted.sort("n_members", "text", descending=[True, False]).get_column("text")
    return [text for text in texts if may_be_asked(text)]


def ask_geocoder(readings: HomeReadings, community: Community, geocoder: Geocoder) -> HomeReadings:
    """HomeReadings with those of homes that only the geocoder could read; no other reading changes."""
    found = geocoder.find(texts_to_ask(readings, community))
    if not any(found.values()):
        return readings
    homes = community.members.frame.select(
        pl.col("member").cast(community.index.enum), text=pl.col("place_text").str.strip_chars()
    )
    asked = homes.join(readings.frame, on="member", how="anti").join(_rows(found), on="text")
    return HomeReadings.sorted(pl.concat([readings.frame, asked.select(list(HomeReadings.columns))]))


def _rows(found: Mapping[str, tuple[Reading, ...]]) -> pl.DataFrame:
    """HomeReadings of each text as rows: `text` and the columns of `HomeReadings` but for the member."""
    columns = [name for name in HomeReadings.columns if name not in {"member", "reading"}]
    rows = [
        {"text": text, "reading": at, **{name: getattr(reading, name) for name in columns}}
        for text, readings in found.items()
        for at, reading in enumerate(readings)
    ]
    return pl.DataFrame(rows, schema={"text": pl.String(), **HomeReadings.schema()})
