"""Somebody has themselves forgotten while the desk is open: it stays usable, and no page tells of them."""

from collections.abc import Callable

import pytest

from matcher.review.desk import Desk
from matcher.storage.decisions.database import Database
from matcher.storage.workspace import Workspace
from matcher.tables.decisions import Decision
from pipelines.forgetting import forget_member
from pipelines.wiring import read_settings
from tests.review.at_desk import answer, decide, now_at, run_of, some
from tests.review.conftest import NOW, Browser
from tests.review.looking import said

SignedIn = Callable[[str], Browser]


@pytest.fixture
def browser(signed_in: SignedIn) -> Browser:
    """An organizer's."""
    return signed_in("organizer")


@pytest.fixture
def gone(workspace: Workspace, database: Database, desk: Desk, browser: Browser) -> str:
    """Sat in the first group, was swapped into the second, and was forgotten after pages of both were looked at."""
    one, other = some(desk, "g-"), some(desk, "g-", 1)
    a, b = (now_at(desk).draft.suggestions[group].members for group in (one, other))
    lists = {one: tuple(sorted((*a[1:], b[0]))), other: tuple(sorted((*b[1:], a[0])))}
    run_id, suggestions = desk.nights.live_id(), now_at(desk).night.suggestions
    change = Decision(run_id=run_id, kind="change", by="otto", at=NOW, touched={one: 0, other: 0}, lists=lists)
    approve = Decision(run_id=run_id, kind="approve", by="otto", at=NOW, touched={other: 1}, lists={})
    for decision in (change, approve):  # whatever rules say
        desk.decisions.append(decision, suggestions)
    assert browser.get(f"{run_of(desk)}/suggestions/{one}").status_code == 200
    assert a[0] in browser.get(f"{run_of(desk)}/suggestions/{other}").text
    answer(desk, b[1], "not_with", other=b[2])
    forget_member(workspace, database, a[0], read_settings(workspace).night, now=NOW)
    return a[0]


@pytest.mark.parametrize(
    "page",
    [
        "", "?sort=weakest", "?kind=left-out", "/suggestions/{one}", "/suggestions/{other}", "/suggestions/{pair}",
        "/log", "/log?format=csv", "/publish", "/resolve", "/members?member={member}", "/members?member={nobody}",
        "/change?kind=swap&group={one}&member={member}", "/change?kind=remove&group={other}&member={nobody}",
    ],
)  # fmt: skip
def test_every_page_goes_on_and_tells_nothing_of_them(desk: Desk, browser: Browser, gone: str, page: str) -> None:
    """Neither what it had read before nor what it reads now; in their place stands somebody who is no longer here."""
    one, other, pair = some(desk, "g-"), some(desk, "g-", 1), some(desk, "i-")
    member = now_at(desk).draft.suggestions[one].members[0]
    nobody = next(who for who in now_at(desk).draft.suggestions[other].members if who.startswith("forgotten-"))

    shown = browser.get(run_of(desk) + page.format(one=one, other=other, pair=pair, member=member, nobody=nobody))

    assert shown.status_code == 200
    assert gone not in shown.text


def test_lists_and_cards_say_what_is_missing(desk: Desk, browser: Browser, gone: str) -> None:
    """And that the next night tells it again; what they were in cannot be approved."""
    for page in ("", f"/suggestions/{some(desk, 'g-', 2)}"):
        assert "A member of this night was forgotten" in said(browser.get(run_of(desk) + page))

    card = said(browser.get(f"{run_of(desk)}/suggestions/{some(desk, 'g-', 1)}"))
    assert "It concerns (no longer here)" in card
    assert gone not in card


@pytest.mark.usefixtures("gone")
def test_the_others_may_still_be_decided_about(desk: Desk, browser: Browser) -> None:
    """Approved, rejected, formed anew; what the forgotten one was in does not go out, nor is it approved."""
    other, third = some(desk, "g-", 1), some(desk, "g-", 2)
    nobody = next(who for who in now_at(desk).draft.suggestions[other].members if who.startswith("forgotten-"))

    approved = decide(browser, desk, "approve", third)
    held = said(browser.get(f"{run_of(desk)}/publish")).partition("Held back")[2]
    anew = browser.send(f"{run_of(desk)}/resolve")
    rejected = decide(browser, desk, "reject", other, why="other", words="one is gone")
    again = decide(browser, desk, "approve", other)

    assert [one.status_code for one in (approved, anew, rejected, again)] == [303, 200, 303, 400]
    assert "(no longer here)" in held
    assert nobody not in now_at(desk).question().members
    assert 'name="fingerprint"' in anew.text
