"""The whole journey: a night, an organizer in a real browser, mail, members' answers, the next night."""

import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import vobject
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.pipelines.conftest import DemoNight, matcher
from tests.pipelines.test_report_in_browser import CHROMIUM, NEEDS_CHROMIUM, QUIET

pytestmark = pytest.mark.xdist_group("demo")

PASSWORD = "correct horse battery staple"  # noqa: S105 -- of an account that lives as long as the test
TOO_BAD = ("serious", "critical")


class Mailbox(Message):
    """A real mail server's end: keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[EmailMessage] = []

    def prepare_message(self, session: Any, envelope: Any) -> Any:  # noqa: ANN401 -- as the server's library has it
        """Keep the message as it came."""
        del session
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.mails[-1]

    def handle_message(self, message: Any) -> None:  # noqa: ANN401 -- as the server's library has it
        """Nothing more is done with it."""

    def to(self, address: str) -> EmailMessage:
        """The one mail to somebody."""
        found = [mail for mail in self.mails if mail["To"].addresses[0].addr_spec == address]
        assert len(found) == 1, address
        return found[0]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    mailbox, port = Mailbox(), free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()


@contextmanager
def desk_of(workspace: Path, port: int) -> Iterator[str]:
    """The desk, opened by the real command; gives its address."""
    command = [sys.executable, "-c", "from pipelines.cli import main; main()", "review"]
    server = subprocess.Popen(
        [*command, "--workspace", str(workspace), "--port", str(port)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        assert "http://127.0.0.1" in server.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=30)


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


def check_accessible(page: Page) -> None:
    """No fault that axe calls serious, on the page as it is."""
    faults = [one for one in Axe().run(page).response["violations"] if one["impact"] in TOO_BAD]
    assert not faults, (page.url, [(one["id"], one["nodes"][0]["html"]) for one in faults])


@pytest.fixture
def place(demo: DemoNight, tmp_path: Path) -> DemoNight:
    """A copy of the demo night that may be worked on."""
    shutil.copytree(demo.workspace, tmp_path / "demo")
    return DemoNight(workspace=tmp_path / "demo", said=demo.said)


@NEEDS_CHROMIUM
def test_from_a_night_to_the_next(place: DemoNight) -> None:
    """An organizer changes, locks, approves and publishes; members answer; the next night respects all of it."""
    plan, port = place.plan, free_port()
    with mail_server() as (mailbox, mail_port), desk_of_place(place, port, mail_port) as address, browser() as chromium:
        page, run = sign_in(chromium, address), f"{address}/runs/{plan['run_id']}"
        read_a_card(page, plan["groups"][0])
        changed = swap_with_cost(page, run, plan)
        locked = lock(page, run, plan, besides=changed)
        form_anew(page, run)
        reject(page, run, plan["introductions"][0]["id"])
        chosen = next(one for one in open_groups(page, run) if one != locked["id"])
        told = approve(page, run, chosen)
        pair = approve(page, run, plan["introductions"][-1]["id"])
        publish(page, run)
        wait_for_mail(page, mailbox, n_mails=len(told) + len(pair))
        check_files(place, n_mails=len(told) + len(pair))
        refuser, refused, leaver = members_answer(chromium, mailbox, told, address)

    done = json.loads(matcher("run", "--workspace", str(place.workspace), "--json").stdout)
    after = place.plan

    assert done["run_id"] != plan["run_id"]
    assert locked["members"] in [group["members"] for group in after["groups"]]
    assert leaver not in json.dumps(after)
    assert not any({refuser, refused} <= set(together) for together in tables(after))
    assert plan["introductions"][0]["id"] not in {one["id"] for one in after["introductions"]}
    assert not {*told, *pair} & {member for together in tables(after) for member in together}


@contextmanager
def desk_of_place(place: DemoNight, port: int, mail_port: int) -> Iterator[str]:
    """Settings, an account, and the desk."""
    (place.workspace / "matcher.toml").write_text(
        f'[publish]\nsender = "desk@example.org"\nsmtp_host = "127.0.0.1"\nsmtp_port = {mail_port}\n'
        f'smtp_security = "none"\nanswer_address = "http://127.0.0.1:{port}"\n'
    )
    add = [sys.executable, "-c", "from pipelines.cli import main; main()", "accounts", "add", "ada"]
    subprocess.run(
        [*add, "--role", "organizer", "--password-stdin", "--workspace", str(place.workspace)],
        input=PASSWORD,
        text=True,
        check=True,
        capture_output=True,
    )
    with desk_of(place.workspace, port) as address:
        yield address


def sign_in(chromium: Browser, address: str) -> Page:
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.on("request", lambda request: check_host(request.url, address))
    page.on("console", lambda message: pytest.fail(f"the console says {message.text}"))
    page.goto(address)
    check_accessible(page)
    page.fill("input[name=name]", "ada")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    check_accessible(page)
    return page


def check_host(asked: str, address: str) -> None:
    """Nothing is ever asked of another host."""
    assert asked.startswith((address, "data:")), asked


def read_a_card(page: Page, group: dict[str, Any]) -> None:
    page.locator(f"a[href*='{group['id']}']").first.click()

    shown = page.locator("main").inner_text()

    assert all(reason in shown for reason in group["reasons"])
    assert group["starter"] in shown
    assert page.locator("svg[role=img]").count() == 1
    check_accessible(page)


def swap_with_cost(page: Page, run: str, plan: dict[str, Any]) -> set[str]:
    """Take the best change that the desk offers for the first who has one; gives the groups that it touched."""
    offers = page.locator("ol.offers a")
    for member in (member for group in plan["groups"] for member in group["members"]):
        page.goto(f"{run}/members?member={member}")
        if offers.count():
            break
    check_accessible(page)
    offers.first.click()
    check_accessible(page)
    assert "weakest link" in page.locator("main").inner_text().lower()
    touched = page.locator("input[name=suggestion]").evaluate_all("all => all.map(one => one.value)")

    page.get_by_role("button", name="Make this change").click()

    assert "Changed" in page.locator("[role=status]").first.inner_text()
    return set(touched)


def lock(page: Page, run: str, plan: dict[str, Any], *, besides: set[str]) -> dict[str, Any]:
    group: dict[str, Any] = next(one for one in plan["groups"] if one["id"] not in besides)
    page.goto(f"{run}/suggestions/{group['id']}")
    page.keyboard.press("l")
    page.get_by_role("button", name="Unlock").wait_for()
    return group


def form_anew(page: Page, run: str) -> None:
    """Around the lock; what moved is shown before it is taken, or that nothing better was found."""
    page.goto(f"{run}/resolve")
    check_accessible(page)
    page.get_by_role("button", name="Form groups anew").click()
    check_accessible(page)
    take = page.get_by_role("button", name="Take these groups")
    if take.count():
        take.click()
        assert page.locator("[role=status]").count()


def reject(page: Page, run: str, suggestion: str) -> None:
    page.goto(f"{run}/suggestions/{suggestion}")
    page.keyboard.press("r")
    page.locator("select[name=why]").select_option("wrong_people")
    page.get_by_role("button", name="Reject").click()
    assert "Rejected" in page.locator("[role=status]").first.inner_text()


def approve(page: Page, run: str, suggestion: str) -> list[str]:
    """Approve it as it stands; gives its members."""
    page.goto(f"{run}/suggestions/{suggestion}")
    members = page.locator("main a[href*='/members?']").evaluate_all("all => all.map(one => one.search)")
    page.keyboard.press("a")
    page.get_by_role("status").filter(has_text="Approved").wait_for()
    return list(dict.fromkeys(re.findall(r"member=([^&\s]+)", " ".join(members))))


def open_groups(page: Page, run: str) -> list[str]:
    """Groups about which nothing was decided, best first."""
    page.goto(f"{run}?kind=group&state=open")
    addresses = page.locator("main a[href*='/suggestions/']").evaluate_all("all => all.map(one => one.pathname)")
    return [one.rsplit("/", 1)[1] for one in addresses]


def publish(page: Page, run: str) -> None:
    page.goto(f"{run}/publish")
    check_accessible(page)
    for channel in ("csv", "ics", "eml", "smtp"):
        page.check(f"input[name=to][value={channel}]")
    page.fill("input[name=when]", "2026-12-05T18:00")
    page.fill("input[name=zone]", "Europe/Vienna")
    page.get_by_role("button", name=re.compile("^Publish")).click()
    page.wait_for_url("**/outbox")
    check_accessible(page)


def wait_for_mail(page: Page, mailbox: Mailbox, *, n_mails: int) -> None:
    page.wait_for_function("() => true")
    for _ in range(100):
        if len(mailbox.mails) >= n_mails:
            break
        page.wait_for_timeout(100)
    assert len(mailbox.mails) == n_mails


def check_files(place: DemoNight, *, n_mails: int) -> None:
    folder = place.workspace / "published" / place.run.name
    assert len(list(folder.rglob("*.eml"))) == n_mails
    assert len(list(folder.rglob("*.csv"))) == 1
    calendars = [vobject.readOne(path.read_text(encoding="utf-8")) for path in folder.rglob("*.ics")]
    assert len(calendars) == 2


def members_answer(chromium: Browser, mailbox: Mailbox, told: list[str], address: str) -> tuple[str, str, str]:
    """One says yes, one wants never to meet another, one leaves; gives the latter three."""
    willing, refuser, leaver = told[:3]
    page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(link_for(mailbox, willing, address))
    check_accessible(page)
    page.get_by_role("button", name="Yes").click()
    check_accessible(page)
    page.goto(link_for(mailbox, refuser, address))
    page.locator("summary", has_text="Not with").first.click()
    page.locator("input[name=other]").first.check()
    page.get_by_role("button", name="Not with this person").click()
    others = [member for member in told if member != refuser]
    page.goto(link_for(mailbox, leaver, address))
    page.locator("summary", has_text="leave").click()
    page.get_by_role("link", name="I want to leave for good").click()
    page.get_by_role("button", name="Yes, I leave").click()
    return refuser, others[0], leaver


def link_for(mailbox: Mailbox, member: str, address: str) -> str:
    mail = mailbox.to(f"{member}@example.org")
    plain = mail.get_body(("plain",))
    assert plain is not None
    found = re.search(re.escape(address) + r"/answer/\S+", plain.get_content())
    assert found is not None
    return found[0]


def tables(plan: dict[str, Any]) -> list[list[str]]:
    """Who would meet whom."""
    return [
        *(group["members"] for group in plan["groups"]),
        *([one["a"], one["b"]] for one in plan["introductions"]),
        *(one["members"] for one in plan["gatherings"]),
    ]
