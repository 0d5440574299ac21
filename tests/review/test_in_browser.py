"""The desk in a real browser: keys, themes, phones, and nothing that axe or the policy complains about."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from matcher.review.desk import Desk
from tests.review.conftest import PASSWORD, served
from tests.review.evening import page_in
from tests.review.poisoned import ATTACK, poisoned_evening

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the package 'chromium'")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser; each test opens windows of its own in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def opened(chromium: Browser, address: str, **options: Any) -> tuple[Page, list[str]]:  # noqa: ANN401 -- a window's own
    """A window in which somebody is signed in, and what it complains about or asks of others."""
    page = chromium.new_context(**options).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    page.on("request", lambda one: None if one.url.startswith(address) else complaints.append(f"asked {one.url}"))
    page.goto(address)
    page.fill("#name", "ada")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/runs/*")
    return page, complaints


def ways(page: Page) -> list[str]:
    """One page of each kind, from the list."""
    live = page.url
    cards = page.locator('a[data-key="o"]').evaluate_all("links => links.map(link => link.href)")
    return [live, cards[0], cards[-1], f"{live}/log", f"{live}/publish", f"{live}/resolve", "/accounts", "/account"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(
    chromium: Browser, address: str, scheme: Literal["light", "dark"]
) -> None:
    """Labels, contrast, landmarks, order of headings; the sign-in page and the list of keys too."""
    page, complaints = opened(chromium, address, color_scheme=scheme)
    axe = Axe()
    faults: list[tuple[str, str, str]] = []

    def judge(name: str) -> None:
        found = axe.run(page).response["violations"]
        bad = [one for one in found if one["impact"] in {"serious", "critical"}]
        faults.extend((name, one["id"], one["nodes"][0]["html"][:200]) for one in bad)

    for way in ways(page):
        page.goto(way if way.startswith("http") else address + way)
        for summary in page.locator("main details > summary").all()[:3]:
            summary.click()
        judge(way)
    page.locator("[data-keys-help]").click()
    judge("keys")
    page.context.clear_cookies()
    page.goto(address)
    judge("sign in")
    page.context.close()

    assert faults == []
    assert complaints == []


@pytest.mark.parametrize("width", [320, 390, 800, 1600])
def test_no_page_is_wider_than_the_screen(chromium: Browser, address: str, width: int) -> None:
    """From a small phone on; a table becomes a list there."""
    page, complaints = opened(chromium, address, viewport={"width": width, "height": 800})

    too_wide = {}
    for way in ways(page):
        page.goto(way if way.startswith("http") else address + way)
        too_wide[way] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.context.close()

    assert {way: pixels for way, pixels in too_wide.items() if pixels > 0} == {}
    assert complaints == []


def test_attacks_do_nothing_in_a_real_browser(chromium: Browser, night_folder: Path, tmp_path: Path) -> None:
    """On pages where members, places and organizers say scripts; and in a mail, which no policy of ours protects."""
    with poisoned_evening(night_folder, tmp_path / "workspace", ATTACK) as evening, served(evening.desk) as address:
        page, complaints = opened(chromium, address)

        for way in (*evening.addresses().values(), "/accounts", evening.link):
            page.goto(address + way)
            assert page.locator("main").inner_text()
        page.goto("about:blank")
        for mail in evening.mails():
            page.set_content(page_in(mail))
            assert "alert(1)" in page.inner_text("body")
        page.context.close()

    assert complaints == []


def test_keys_lead_through_the_evening(desk: Desk, chromium: Browser, address: str) -> None:
    """Down the list, into a card, approve it, on to the next: nothing but the keyboard."""
    page, complaints = opened(chromium, address)
    run_id = desk.nights.live_id()

    for key in ("j", "j", "k", "o"):
        page.keyboard.press(key)
    page.wait_for_url("**/suggestions/*")
    first = page.url
    with page.expect_navigation():
        page.keyboard.press("a")
    page.keyboard.press("/")
    in_search = page.evaluate("document.activeElement.id")
    page.keyboard.type("ajar?")
    typed, still_at = page.input_value("#search"), page.url
    page.context.close()

    assert [event.kind for event in desk.decisions.events(run_id)] == ["approve"]
    assert next(iter(desk.decisions.events(run_id)[0].touched)) in first
    assert (in_search, typed) == ("search", "ajar?")
    assert still_at.partition("?")[0].startswith(address)
    assert complaints == []


def test_single_keys_can_be_switched_off_and_stay_off(desk: Desk, chromium: Browser, address: str) -> None:
    """For whoever speaks to their computer, or touches keys by chance."""
    page, _ = opened(chromium, address)

    page.keyboard.press("?")
    page.locator("[data-keys-on]").uncheck()
    page.locator("dialog button").click()
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.keyboard.press("?")
    is_open = page.locator("dialog[open]").count()
    page.locator("[data-keys-help]").click()
    is_open_by_click = page.locator("dialog[open]").count()
    page.context.close()

    assert (is_open, is_open_by_click) == (0, 1)
    assert desk.decisions.events(desk.nights.live_id()) in ([], ())


def test_the_desk_works_without_scripts(chromium: Browser, address: str) -> None:
    """Keys are all that is missing, and nothing is shown that would not work."""
    page, _ = opened(chromium, address, java_script_enabled=False)

    page.locator('a[data-key="o"]').first.click()
    page.wait_for_url("**/suggestions/*")
    is_shown = page.locator("[data-keys-help]").is_visible()
    page.locator('button[data-key="a"]').first.click()
    page.wait_for_load_state()
    said = page.locator("main").inner_text()
    page.context.close()

    assert not is_shown
    assert "approved" in said.lower()
