"""Public messages that the desk may quote, chosen by the night: it will not see the community again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from matcher.tables.base import Column, Table
from matcher.tables.community import TEXT, TEXTS, TIME


@dataclass(frozen=True, eq=False)
class Quotable(Table):
    """Public messages, shortened and cleaned, with what it takes to pick some for people who never sat together."""

    key: ClassVar[tuple[str, ...]] = ("message",)
    columns: ClassVar[Mapping[str, Column]] = {
        "message": Column(dtype=TEXT, meaning="The message."),
        "author": Column(dtype=TEXT, meaning="The member who wrote it."),
        "name": Column(dtype=TEXT, meaning="Their name as it is shown."),
        "date": Column(dtype=TEXT, meaning="When, as it is shown."),
        "sent_at": Column(dtype=TIME, meaning="When."),
        "channel": Column(dtype=TEXT, meaning="Where, as it is shown."),
        "text": Column(dtype=TEXT, meaning="Its beginning."),
        "url": Column(dtype=TEXT, meaning="Where to read it, safe to link; or empty."),
        "rank": Column(
            dtype=pl.UInt8(),
            meaning="Its place among what its author says most tellingly, from 1; null: it is but a tie's evidence.",
            low=1,
            is_nullable=True,
        ),
        "topics": Column(dtype=TEXTS, meaning="What it is about, in lower case; only where it has a rank."),
    }
