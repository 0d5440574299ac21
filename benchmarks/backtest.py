"""What a backtest costs as a community's history grows.

Run it with `python -m benchmarks.backtest` (about a quarter of an hour). The chat archive under MATCHER_DATA (or
../shared/data) is cut after its first quarter, its first half, and not at all; each part is imported and replayed
twice by the command line, a process of its own: first with an empty cache of vectors, then with a full one.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import polars as pl

from benchmarks.local_archive import CHAT, SETTINGS

SHARES = (0.25, 0.5, 1.0)
COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]


def main() -> None:
    """Measure, and print a table."""
    if not CHAT.exists():
        sys.exit(f"no archive at {CHAT}; set MATCHER_DATA")
    print("| messages | pairs judged | first time s | again s | again, s per 100,000 messages | peak MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for share in SHARES:
        print(measure(pl.read_parquet(CHAT).sort("ts", "msg_id"), share), flush=True)


def measure(messages: pl.DataFrame, share: float) -> str:
    """One row: the oldest share of the messages, replayed at four cutoffs."""
    part = messages.head(round(share * messages.height))
    with tempfile.TemporaryDirectory() as folder:
        export, workspace = Path(folder) / "messages.parquet", Path(folder) / "workspace"
        workspace.mkdir()
        part.write_parquet(export)
        (workspace / "matcher.toml").write_text(SETTINGS, encoding="utf-8")
        run(["import", "table", str(export)], workspace)
        seconds, answers = zip(*(run(["backtest", "--json"], workspace) for _ in range(2)), strict=True)
    facts = json.loads(answers[1])
    n_pairs = sum(
        one["n_pairs"]
        for one in facts["results"]
        if (one["method"], one["protocol"], one["metric"]) == ("ours", "all_pairs", "auc")
    )
    per_messages = seconds[1] / part.height * 100_000
    return (
        f"| {part.height:,} | {n_pairs:,} | {seconds[0]:.0f} | {seconds[1]:.0f} | {per_messages:.1f} "
        f"| {facts['peak_mb']:,.0f} |"
    )


def run(arguments: list[str], workspace: Path) -> tuple[float, str]:
    """Wall seconds of a whole process that must succeed, and what it printed."""
    started = perf_counter()
    done = subprocess.run(
        [*COMMAND, *arguments, "--workspace", str(workspace)], check=True, capture_output=True, text=True
    )
    return perf_counter() - started, done.stdout


if __name__ == "__main__":
    main()
