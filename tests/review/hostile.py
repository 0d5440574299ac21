"""A small night in which every field that a member can fill is an attack."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from matcher import Settings, plan_meetups
from matcher.storage.runs import RunStore
from matcher.storage.workspace import Workspace
from matcher.tables.community import Community, Members, Messages, Venues
from matcher.tables.geography import Places
from matcher.tables.proposals import Plan, RunFacts
from pipelines.kept import KeptTables
from pipelines.run_folder import run_desk, run_tables
from tests.worlds import ENGINES, LONG, Person, Said, talk, world

RUN = "2026-03-01-05115113"
SCRIPT = "<script>alert('member')</script>"
BREAKOUT = '"\' onload=alert(1) autofocus onfocus=alert(1) x="'
TEMPLATE = "{{ 7 * 191 }}"
URLS = ("javascript:alert('member')", 'https://ok.example/"onmouseover="alert(1)', "data:text/html,<script>alert(1)")
ATTACKS = ("<script>alert", "<img src=x", "javascript:alert", 'onmouseover="alert', "data:text/html", "1337</")

NAMES = (
    SCRIPT,
    BREAKOUT,
    TEMPLATE,
    "<img src=x onerror=alert(1)>",
    "\u202eevil\u2066",
    "' --",
    "</title><script>alert(2)",
)
TOPICS = ("<script>alert('topic')</script>", '"><img src=x onerror=alert(3)>')


def write_hostile_night(workspace: Workspace) -> Path:
    """Plan a night for seven members of one town, all of them attackers, and make it live; returns its folder."""
    community, kept = _community(), KeptTables()
    plan = plan_meetups(community, ENGINES, Settings(), rng=np.random.default_rng(1), kept=kept)
    facts = RunFacts(run_id=RUN, seed=1, model="word-hash", input_fingerprint="", settings_fingerprint="")
    assert len(kept.get(Plan).seats)
    assert len(kept.get(Places))
    assert plan.group_accounts[0].evidence
    files: dict[str, str | bytes] = {"plan.json": "{}", **run_desk(kept, facts)}
    return RunStore(folder=workspace.runs_folder).publish(RUN, files, run_tables(kept))


def _community() -> Community:
    ids = [f"m{at}" for at in range(len(NAMES))]
    ids[0], ids[1] = SCRIPT, BREAKOUT
    ids.sort()
    people = [
        Person(id=one, name=name, place="Potsdam, Germany", interests=TOPICS, about=SCRIPT)
        for one, name in zip(ids, NAMES, strict=True)
    ]
    said = [
        one
        for at, a in enumerate(ids)
        for b in ids[at + 1 :]
        for one in talk(a, b, turns=6, thread=f"{at}-{b}", topics=TOPICS, text=f"{SCRIPT} {BREAKOUT} {LONG} {TEMPLATE}")
    ]
    said.append(Said(by=ids[0], id="<b id=x>", text=f"{SCRIPT} {LONG}", topics=TOPICS))
    community = world(said, people)
    urls = pl.Series("url", [URLS[row % len(URLS)] for row in range(len(community.messages))])
    messages = community.messages.frame.with_columns(
        urls, channel=pl.lit(f"{SCRIPT}{BREAKOUT}"), thread=pl.col("thread") + SCRIPT
    )
    return replace(
        community,
        members=Members(community.members.frame),
        messages=Messages(messages.select(list(Messages.columns))),
        venues=Venues.none(),
        notice=SCRIPT,
    )
