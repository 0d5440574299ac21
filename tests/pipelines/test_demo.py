"""The demo: planted truths are found, planted traps are avoided."""

import csv
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import matcher.publish
from tests.pipelines.conftest import DemoNight

pytestmark = pytest.mark.xdist_group("demo")


def _together(plan: dict[str, Any]) -> list[set[str]]:
    groups = [set(group["members"]) for group in plan["groups"]]
    return [*groups, *({pair["a"], pair["b"]} for pair in plan["introductions"])]


def _proposed(plan: dict[str, Any]) -> set[str]:
    return set().union(*_together(plan))


def test_circles_of_friends_are_found(demo: DemoNight) -> None:
    """Of each planted circle most sit at one table: for nine circles in ten."""
    groups = [set(group["members"]) for group in demo.plan["groups"]]
    circles = [set(circle) for circle in demo.truths["circles"]]

    found = [circle for circle in circles if any(len(circle & group) >= 0.75 * len(circle) for group in groups)]

    assert len(found) >= 0.9 * len(circles)


def test_shills_are_not_introduced(demo: DemoNight) -> None:
    """Nobody is sent to meet an advertisement."""
    assert not _proposed(demo.plan) & set(demo.truths["shills"])


def test_shills_are_told_why(demo: DemoNight) -> None:
    """And an organizer can read why, and overrule it."""
    told = {one["member"]: one for one in demo.plan["unplaced"]}
    report = (demo.run / "report.html").read_text(encoding="utf-8")

    for shill in demo.truths["shills"]:
        assert told[shill]["reason"] == "talks_at_people"
        assert "carry links" in told[shill]["detail"]
        assert told[shill]["detail"] in report


@pytest.mark.parametrize("planted", ["hostile_pairs", "blocked_pairs"])
def test_pairs_that_must_not_meet_do_not(demo: DemoNight, planted: str) -> None:
    """Not in a group, not in an introduction, however much they wrote to each other."""
    apart = [set(pair) for pair in demo.truths[planted]]

    assert apart
    assert not [pair for pair in apart for table in _together(demo.plan) if pair <= table]


def test_who_opted_out_appears_nowhere(demo: DemoNight) -> None:
    """Not even among those left out."""
    listed = _proposed(demo.plan) | {one["member"] for one in demo.plan["unplaced"]}

    assert not listed & set(demo.truths["opted_out"])


def test_secrets_of_private_channels_surface_nowhere(demo: DemoNight) -> None:
    """No file of the run holds a private word."""
    secrets = [secret.encode() for secret in demo.truths["secrets"]]

    assert secrets
    for path in demo.run.rglob("*"):
        if path.is_file():
            assert not [secret for secret in secrets if secret in path.read_bytes()], path


def test_what_members_say_of_themselves_surfaces_nowhere(demo: DemoNight) -> None:
    """Their own description is read for interests, and ends there."""
    with (demo.workspace / "export" / "members.csv").open(encoding="utf-8", newline="") as file:
        abouts = [about.encode() for row in csv.DictReader(file) if len(about := row["about"]) > 20]

    files = [path.read_bytes() for path in demo.run.rglob("*") if path.is_file()]

    assert len(abouts) > 50
    assert not [about for about in abouts for content in files if about in content]


def test_friends_far_from_each_other_are_not_forgotten(demo: DemoNight) -> None:
    """Most people whose best friend lives elsewhere get a seat near home, or an introduction."""
    friends = {member for pair in demo.truths["long_distance_pairs"] for member in pair}

    assert len(friends & _proposed(demo.plan)) >= 0.85 * len(friends)


def test_the_far_flung_circle_is_asked_to_one_gathering(demo: DemoNight) -> None:
    """Friends of ten states are asked to one city, each with the way and a reason; the one who stays at home is not."""
    [circle] = demo.truths["far_circles"]
    [homebody] = demo.truths["homebodies"]
    gatherings = demo.plan["gatherings"]

    theirs = max(gatherings, key=lambda one: len(set(one["members"]) & set(circle)))

    assert len(set(theirs["members"]) & set(circle)) >= 10
    assert theirs["hub"]["name"]
    assert set(theirs["travel_km"]) == set(theirs["members"])
    assert sum(km > 100 for km in theirs["travel_km"].values()) >= 8
    assert theirs["reasons"]
    assert not [one for one in gatherings if homebody in one["members"]]


def test_nobody_is_asked_to_a_gathering_with_somebody_they_must_not_meet(demo: DemoNight) -> None:
    """Forty people are no crowd to hide in."""
    apart = [set(pair) for pair in (*demo.truths["hostile_pairs"], *demo.truths["blocked_pairs"])]
    gatherings = [set(one["members"]) for one in demo.plan["gatherings"]]

    assert gatherings
    assert not [pair for pair in apart for gathering in gatherings if pair <= gathering]


def test_the_plan_keeps_its_schema(demo: DemoNight) -> None:
    """Others build on it."""
    schema = json.loads((Path(matcher.publish.__file__).parent / "plan.schema.json").read_text())

    jsonschema.validate(demo.plan, schema, cls=jsonschema.Draft202012Validator)


def test_everyone_is_accounted_for_once(demo: DemoNight) -> None:
    """A group, an introduction, or one reason."""
    listed = [member for table in _together(demo.plan) for member in table]
    listed += [one["member"] for one in demo.plan["unplaced"]]

    assert len(listed) == len(set(listed))


def test_the_demo_embeds_little_and_says_what_it_took(demo: DemoNight) -> None:
    """Two thousand short texts at most; the split is printed."""
    metrics = json.loads((demo.run / "metrics.json").read_text())

    assert 0 < metrics["embedding"]["n_embedded"] <= 2_000
    assert "importing the model" in demo.said
    assert "What to look at next" in demo.said
    assert "Synthetic" in demo.said


def test_the_audit_is_clean_and_written_down(demo: DemoNight) -> None:
    """Each rule with the number of things checked."""
    audit = json.loads((demo.run / "audit.json").read_text())

    assert audit["is_clean"]
    assert all(check["n_checked"] > 0 for check in audit["checks"])


def test_nobody_is_quoted_to_somebody_they_must_not_meet(demo: DemoNight) -> None:
    """What was written within a planted quarrel, or across a block, is no evidence of anything."""
    lines = (demo.workspace / "export" / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    messages = {one["id"]: one for one in map(json.loads, lines)}
    apart = [set(pair) for pair in (*demo.truths["hostile_pairs"], *demo.truths["blocked_pairs"])]
    proposals = [*demo.plan["groups"], *demo.plan["introductions"]]
    quoted = [messages[message] for proposal in proposals for message in proposal["evidence"]]

    answered = [{one["author"], messages[one["reply_to"]]["author"]} for one in quoted if one["reply_to"]]

    assert len(answered) > 100
    assert not [pair for pair in answered if pair in apart]


def test_the_traps_are_really_there(demo: DemoNight) -> None:
    """Guards the tests above: quarrels and blocks between people of one city."""
    with (demo.workspace / "export" / "members.csv").open(encoding="utf-8", newline="") as file:
        homes = {row["member_id"]: row["location"].lower() for row in csv.DictReader(file)}
    quarrels = [[homes[member] for member in pair] for pair in demo.truths["hostile_pairs"]]

    assert len(quarrels) >= 3
    assert all(all(pair) for pair in quarrels)
