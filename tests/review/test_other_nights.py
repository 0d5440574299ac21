"""What one night's page hears of the other nights: what they keep, turned down, and told members of."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from matcher.publish.publishing import PublishOrder
from matcher.review.desk import Desk
from matcher.review.standing import Standing, standing
from matcher.storage.decisions.database import Database
from pipelines.publish import run_publish
from pipelines.review import desk_of
from pipelines.tell_publish import publish_lines
from tests.pipelines.offices import GRAZ, Office, ids_of, suggestions_of
from tests.pipelines.scattered import FRIENDS, Night, run, settle, talks
from tests.review.at_desk import answer
from tests.review.conftest import WHO, Browser, Clock, cheap_accounts
from tests.review.looking import said
from tests.review.small_nights import browser_at
from tests.worlds import AS_OF


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Office:
    """Six friends who live far apart, whom a night asks to gather and introduces; and eight of Graz at two tables."""
    talk = [*talks(one.id for one in FRIENDS), *talks((one.id for one in GRAZ), turns=7, topic="jazz")]
    return Office(workspace=settle(tmp_path, talk, (*FRIENDS, *GRAZ)))


@pytest.fixture(name="desk")
def _desk(office: Office) -> Iterator[Desk]:
    """Opened before any night."""
    database = Database(office.workspace.folder / "desk.sqlite")
    accounts = cheap_accounts(database)
    accounts.add(WHO["organizer"], "correct horse battery", "organizer", now=AS_OF)
    yield desk_of(office.workspace, database, clock=Clock(now=AS_OF + timedelta(days=2)), accounts=accounts)
    database.close()


@pytest.fixture(name="browser")
def _browser(desk: Desk) -> Browser:
    return browser_at(desk)


def now_in(desk: Desk, night: Night) -> Standing:
    """How a night stands."""
    return standing(desk, night.folder.name)


def decide(browser: Browser, desk: Desk, night: Night, kind: str, one: str, **fields: str) -> httpx2.Response:
    """Decide about a suggestion as it is now."""
    seen = {"suggestion": one, "version": str(now_in(desk, night).draft.version_of(one))}
    return browser.send(f"/runs/{night.folder.name}/decide", kind=kind, **seen, **fields)


def publish(browser: Browser, desk: Desk, night: Night, one: str) -> httpx2.Response:
    """Approve and publish it."""
    decide(browser, desk, night, "approve", one)
    seen = f"{one}={now_in(desk, night).draft.version_of(one)}"
    done = browser.send(f"/runs/{night.folder.name}/publish", to="csv", seen=seen)
    if desk.publisher:
        desk.publisher.courier.wait()
    return done


def test_nobody_is_told_of_the_same_by_two_nights(office: Office, desk: Desk, browser: Browser) -> None:
    """Last night's page and tonight's propose the same: what the one sent, the other neither approves nor sends."""
    first, second = run(office.workspace), run(office.workspace, days=1)
    one, other = ids_of(first, "groups")
    decide(browser, desk, second, "approve", other)

    sent = [publish(browser, desk, first, group).status_code for group in (one, other)]
    refused = decide(browser, desk, second, "approve", one)
    page = said(browser.get(f"/runs/{second.folder.name}/publish"))
    again = publish(browser, desk, second, other)

    assert sent == [303, 303]
    assert refused.status_code == 400
    assert "Its members were told of it already, by the night of" in said(refused)
    assert "told of it already" in page.partition("Held back")[2]
    assert not now_in(desk, second).draft.suggestions[other].is_published
    assert again.status_code == 409
    assert len(desk.outbox.entries()) == 2
    assert not run(office.workspace, days=20).seated or other not in suggestions_of(run(office.workspace, days=20))


def test_the_command_says_why_it_holds_back(office: Office, desk: Desk, browser: Browser) -> None:
    """In the words of the page."""
    first, second = run(office.workspace), run(office.workspace, days=1)
    one = ids_of(first, "groups")[0]
    decide(browser, desk, second, "approve", one)
    publish(browser, desk, first, one)
    assert desk.publisher

    done = run_publish(office.workspace, desk.publisher, PublishOrder(channels=("csv",), by="cron"))

    assert done.run_id == second.folder.name
    lines = publish_lines(done, ["csv"], is_dry_run=False)
    assert any(line.startswith(f"  held back: {one}: its members were told of it already") for line in lines)
    assert done.published is not None
    assert not done.published.announced


def test_whom_another_night_asked_is_asked_to_nothing_new(office: Office, desk: Desk, browser: Browser) -> None:
    """Two friends were introduced on last night's page after tonight was planned: so tonight's gathering waits."""
    first, second = run(office.workspace), run(office.workspace, days=1)
    pair, (gathering,) = ids_of(first, "introductions")[0], ids_of(second, "gatherings")
    publish(browser, desk, first, pair)

    refused = decide(browser, desk, second, "approve", gathering)

    assert refused.status_code == 400
    assert "asked to something else by the night of" in said(refused)
    assert all(now_in(desk, second).rests(member) for member in suggestions_of(first)[pair])
    assert decide(browser, desk, second, "approve", ids_of(second, "groups")[0]).status_code == 303


def test_what_is_kept_goes_out_whatever_else_its_members_were_asked_to(
    office: Office, desk: Desk, browser: Browser
) -> None:
    """The gathering was approved before; nobody takes that back by introducing two of its guests."""
    first = run(office.workspace)
    pair, (gathering,) = ids_of(first, "introductions")[0], ids_of(first, "gatherings")
    decide(browser, desk, first, "approve", gathering)
    second = run(office.workspace, days=1)
    publish(browser, desk, first, pair)

    done = publish(browser, desk, second, gathering)

    assert done.status_code == 303
    assert now_in(desk, second).draft.suggestions[gathering].is_published


def test_a_lock_is_handed_on_as_a_lock(office: Office, desk: Desk, browser: Browser) -> None:
    """The next page shows it, refuses to change it, forms groups around it, and hands it on; until it is unlocked."""
    first = run(office.workspace)
    mixed = office.mix(first)
    office.decide(first, "lock", ids_of(first, "groups")[0])
    second = run(office.workspace, days=1)
    one = next(one for one, members in suggestions_of(second).items() if members == mixed)
    address, swap = f"/runs/{second.folder.name}", f"change?kind=swap&group={one}&member={mixed[0]}&with={GRAZ[0].id}"
    other = next(who.id for who in GRAZ if who.id not in mixed)

    shown, card = said(browser.get(address)), browser.get(f"{address}/suggestions/{one}")
    change = said(browser.get(f"{address}/{swap.rpartition('=')[0]}={other}"))
    held = said(browser.get(f"{address}/resolve")).partition("What does not")[0]
    opened = decide(browser, desk, second, "unlock", one)
    third = run(office.workspace, days=2)

    assert "locked kept" in shown
    assert f'href="/runs/{first.folder.name}">an earlier night' in card.text
    assert ">Unlock <" in card.text
    assert f"{one} is locked. Unlock it first." in change
    assert "locked" in held
    assert opened.status_code == 303
    assert "kept since" not in said(browser.get(f"{address}/suggestions/{one}"))
    assert mixed not in suggestions_of(third).values()


def test_a_group_that_was_turned_down_before_does_not_come_back_at_the_desk(
    office: Office, desk: Desk, browser: Browser
) -> None:
    """It is not formed anew; made by hand it may be, and the preview says so."""
    first = run(office.workspace)
    one, other = ids_of(first, "groups")
    turned_down = {*suggestions_of(first)[one]}
    office.decide(first, "reject not_now", one)
    second = run(office.workspace, days=1)
    for group in ids_of(second, "groups"):
        decide(browser, desk, second, "reject", group, why="weak_reason")
    run_id = second.folder.name

    anew = browser.send(f"/runs/{run_id}/resolve")

    now = now_in(desk, second)
    assert anew.status_code == 200
    assert frozenset(turned_down) in now.barred
    assert now.turned_down([turned_down | {other}]) == [frozenset(turned_down)]


def test_who_would_not_meet_somebody_again_does_not_though_both_are_proposed_already(
    office: Office, desk: Desk, browser: Browser
) -> None:
    """They answer about last month's introduction after tonight was planned."""
    first = run(office.workspace)
    pair = ids_of(first, "introductions")[0]
    a, b = suggestions_of(first)[pair]
    publish(browser, desk, first, pair)
    later = run(office.workspace, days=30)
    (gathering,) = ids_of(later, "gatherings")
    assert decide(browser, desk, later, "approve", gathering).status_code == 303

    office.answer(first, pair, a, "not_again", b)

    card = said(browser.get(f"/runs/{later.folder.name}/suggestions/{gathering}"))
    held = said(browser.get(f"/runs/{later.folder.name}/publish")).partition("Held back")[2]
    assert "These two are kept apart." in card
    assert held


def test_an_answer_is_heard_by_the_open_desk_at_once(office: Office, desk: Desk) -> None:
    """And one that is taken back."""
    night = run(office.workspace)
    a, b = GRAZ[0].id, GRAZ[1].id
    heard = [now_in(desk, night).elsewhere.never_together]
    for kind in ("not_with", "with_again"):
        answer(desk, a, kind, other=b)
        heard.append(now_in(desk, night).elsewhere.never_together)

    assert heard == [frozenset(), {tuple(sorted((a, b)))}, frozenset()]
