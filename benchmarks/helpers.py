"""Does closeness of questions find who will answer whom? Beside tags, activity, interests, company and chance.

Run it with `python -m benchmarks.helpers [beer] [cardano] [chat] [--vectors FOLDER]`; vectors are kept in FOLDER,
where given. Data: `stackexchange/` and `chat/zulip.parquet` under MATCHER_DATA (or ../shared/data).

At each cutoff, for each active member who had asked something and will ask again, all other active members are
ranked by what was known; whoever then answers is to come first. `tag`: cosine of the topics of the questions
asked and answered, rare ones first. `questions`: the same by meaning (`benchmarks/helpers_questions.py`);
`questions still to come` peeks at what they will ask, so it is no method but the most that meaning could tell.
MRR is over all; "matched" sets each answerer beside those who answered as much in the last year (the same tenth of
members). Intervals are by asker. With `chat`, a second table: what `questions` adds to the weights learned.
"""

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.helpers_answerers import METRICS, rank_answerers
from benchmarks.helpers_learned import print_learned
from benchmarks.helpers_questions import Talk, linked_talk, named_talk
from matcher.embedding.options import EmbeddingOptions
from matcher.engines.rustworkx_matcher import RustworkxMatcher
from matcher.engines.sentence_transformers_encoder import SentenceTransformersEncoder
from matcher.metrics.bootstrap import draw_members, interval
from matcher.metrics.history import HistoryOptions
from matcher.plan import Engines
from matcher.sources.stackexchange import StackExchangeOptions, read_stackexchange
from matcher.sources.table import TableOptions, read_tables
from matcher.storage.gazetteer import load_gazetteer
from matcher.storage.vector_cache import CachedEncoder
from matcher.storage.workspace import StoredCommunity
from matcher.units import Floats
from pipelines.backtest import BacktestOrder, plan_cutoffs

DATA = Path(os.environ.get("MATCHER_DATA", "../shared/data"))
COMMUNITIES = ("beer", "cardano", "chat")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
FEW = 2
"""Messages in a year that make a member of a question site active; on the chat the backtest's own number."""
N_DRAWS = 1_000


def main() -> None:
    """Print a table for each community, and what is learned on the chat."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("communities", nargs="*", default=list(COMMUNITIES), metavar="|".join(COMMUNITIES))
    parser.add_argument("--vectors", type=Path)
    asked = parser.parse_args()
    if not DATA.exists():
        sys.exit(f"no data at {DATA}: set MATCHER_DATA")
    with tempfile.TemporaryDirectory() as folder:
        engines = Engines(
            encoder=CachedEncoder(SentenceTransformersEncoder(EmbeddingOptions()), asked.vectors or Path(folder)),
            pair_matcher=RustworkxMatcher(),
            gazetteer=load_gazetteer(),
        )
        for name in asked.communities:
            is_chat = name == "chat"
            stored = read_community(name)
            talk = named_talk(stored.messages) if is_chat else linked_talk(stored.messages)
            order = BacktestOrder(history=HistoryOptions() if is_chat else HistoryOptions(min_messages=FEW))
            print_answerers(name, stored, talk, engines, order)
            if is_chat:
                print_learned(stored, talk, engines, order)


def read_community(name: str) -> StoredCommunity:
    """Read one community as an import would."""
    if name == "chat":
        columns = {"author": "sender", "channel": "stream", "thread": "topic", "message": "msg_id", "sent_at": "ts"}
        options = TableOptions(is_public_when_unsaid=True, message_columns={**columns, "mentions": "mentions,quotes"})
        found = read_tables([DATA / "chat" / "zulip.parquet"], options, now=NOW)
    else:
        found = read_stackexchange(DATA / "stackexchange" / name, StackExchangeOptions(), now=NOW)
    return StoredCommunity(
        members=found.members,
        messages=found.messages,
        blocks=found.blocks,
        fingerprint="",
        source=name,
        notice=found.notice,
    )


def print_answerers(name: str, stored: StoredCommunity, talk: Talk, engines: Engines, order: BacktestOrder) -> None:
    """Rank who will answer whom at every cutoff, and print the figures."""
    cutoffs, history = plan_cutoffs(stored, order)
    rankings = [rank_answerers(stored, talk, cutoff, engines, history) for cutoff in cutoffs]
    for only_new, who in ((False, "anybody"), (True, "somebody they had never exchanged a word with")):
        judged = [ranking.judge(only_new=only_new) for ranking in rankings]
        frame = pl.concat([one for one in judged if one.height])
        first = frame.filter(pl.col("method") == frame.item(0, "method"))
        askers = first.get_column("asker").unique().sort()
        print(f"\n{name}: who is answered by {who}; {len(first)} rankings of {len(askers)} askers")
        print(f"{history.horizon_days} days after {', '.join(f'{one:%Y-%m-%d}' for one in cutoffs)}\n")
        print(f"| | {' | '.join(METRICS)} |\n| --- |{' --- |' * len(METRICS)}")
        draws = draw_members(len(askers), N_DRAWS, np.random.default_rng(1))[:, askers.search_sorted(first["asker"])]
        for method in frame.get_column("method").unique(maintain_order=True):
            of_method = frame.filter(pl.col("method") == method)
            print(f"| {method} | {' | '.join(_cell(of_method[metric].to_numpy(), draws) for metric in METRICS)} |")


def _cell(values: Floats, draws: Floats) -> str:
    known = ~np.isnan(values)
    figure = interval(draws[:, known] @ values[known] / np.maximum(draws[:, known].sum(axis=1), 1))
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


if __name__ == "__main__":
    main()
