"""What members are promised who follow their link."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from matcher.arrangement.means import Means
from matcher.engines.highs_programs import HighsPrograms
from matcher.publish.links import AnswerLink, LinkSigner
from matcher.review.app import make_app
from matcher.review.desk import Desk
from matcher.review.nights import Nights
from matcher.storage.decisions.accounts import AccountStore
from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.outbox import Outbox
from matcher.storage.decisions.store import DecisionStore
from matcher.storage.dossiers import DOSSIER_FILE, dossier_bytes
from matcher.storage.reviewed import OtherNights
from matcher.storage.runs import RunStore
from matcher.tables.answered import Answer, hear
from matcher.tables.decisions import Decision
from matcher.tables.dossier import Dossier, Person
from matcher.tables.proposals import Account
from matcher.tables.proposed import ProposedGroup, Town
from matcher.units import Km, MemberId, Share

RUN, GROUP = "2024-05-01-0a1b2c3d", "g-1"
TOLD = datetime(2024, 5, 1, 9, tzinfo=UTC)
NAMES = {"ada": "Ada", "bob": "<script>alert(1)</script>", "cyd": "Cyd", "dan": "Dan & Söhne"}
MEMBERS = tuple(map(MemberId, NAMES))
GRAZ = Town(name="Graz <b>, Austria", lat=47.07, lon=15.44)


@dataclass
class Post:
    """A desk, what it published, and the browser of whoever got a link.

    Attributes:
        now: What the desk's clock tells; tests move it.
        forgotten: Who was forgotten.
    """

    folder: Path
    database: Database
    now: datetime = TOLD + timedelta(minutes=5)
    forgotten: set[str] = field(default_factory=set)
    signer: LinkSigner = field(default_factory=lambda: LinkSigner(b"k" * 32))

    def __post_init__(self) -> None:
        self.answers = AnswerStore(self.database)
        self.decisions = DecisionStore(self.database)
        runs = RunStore(folder=self.folder)
        desk = Desk(
            nights=Nights(runs),
            decisions=self.decisions,
            accounts=AccountStore(self.database),
            outbox=Outbox(self.database),
            answers=self.answers,
            others=OtherNights(runs, self.decisions, self.answers, days_apart=6),
            links=self.signer,
            means=lambda: Means(programs=HighsPrograms(), rng=np.random.default_rng(1)),
            clock=lambda: self.now,
            is_forgotten=lambda member: member in self.forgotten,
        )
        self.browser = TestClient(make_app(desk), base_url="http://127.0.0.1", raise_server_exceptions=True)

    def link(self, member: str = "ada", *, days: float = 60, version: int = 1) -> str:
        """The address of a link that was sent."""
        until = TOLD + timedelta(days=days)
        link = AnswerLink(run_id=RUN, suggestion=GROUP, version=version, member=member, until=until)
        return f"/answer/{self.signer.token(link)}"

    def page(self, address: str) -> str:
        """What a browser shows at an address, in one line of text."""
        shown = self.browser.get(address)
        assert shown.status_code == 200
        return " ".join(shown.text.split())

    def press(self, address: str, answer: str, *, given: int | None = None, **fields: str) -> int:
        """Send a form as it stands on the page now; gives the status after any redirect."""
        if given is None:
            found = re.search(r'name="given" value="(\d+)"', self.browser.get(address).text)
            given = int(found[1]) if found else 0
        return self.browser.post(address, data={"answer": answer, "given": str(given), **fields}).status_code

    def kinds(self) -> list[tuple[str, str, str | None]]:
        """What is recorded: who, what, about whom."""
        return [(one.member, one.kind, one.other) for one in self.answers.answers()]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    """A desk that published one group of four."""
    run = tmp_path / "runs" / RUN
    (run / "tables").mkdir(parents=True)
    (run / "plan.json").write_text("{}")
    (run / DOSSIER_FILE).write_bytes(dossier_bytes(_dossier()))
    database = Database(tmp_path / "desk.sqlite")
    opened = Post(folder=tmp_path / "runs", database=database)
    for version, kind in enumerate(("approve", "publish")):
        decision = Decision(run_id=RUN, kind=kind, by="Olga", at=TOLD, touched={GROUP: version}, lists={})
        opened.decisions.append(decision, {GROUP: MEMBERS})
    yield opened
    opened.browser.close()
    database.close()


def _dossier() -> Dossier:
    group = ProposedGroup(
        id=GROUP,
        members=MEMBERS,
        town=GRAZ,
        travel_km=(Km(1.0),) * 4,
        fit_shares=(Share(0.5),) * 4,
        terms=({"fit_share": 0.5},) * 4,
        waited=(0,) * 4,
        repeats=(),
        account=Account(reasons=(), evidence=(), shared_topics=(), starter=""),
    )
    return Dossier(
        run_id=RUN,
        as_of=TOLD,
        notice="",
        attribution="",
        lead="",
        objective="",
        stranger_chance=0.1,
        people={one: Person(name=NAMES[one], place="somewhere secret", cell=None) for one in MEMBERS},
        unknowns={},
        groups=(group,),
        introductions=(),
        gatherings=(),
        left_out=(),
        towns=(GRAZ,),
    )


def test_a_link_says_with_whom_and_where(post: Post) -> None:
    """Names as the desk shows them, escaped; nobody's home, nobody's id."""
    page = post.page(post.link())

    assert "Hello <bdi>Ada</bdi>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Dan &amp; Söhne" in page
    assert "Graz &lt;b&gt;, Austria" in page
    assert "<script" not in page
    assert "secret" not in page
    assert "bob" not in page


def test_looking_changes_nothing(post: Post) -> None:
    """Mail scanners follow every link there is."""
    page = post.page(post.link())
    for address in {post.link(), *re.findall(r'href="(/answer/[^"]+)"', page)}:
        post.page(address.replace("&amp;", "&"))
        post.browser.head(address)

    assert not post.answers.answers()


def test_the_pages_set_no_cookie_and_are_kept_by_nobody(post: Post) -> None:
    """Nor do they tell another site where somebody came from."""
    link = post.link()
    seen = [
        post.browser.get(link),
        post.browser.post(link, data={"answer": "yes", "given": "0"}, follow_redirects=False),
        post.browser.get(post.link(days=-1)),
        post.browser.get("/answer/no.no"),
    ]

    for response in seen:
        assert "set-cookie" not in response.headers
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "'unsafe" not in response.headers["content-security-policy"]


def test_an_answer_is_recorded_and_shown(post: Post) -> None:
    """With the link, but not so that somebody could use it."""
    link = post.link()

    assert post.press(link, "yes") == 200

    assert post.kinds() == [("ada", "yes", None)]
    assert "You said: <strong>yes</strong>" in post.page(link)
    assert link.removeprefix("/answer/") not in post.answers.answers()[0].link


def test_pressing_twice_changes_nothing(post: Post) -> None:
    """Nor does sending the same form again, or again after another."""
    link = post.link()
    post.press(link, "yes")

    assert post.press(link, "yes") == 200
    assert post.press(link, "yes", given=0) == 200
    assert post.press(link, "not_now") == 200
    assert post.press(link, "yes", given=0) == 409

    assert [kind for _, kind, _ in post.kinds()] == ["yes", "not_now"]


def test_one_may_change_ones_mind(post: Post) -> None:
    """As often as one likes; the last word counts."""
    link = post.link()

    for kind in ("yes", "not_now", "yes"):
        post.press(link, kind)

    assert hear(post.answers.answers()).about(RUN, GROUP).comes == {"ada": True}


def test_an_old_form_shows_what_stands(post: Post) -> None:
    """And says that nothing was recorded."""
    link = post.link()
    post.press(link, "yes")

    late = post.browser.post(link, data={"answer": "not_now", "given": "0"})

    assert late.status_code == 409
    assert "Nothing was recorded" in late.text
    assert "You said: <strong>yes</strong>" in late.text


def test_of_many_forms_at_once_one_is_recorded(post: Post) -> None:
    """Whichever comes first."""
    link = post.link()

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda at: post.press(link, ("yes", "not_now")[at % 2], given=0), range(16)))

    assert len(post.kinds()) == 1
    assert set(statuses) == {200, 409}


def test_not_with_a_person_parts_the_two_at_once(post: Post) -> None:
    """Until the member takes it back by the link."""
    link = post.link()

    post.press(link, "not_with", other="0")

    assert post.kinds() == [("ada", "not_with", "bob")]
    assert hear(post.answers.answers()).apart == {("ada", "bob")}

    post.press(link, "with_again", other="0")

    assert not hear(post.answers.answers()).apart


def test_nobody_else_sees_who_shut_whom_out(post: Post) -> None:
    """The others' pages are the same as if it had not been said; and who looks at who comes sees 'not now'."""
    before = {member: post.page(post.link(member)) for member in ("bob", "cyd", "dan")}

    post.press(post.link("ada"), "not_with", other="0")

    assert {member: post.page(post.link(member)) for member in before} == before
    assert hear(post.answers.answers()).about(RUN, GROUP).comes == {"ada": False}


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x", "text/plain"])
@pytest.mark.parametrize(
    "body", [b"", b"--x\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--", b"\xff=\xfe"]
)
def test_a_broken_form_is_refused(post: Post, kind: str, body: bytes) -> None:
    """Politely, whatever kind it says it is."""
    sent = post.browser.post(post.link(), content=body, headers={"content-type": kind})

    assert sent.status_code in {400, 415}
    assert not post.answers.answers()


@pytest.mark.parametrize("other", ["", "3", "-1", "ada", "bob", "1 ", "²"])
def test_one_shuts_out_only_those_who_were_asked_too(post: Post, other: str) -> None:
    """Nobody can be named who does not stand on the page."""
    assert post.press(post.link(), "not_with", other=other) == 400

    assert not post.answers.answers()


@pytest.mark.parametrize("months", [1, 3, 6])
def test_a_pause_lasts_as_long_as_was_said(post: Post, months: int) -> None:
    """And one may end it."""
    link = post.link()

    post.press(link, "pause", months=str(months))
    post.press(link, "pause", months=str(months))

    (answer,) = post.answers.answers()
    assert answer.until is not None
    assert timedelta() <= answer.until - (post.now + timedelta(days=30 * months)) < timedelta(days=1)
    assert hear(post.answers.answers()).is_away("ada", at=post.now)

    post.press(link, "resume")

    assert not hear(post.answers.answers()).is_away("ada", at=post.now)


def test_a_pause_of_no_length_is_refused(post: Post) -> None:
    """Or of a length that was not offered."""
    assert post.press(post.link(), "pause", months="1000000") == 400
    assert not post.answers.answers()


def test_leaving_takes_a_second_step_and_stays(post: Post) -> None:
    """The first only asks; afterwards there is nothing left to press."""
    link = post.link()
    first = post.page(f"{link}?ask=leave")

    assert "Do you want to leave?" in first
    assert not post.answers.answers()

    assert post.press(link, "leave") == 200

    assert hear(post.answers.answers()).left == {"ada"}
    assert "You left" in post.page(link)
    assert "<form" not in post.page(f"{link}?ask=leave")
    assert post.press(link, "yes") == 400
    assert hear(post.answers.answers()).left == {"ada"}


def test_how_it_was_is_asked_after_a_day_or_a_yes(post: Post) -> None:
    """Before, it cannot have taken place."""
    link = post.link()

    assert "How was it?" not in post.page(link)
    assert post.press(link, "told", met="yes") == 400

    post.now = TOLD + timedelta(days=1)
    assert "How was it?" in post.page(link)

    post.now = TOLD + timedelta(minutes=5)
    post.press(link, "yes")
    assert "How was it?" in post.page(link)


def test_how_it_was_is_recorded_whole(post: Post) -> None:
    """Met, good, and again with each of the others; what was not said is not recorded."""
    link = post.link()
    post.now = TOLD + timedelta(days=7)
    told = {"met": "yes", "good": "no", "again-0": "no", "again-2": "yes"}

    post.press(link, "told", given=0, **told)
    post.press(link, "told", given=4, **told)

    replies = hear(post.answers.answers()).about(RUN, GROUP)
    assert len(post.kinds()) == 4
    assert replies.has_met == {"ada": True}
    assert replies.was_good == {"ada": False}
    assert replies.again == {("ada", "bob"): False, ("ada", "dan"): True}


def test_who_says_that_it_was_good_says_that_they_met(post: Post) -> None:
    """And who did not meet cannot say how it was."""
    post.now = TOLD + timedelta(days=7)

    post.press(post.link("ada"), "told", good="yes")
    post.press(post.link("bob"), "told", met="no", good="yes")

    assert post.kinds() == [("ada", "met", None), ("ada", "good", None), ("bob", "not_met", None)]


def test_a_mail_programs_own_button_is_to_leave(post: Post) -> None:
    """RFC 8058: a POST with one field, no page and no cookie before; sent again, nothing more happens."""
    link = post.link()
    post.press(link, "yes")

    statuses = [
        post.browser.post(link, data={"List-Unsubscribe": "One-Click"}, follow_redirects=False).status_code
        for _ in range(2)
    ]
    in_parts = post.browser.post(
        post.link("bob"), files={"List-Unsubscribe": (None, "One-Click")}, follow_redirects=False
    )

    assert statuses == [200, 200]
    assert in_parts.status_code == 200
    assert [kind for _, kind, _ in post.kinds()] == ["yes", "leave", "leave"]


def test_an_old_link_says_whom_to_ask(post: Post) -> None:
    """And takes no answer."""
    link = post.link(days=30)
    post.now = TOLD + timedelta(days=31)

    shown = post.browser.get(link)

    assert shown.status_code == 410
    assert "reply to the mail" in shown.text
    assert post.press(link, "leave", given=0) == 410
    assert not post.answers.answers()


@pytest.mark.parametrize("token", ["x", "a.b", "%00", "a" * 9_000, "é", "W10.x", "eyJhIjoxfQ.AAAA"])
def test_all_forgeries_get_the_same_page(post: Post, token: str) -> None:
    """Nobody learns how near they were."""
    real = post.link()
    ours = post.browser.get(real[:-1] + ("A" if real[-1] != "A" else "B"))

    shown = post.browser.get(f"/answer/{token}")
    sent = post.browser.post(f"/answer/{token}", data={"answer": "leave", "given": "0"})

    assert shown.status_code == sent.status_code == ours.status_code == 404
    assert shown.text == ours.text == sent.text
    assert not post.answers.answers()


def test_a_link_answers_for_its_member_alone(post: Post) -> None:
    """Whatever else the form says."""
    post.press(post.link("ada"), "yes", member="bob", run_id="other", suggestion="g-2")

    assert post.kinds() == [("ada", "yes", None)]


@pytest.mark.parametrize(
    "fields", [{}, {"answer": "return"}, {"answer": "<b>"}, {"answer": "met"}, {"answer": "again"}]
)
def test_what_no_page_offers_is_refused(post: Post, fields: dict[str, str]) -> None:
    """Members do not write down what only organizers may."""
    assert post.browser.post(post.link(), data={"given": "0", **fields}).status_code == 400
    assert not post.answers.answers()


@pytest.mark.parametrize("given", ["", "x", "-1", "9" * 5_000, "²"])
def test_a_form_without_its_count_records_nothing(post: Post, given: str) -> None:
    """It was not made by our page."""
    assert post.browser.post(post.link(), data={"answer": "yes", "given": given}).status_code == 409
    assert not post.answers.answers()


def test_without_its_run_a_link_still_lets_one_leave(post: Post) -> None:
    """No names are known then; pausing and leaving need none."""
    for path in sorted((post.folder / RUN).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    link = post.link()

    page = post.page(link)

    assert "Ada" not in page
    assert "Yes, I would like to" not in page
    assert post.press(link, "yes") == 400
    assert post.press(link, "pause", months="1") == 200
    assert post.press(link, "leave") == 200
    assert [kind for _, kind, _ in post.kinds()] == ["pause", "leave"]


@pytest.mark.parametrize(("member", "version"), [("eve", 1), ("ada", 0)])
def test_what_never_went_out_so_has_no_names(post: Post, member: str, version: int) -> None:
    """A link to somebody who does not sit there, or to another version, shows nobody."""
    page = post.page(post.link(member, version=version))

    assert "Cyd" not in page
    assert "no longer kept" in page


def test_of_who_was_forgotten_nothing_is_written_down(post: Post) -> None:
    """The link may still lie in a mailbox."""
    post.forgotten.add("ada")
    link = post.link()

    assert post.browser.get(link).status_code == 410
    assert post.press(link, "pause", given=0, months="1") == 410
    assert not post.answers.answers()


def test_nobody_fills_the_disk_by_one_link(post: Post) -> None:
    """After very many changes of mind, only leaving remains, which is for good."""
    link = post.link()
    name = Answer(link="-", run_id=RUN, suggestion=GROUP, member="ada", kind="yes", at=post.now)
    post.press(link, "yes")
    prefix = post.answers.answers()[0].link.partition(":")[0]
    post.answers.record_all([replace(name, link=f"{prefix}:{at}") for at in range(1, 100)])

    assert post.press(link, "not_now", given=100) == 400
    assert post.press(link, "pause", given=100, months="1") == 400
    assert post.press(link, "leave", given=100) == 200
