"""Whatever is asked or sent, by whomever: an answer, and never a fault of ours."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matcher.review
from matcher.review.app import PAGES
from matcher.review.desk import Desk
from matcher.review.visits import Page
from matcher.tables.decisions import KINDS, REJECT_REASONS
from tests.review.conftest import HOSTILE_NAMES, PASSWORD, Browser

REVIEW = Path(matcher.review.__file__).parent
WRITTEN = "".join(path.read_text() for kind in ("*.py", "templates/*.jinja") for path in sorted(REVIEW.glob(kind)))
FIELDS = sorted(set(re.findall(r'(?:name=|said\(|get\(|getlist\(|get_all\()"([a-z_]+)"', WRITTEN)))
"""Every name of a field or a query that stands in a page or its code."""

ODD = (
    "", " ", "0", "1", "-1", "1.5", "NaN", "٣", "99999999999999999999", "1e400", "null", "[]", "{}", "+1", "on",
    "\x00", "\ud83d\ude00", "\u202e", "a" * 5_000, "../../etc/passwd", "%", "%00", "' OR 1=1 --", "//x.example",
)  # fmt: skip
ODD_WORDS = [one.encode("utf-8", "replace").decode() for one in (*ODD, *HOSTILE_NAMES)]
SAID = [
    *KINDS,
    *REJECT_REASONS,
    "groups",
    "gatherings",
    "introductions",
    "left-out",
    "open",
    "approved",
    "swap",
    "move",
]


def named(page: Page) -> str:
    """A page, in the name of a test."""
    return f"{'POST' if page.is_form else 'GET'} {page.path}"


def known(desk: Desk) -> list[str]:
    """Ids and versions that are there."""
    night = desk.nights.night(desk.nights.live_id())
    people, suggestions = list(night.dossier.people)[:8], list(night.suggestions)
    some = [*suggestions[:3], *suggestions[-3:]]
    return [*people, *some, *(f"{one} 0" for one in some), desk.nights.live_id(), "0", "1"]


@pytest.mark.parametrize("page", [page for page in PAGES if page.path != "/sign-out"], ids=named)
def test_nothing_that_is_asked_or_sent_is_a_fault(desk: Desk, signed_in: Callable[[str], Browser], page: Page) -> None:
    """Ids that are there and such that are not, odd numbers, hostile words, fields twice or missing."""
    browser = signed_in("admin")
    values = st.sampled_from([*known(desk), *ODD_WORDS, *SAID, PASSWORD]) | st.text(max_size=20).map(visible)
    fields = st.dictionaries(st.sampled_from(FIELDS), st.lists(values, min_size=1, max_size=3), max_size=8)
    parts = st.fixed_dictionaries(
        {name: st.sampled_from(known(desk)) | values for name in re.findall(r"\{(\w+)[:}]", page.path)}
    )
    faults: list[tuple[str, Mapping[str, list[str]]]] = []

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    @given(parts=parts, said=fields, is_live=st.booleans())
    def ask(parts: dict[str, str], said: dict[str, list[str]], *, is_live: bool) -> None:
        if is_live and "run_id" in parts:
            parts["run_id"] = desk.nights.live_id()
        address = re.sub(r"\{(\w+)(:\w+)?\}", lambda part: quote(parts[part[1]], safe=""), page.path)
        if page.is_form:
            answer = browser.send(address, **said)
        else:
            answer = browser.get(f"{address}?{urlencode(said, doseq=True)}")
        if answer.status_code >= 500:
            faults.append((address, said))

    ask()

    assert faults == []


def visible(text: str) -> str:
    """Text as a browser would send it."""
    return text.encode("utf-8", "replace").decode()
