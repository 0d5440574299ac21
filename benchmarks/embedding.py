"""Which encoder to use: throughput beside neighbour overlap with the fp32 reference, in one run.

    python -m benchmarks.embedding --python onnx=PATH --python openvino=PATH --python static=PATH

Texts are messages of the real communities under MATCHER_DATA (default ../shared/data). The engines
that do not live beside the core's libraries run in environments of their own, each a process of
this same run; without `--python` for one, its row says that it was skipped:

    onnx       the core, and pip install onnxruntime onnx onnxscript
    openvino   the core, and pip install openvino nncf
    static     the core, and pip install 'model2vec[distill]'

Each row is built once, then run in a fresh process `--rounds` times, in turn with the others; the
round with the least CPU counts. Prints a table, and one line of JSON a row.
"""

import argparse
import html
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks import DATA
from benchmarks.embedding_engines import BUILDERS, LOADERS
from matcher.units import Vectors

ROWS = {
    "torch fp32": "torch",
    "torch bf16": "torch",
    "torch bf16, no AMX": "torch",
    "onnx int8": "onnx",
    "openvino int8": "openvino",
    "static": "static",
}
"""Each row and the environment that it runs in; the first is the reference."""

PACKAGES = ("torch", "transformers", "sentence-transformers", "onnxruntime", "openvino", "nncf", "model2vec")


def main() -> int:
    """Run every row, or with `--row` be the process of one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=1_500)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--python", action="append", default=[], metavar="ENGINE=PATH")
    parser.add_argument("--row", choices=ROWS, help=argparse.SUPPRESS)
    parser.add_argument("--step", choices=("build", "run"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.row:
        _be_a_row(given.row, given.step, given.folder)
        return 0
    data = DATA / "stackexchange"
    if not data.is_dir():
        print(f"skipped: no real communities in {data}; set MATCHER_DATA")
        return 0
    pythons = {"torch": sys.executable, **dict(choice.split("=", 1) for choice in given.python)}
    with tempfile.TemporaryDirectory() as folder:
        texts = real_texts(data, given.texts)
        (Path(folder) / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        report(_measure(Path(folder), pythons, given.rounds))
    return 0


def real_texts(data: Path, n_texts: int) -> list[str]:
    """Messages spread evenly over all communities' dumps, cut as the budget cuts them."""
    texts = []
    for path in sorted(data.glob("*/*.xml")):
        if path.name not in {"Posts.xml", "Comments.xml"}:
            continue
        for line in path.read_text(encoding="utf-8-sig").splitlines():
            found = re.search(r' (?:Text|Body)="([^"]*)"', line)
            words = " ".join(re.sub("<[^>]+>", " ", html.unescape(found[1])).split()) if found else ""
            if len(words) >= 40:
                texts.append(html.unescape(words)[:600])
    return [texts[int(place)] for place in np.linspace(0, len(texts) - 1, n_texts)]


def _measure(folder: Path, pythons: dict[str, str], rounds: int) -> list[dict[str, Any]]:
    """Build every row, then run them in turn."""
    figures = {row: _build(folder, pythons, row) for row in ROWS}
    for _ in range(rounds):
        for row in ROWS:
            if "skipped" not in figures[row]:
                figures[row] = _run(folder, pythons, figures[row])
    reference = np.load(folder / f"{next(iter(ROWS))}.npy")
    for row in ROWS:
        if "skipped" not in figures[row]:
            figures[row] |= likeness(np.load(folder / f"{row}.npy"), reference)
    return list(figures.values())


def _build(folder: Path, pythons: dict[str, str], row: str) -> dict[str, Any]:
    """Build one row's engine; says why, where it cannot be had."""
    engine = ROWS[row]
    if engine not in pythons:
        return {"row": row, "skipped": f"no --python {engine}=PATH given"}
    failure = _start(pythons[engine], row, "build", folder)
    return {"row": row} if failure is None else {"row": row, "skipped": failure}


def _run(folder: Path, pythons: dict[str, str], before: dict[str, Any]) -> dict[str, Any]:
    """Run one row once; the better of now and before."""
    row = before["row"]
    failure = _start(pythons[ROWS[row]], row, "run", folder)
    if failure is not None:
        return {"row": row, "skipped": failure}
    now: dict[str, Any] = json.loads((folder / f"{row}.json").read_text(encoding="utf-8"))
    return min(before, now, key=lambda found: found.get("cpu_seconds", np.inf))


def _start(python: str, row: str, step: str, folder: Path) -> str | None:
    """Run one step of one row as a process of its own; returns the last line of its error, if any."""
    command = [python, "-m", "benchmarks.embedding", "--row", row, "--step", step, "--folder", str(folder)]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    if row.endswith("no AMX"):
        environment["ONEDNN_MAX_CPU_ISA"] = "AVX512_CORE_BF16"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    print(f"{step:>6} {row}: {'done' if done.returncode == 0 else 'failed'}", file=sys.stderr)
    return None if done.returncode == 0 else (done.stderr.strip().splitlines() or ["no message"])[-1]


def _be_a_row(row: str, step: str, folder: Path) -> None:
    """Build an engine, or load it and encode everything, in this process."""
    texts: list[str] = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    engine = ROWS[row]
    if step == "build":
        BUILDERS[engine](folder, texts)
        return
    started = perf_counter()
    encode = LOADERS[engine](folder, row)
    encode(texts[:32])
    loaded, cpu_loaded = perf_counter(), process_time()
    vectors = encode(texts)
    wall_seconds, cpu_seconds = perf_counter() - loaded, process_time() - cpu_loaded
    np.save(folder / f"{row}.npy", vectors)
    found = {
        "row": row,
        "n_texts": len(texts),
        "load_seconds": round(loaded - started, 2),
        "wall_seconds": round(wall_seconds, 2),
        "cpu_seconds": round(cpu_seconds, 2),
        "texts_per_wall_second": round(len(texts) / wall_seconds, 1),
        "texts_per_cpu_second": round(len(texts) / cpu_seconds, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "machine": machine(),
        "versions": versions(),
    }
    (folder / f"{row}.json").write_text(json.dumps(found), encoding="utf-8")


def likeness(vectors: Vectors, reference: Vectors) -> dict[str, float]:
    """How well vectors keep the reference's neighbourhoods.

    Args:
        vectors: Unit vectors, shape (text, dim); dim may differ from the reference's.
        reference: Unit vectors, shape (text, dim).

    Returns:
        The mean share of each text's ten nearest that are the same, and Spearman's rank correlation
        over all pairs.
    """
    ours, theirs = vectors @ vectors.T, reference @ reference.T
    pairs = np.triu_indices(len(ours), 1)
    ranks = [np.argsort(np.argsort(matrix[pairs])) for matrix in (ours, theirs)]
    np.fill_diagonal(ours, -2)
    np.fill_diagonal(theirs, -2)
    nearest = [np.argpartition(-matrix, 10, axis=1)[:, :10] for matrix in (ours, theirs)]
    shared = [len(set(one) & set(other)) for one, other in zip(*nearest, strict=True)]
    return {
        "overlap_at_10": round(float(np.mean(shared)) / 10, 4),
        "spearman": round(float(np.corrcoef(ranks[0], ranks[1])[0, 1]), 4),
    }


def machine() -> str:
    """Processor and how many of it."""
    cpuinfo = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", cpuinfo.read_text(encoding="utf-8")) if cpuinfo.exists() else []
    return f"{names[0] if names else platform.processor()} x{os.cpu_count()}"


def versions() -> dict[str, str]:
    """Of every library that is installed here and matters."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def report(figures: Sequence[dict[str, Any]]) -> None:
    """Print the table and the lines."""
    shown = ("texts_per_wall_second", "texts_per_cpu_second", "overlap_at_10", "spearman", "peak_mb", "load_seconds")
    print("| row | " + " | ".join(name.replace("_", " ") for name in shown) + " |")
    print("|---" * (len(shown) + 1) + "|")
    for found in figures:
        cells = [str(found[name]) for name in shown] if "skipped" not in found else [f"skipped: {found['skipped']}"]
        print(f"| {found['row']} | " + " | ".join(cells) + " |")
    for found in figures:
        print(json.dumps(found))


if __name__ == "__main__":
    sys.exit(main())
