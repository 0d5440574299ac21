"""What the page of one member promises: where they are, why not elsewhere, what is not known, what could change."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import httpx2
import pytest

from matcher.review.desk import Desk
from matcher.tables.proposals import LEFT_OUT_REASONS
from tests.review.at_desk import answer, decide, now_at, run_of, some
from tests.review.conftest import Browser
from tests.review.looking import said

SignedIn = Callable[[str], Browser]


def member_at(browser: Browser, desk: Desk, member: str) -> httpx2.Response:
    """The page of a member."""
    return browser.get(f"{run_of(desk)}/members?{urlencode({'member': member})}")


def test_where_they_sit_is_said_with_whom(desk: Desk, signed_in: SignedIn) -> None:
    """Groups, introductions and gatherings alike."""
    now = now_at(desk)
    group = now.draft.suggestions[some(desk, "g-")]

    page = member_at(signed_in("viewer"), desk, group.members[0])

    assert f"/suggestions/{group.id}" in page.text
    for other in group.members[1:]:
        assert " ".join(now.name(other).split()) in said(page)
    assert "Left out" not in said(page)


def test_why_somebody_is_left_out_is_said_in_words(desk: Desk, signed_in: SignedIn) -> None:
    """The night's own reason."""
    browser, night = signed_in("viewer"), desk.nights.night(desk.nights.live_id())
    assert night.dossier.left_out
    for left in night.dossier.left_out[:20]:
        page = member_at(browser, desk, left.member)

        assert LEFT_OUT_REASONS[left.reason] in said(page)


def test_what_is_not_known_of_them_is_said(desk: Desk, signed_in: SignedIn) -> None:
    """Or that everything is."""
    browser, night = signed_in("viewer"), desk.nights.night(desk.nights.live_id())
    unknown = next(iter(night.dossier.unknowns))
    known = next(one for one in night.dossier.people if one not in night.dossier.unknowns)

    assert "We do not know" in said(member_at(browser, desk, unknown))
    assert "Place, reach, languages and times are known" in said(member_at(browser, desk, known))


def test_changes_are_offered_as_links_to_their_preview(desk: Desk, signed_in: SignedIn) -> None:
    """Looking changes nothing."""
    browser, now = signed_in("organizer"), now_at(desk)
    pages = [member_at(browser, desk, member) for group in now.groups.values() for member in group.members]

    offered = [
        html.unescape(one) for page in pages for one in re.findall(r'href="(/runs/[^"]+/change\?[^"]+)"', page.text)
    ]

    assert offered
    assert browser.get(offered[0]).status_code == 200
    assert now_at(desk).draft == now.draft


def test_who_may_not_be_asked_is_told_and_offered_nothing(desk: Desk, signed_in: SignedIn) -> None:
    """They paused by a link in an earlier mail."""
    browser, member = signed_in("organizer"), now_at(desk).draft.suggestions[some(desk, "g-")].members[0]

    answer(desk, member, "pause", until=desk.clock() + timedelta(days=30))
    page = member_at(browser, desk, member)

    assert "may not be asked any more" in said(page)
    assert "/change?" not in page.text


def test_a_rejection_frees_them_and_says_so(desk: Desk, signed_in: SignedIn) -> None:
    """The page of a member shows what a decision did to them."""
    browser, group = signed_in("organizer"), some(desk, "g-")
    member = now_at(desk).draft.suggestions[group].members[0]

    decide(browser, desk, "reject", group, why="not_now")
    page = member_at(browser, desk, member)

    assert "rejected" in said(page)


@pytest.mark.parametrize("member", ["", "nobody", "<script>alert(1)</script>", "../../plan.json"])
def test_somebody_who_is_not_there_is_no_page(desk: Desk, signed_in: SignedIn, member: str) -> None:
    """Nor is what was asked for shown as anything but text."""
    page = member_at(signed_in("viewer"), desk, member)

    assert page.status_code == 404
    assert "<script>alert" not in page.text
