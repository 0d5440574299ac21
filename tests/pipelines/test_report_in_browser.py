"""The report as a person opens it: in a real browser, with no network."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.pipelines.conftest import DemoNight

pytestmark = pytest.mark.xdist_group("demo")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the package 'chromium'")
@pytest.mark.parametrize("width", [1200, 390])
def test_the_report_opens_asks_for_nothing_and_fits(demo: DemoNight, width: int) -> None:
    """No request leaves the machine, nothing is refused, nothing runs, and no line runs off a phone."""
    asked: list[str] = []
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.goto((demo.run / "report.html").as_uri())

        n_groups = page.locator("article").count()
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        n_maps = page.locator("svg[role=img], svg[aria-label], svg[aria-labelledby]").count()
        browser.close()

    assert asked == [(demo.run / "report.html").as_uri()]
    assert complaints == []
    assert n_groups >= len(demo.plan["groups"])
    assert n_maps >= len(demo.plan["groups"])
    assert overflow <= 0
