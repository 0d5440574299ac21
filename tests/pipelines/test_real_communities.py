"""The whole night on real communities; skipped where the data is missing."""

import json
import os
from pathlib import Path

import jsonschema
import pytest

from matcher.publish.plan_json import plan_schema
from matcher.storage.workspace import Workspace
from tests.pipelines.conftest import matcher

DUMPS = Path(os.environ.get("MATCHER_DATA", "../shared/data")) / "stackexchange"


@pytest.mark.parametrize(
    "site",
    [
        pytest.param("beer", marks=pytest.mark.xdist_group("beer")),
        pytest.param("cardano", marks=pytest.mark.xdist_group("cardano")),
    ],
)
def test_a_night_on_a_real_community_keeps_every_promise(site: str, tmp_path: Path) -> None:
    """Audited from scratch here, apart from the audit: schema, evidence, reach, reasons, everyone once."""
    if not (DUMPS / site).is_dir():
        pytest.skip(f"no dump at {DUMPS / site}: set MATCHER_DATA to the folder that holds stackexchange/")
    matcher("import", "stackexchange", str(DUMPS / site), "--workspace", str(tmp_path))

    done = json.loads(matcher("run", "--workspace", str(tmp_path), "--json").stdout)

    plan = json.loads((Path(done["folder"]) / "plan.json").read_text())
    stored = Workspace(folder=tmp_path).load_community()
    jsonschema.validate(plan, plan_schema(), cls=jsonschema.Draft202012Validator)
    assert done["audit_violations"] == 0
    assert len(plan["groups"]) + len(plan["introductions"]) > 10

    messages = dict(stored.messages.frame.select("message", "author").iter_rows())
    tables = [(group["members"], group) for group in plan["groups"]]
    tables += [([pair["a"], pair["b"]], pair) for pair in plan["introductions"]]
    for members, proposal in tables:
        assert {messages[message] for message in proposal["evidence"]} <= set(members)
        assert all(km <= 40 for km in proposal["travel_km"].values())
    listed = [member for members, _ in tables for member in members] + [one["member"] for one in plan["unplaced"]]
    assert sorted(listed) == stored.members.frame["member"].to_list()
