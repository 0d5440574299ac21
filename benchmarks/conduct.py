"""Who attacks and who talks at people: our judgement beside labels that a reader gave before seeing it.

Run `python -m benchmarks.conduct`; it prints two Markdown tables. Data: the development communities under
MATCHER_DATA (or ../shared/data). How the labels came about stands in `benchmarks/labels/README.md`. Each
label counts as often as its weight says (one over the chance of having been drawn), so precision and recall
are those of the whole community; the interval is the middle 95 % of 2,000 redraws within the strata.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import DATA
from matcher.conversation.exchanges import find_exchanges
from matcher.conversation.hostility import INSULTS, is_hostile
from matcher.conversation.options import ConversationOptions
from matcher.conversation.readings import read_messages
from matcher.conversation.standing import judge_standings
from matcher.sources.imported import Imported
from matcher.sources.stackexchange import StackExchangeOptions, read_stackexchange
from matcher.sources.table import TableOptions, read_tables
from matcher.tables.community import community_as_of
from matcher.units import Flags, Floats

LABELS = Path(__file__).parent / "labels"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""Later than anything in the data."""
CHAT_COLUMNS = {
    "author": "sender",
    "channel": "stream",
    "thread": "topic",
    "message": "msg_id",
    "sent_at": "ts",
    "mentions": "mentions,quotes",
}
N_DRAWS = 2_000


@dataclass(frozen=True, eq=False, kw_only=True)
class Judged:
    """What a judge said of everything labelled, shape (label,) each."""

    is_flagged: Flags
    is_true: Flags
    weight: Floats
    stratum: Floats

    def among(self, rows: Flags) -> "Judged":
        """Keep some rows."""
        return Judged(
            is_flagged=self.is_flagged[rows],
            is_true=self.is_true[rows],
            weight=self.weight[rows],
            stratum=self.stratum[rows],
        )

    def shares(self) -> tuple[float, float]:
        """Precision and recall; NaN where there is nothing to divide by."""
        right = self.weight[self.is_flagged & self.is_true].sum()
        with np.errstate(invalid="ignore"):
            return right / self.weight[self.is_flagged].sum(), right / self.weight[self.is_true].sum()

    def intervals(self) -> Floats:
        """The middle 95 % of precision and recall, shape (low and high, precision and recall)."""
        rng = np.random.default_rng(0)
        strata = [np.flatnonzero(self.stratum == stratum) for stratum in np.unique(self.stratum)]
        redraws = [
            self.among(np.concatenate([rng.choice(rows, len(rows)) for rows in strata])).shares()
            for _ in range(N_DRAWS)
        ]
        found: Floats = np.nanpercentile(np.array(redraws), [2.5, 97.5], axis=0)
        return found


def main() -> None:
    """Print both tables."""
    if not (DATA / "stackexchange").exists():
        sys.exit(f"no data at {DATA}: set MATCHER_DATA")
    communities = dict(_communities())
    _heading("hostility")
    _report_hostility(communities)
    print()
    _heading("broadcasting")
    _report_broadcasting(communities)


def _heading(subject: str) -> None:
    print(f"| {subject} | labels | true | flagged | right | precision | 95 % | recall | 95 % | recall of those found |")
    print("|---" * 10 + "|")


def _report_hostility(communities: dict[str, Imported]) -> None:
    texts = pl.concat(
        [
            *(
                community.messages.frame.select(pl.lit(source).alias("source"), "message", "text")
                for source, community in communities.items()
            ),
            pl.DataFrame(list(_irc()), schema=["source", "message", "text"], orient="row"),
        ]
    )
    labels = _labels("hostility").join(texts, on=["source", "message"], how="left", maintain_order="left")
    _refuse_missing(labels, "text")
    any_insult = pl.col("text").str.to_lowercase().str.contains(rf"\b(?:{INSULTS})\b")
    for name, judge in {"ours": is_hostile(pl.col("text")), "any insult of our list": any_insult}.items():
        _print(name, labels.with_columns(is_flagged=judge), "message")


def _report_broadcasting(communities: dict[str, Imported]) -> None:
    standings = pl.concat(
        [_standings(community).with_columns(source=pl.lit(n)) for n, community in communities.items()]
    )
    labels = _labels("broadcasting").join(standings, on=["source", "member"], how="left", maintain_order="left")
    _refuse_missing(labels, "standing_share")
    for bar in (0.3, 0.7):
        _print(f"standing below {bar}", labels.with_columns(is_flagged=pl.col("standing_share") < bar), "member")
    loud = (pl.col("link_share") >= 0.5) | (pl.col("repeat_share") >= 0.5)
    _print("half links or repeats, answered or not", labels.with_columns(is_flagged=loud), "member")


def _standings(community: Imported) -> pl.DataFrame:
    last = community.messages.frame.get_column("sent_at").cast(pl.Datetime("us", "UTC")).max()
    as_of = (last if isinstance(last, datetime) else NOW) + timedelta(days=1)
    then = community_as_of(community.members, community.messages, community.blocks, as_of)
    options = ConversationOptions()
    readings = read_messages(then, options)
    standings = judge_standings(then, find_exchanges(then, readings, options), readings, options)
    return standings.frame.with_columns(pl.col("member").cast(pl.String))


def _communities() -> Iterator[tuple[str, Imported]]:
    for site in ("beer", "cardano"):
        yield site, read_stackexchange(DATA / "stackexchange" / site, StackExchangeOptions(), now=NOW)
    options = TableOptions(message_columns=CHAT_COLUMNS, is_public_when_unsaid=True)
    yield "zulip", read_tables([DATA / "chat" / "zulip.parquet"], options, now=NOW)


def _irc() -> Iterator[tuple[str, str, str]]:
    """Yield each line that somebody said, under its file and line."""
    for path in sorted((DATA / "chat" / "irc_dev").glob("*.raw.txt")):
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        for at, line in enumerate(lines):
            if said := re.match(r"\[\d\d:\d\d\] <[^>]+> (.*)", line):
                yield "irc", f"{path.name.removesuffix('.raw.txt')}:{at}", said[1]


def _labels(name: str) -> pl.DataFrame:
    return pl.read_csv(LABELS / f"{name}.csv", schema_overrides={"message": pl.String, "member": pl.String})


def _refuse_missing(labels: pl.DataFrame, column: str) -> None:
    if n_missing := labels.get_column(column).null_count():
        sys.exit(f"{n_missing} of {len(labels)} labels belong to nothing in {DATA}")


def _print(name: str, rows: pl.DataFrame, key: str) -> None:
    judged = Judged(
        is_flagged=rows.get_column("is_flagged").to_numpy(),
        is_true=(rows.get_column("label") == 1).to_numpy(),
        weight=rows.get_column("weight").to_numpy(),
        stratum=rows.select(pl.struct("source", "stratum").rank("dense")).to_series().cast(pl.Float64).to_numpy(),
    )
    is_development = np.array([_is_development(one) for one in rows.get_column(key)])
    halves = {"development half": is_development, "check half": ~is_development}
    for half, of_half in {**halves, "all": np.ones(len(rows), dtype=bool)}.items():
        part = judged.among(of_half)
        right = int((part.is_flagged & part.is_true).sum())
        (precision, recall), ((low_p, low_r), (high_p, high_r)) = part.shares(), part.intervals()
        print(
            f"| {name}, {half} | {len(part.weight)} | {part.is_true.sum()} | {part.is_flagged.sum()} | {right} "
            f"| {precision:.3f} | {low_p:.3f}-{high_p:.3f} | {recall:.3f} | {low_r:.3f}-{high_r:.3f} "
            f"| {right / max(int(part.is_true.sum()), 1):.3f} |"
        )


def _is_development(key: str) -> bool:
    return int(sha256(key.encode()).hexdigest(), 16) % 2 == 0


if __name__ == "__main__":
    main()
