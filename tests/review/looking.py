"""What tests of pages ask of them: the page of a suggestion, the words of a page."""

import html
import re

import httpx2

from matcher.review.desk import Desk
from matcher.review.nights import Night
from tests.review.at_desk import run_of
from tests.review.conftest import Browser


def card_at(browser: Browser, desk: Desk, suggestion: str, query: str = "") -> httpx2.Response:
    """The page of a suggestion."""
    return browser.get(f"{run_of(desk)}/suggestions/{suggestion}{query}")


def said(page: httpx2.Response) -> str:
    """Words of a page."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text)))


def live(desk: Desk) -> Night:
    """The live night."""
    return desk.nights.night(desk.nights.live_id())
