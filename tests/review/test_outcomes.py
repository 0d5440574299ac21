"""The page that tells what came of suggestions, and what nobody can read from it."""

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from itertools import count

import pytest

from matcher.review.desk import Desk
from matcher.tables.answered import Answer
from matcher.tables.decisions import Decision, Members
from tests.review.conftest import HOSTILE_NAMES, Browser, Clock

SignedIn = Callable[[str], Browser]

_links = count()


def decide(desk: Desk, kind: str, *suggestions: str, why: str = "") -> None:
    """As an organizer did before."""
    run_id = desk.nights.live_id()
    versions = desk.decisions.versions(run_id)
    touched = {one: versions.get(one, 0) for one in suggestions}
    decision = Decision(run_id=run_id, kind=kind, by="otto", at=desk.clock(), touched=touched, lists={}, why=why)
    desk.decisions.append(decision, desk.nights.night(run_id).suggestions)


def answer(desk: Desk, suggestion: str, member: str, kind: str, other: str | None = None) -> None:
    """As a member did before."""
    link, run_id = f"outcome-{next(_links)}", desk.nights.live_id()
    said = Answer(
        link=link, run_id=run_id, suggestion=suggestion, member=member, kind=kind, other=other, at=desk.clock()
    )
    desk.answers.record(said)


def proposed(desk: Desk, kind: str) -> dict[str, Members]:
    """Suggestions of the live night, by the first letter of their ids."""
    night = desk.nights.night(desk.nights.live_id())
    return {one: members for one, members in night.suggestions.items() if one.startswith(kind)}


@pytest.fixture(name="told")
def _told(desk: Desk) -> Desk:
    """Two groups of one week were published, everybody in them answered; one pair was rejected."""
    groups = dict(list(proposed(desk, "g").items())[:2])
    decide(desk, "approve", *groups)
    decide(desk, "publish", *groups)
    decide(desk, "reject", next(iter(proposed(desk, "i"))), why="weak_reason")
    for group, members in groups.items():
        for member in members:
            answer(desk, group, member, "yes")
            answer(desk, group, member, "met")
            answer(desk, group, member, "good")
    return desk


def test_before_anything_was_decided_the_page_says_what_it_will_show(signed_in: SignedIn) -> None:
    """And leads to where one begins; there is no plot of nothing."""
    page = signed_in("viewer").get("/outcomes")

    assert page.status_code == 200
    assert "Nothing has been decided yet" in page.text
    assert "<svg class" not in page.text


def test_what_came_of_suggestions_is_told_in_words_plots_and_tables(told: Desk, signed_in: SignedIn) -> None:
    """Each plot has a title, a description and a table; what was rejected is counted by its reason."""
    n_invited = sum(map(len, list(proposed(told, "g").values())[:2]))

    page = signed_in("viewer").get("/outcomes").text

    assert f"3 suggestions in the nights that were reviewed, 2 are approved and 2 published: {n_invited} invit" in page
    assert f"of {n_invited} members who answered" in page
    assert "2026-W10" in page
    assert "what speaks for it is not convincing" in page
    plots = re.findall(r'<svg class="plot".*?</svg>', page, re.DOTALL)
    assert len(plots) == 4
    assert all('role="img"' in plot and "<title" in plot and "<desc" in plot for plot in plots)
    assert page.count("<table") >= 3
    assert "style=" not in page


def test_few_answers_are_not_shown(desk: Desk, signed_in: SignedIn) -> None:
    """Of an introduction that two answered one could read what each said: neither page nor file tells."""
    pair, members = next(iter(proposed(desk, "i").items()))
    decide(desk, "approve", pair)
    decide(desk, "publish", pair)
    for member, kind in zip(members, ("yes", "not_now"), strict=True):
        answer(desk, pair, member, kind)

    page, table = (signed_in("viewer").get(address).text for address in ("/outcomes", "/outcomes.csv"))

    assert "fewer than 5, not shown" in page
    assert "too few answers" in page
    assert "50 %" not in page
    assert {row["yes_share"] for row in csv.DictReader(StringIO(table))} == {""}
    assert {row["yes_answers"] for row in csv.DictReader(StringIO(table))} == {""}


def test_nobody_can_read_whom_somebody_declined(told: Desk, signed_in: SignedIn) -> None:
    """It counts like 'not now'; neither names nor ids nor the kind of answer stand on the page or in the file."""
    group, members = next(iter(proposed(told, "g").items()))
    answer(told, group, members[0], "not_with", members[1])

    said = [signed_in("viewer").get(address).text for address in ("/outcomes", "/outcomes.csv")]

    everyone = [member for some in proposed(told, "g").values() for member in some]
    for text in said:
        assert "not_with" not in text
        assert not [member for member in everyone if re.search(rf"\b{re.escape(member)}\b", text)]
        assert not [name for name in HOSTILE_NAMES if name in text]


@pytest.mark.usefixtures("told")
def test_the_file_holds_the_same_figures(signed_in: SignedIn) -> None:
    """One row a part; every cell is a number or a word of ours."""
    answered = signed_in("viewer").get("/outcomes.csv")

    rows = list(csv.DictReader(StringIO(answered.text)))
    parts = {(row["by"], row["part"]): row for row in rows}
    assert answered.headers["content-type"].startswith("text/csv")
    assert "attachment" in answered.headers["content-disposition"]
    assert parts["all", "all"]["published"] == "2"
    assert parts["kind", "group"]["good_share"] == "1.0000"
    assert parts["rejected_for", "weak_reason"]["rejected"] == "1"
    assert re.fullmatch(r"[\w,.\r\n-]+", answered.text)


def test_the_page_is_for_who_is_signed_in(client: object, desk: Desk, clock: Clock, signed_in: SignedIn) -> None:
    """As all pages of the desk are."""
    del client
    clock.now += timedelta(days=1)
    browser = signed_in("viewer")
    browser.client.cookies.clear()

    assert browser.get("/outcomes").status_code in {303, 401, 403}
    assert desk.nights.live_id() not in browser.get("/outcomes.csv").text
