"""Kills writers of the desk's database at random moments, and lets many decide at once: nothing lost, nothing twice.

    python -m benchmarks.desk_crashes DATABASE --rounds 100 --writers 50

DATABASE is a path for SQLite or a postgresql:// address; it must be new. In each round a process decides, sends and
records until it is killed with signal 9 after a random time; then everything it had been told is done must be there,
whole, and nothing may have been sent twice. Prints one JSON line.
"""

import argparse
import json
import os
import select
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import NoReturn

import numpy as np

from matcher.errors import ConflictError
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.outbox import Outbox, Parcel
from matcher.storage.decisions.store import DecisionStore
from matcher.tables.deciding import undoing
from matcher.tables.decisions import Decision, Event
from matcher.tables.drafts import Draft

NOW = datetime(2024, 5, 1, tzinfo=UTC)
PLAN = {f"g-{group}": tuple(f"m{group}{seat}" for seat in range(4)) for group in range(6)}
ROUNDS_A_RUN = 10
LONGEST_S = 0.2


def main() -> int:
    """Run both and print what was found; 0 if nothing was lost, doubled or left untold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started = perf_counter()
    Database(asked.database).close()
    with tempfile.TemporaryDirectory() as folder:
        found = kill_writers(asked.database, Path(folder) / "sent", n_rounds=asked.rounds, seed=asked.seed)
    found |= race(asked.database, n_writers=asked.writers)
    print(json.dumps({**found, "seconds": round(perf_counter() - started, 1)}))
    return 1 if found["lost"] or found["torn"] or found["sent_twice"] or found["winners"] != 1 else 0


def kill_writers(database: str, sent: Path, *, n_rounds: int, seed: int) -> dict[str, int]:
    """Kill one writer a round, and look at what is left after each."""
    rng = np.random.default_rng(seed)
    found: Counter[str] = Counter(lost=0, torn=0, sent_twice=0, in_doubt=0)
    acknowledged: dict[str, list[int]] = {}
    for number in range(n_rounds):
        run_id = f"run-{number // ROUNDS_A_RUN}"
        told = _killed(database, run_id, sent, seed=seed + number, after_s=rng.uniform(0, LONGEST_S))
        acknowledged.setdefault(run_id, []).extend(told)
        found["acknowledged"] += len(told)
        found.update(_looked_at(database, run_id, acknowledged[run_id]))
    found.update(_sent_twice(database, sent))
    return {"rounds": n_rounds, **found}


def race(database: str, *, n_writers: int) -> dict[str, int]:
    """Let many processes approve one suggestion at once; each says how it went."""
    reads, writes = os.pipe()
    gate_reads, gate_writes = os.pipe()
    children = []
    for number in range(n_writers):
        child = os.fork()
        if child == 0:
            os.close(gate_writes)
            _approve(database, f"writer {number}", gate_reads, writes)
        children.append(child)
    for end in (writes, gate_reads, gate_writes):
        os.close(end)
    with os.fdopen(reads, encoding="utf-8") as answers:
        said = [json.loads(line) for line in answers]
    for child in children:
        os.waitpid(child, 0)
    winners = [one["by"] for one in said if one["won"]]
    n_told = sum(not one["won"] and all(winner in one["message"] for winner in winners) for one in said)
    return {"writers": n_writers, "winners": len(winners), "told_who_won": n_told}


def _approve(database: str, by: str, gate: int, writes: int) -> NoReturn:
    store = DecisionStore(Database(database))
    os.read(gate, 1)  # until the parent closes the other end: all begin at once
    answer = {"by": by, "won": True, "message": ""}
    try:
        store.append(_decision("race", "approve", {"g-0": 0}, by=by), PLAN)
    except ConflictError as told:
        answer |= {"won": False, "message": str(told)}
    os.write(writes, json.dumps(answer).encode() + b"\n")
    os._exit(0)


def _killed(database: str, run_id: str, sent: Path, *, seed: int, after_s: float) -> list[int]:
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        try:
            _write_for_ever(database, run_id, sent, writes, seed)
        finally:
            os._exit(1)  # a writer never ends by itself: the parent would see that it was not killed
    os.close(writes)
    with os.fdopen(reads, encoding="utf-8") as answers:
        answers.readline()  # it is at work
        select.select([], [], [], after_s)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.exit("a writer failed before it was killed")
        # A line is written in one piece, so that none is half there.
        return [int(line) for line in answers]


def _write_for_ever(database: str, run_id: str, sent: Path, writes: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = Database(database)
    store, outbox = DecisionStore(base), Outbox(base)
    os.write(writes, b"ready\n")
    while True:
        events = store.events(run_id)
        number = store.append(_any_decision(store.draft(run_id, PLAN), events, run_id, rng), PLAN)
        os.write(writes, f"{number}\n".encode())
        parcel = Parcel(
            run_id=run_id, suggestion="g-0", version=number, channel="mail", recipient="m00", payload="come"
        )
        outbox.enqueue(parcel, now=NOW)
        while (entry := outbox.take_next(now=NOW)) is not None:
            with sent.open("ab", buffering=0) as post:
                post.write(f"{entry.number}\n".encode())
            outbox.mark_sent(entry, now=NOW)


def _any_decision(draft: Draft, events: Sequence[Event], run_id: str, rng: np.random.Generator) -> Decision:
    """Something legal: a swap between two groups, a note, or an undo."""
    open_events = [event for event in events if draft.may_undo(event)]
    choice = rng.integers(3)
    if choice == 0 and open_events:
        return undoing(draft, open_events[int(rng.integers(len(open_events)))], by="ana", at=NOW)
    first, second = (f"g-{group}" for group in rng.permutation(len(PLAN))[:2])
    seen = {one: draft.version_of(one) for one in (first, second)}
    if choice == 1:
        return _decision(run_id, "note", seen, words="a note " * 50)
    (a, *rest), (b, *others) = draft.suggestions[first].members, draft.suggestions[second].members
    return _decision(run_id, "change", seen, lists={first: (*rest, b), second: (*others, a)})


def _decision(
    run_id: str,
    kind: str,
    touched: dict[str, int],
    *,
    by: str = "ana",
    words: str = "",
    lists: dict[str, tuple[str, ...] | None] | None = None,
) -> Decision:
    return Decision(run_id=run_id, kind=kind, by=by, at=NOW, touched=touched, lists=lists or {}, words=words)


def _looked_at(database: str, run_id: str, acknowledged: list[int]) -> Counter[str]:
    """Acknowledged events that are not there, and events that are not whole."""
    base = Database(database)
    events = DecisionStore(base).events(run_id)
    draft = DecisionStore(base).draft(run_id, PLAN)
    base.close()
    numbers = [event.number for event in events]
    seen: dict[str, list[int]] = {}
    for event in events:
        for suggestion, version in event.touched.items():
            seen.setdefault(suggestion, []).append(version)
    seated = Counter(member for one in draft.suggestions.values() for member in one.members)
    n_torn = sum(versions != list(range(len(versions))) for versions in seen.values())
    n_torn += sum(len(event.touched) != 2 for event in events) + (numbers != list(range(1, len(numbers) + 1)))
    n_torn += seated != Counter(member for members in PLAN.values() for member in members)
    return Counter(lost=len(set(acknowledged) - set(numbers)), torn=n_torn)


def _sent_twice(database: str, sent: Path) -> Counter[str]:
    base = Database(database)
    entries = Outbox(base).entries()
    base.close()
    went = Counter(int(line) for line in sent.read_text(encoding="utf-8").split())
    known = {entry.number for entry in entries if entry.state == "sent"}
    doubts = {entry.number for entry in entries if entry.state == "sending"}
    n_untold = len(known - set(went)) + len(set(went) - known - doubts)
    return Counter(
        sent_twice=sum(times > 1 for times in went.values()), torn=n_untold, in_doubt=len(doubts), sent=len(went)
    )


if __name__ == "__main__":
    sys.exit(main())
