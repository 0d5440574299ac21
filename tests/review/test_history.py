"""The log says who did what, when and why; and what may be taken back can be."""

import csv
import html
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from matcher.review.desk import Desk
from matcher.tables.decisions import Decision
from tests.review.at_desk import answer, decide, now_at, run_of, some
from tests.review.conftest import Browser, Clock
from tests.review.small_nights import browser_at, small_desk

SignedIn = Callable[[str], Browser]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Desk]:
    """Fourteen members who all get on."""
    desk, database = small_desk(tmp_path)
    yield desk
    database.close()


def change(desk: Desk, lists: dict[str, tuple[str, ...] | None], by: str = "otto") -> int:
    """Record a change of members as the pages do."""
    now, run_id = now_at(desk), desk.nights.live_id()
    seen = {one: now.draft.version_of(one) for one in lists if not one.startswith("+")}
    decision = Decision(run_id=run_id, kind="change", by=by, at=desk.clock(), touched=seen, lists=lists)
    return desk.decisions.append(decision, now.night.suggestions)


def test_the_log_tells_the_newest_first_with_names_reasons_and_words(small: Desk) -> None:
    """Who, when, what, about whom, why."""
    browser = browser_at(small)
    decide(browser, small, "reject", "g-1", why="too_far", words="D lives in <Rome>.")
    change(small, {"g-2": ("e", "f", "n"), "+1": ("l", "m", "g")}, by="ada")
    change(small, {"g-2": ("e", "f", "h", "n"), "g-3": ("i", "j", "k")})
    change(small, {"n-2": None})

    text = html.unescape(browser.get(f"{run_of(small)}/log").text)

    told = [
        "g-2</a> <bdi>H came", "g-3</a> <bdi>H went", "n-2</a> <bdi>is new, with G, L and M",
        "g-2</a> <bdi>N came, G went", "rejected it, since it is too far for somebody", "D lives in <Rome>.",
    ]  # fmt: skip
    places = [text.index(one) for one in (*told[:2], *told[3:])]
    assert places == sorted(places)
    assert text.index("n-2</a> <bdi>was dissolved") < places[0]
    assert "2 March 2026, 08:00 UTC" in text
    assert "<bdi>ada</bdi></strong> changed its members" in text


def test_the_log_can_be_filtered_and_turned_page_by_page(small: Desk) -> None:
    """By person and by suggestion; a page holds fifty."""
    for at in range(60):
        change(small, {"g-2": ("e", "f", "g", "n") if at % 2 == 0 else ("e", "f", "g")}, by="ada" if at % 3 else "ben")
    browser, log = browser_at(small, "viewer"), f"{run_of(small)}/log"

    pages = [browser.get(log), browser.get(f"{log}?page=2"), browser.get(f"{log}?page=99")]
    by_ben, nobody = browser.get(f"{log}?by=ben"), browser.get(f"{log}?about=g-1")

    assert [page.text.count('id="event-') for page in pages] == [50, 10, 10]
    assert 'id="event-60"' in pages[0].text
    assert 'id="event-1"' in pages[1].text
    assert by_ben.text.count('id="event-') == 20
    assert "Nothing of that kind was decided." in nobody.text


def test_the_log_as_a_file_runs_in_no_spreadsheet(desk: Desk, signed_in: SignedIn) -> None:
    """All events, filtered likewise; a cell that begins like a formula is text."""
    browser, group = signed_in("organizer"), some(desk, "g-")
    decide(browser, desk, "note", group, words='=HYPERLINK("http://evil.example")')
    decide(browser, desk, "approve", group, some(desk, "i-"))

    file = browser.get(f"{run_of(desk)}/log?format=csv")
    rows = list(csv.DictReader(StringIO(file.text)))

    assert file.headers["content-type"].startswith("text/csv")
    assert file.headers["content-disposition"].startswith("attachment")
    assert [row["kind"] for row in rows] == ["approve", "approve", "note"]
    assert rows[-1]["words"].startswith("'=")
    assert rows[-1]["at"] == "2026-03-02T08:00:00+00:00"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_anybodys_latest_decision_can_be_undone_and_both_stay_in_the_log(desk: Desk, signed_in: SignedIn) -> None:
    """The log offers it just there."""
    otto, ada, group = signed_in("organizer"), signed_in("admin"), some(desk, "g-")
    decide(otto, desk, "approve", group)
    decide(otto, desk, "lock", group)
    before = otto.get(f"{run_of(desk)}/log").text

    too_early = ada.send(f"{run_of(desk)}/undo", event="1")
    undone = ada.send(f"{run_of(desk)}/undo", event="2", next=f"{run_of(desk)}/suggestions/{group}")

    after = ada.get(f"{run_of(desk)}/log").text
    assert (before.count("Undo event"), "Undo event 2" in before) == (1, True)
    assert too_early.status_code == 409
    assert "otto locked it" in too_early.text
    assert (undone.status_code, undone.headers["location"]) == (303, f"{run_of(desk)}/suggestions/{group}")
    assert not now_at(desk).draft.suggestions[group].is_locked
    assert "<bdi>ada</bdi></strong> undid event 2" in after
    assert '<span class="badge">undone</span>' in after
    assert "Undo event 1" in after


@pytest.mark.parametrize(("event", "status"), [("7", 404), ("", 404), ("1.5", 404), ("<b>", 404), ("2", 400)])
def test_what_cannot_be_undone_is_said(desk: Desk, signed_in: SignedIn, event: str, status: int) -> None:
    """No such event; or an undo."""
    browser, group = signed_in("organizer"), some(desk, "g-")
    decide(browser, desk, "approve", group)
    browser.send(f"{run_of(desk)}/undo", event="1")

    refused = browser.send(f"{run_of(desk)}/undo", event=event)

    assert refused.status_code == status
    assert "<b>" not in refused.text.partition("<main")[2]
    assert len(desk.decisions.events(desk.nights.live_id())) == 2


def test_an_undo_approves_nobody_who_left_meanwhile(desk: Desk, signed_in: SignedIn, clock: Clock) -> None:
    """The rejection after the approval may be undone only while all of them may be asked."""
    browser, group = signed_in("organizer"), some(desk, "g-")
    decide(browser, desk, "approve", group)
    decide(browser, desk, "reject", group, why="not_now")
    member = now_at(desk).draft.suggestions[group].members[-1]

    answer(desk, member, "pause", until=clock.now + timedelta(days=5))
    refused = browser.send(f"{run_of(desk)}/undo", event="2")
    clock.now += timedelta(days=6)
    undone = signed_in("organizer").send(f"{run_of(desk)}/undo", event="2")

    assert refused.status_code == 400
    assert "may not be asked any more" in refused.text
    assert undone.status_code == 303
    assert now_at(desk).draft.suggestions[group].state == "approved"


def test_a_viewer_reads_the_log_and_undoes_nothing(desk: Desk, signed_in: SignedIn) -> None:
    """Nor is it offered."""
    viewer, group = signed_in("viewer"), some(desk, "g-")
    decide(signed_in("organizer"), desk, "approve", group)

    page, refused = viewer.get(f"{run_of(desk)}/log"), viewer.send(f"{run_of(desk)}/undo", event="1")

    assert "otto" in page.text
    assert "Undo event" not in page.text
    assert refused.status_code == 403


def test_names_that_are_attacks_stay_text_on_every_page(desk: Desk, signed_in: SignedIn) -> None:
    """In the log, in the lists to choose from, in previews and conflicts."""
    browser, now = signed_in("organizer"), now_at(desk)
    hostile = [
        one for one, person in now.night.dossier.people.items() if "script" in person.name or "{{" in person.name
    ]
    groups = [one for one in now.groups.values() if {*one.members} & {*hostile}] or list(now.groups.values())[:1]
    group, run = groups[0], run_of(desk)
    decide(browser, desk, "reject", group.id, why="other", words="<script>alert('words')</script>")

    pages = [
        browser.get(f"{run}/log"),
        browser.get(f"{run}/log?by=%3Cscript%3Ealert(1)%3C/script%3E&about=%22%3E%3Cscript%3E"),
        browser.get(f"{run}/change?kind=swap&group={group.id}&member={group.members[0]}"),
        browser.get(f"{run}/change?kind=swap&group={group.id}&member={group.members[0]}&with={hostile[0]}"),
        browser.get(f"{run}/resolve"),
        decide(browser, desk, "approve", group.id, versions=[0]),
    ]

    for page in pages:
        assert "<script>alert" not in page.text
        assert "onerror=alert('" not in page.text.replace("&#39;", "_")
        assert 'style="' not in page.text
        assert "1337" not in page.text, "a name is no template"
