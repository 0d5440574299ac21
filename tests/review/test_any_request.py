"""Whatever is asked or sent, by whomever: an answer, and never a fault of ours.

Twice: the forms that stand on the pages, filled in right but for one field; and fields and addresses made up from every
name that stands in our pages and code. To look for new faults: `HYPOTHESIS_PROFILE=search pytest …`.
"""

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matcher.review
from matcher.publish.parcels import CHANNELS
from matcher.review.app import PAGES
from matcher.review.desk import Desk
from matcher.review.visits import Page
from matcher.tables.answered import ANSWER_KINDS
from matcher.tables.decisions import KINDS, REJECT_REASONS
from tests.review.at_desk import decide, now_at
from tests.review.conftest import HOSTILE_NAMES, PASSWORD, Browser, Clock, a_client, sign_in
from tests.review.evening import Evening
from tests.review.poisoned import ATTACK, poisoned_evening

pytestmark = pytest.mark.xdist_group("any request")  # the evening is made once

REVIEW = Path(matcher.review.__file__).parent
NAMED = re.compile(r'(?:name=|said\(|_choice\(visit, |get\(|getlist\()"([A-Za-z_-]+)"')
WRITTEN = [path.read_text() for kind in ("*.py", "templates/*.jinja") for path in REVIEW.glob(kind)]
FIELDS = sorted({name for text in WRITTEN for name in NAMED.findall(text)})
"""Every name of a field or a query that stands in a page or its code."""

ODD = (
    "", " ", "0", "1", "-1", "1.5", "NaN", "٣", "99999999999999999999", "1e400", "null", "[]", "{}", "+1", "on",
    "\x00", "\ud83d\ude00", "\u202e", "a" * 5_000, "../../etc/passwd", "%", "%00", "' OR 1=1 --", "//x.example",
)  # fmt: skip
ODD_WORDS = [one.encode("utf-8", "replace").decode() for one in (*ODD, *HOSTILE_NAMES)]
TIMES = ("0001-01-01T00:00", "9999-12-31T23:59", "2026-12-05T18:00", "2026-03-29T02:30", "2026-13-01", "12345-01-01T0")
SPOILT: tuple[str | list[str], ...] = ([], ["0", "1"], "", "-1", "٣", "9" * 20, "{}", "\x00", "\U0001f600", "a" * 5_000)
SAID = [
    *KINDS, *REJECT_REASONS, *ANSWER_KINDS, *CHANNELS, *TIMES, "groups", "left-out", "open", "swap", "split", "merge",
    "add", "remove", "arrived", "again", "told", "no", "3", "One-Click", "role", "disable", "Etc/GMT+12", PASSWORD,
]  # fmt: skip

MANY = settings.default.max_examples if settings.default else 40
FUZZED = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
texts = st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace").decode())
"""As a browser would send them."""


@pytest.fixture(scope="module", name="evening")
def _evening(night_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    """A desk on which something of everything was done; what is sent to it goes on changing it."""
    with poisoned_evening(night_folder, tmp_path_factory.mktemp("fuzzed") / "workspace", ATTACK) as evening:
        yield evening
        assert evening.desk.publisher is not None
        evening.desk.publisher.courier.wait()


def named(page: Page) -> str:
    """A page, in the name of a test."""
    return f"{'POST' if page.is_form else 'GET'} {page.path}"


def known(desk: Desk) -> list[str]:
    """Ids and versions that are there."""
    night = desk.nights.night(desk.nights.live_id())
    people, suggestions = list(night.dossier.people)[:8], list(night.suggestions)
    chosen = [*suggestions[:3], *suggestions[-3:]]
    at = [f"{one}{mark}{version}" for one in chosen for mark in " =" for version in (0, 1, 2)]
    return [*people, *chosen, *at, desk.nights.live_id(), "0", "1", "2"]


def admin_at(desk: Desk) -> Browser:
    """Anew for each test, and an hour later: what was sent before may have signed her out, or have been too much."""
    assert isinstance(desk.clock, Clock)
    desk.clock.now += timedelta(hours=1)
    client = a_client(desk)
    assert sign_in(client, "ada").status_code == 303
    return Browser(client=client, name="ada")


@dataclass
class Form:
    """A form as it stands on a page, with all of its boxes checked.

    Attributes:
        address: Where it leads.
        fields: By name what is sent.
        times: Names of the fields that ask for a time.
    """

    address: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    times: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """The forms of a page that change something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field of the one that is open."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(address=said.get("action", "") if said.get("method") == "post" else ""))
        if tag == "select":
            self._select = said.get("name", "")
        if self.found and "disabled" not in said:
            self._note(self.found[-1], tag, said)

    def _note(self, form: Form, tag: str, said: dict[str, str]) -> None:
        name, value, kind = said.get("name", ""), said.get("value", ""), said.get("type")
        if tag == "option" and value:
            form.fields[self._select] = [value]
        elif tag in {"input", "textarea"} and name:
            form.fields[name] = [*(form.fields.get(name, ()) if kind == "checkbox" else ()), value]
        if kind == "datetime-local":
            form.times.add(name)


def forms_of(evening: Evening) -> list[Form]:
    """Each form of the desk once: one of many that lead to the same kind of page and ask for the same."""
    found = [form for _, page in evening.pages() for form in Forms(page.text).found]
    wanted = [form for form in found if form.address not in ("", "/sign-out") and "/resolve" not in form.address]
    return list({(kind_of(form.address), *form.fields, str(form.fields.get("kind"))): form for form in wanted}.values())


def kind_of(address: str) -> str:
    """An address without the ids in it."""
    return re.sub(r"[^/]*\d[^/]*", "*", address)


def test_no_form_with_one_field_spoilt_is_a_fault(evening: Evening) -> None:
    """Each field of each form by each odd value: the others are right, so that it comes a long way."""
    found, faults = forms_of(evening), []
    browser = admin_at(evening.desk)
    secret = browser.secret
    assert len({kind_of(form.address) for form in found}) >= 8
    # Approved after the pages were made: no form publishes these, so that there always is something left to tell.
    left = [one.id for one in now_at(evening.desk).groups.values() if one.state == "open"]
    decide(browser, evening.desk, "approve", *left[-3:])

    for form, name in [(one, name) for one in found for name in one.fields if name != "secret"]:
        client = evening.member if form.address.startswith("/answer/") else browser.client
        for odd in TIMES if name in form.times else SPOILT:
            fields = form.fields | {"secret": [secret], name: odd if isinstance(odd, list) else [odd]}
            if client.post(form.address, data=fields).status_code >= 500:
                faults.append((form.address, name, odd))

    assert faults == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.path != "/sign-out"], ids=named)
def test_nothing_that_is_asked_or_sent_is_a_fault(evening: Evening, page: Page) -> None:
    """Ids that are there and such that are not, odd numbers, hostile words, fields twice or missing."""
    desk, browser = evening.desk, admin_at(evening.desk)
    there = {"run_id": desk.nights.live_id(), "token": evening.link.removeprefix("/answer/")}
    values = st.sampled_from(known(desk)) | st.sampled_from([*ODD_WORDS, *SAID]) | texts
    here = NAMED.findall(inspect.getsource(inspect.getmodule(page.answer) or matcher.review)) or FIELDS
    names = st.sampled_from(here) | st.sampled_from(FIELDS)
    fields = st.dictionaries(names, st.lists(values, min_size=1, max_size=3), max_size=8)
    parts = st.fixed_dictionaries(dict.fromkeys(re.findall(r"\{(\w+)", page.path), values))
    faults: list[tuple[str, Mapping[str, Sequence[str]]]] = []

    @settings(FUZZED, max_examples=MANY // 10 if "/resolve" in page.path else MANY // 2)  # a search takes its time
    @given(parts=parts, said=fields, is_there=st.booleans())
    def ask(parts: dict[str, str], said: dict[str, list[str]], *, is_there: bool) -> None:
        meant = parts | there if is_there else parts
        address = re.sub(r"\{(\w+)\}", lambda part: quote(meant[part[1]], safe=""), page.path)
        if page.is_form:
            answer = browser.send(address, **said)
        else:
            answer = browser.get(f"{address}?{urlencode(said, doseq=True)}")
        if answer.status_code >= 500:
            faults.append((address, said))

    ask()

    assert faults == []
