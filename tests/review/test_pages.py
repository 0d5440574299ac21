"""What holds for every page that can be reached: no dead link, no inline code, no member's text taken for markup."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from matcher.review.cookies import form_secret, is_same
from tests.review.conftest import Browser

MOST_PAGES = 150
"""Of a kind that is, what `kind_of` tells apart, so that all kinds are seen and the test stays quick."""


class Found(HTMLParser):
    """What a page holds that matters here."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links, ids, and what the policy would forbid or nobody of us wrote."""
        said = dict(attrs)
        if tag == "a" and said.get("href"):
            self.links.append(str(said["href"]))
        if said.get("id"):
            self.ids.append(str(said["id"]))
        if tag == "script" and not str(said.get("src")).startswith("/static/"):
            self.faults.append("a script of its own")
        if tag == "style" or "style" in said:
            self.faults.append(f"an inline style in <{tag}>")
        self.faults += [f"{name} in <{tag}>" for name in said if name.startswith("on")]
        self.faults += [f"{said['src']} in <img>" for _ in range(tag == "img" and said.get("src") == "x")]
        if tag == "form" and said.get("method", "get").lower() == "post":  # type: ignore[union-attr]
            self.forms = [*getattr(self, "forms", []), str(said.get("action"))]


def kind_of(address: str) -> str:
    """Addresses of one kind of page, for there are many suggestions and members."""
    return re.sub(r"[gint]-[0-9a-f]+|m[0-9]+|[0-9]+", "*", address.partition("#")[0])


@pytest.fixture
def pages(signed_in: Callable[[str], Browser]) -> dict[str, Found]:
    """Pages reached by links from the front page, some of each kind."""
    browser = signed_in("admin")
    seen: dict[str, Found] = {}
    of_kind: dict[str, int] = {}
    waiting = [browser.get("/").headers["location"]]
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        kind = kind_of(address)
        if address in seen or of_kind.get(kind, 0) >= 6:
            continue
        of_kind[kind] = of_kind.get(kind, 0) + 1
        answer = browser.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        if answer.headers["content-type"].startswith("text/html"):
            seen[address] = Found(answer.text)
            waiting += [one.partition("#")[0] for one in seen[address].links if one.startswith("/")]
    return seen


def test_every_link_leads_somewhere_and_no_page_holds_code(pages: dict[str, Found]) -> None:
    """With hostile names among the members; each id stands once."""
    faults = {address: found.faults for address, found in pages.items() if found.faults}
    twice = {address: {one for one in found.ids if found.ids.count(one) > 1} for address, found in pages.items()}
    elsewhere = {one for found in pages.values() for one in found.links if not one.startswith(("/", "#", "?"))}

    assert len(pages) >= 8
    assert faults == {}
    assert {address: ids for address, ids in twice.items() if ids} == {}
    assert all(one.startswith(("https://", "http://")) for one in elsewhere)


def test_secrets_are_compared_whole() -> None:
    """No secret is never right, not even where none is wanted."""
    secret = form_secret("token")

    assert is_same(secret, form_secret("token"))
    assert not is_same(secret, form_secret("other"))
    assert not is_same(secret[:-1], secret)
    assert not is_same("", "")
    assert not is_same("ä", secret)
