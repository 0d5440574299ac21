"""Do those who are asked to one gathering belong together? Whether they talk with each other in the half-year after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import numpy as np
import polars as pl

from benchmarks.local_archive import Archive, Night, Pair
from benchmarks.local_circles import ENDS, HORIZON, share
from matcher.tables.picture import Picture

Stratum = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Pairs asked to one gathering, beside others who could reach the same city, like them or not.

    Attributes:
        n_pairs: Asked pairs that have others like them.
        n_true: Of them those who talked both ways within HORIZON.
        expected: So many would have, had they done as the others.
    """

    n_pairs: int
    n_true: int
    expected: float


def print_after(archive: Archive, nights: Sequence[Night], pictures: Sequence[Picture]) -> None:
    """Print the shares of pairs who talked both ways later, gatherings drawn anew."""
    asked = [one for night, picture in zip(nights, pictures, strict=True) for one in _asked(archive, night, picture)]
    print(f"\nTalked both ways in the half-year after, {len(asked)} gatherings\n")
    print("| asked to one gathering, beside others who could come | pairs; true | asked | others |")
    print("| --- | --- | --- | --- |")
    for name in asked[0] if asked else ():
        some = [one[name] for one in asked]
        n_pairs, n_true = [one.n_pairs for one in some], [one.n_true for one in some]
        expected = share([one.expected for one in some], n_pairs)
        print(f"| {name} | {sum(n_pairs)}; {sum(n_true)} | {share(n_true, n_pairs)} | {expected} |")


def _asked(archive: Archive, night: Night, picture: Picture) -> list[Mapping[str, Beside]]:
    guests = night.plan.attendances.frame.with_columns(pl.col("member").cast(pl.String))
    talked, known = _talked_after(archive, night.cutoff), _pairs(night.ties.filter("is_two_way"))
    found: list[Mapping[str, Beside]] = []
    for table in guests.partition_by("gathering", maintain_order=True):
        ways = picture.journeys.km[:, [table.item(0, "hub")]].toarray()[:, 0]
        able = sorted(str(picture.index.ids[row]) for row in np.flatnonzero((ways > 0) & picture.is_open).tolist())
        pairs = set(combinations(sorted(table.get_column("member")), 2))
        others = set(combinations(able, 2)) - pairs
        levels = {pair: tuple(sorted(night.activity(who) for who in pair)) for pair in pairs | others}
        found.append(
            {
                "anybody": _beside(pairs, others, talked, dict.fromkeys(levels, ())),
                "as active": _beside(pairs, others, talked, levels),
                "as active, had not talked before": _beside(pairs - known, others - known, talked, levels),
                "as active, had talked before": _beside(pairs & known, others & known, talked, levels),
            }
        )
    return found


def _beside(pairs: set[Pair], others: set[Pair], talked: set[Pair], strata: Mapping[Pair, Stratum]) -> Beside:
    """Compare pairs with others of their stratum; pairs without any are left out."""
    shares = {
        stratum: float(np.mean([pair in talked for pair in alike]))
        for stratum, alike in _by_stratum(others, strata).items()
    }
    judged = [pair for pair in sorted(pairs) if strata[pair] in shares]
    return Beside(
        n_pairs=len(judged),
        n_true=len(talked.intersection(judged)),
        expected=sum(shares[strata[pair]] for pair in judged),
    )


def _by_stratum(pairs: set[Pair], strata: Mapping[Pair, Stratum]) -> Mapping[Stratum, Sequence[Pair]]:
    found: dict[Stratum, list[Pair]] = {}
    for pair in sorted(pairs):
        found.setdefault(strata[pair], []).append(pair)
    return found


def _talked_after(archive: Archive, cutoff: datetime) -> set[Pair]:
    """Pairs who named or quoted each other, both ways, within HORIZON."""
    said = archive.messages.filter((pl.col("sent_at") > cutoff) & (pl.col("sent_at") <= cutoff + HORIZON))
    to = pl.concat_str("mentions", "quotes", separator=" ", ignore_nulls=True).str.split(" ")
    named = set(said.select("sender", to=to).explode("to").drop_nulls().unique().iter_rows())
    return {(a, b) for a, b in named if (b, a) in named and a < b}


def _pairs(frame: pl.DataFrame) -> set[Pair]:
    return {(min(a, b), max(a, b)) for a, b in frame.select(ENDS).iter_rows()}
