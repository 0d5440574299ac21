"""The backtest: nothing after the cutoff can leak, and every figure stands beside the baselines'."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matcher.metrics.history import HistoryOptions, came_true, community_then, eligible_pairs
from matcher.settings import Settings
from matcher.storage.workspace import Workspace
from matcher.tables.community import Members, Messages
from pipelines.replay import score_history
from tests.pipelines.conftest import matcher
from tests.worlds import AS_OF, ENGINES, Raw, Said, raw_world

CUTOFF = AS_OF - timedelta(days=180)
HISTORY = HistoryOptions(min_messages=3)
WORDS = {"bread": "knead dough oven crust flour sourdough", "boats": "sail rope anchor harbour keel wind"}


def village(n_members: int = 30, n_messages: int = 1_500, days: int = 600) -> Raw:
    """Bakers and sailors, the first of each loudest, who name each other all day; half of them never meet."""
    rng = np.random.default_rng(7)
    loudness = 1 / np.arange(1, n_members + 1)
    said = []
    for number in range(n_messages):
        one = int(rng.choice(n_members, p=loudness / loudness.sum()))
        other = int(rng.choice(np.arange(one % 2, n_members, 2)))
        topic = "boats" if one % 2 else "bread"
        text = " ".join(rng.choice(WORDS[topic].split(), 6)) + f" {number % 50}?"
        said.append(
            Said(
                by=f"m{one:02d}",
                id=f"{number:05d}",
                naming=[f"m{other:02d}"] if rng.random() < 0.7 else [],
                days_ago=float(rng.uniform(0, days)),
                thread=f"{topic}/{number % 40}",
                topics=[topic],
                text=text,
            )
        )
    return raw_world(said)


def scores_of(raw: Raw, messages: Messages) -> dict[str, bytes]:
    """Every score of every method for every eligible pair, with the pairs, to the byte."""
    community = community_then(raw.members, messages, CUTOFF)
    found = {}
    for use, (pairs, scores) in score_history(community, ENGINES, Settings(), HISTORY, seed=1).items():
        found[f"{use}: pairs"] = pairs.rows_a.tobytes() + pairs.rows_b.tobytes() + pairs.decile.tobytes()
        found |= {f"{use}: {method}": values.tobytes() for method, values in scores.items()}
    return found


def truths(raw: Raw, messages: Messages) -> dict[str, int]:
    """How many pairs came true, by use."""
    community = community_then(raw.members, raw.messages, CUTOFF)
    eligible = eligible_pairs(community, HISTORY)
    return {use: int(came_true(pairs, messages, HISTORY).sum()) for use, pairs in eligible.items()}


def scrambled(future: pl.DataFrame) -> pl.DataFrame:
    """Everybody says what somebody else said, to somebody else's friends."""
    return future.with_columns(pl.col("text", "mentions", "thread", "topics").reverse())


def deleted(future: pl.DataFrame) -> pl.DataFrame:
    """Nothing happens any more."""
    return future.head(0)


def invented(future: pl.DataFrame) -> pl.DataFrame:
    """Everything is said three times more, and replies reach back over the cutoff."""
    copies = [
        future.with_columns(message=pl.col("message") + f"-{number}", reply_to=pl.lit("00000"), n_links=pl.lit(9))
        for number in range(3)
    ]
    return pl.concat([future, *(copy.cast({"n_links": pl.UInt16()}) for copy in copies)])


@pytest.mark.parametrize("change", [scrambled, deleted, invented], ids=lambda change: change.__name__)
def test_nothing_after_the_cutoff_changes_any_score(change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Not ours, not a baseline's, not who is eligible; while what came true does change."""
    raw = village()
    said = raw.messages.frame
    is_past = pl.col("sent_at") <= CUTOFF
    messages = Messages.sorted(pl.concat([said.filter(is_past), change(said.filter(~is_past))]))

    assert scores_of(raw, messages) == scores_of(raw, raw.messages)
    assert truths(raw, messages) != truths(raw, raw.messages)


def test_members_who_come_later_change_nothing() -> None:
    """A whole crowd that arrives after the cutoff is not there yet."""
    raw = village()
    crowd = raw_world(
        [
            Said(by=f"n{number:02d}", id=f"n{number}", naming=["m00", "m01"], days_ago=20, topics=["bread"])
            for number in range(40)
        ],
    )
    grown = Raw(
        members=Members.sorted(pl.concat([raw.members.frame, crowd.members.frame]).unique("member")),
        messages=Messages.sorted(pl.concat([raw.messages.frame, crowd.messages.frame])),
        blocks=raw.blocks,
    )

    assert scores_of(grown, grown.messages) == scores_of(raw, raw.messages)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The village in a workspace, to be read without a model."""
    folder = tmp_path_factory.mktemp("village")
    raw = village()
    Workspace(folder=folder).save_community(
        raw.members, raw.messages, raw.blocks, source="test", notice="Made up.", quarantine=pl.DataFrame()
    )
    (folder / "matcher.toml").write_text("[embedding]\nmodel = 'word-hash'\n")
    return folder


def test_the_answer_for_programs_keeps_its_contract(workspace: Path) -> None:
    """Every use, protocol, method and metric once, with an interval around the value; and differences."""
    asked = ("--cutoff", "2025-07-01", "--cutoff", f"{CUTOFF:%Y-%m-%d}", "--min-messages", "3", "--resamples", "50")
    answer = json.loads(matcher("backtest", "--workspace", str(workspace), *asked, "--json").stdout)
    again = json.loads(matcher("backtest", "--workspace", str(workspace), *asked, "--json").stdout)

    asks = [(one["use"], one["protocol"], one["method"], one["metric"]) for one in answer["results"]]
    assert len(set(asks)) == len(asks)
    assert {ask[:2] for ask in asks} == set(product(("introduce", "reunite"), ("all_pairs", "activity_matched")))
    assert {ask[3] for ask in asks} == {"auc", "hit_at_10", "mrr", "ndcg_at_10"}
    assert {"ours", "ours without embeddings", "random", "recent activity", "text", "Adamic-Adar"} < {
        ask[2] for ask in asks
    }
    assert answer["cutoffs"] == ["2025-07-01T00:00:00+00:00", f"{CUTOFF:%Y-%m-%d}T00:00:00+00:00"]
    for one in answer["results"]:
        assert one["low"] <= one["value"] <= one["high"]
        assert one["n_pairs"] > one["n_positives"] > 0
        assert one["n_members"] > 0
    ours = {
        (one["use"], one["protocol"], one["metric"]): one["value"]
        for one in answer["results"]
        if one["method"] == "ours"
    }
    other = {ask: one["value"] for ask, one in zip(asks, answer["results"], strict=True)}
    for one in answer["differences"]:
        place = one["use"], one["protocol"], one["metric"]
        baseline = other[one["use"], one["protocol"], one["baseline"], one["metric"]]
        assert one["value"] == pytest.approx(ours[place] - baseline, abs=2e-6)
        assert one["low"] <= one["high"]
    assert [one["cutoff"] for one in answer["by_cutoff"]] == answer["cutoffs"]
    for measured in ("seconds", "peak_mb"):
        del answer[measured], again[measured]
    assert again == answer


def test_the_answer_for_people_sets_ours_beside_the_baselines(workspace: Path) -> None:
    """With what each part adds, and a word where there is too little to tell."""
    said = matcher("backtest", "--workspace", str(workspace), "--min-messages", "3", "--resamples", "50").stdout

    assert "Replayed village" in said
    assert "introduce, activity_matched: " in said
    assert "what each part adds" in said
    assert "came true" in said
    assert "Made up." in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--cutoff", "soon"], "--cutoff is 'soon'; needs a date", id="no-date"),
        pytest.param(["--cutoff", "2001-01-01"], "hardly anybody was active before 2001-01-01", id="too-early"),
        pytest.param(["--cutoff", "2026-01-15"], "too little is known of what came after 2026-01-15", id="too-late"),
    ],
)
def test_what_cannot_be_replayed_is_refused(workspace: Path, arguments: list[str], message: str) -> None:
    """With what to do instead."""
    done = matcher("backtest", "--workspace", str(workspace), *arguments, check=False)

    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_short_history_is_cut_once_in_the_middle_and_says_so(workspace: Path) -> None:
    """A horizon that does not fit is shortened in the open, never silently."""
    asked = ("--horizon-days", "400", "--min-messages", "3", "--resamples", "20", "--json")
    answer = json.loads(matcher("backtest", "--workspace", str(workspace), *asked).stdout)

    assert len(answer["cutoffs"]) == 1
    assert answer["horizon_days"] == 299


def test_importing_the_library_does_not_wait_for_scikit_learn() -> None:
    """It is slow to import, and only a backtest needs it."""
    seen = "import sys, matcher, pipelines.backtest; assert 'sklearn' not in sys.modules"

    assert subprocess.run([sys.executable, "-c", seen], check=False).returncode == 0
