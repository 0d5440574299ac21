"""A geocoder in the night: each unreadable home is asked about once and never again, and no answer can do harm."""

import csv
import io
import logging
import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import jsonschema
import pytest

from matcher.publish.plan_json import plan_schema
from matcher.publish.safe_text import FORMULA_STARTS
from matcher.storage.workspace import Workspace
from tests.pipelines.conftest import matcher
from tests.pipelines.scattered import FORMULA, FRIENDS, SCRIPT, TABLE, Night, run, scattered_talk, settle
from tests.unit.engines.nominatim_double import LYON, Server, nominatim
from tests.worlds import Person

OLD_TOWN, FAR_VILLAGE, NOWHERE = "Lugdunumburg", "Kleinkleckersdorf", "Zzyzqx"
"""Three homes that the gazetteer cannot read; the third nobody knows."""

MOVED = {"lea": OLD_TOWN, "jan": OLD_TOWN, "dina": FAR_VILLAGE}
PEOPLE = (
    *(replace(one, place=MOVED.get(one.id, one.place)) for one in (*FRIENDS, *TABLE)),
    Person(id="otto", place=NOWHERE),
)

GRAZ = {**LYON, "lat": "47.0707", "lon": "15.4395", "boundingbox": ["47.01", "47.13", "15.35", "15.53"],
        "address": {"city": "Graz", "state": "Styria", "country": "Austria", "country_code": "at"}}  # fmt: skip
EVIL = {**GRAZ, "lat": "48.2084", "lon": "16.3725", "boundingbox": ["48.12", "48.32", "16.18", "16.58"],
        "address": {"city": FORMULA + SCRIPT, "country": "\u202eaustria\n\r", "country_code": "at"}}  # fmt: skip


@pytest.fixture(name="server")
def _server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server of this machine that knows two of the three homes."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with nominatim() as server:
        server.answers |= {OLD_TOWN: [GRAZ], FAR_VILLAGE: [EVIL]}
        yield server


@pytest.fixture(name="workspace")
def _workspace(tmp_path: Path) -> Workspace:
    """The scattered world, of which some have moved."""
    return settle(tmp_path / "first", scattered_talk(), PEOPLE)


def asking(server: Server, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- whatever a setting may be
    """Settings of an operator who asks this server."""
    return {"service": "nominatim", "contact": "us@example.org", "domain": server.domain, "per_second": 1_000.0, **more}


def night_of(workspace: Workspace, geocoder: Mapping[str, Any]) -> Night:
    """A night that places people by their homes alone: nobody is introduced online."""
    return run(workspace, geocoder=geocoder, introductions={"max_per_member": 0})


def placed(night: Night) -> set[str]:
    """Who sits in a group or is asked to a gathering."""
    return {member for some in (*night.seated, *night.asked) for member in some}


def test_each_unreadable_home_is_asked_about_once_and_for_all(server: Server, workspace: Workspace) -> None:
    """The one of two members first; a later night asks nothing, not even what nobody knew."""
    first = night_of(workspace, asking(server))
    asked = list(server.asked)
    second = night_of(workspace, asking(server))

    assert asked == [OLD_TOWN, FAR_VILLAGE, NOWHERE]
    assert server.asked == asked
    assert all("us@example.org" in agent for agent in server.agents)
    assert {"lea", "jan", "dina"} <= placed(first)
    assert second.text("plan.json") == first.text("plan.json")


def test_the_answers_are_part_of_the_input(server: Server, workspace: Workspace, tmp_path: Path) -> None:
    """The same answers are the same run, by name and by byte; without them it is another."""
    known = night_of(workspace, asking(server))
    again = night_of(settle(tmp_path / "again", scattered_talk(), PEOPLE), asking(server))
    server.answers.clear()
    ignorant = night_of(settle(tmp_path / "other", scattered_talk(), PEOPLE), asking(server))

    assert again.folder.name == known.folder.name
    assert again.text("plan.json") == known.text("plan.json")
    assert ignorant.folder.name != known.folder.name
    assert ignorant.plan["fingerprints"]["settings"] == known.plan["fingerprints"]["settings"]
    assert ignorant.plan["fingerprints"]["input"] != known.plan["fingerprints"]["input"]
    assert ignorant.reasons["lea"] == "place_unknown"


def test_who_gave_answers_is_named(server: Server, workspace: Workspace, tmp_path: Path) -> None:
    """Wherever an answer was used, as the licence asks; and nobody is named who gave none."""
    known = night_of(workspace, asking(server))
    server.answers.clear()
    ignorant = night_of(settle(tmp_path / "other", scattered_talk(), PEOPLE), asking(server))

    for name in ("plan.json", "report.html"):
        assert "OpenStreetMap contributors" in known.text(name)
        assert "GeoNames" in known.text(name)
        assert "OpenStreetMap" not in ignorant.text(name)
    assert "GeoNames" in ignorant.plan["attribution"]


@pytest.mark.parametrize("trouble", ["refuses", "is mute", "talks nonsense", "is not there"])
def test_a_server_that_fails_does_not_fail_the_night(server: Server, workspace: Workspace, trouble: str) -> None:
    """The plan is made without it, and the next night asks again."""
    settings = asking(server, timeout_seconds=0.2)
    server.status = 503 if trouble == "refuses" else 200
    server.is_mute = trouble == "is mute"
    if trouble == "talks nonsense":
        server.answers |= dict.fromkeys((OLD_TOWN, FAR_VILLAGE, NOWHERE), b"<html>")
    if trouble == "is not there":
        settings["domain"] = f"http://127.0.0.1:{_free_port()}"

    failed = night_of(workspace, settings)
    server.status, server.is_mute = 200, False
    server.answers |= {OLD_TOWN: [GRAZ], FAR_VILLAGE: [EVIL]}
    mended = night_of(workspace, {**settings, "domain": server.domain, "timeout_seconds": 5.0})

    assert failed.done.audit.is_clean
    assert failed.reasons["lea"] == "place_unknown"
    assert "OpenStreetMap" not in failed.text("plan.json")
    assert {"lea", "jan"} <= placed(mended)


def test_no_more_are_asked_than_a_night_allows(server: Server, workspace: Workspace) -> None:
    """What is left waits for the next."""
    nights = []
    for _ in range(3):
        before = len(server.asked)
        night_of(workspace, asking(server, at_most=2))
        nights.append(server.asked[before:])

    assert nights == [[OLD_TOWN, FAR_VILLAGE], [NOWHERE], []]


def test_who_wants_no_geocoder_sends_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """By default no socket is opened and no name is looked up, whatever members wrote."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the night goes online")

    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    night = night_of(workspace, {})

    assert night.reasons["lea"] == "place_unknown"
    assert night.plan["attribution"] == "GeoNames (CC BY 4.0)"
    assert not (workspace.folder / "geocodes.parquet").exists()


def test_a_hostile_answer_is_a_label_and_nothing_more(server: Server, workspace: Workspace) -> None:
    """Anybody may edit the map: the name of a town is no formula, no script, and turns no line around."""
    night = night_of(workspace, asking(server))

    jsonschema.validate(night.plan, plan_schema(), cls=jsonschema.Draft202012Validator)
    rows = list(csv.DictReader(io.StringIO(night.text("gatherings.csv"), newline="")))
    [place] = [row["from"] for row in rows if row["member"] == "dina"]
    assert "HYPERLINK" in place
    assert not [cell for row in rows for cell in row.values() if cell.startswith(FORMULA_STARTS)]
    assert not {"\u202e", "\n", "\r"} & set(place)
    assert SCRIPT not in night.text("report.html")
    assert "\u202e" not in night.text("report.html")


def test_an_answer_off_the_earth_is_none(server: Server, workspace: Workspace) -> None:
    """Numbers that are none, or lie nowhere, are a failure like any other."""
    server.answers |= {
        OLD_TOWN: [{**GRAZ, "lat": "nan"}], FAR_VILLAGE: [{**GRAZ, "lon": "1e308"}], NOWHERE: [{"class": "place"}],
    }  # fmt: skip

    night = night_of(workspace, asking(server))

    assert night.done.audit.is_clean
    assert {night.reasons[member] for member in ("lea", "jan")} == {"place_unknown"}


def test_the_log_counts_and_names_no_place(
    server: Server, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    """An operator sees how it went, and nobody's home."""
    server.answers[NOWHERE] = b"?"

    with caplog.at_level(logging.INFO):
        night_of(workspace, asking(server))

    assert "3 texts without a place, 3 asked about tonight, 2 found, 1 failed, 0 left" in caplog.text
    assert not [place for place in (OLD_TOWN, FAR_VILLAGE, NOWHERE) if place in caplog.text]


def test_the_operator_says_so_in_the_settings(server: Server, workspace: Workspace) -> None:
    """As documented, in `matcher.toml`; and what is said of it names no place."""
    workspace.settings_file.write_text(
        '[embedding]\nmodel = "word-hash"\n[geocoder]\nservice = "nominatim"\ncontact = "us@example.org"\n'
        f'domain = "{server.domain}"\nper_second = 100.0\n'
    )

    done = matcher("run", "--workspace", str(workspace.folder))

    assert server.asked == [OLD_TOWN, FAR_VILLAGE, NOWHERE]
    assert not [place for place in (OLD_TOWN, FAR_VILLAGE, NOWHERE) if place in done.stdout + done.stderr]


def _free_port() -> int:
    """A port of this machine on which nobody answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
