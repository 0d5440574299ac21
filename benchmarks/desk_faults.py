"""Kills the real desk while organizers decide and publish: nothing lost, nothing sent twice, nothing left out.

    python -m benchmarks.desk_faults WORKSPACE --rounds 100 --writers 50 [--database postgresql://…]

WORKSPACE holds a run, as `matcher demo` leaves one; it is copied, its run several times under other names. In each
round `matcher review` is started, organizers with browsers decide and publish to a real mail server, a real receiver of
webhooks and files, until the desk is killed with signal 9 after a random time. Then the log and the outbox are looked
at; every other time a `matcher publish` is killed as well; then one is left to its end. At last, everything in doubt is
resolved by what its receiver really got. Then many organizers approve one suggestion at once. Prints one JSON line.

`lost`: acknowledged, and not in the log, or published and not in the outbox. `torn`: events that are not whole.
`missing`: parcels of what is published that the next `matcher publish` did not make. `unshown`: in doubt, and `matcher
publish --status` does not say so. `not_once`: members and receivers who in the end had not exactly one mail or message.
`wrong_files`: spreadsheets, letters and calendars that are not as they should be. `faults`: pages that failed.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from threading import Barrier
from time import perf_counter, sleep

import numpy as np
import polars as pl
from argon2 import PasswordHasher

from benchmarks import desk_left
from benchmarks.desk_copies import enlarge
from benchmarks.desk_left import Left
from benchmarks.desk_offices import Offices, open_offices
from benchmarks.desk_organizers import PASSWORD, WAYS, WHEN, ZONE, Forms, Organizer
from benchmarks.desk_pages import free_port
from benchmarks.desk_server import Program
from matcher.publish.parcels import parcel_key
from matcher.review.nights import Night
from matcher.storage.contacts import ContactStore
from matcher.storage.decisions.accounts import AccountStore
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.passwords import Passwords
from matcher.storage.dossiers import read_dossier
from matcher.storage.runs import RunStore
from matcher.storage.workspace import Workspace
from matcher.tables.contacts import Contacts
from matcher.tables.decisions import Members
from pipelines.events import now

ROUNDS_A_RUN, ORGANIZERS, LONGEST_S = 5, 3, 2.4
STEP = timedelta(minutes=11)
"""Between one command and the next: longer than any sending may be under way."""

SECRET = "whsec_" + "bWF0Y2hlcg" * 4
SETTINGS = """
[publish]
sender = "organizers@example.org"
smtp_host = "127.0.0.1"
smtp_port = {mail}
smtp_security = "none"
webhook_url = "http://127.0.0.1:{post}/hook"
answer_address = "https://desk.example.org"
"""


@dataclass
class Trial:
    """Everything that one measurement works with.

    Attributes:
        program: The program under trial.
        database: Looks at what it remembers.
        plans: By run the members of each suggestion, as the night left them.
        offices: Mail server and receiver.
        rng: Chance.
        organizers: Who decide.
        found: The counts.
    """

    program: Program
    database: Database
    plans: dict[str, dict[str, Members]]
    offices: Offices
    rng: np.random.Generator
    organizers: list[Organizer]
    found: Counter[str] = field(default_factory=Counter)

    def left(self, run_id: str) -> Left:
        """What a run looks like now."""
        return desk_left.look(self.database, run_id, self.plans[run_id])


def main() -> int:
    """Run all; 0 if nothing was lost, torn, doubled or left untold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="an empty PostgreSQL; without: the workspace's own SQLite file")
    asked = parser.parse_args()
    started, ports = perf_counter(), (free_port(), free_port(), free_port())
    os.environ |= {"MATCHER_WEBHOOK_SECRET": SECRET, "MATCHER_DATABASE": asked.database}
    with tempfile.TemporaryDirectory() as folder:
        trial = prepare(asked, Path(folder), ports)
        runs = [*trial.plans]
        with open_offices(trial.offices, *ports[:2]):
            for number in range(asked.rounds):
                kill_once(trial, runs[number // ROUNDS_A_RUN], is_command_killed=number % 2 == 1)
            resolve_all(trial)
            raced = race(trial, asked.writers)
        failed = [line for line in trial.program.said("review.log").splitlines() if "a page failed" in line]
        unexpected = [said for one in trial.organizers for said in one.unexpected]
        trial.found["faults"] = len(unexpected)
        print(*unexpected, *failed, sep="\n", end="", file=sys.stderr)
        found = {"rounds": asked.rounds, **count_all(trial), **raced, "seconds": round(perf_counter() - started)}
        trial.database.close()
    print(json.dumps(found))
    bad = ("lost", "torn", "sent_twice", "missing", "unshown", "not_once", "wrong_files", "faults")
    return 1 if any(found[name] for name in bad) or found["winners"] != 1 else 0


def prepare(asked: argparse.Namespace, folder: Path, ports: tuple[int, int, int]) -> Trial:
    """Copy the workspace, its run many times, and give everybody an address."""
    workspace, mail, post = Workspace(folder=folder / "workspace"), *ports[:2]
    source = RunStore(folder=asked.workspace / "runs").current()
    n_groups, plans = len(read_dossier(source).groups), dict[str, dict[str, Members]]()
    for number in range(-(-asked.rounds // ROUNDS_A_RUN) + 1):
        # Other people each time: who was told of something in one run is not told of something else in the next.
        folder_of_run = workspace.runs_folder / f"{source.name}-{number}"
        enlarge(source, folder_of_run, n_groups=n_groups, first=number)
        night = Night(folder=folder_of_run, dossier=read_dossier(folder_of_run))
        plans[folder_of_run.name] = dict(night.suggestions)
    workspace.settings_file.write_text(SETTINGS.format(mail=mail, post=post), encoding="utf-8")
    people = sorted({one for plan in plans.values() for members in plan.values() for one in members})
    contacts = pl.DataFrame({"member": people, "email": [f"{one}@example.org" for one in people]})
    ContactStore(folder=workspace.contacts_folder).save(Contacts(contacts), quarantine=pl.DataFrame())
    database = Database(asked.database or workspace.folder / "desk.sqlite")
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    names = [f"organizer {number}" for number in range(max(asked.writers, ORGANIZERS))]
    for name in names:
        AccountStore(database, passwords=cheap).add(name, PASSWORD, "organizer", now=now())
    program = Program(workspace=workspace.folder, printed=folder, port=ports[2])
    return Trial(
        program=program,
        database=database,
        plans=plans,
        offices=Offices(rng=np.random.default_rng([asked.seed, 0])),
        rng=np.random.default_rng([asked.seed, 1]),
        organizers=[
            Organizer(name=name, address=program.address, rng=np.random.default_rng([asked.seed, 2, number]))
            for number, name in enumerate(names)
        ],
    )


def kill_once(trial: Trial, run_id: str, *, is_command_killed: bool) -> None:
    """One round: a desk at work is killed; then what is left is looked at, and completed."""
    program, working = trial.program, trial.organizers[:ORGANIZERS]
    desk = program.open_desk()
    for one in working:
        one.sign_in()
    with ThreadPoolExecutor(ORGANIZERS) as pool:
        days = [pool.submit(one.work, run_id, trial.plans[run_id]) for one in working]
        sleep(float(trial.rng.uniform(0, LONGEST_S)))
        desk.kill()
        for day in days:
            day.result()
    desk.join()
    left = trial.left(run_id)
    told = [event for one in working for event in one.acknowledged if event.run_id == run_id]
    trial.found["lost"] += desk_left.count_lost(left, told)
    trial.found["torn"] += desk_left.count_torn(left, trial.plans[run_id])
    trial.found["cut_off"] += bool(desk_left.missing(left, left.published))

    program.later += STEP
    channels = [word for way in WAYS for word in ("--to", way)]
    order = (*channels, "--when", WHEN, "--zone", ZONE)
    if is_command_killed:
        program.publish(run_id, *order, dies_after_s=float(trial.rng.uniform(0.2, LONGEST_S)))
    program.publish(run_id, *order)
    left = trial.left(run_id)
    trial.found["missing"] += len(desk_left.missing(left, left.published))

    program.later += STEP
    shown = {one["number"] for one in json.loads(program.publish(run_id, "--status", "--json"))["in_doubt"]}
    doubted = {entry.number for one in trial.plans for entry in trial.left(one).entries if entry.state == "sending"}
    trial.found["unshown"] += len(doubted - shown)
    trial.found["in_doubt"] = len(doubted)
    program.later += STEP


def resolve_all(trial: Trial) -> None:
    """Look at what the receivers got, and say so on the desk, until nothing is left to say or to send."""
    program, organizer = trial.program, trial.organizers[0]
    for _ in range(20):
        entries = [entry for one in trial.plans for entry in trial.left(one).entries]
        if all(entry.state == "sent" for entry in entries):
            return
        desk = program.open_desk()
        organizer.sign_in()
        organizer.resolve({entry.number: trial.offices.taken(parcel_key(entry)) for entry in entries})
        desk.terminate()
        desk.join()
        program.later += 6 * STEP
        program.publish(next(iter(trial.plans)))
        program.later += STEP


def race(trial: Trial, n_writers: int) -> dict[str, int]:
    """Let many organizers, each signed in, approve one suggestion of a new run at once; each is told how it went."""
    writers, start = trial.organizers[:n_writers], Barrier(n_writers)
    run_id, plan = [*trial.plans.items()][-1]
    desk, card = trial.program.open_desk(), f"/runs/{run_id}/suggestions/{next(iter(plan))}"

    def approve(one: Organizer) -> tuple[int, str]:
        (action, fields), *_ = [
            form for form in Forms(one.browser.get(card).text).to("/decide") if form[1]["kind"] == ["approve"]
        ]
        start.wait()
        answer = one.send(action, fields)
        return answer.status_code, answer.text

    try:
        for one in writers:
            one.sign_in()
        with ThreadPoolExecutor(n_writers) as pool:
            answers = [*pool.map(approve, writers)]
    finally:
        desk.kill()
        desk.join()
    events = trial.left(run_id).events
    told = [text for status, text in answers if status == HTTPStatus.CONFLICT]
    return {
        "writers": n_writers,
        "winners": sum(status == HTTPStatus.SEE_OTHER for status, _ in answers),
        "told_who_won": sum(f"{events[0].by} approved it" in text for text in told),
        "events": len(events),
    }


def count_all(trial: Trial) -> dict[str, int]:
    """The counts, with those of the whole at the end."""
    lefts, folder = {run_id: trial.left(run_id) for run_id in trial.plans}, trial.program.workspace / "published"
    return {
        "acknowledged": sum(len(one.acknowledged) for one in trial.organizers),
        "published": sum(len(left.published) for left in lefts.values()),
        "mails": len(trial.offices.mails),
        "posts": len(trial.offices.posts),
        **trial.found,
        "sent_twice": desk_left.count_twice(lefts.values(), trial.offices),
        "not_once": desk_left.count_not_once(lefts, trial.offices),
        "wrong_files": sum(desk_left.count_wrong_files(left, folder / run_id) for run_id, left in lefts.items()),
    }


if __name__ == "__main__":
    sys.exit(main())
