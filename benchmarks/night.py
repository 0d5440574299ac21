"""What a night costs, and what a second night on unchanged input costs beside it.

Run it with `python -m benchmarks.night [--repeat 3]`. For the demo and for each real community under
MATCHER_DATA (or ../shared/data), in turn: import, a first night with an empty cache, a second night. Each
is a process of its own, timed from outside; one table of medians, then one JSON line a community. Also
`import matcher`, timed as a process beside `import polars`, which it cannot be faster than.
"""

import argparse
import json
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import DATA

COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]
COMMUNITIES = ("demo", "beer", "cardano")
IMPORTS = ("matcher", "polars")
SPLIT = ("importing_seconds", "embedding_seconds", "rest_seconds")
SHOWN = ("n_embedded", "first_seconds", *SPLIT, "second_seconds", "ratio", "peak_mb")


def main() -> None:
    """Measure, and print a table and JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    n_repeats = parser.parse_args().repeat
    rows = [row for name in COMMUNITIES if (row := measure(name, n_repeats))]
    print(f"{'community':<10}" + "".join(f"{name.replace('_seconds', ' s'):>13}" for name in SHOWN))
    for row in rows:
        print(f"{row['community']:<10}" + "".join(f"{row[name]:>13.2f}" for name in SHOWN))
    ours, floor = (
        statistics.median(timed([sys.executable, "-c", f"import {one}"]) for _ in range(5)) for one in IMPORTS
    )
    print(f"import matcher {ours:.2f} s, beside import polars {floor:.2f} s (medians of 5 processes)")
    machine = {"machine": platform.processor() or platform.machine(), "python": platform.python_version()}
    for row in rows:
        print(json.dumps(row | machine))


def measure(name: str, n_repeats: int) -> dict[str, Any] | None:
    """Medians of a first night and the night after it; None where the data is missing."""
    dump = DATA / "stackexchange" / name
    if name != "demo" and not dump.is_dir():
        print(f"skipped {name}: no dump at {dump}; set MATCHER_DATA")
        return None
    arrive = ["demo"] if name == "demo" else ["import", "stackexchange", str(dump)]
    with tempfile.TemporaryDirectory() as folder:
        timed([*COMMAND, *arrive, "--workspace", folder])
        nights = [two_nights(Path(folder)) for _ in range(n_repeats)]
    medians = {key: round(statistics.median(night[key] for night in nights), 3) for key in nights[0]}
    return {"community": name, "n_repeats": n_repeats, **medians}


def two_nights(workspace: Path) -> dict[str, float]:
    """Run a first night with nothing cached, then a second one."""
    shutil.rmtree(workspace / "cache", ignore_errors=True)
    run = [*COMMAND, "run", "--workspace", str(workspace), "--json"]
    first = timed(run)
    live = workspace / "runs" / (workspace / "runs" / "current").read_text().strip()
    facts = json.loads((live / "metrics.json").read_text())
    second = timed(run)
    return {
        "first_seconds": first,
        "second_seconds": second,
        "ratio": second / first,
        "n_embedded": facts["embedding"]["n_embedded"],
        "peak_mb": facts["memory"]["peak_mb"],
        **{name: facts["seconds"][name] for name in SPLIT},
    }


def timed(command: list[str]) -> float:
    """Wall seconds of a whole process that must succeed."""
    started = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return perf_counter() - started


if __name__ == "__main__":
    main()
