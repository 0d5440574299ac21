"""What the page of a suggestion promises: forms, the way to the next, and that attacks are only text."""

import html
import re
from collections.abc import Callable

import httpx2
import pytest

from matcher.review.desk import Desk
from matcher.review.overview import Chosen, rows_of, select
from matcher.storage.workspace import Workspace
from matcher.tables.decisions import REJECT_REASONS, Decision
from pipelines.review import desk_of
from tests.review.at_desk import decide, now_at, run_of, some
from tests.review.conftest import Browser, Clock, cheap_accounts
from tests.review.hostile import ATTACKS, SCRIPT, write_hostile_night
from tests.review.looking import card_at, live, said
from tests.review.small_nights import browser_at

SignedIn = Callable[[str], Browser]


def test_the_page_leads_to_the_next_that_is_open(desk: Desk, signed_in: SignedIn) -> None:
    """So that fifty are gone through with one key."""
    browser = signed_in("organizer")
    order = [row.now.id for row in select(now_at(desk), Chosen(kind="group"))]
    decide(browser, desk, "approve", order[1])

    page = card_at(browser, desk, order[0], "?kind=group")
    sent = decide(browser, desk, "approve", order[0], next=_onward(page))

    assert sent.headers["location"] == f"{run_of(desk)}/suggestions/{order[2]}?kind=group"
    assert f'data-key="n" href="{run_of(desk)}/suggestions/{order[1]}?kind=group"' in page.text


def test_after_the_last_one_comes_the_list(desk: Desk, signed_in: SignedIn) -> None:
    """Which shows that nothing is left."""
    browser = signed_in("organizer")
    everything = [row.now.id for row in rows_of(now_at(desk))]
    for one in everything[1:]:
        decide(browser, desk, "reject", one, why="not_now")

    page = card_at(browser, desk, everything[0])

    assert _onward(page) == run_of(desk)


def test_forms_carry_the_version_that_was_seen(desk: Desk, signed_in: SignedIn) -> None:
    """So that two organizers never overwrite each other."""
    browser, one = signed_in("organizer"), some(desk, "g-")
    decide(browser, desk, "note", one, words="nice people")
    decide(browser, desk, "lock", one)

    page = card_at(browser, desk, one)

    assert set(re.findall(r'name="version" value="(\d+)"', page.text)) == {"2"}
    assert "nice people" in said(page)
    assert "Unlock" in said(page)


def test_every_reason_of_a_rejection_is_offered_and_then_told(desk: Desk, signed_in: SignedIn) -> None:
    """With the organizer's words, in the card and its log."""
    browser, one = signed_in("organizer"), some(desk, "g-")

    before = card_at(browser, desk, one)
    decide(browser, desk, "reject", one, why="too_far", words="ferries <b>do not run</b>")
    after = card_at(browser, desk, one)

    for words in REJECT_REASONS.values():
        assert words in said(before)
    assert REJECT_REASONS["too_far"] in said(after)
    assert "ferries &lt;b&gt;do not run&lt;/b&gt;" in after.text


def test_a_viewer_sees_everything_and_decides_nothing(desk: Desk, signed_in: SignedIn) -> None:
    """No forms but that for signing out."""
    page = card_at(signed_in("viewer"), desk, some(desk, "g-"))

    assert re.findall(r'<form method="post" action="([^"]+)"', page.text) == ["/sign-out"]
    assert "/change?" not in page.text


def test_what_was_published_can_only_be_noted(desk: Desk, signed_in: SignedIn, clock: Clock) -> None:
    """Its members know it as it is."""
    browser, one = signed_in("organizer"), some(desk, "g-")
    decide(browser, desk, "approve", one)
    published = Decision(
        run_id=desk.nights.live_id(), kind="publish", by="otto", at=clock(), touched={one: 1}, lists={}
    )
    desk.decisions.append(published, live(desk).suggestions)

    page = card_at(browser, desk, one)

    assert "Its members were told as it was at version 1" in said(page)
    assert re.findall(r'name="kind" value="(\w+)"', page.text) == ["note"]
    assert "/change?" not in page.text


@pytest.mark.parametrize("suggestion", ["g-000000000000", "n-9", "x", "%3Cscript%3E", "..%2f..%2fplan.json"])
def test_a_suggestion_that_is_not_there_is_no_page(desk: Desk, signed_in: SignedIn, suggestion: str) -> None:
    """It may be of another night."""
    page = card_at(signed_in("viewer"), desk, suggestion)

    assert page.status_code == 404
    assert "<script>" not in page.text.replace('<script src="/static', "")


def test_one_that_was_dissolved_says_so(desk: Desk, signed_in: SignedIn, clock: Clock) -> None:
    """And leads to the log."""
    one = some(desk, "g-")
    gone = Decision(
        run_id=desk.nights.live_id(), kind="change", by="otto", at=clock(), touched={one: 0}, lists={one: None}
    )
    desk.decisions.append(gone, live(desk).suggestions)

    page = card_at(signed_in("viewer"), desk, one)

    assert page.status_code == 404
    assert "it was dissolved" in said(page)


def test_attacks_in_every_field_of_a_member_are_only_text(workspace: Workspace, desk: Desk, clock: Clock) -> None:
    """Names, ids, topics, texts, channels, links and notices, on each page about them."""
    write_hostile_night(workspace)
    database = desk.decisions._database  # noqa: SLF001 -- one database for both desks
    browser = browser_at(desk_of(workspace, database, clock=clock, accounts=cheap_accounts(database)))
    night = live(desk)
    cards = [f"{run_of(desk)}/suggestions/{one}" for one in night.suggestions]
    first = browser.get(cards[0])
    members = re.findall(r'href="(/runs/[^"]+/members\?member=[^"]+)"', first.text)

    pages = [
        browser.get(one) for one in (run_of(desk), f"{run_of(desk)}?q=alert", *cards, *map(html.unescape, members))
    ]

    assert {page.status_code for page in pages} == {200}
    assert members
    assert html.escape(SCRIPT, quote=False).replace("'", "&#39;") in first.text
    for page in pages:
        for attack in ATTACKS:
            assert attack not in page.text
        assert not re.search(r"<[^>]*\son(load|focus|error|mouseover)=", re.sub(r'"[^"]*"', '""', page.text))


def _onward(page: httpx2.Response) -> str:
    """Where the form that approves leads."""
    found = re.search(r'name="kind" value="approve">.*?name="next" value="([^"]+)"', page.text, re.DOTALL)
    assert found
    return html.unescape(found[1])
