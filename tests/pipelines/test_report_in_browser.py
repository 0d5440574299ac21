"""The report as a person opens it: in a real browser, with no network."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import sync_playwright

from matcher.publish.report import report_html
from tests.pipelines.conftest import DemoNight
from tests.unit.publish.worlds import a_travelled_night

pytestmark = pytest.mark.xdist_group("demo")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NEEDS_CHROMIUM = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine: install the package 'chromium'"
)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a browser made of a page.

    Attributes:
        asked: Every address it asked for.
        complaints: What it wrote to its console, and dialogs.
        n_cards: Cards on the page.
        n_maps: Maps on the page.
        overflow: By how many pixels something is wider than the screen.
        shown: Of each star on the page, whether it is drawn.
    """

    asked: tuple[str, ...]
    complaints: tuple[str, ...]
    n_cards: int
    n_maps: int
    overflow: int
    shown: tuple[bool, ...]


def opened(report: Path, width: int, scheme: Literal["light", "dark"] = "light") -> Seen:
    asked: list[str] = []
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.goto(report.as_uri())
        seen = Seen(
            asked=tuple(asked),
            complaints=tuple(complaints),
            n_cards=page.locator("article").count(),
            n_maps=page.locator("svg[role=img]").count(),
            overflow=page.evaluate("document.documentElement.scrollWidth - window.innerWidth"),
            shown=tuple(star.is_visible() for star in page.locator("svg[role=img] use[href='#star']").all()),
        )
        browser.close()
    return seen


@NEEDS_CHROMIUM
@pytest.mark.parametrize("width", [1200, 390])
def test_the_report_opens_asks_for_nothing_and_fits(demo: DemoNight, width: int) -> None:
    """No request leaves the machine, nothing is refused, nothing runs, and no line runs off a phone."""
    report = demo.run / "report.html"

    seen = opened(report, width)

    assert seen.asked == (report.as_uri(),)
    assert seen.complaints == ()
    assert seen.n_cards >= len(demo.plan["groups"])
    assert seen.n_maps >= len(demo.plan["groups"])
    assert seen.overflow <= 0


@NEEDS_CHROMIUM
@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (390, "dark")])
def test_a_gathering_is_shown_and_asks_for_nothing(
    tmp_path: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    """Its map, its tables and every star, in the light and in the dark, on a desk and on a phone."""
    night = a_travelled_night()
    report = tmp_path / "report.html"
    report.write_text(report_html(night.plan, night.community, night.places, night.facts), encoding="utf-8")

    seen = opened(report, width, scheme)

    assert seen.asked == (report.as_uri(),)
    assert seen.complaints == ()
    assert (seen.n_cards, seen.n_maps) == (6, 6)
    assert len(seen.shown) == 6
    assert all(seen.shown)
    assert seen.overflow <= 0
