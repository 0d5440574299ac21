"""`matcher publish`, as an operator runs it: to files and to a real mail server, once."""

import json
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.smtp import Envelope

from matcher.review.desk import Desk
from matcher.storage.decisions.database import Database
from matcher.storage.workspace import Workspace
from pipelines.events import now
from pipelines.review import desk_of
from tests.pipelines.conftest import matcher
from tests.review.conftest import Clock, cheap_accounts
from tests.review.test_publishing import approve
from tests.unit.engines.test_smtp_post import Office, open_office

MAIL = '[publish]\nsender = "organizers@example.org"\nsmtp_host = "127.0.0.1"\nsmtp_port = {}\nsmtp_security = "none"\n'
NEXT_YEAR = f"{now().year + 1}-12-05T18:00"


def content_of(envelope: Envelope) -> bytes:
    """What a mail server took."""
    assert isinstance(envelope.content, bytes)
    return envelope.content


@pytest.fixture(name="office")
def _office(workspace: Workspace) -> Iterator[Office]:
    """A mail server that the settings name; everybody in the community has an address."""
    with open_office(office := Office()) as post:
        settings = workspace.settings_file.read_text(encoding="utf-8")
        workspace.settings_file.write_text(settings + MAIL.format(post.port), encoding="utf-8")
        yield office


def test_what_is_approved_reaches_members_once(workspace: Workspace, desk: Desk, office: Office) -> None:
    """Addresses first; then a look; then mails, calendars and a spreadsheet; and again nothing."""
    night = desk.nights.night(desk.nights.live_id())
    group = night.dossier.groups[0]
    approve(desk, group.id)
    place = ("--workspace", str(workspace.folder))
    publish = ("publish", "--to", "csv", "--to", "ics", "--to", "smtp", "--when", NEXT_YEAR, *place)

    imported = matcher("import", "contacts", str(workspace.folder / "export" / "contacts.csv"), *place)
    looked = json.loads(matcher(*publish, "--dry-run", "--json").stdout)
    done = matcher(*publish, "--by", "otto")
    again = json.loads(matcher(*publish, "--json").stdout)

    assert "Imported" in imported.stdout
    assert "@" not in imported.stdout
    assert [(one["id"], one["state"], one["without_address"]) for one in looked["suggestions"]] == [
        (group.id, "approved", [])
    ]
    assert looked["outbox"] == {}
    assert f"Sent now: {2 + len(group.members)}" in done.stdout
    assert "@" not in done.stdout + done.stderr
    assert (again["published"], again["n_enqueued"], again["n_sent"]) == ([], 0, 0)
    assert sorted(envelope.rcpt_tos[0] for envelope in office.taken) == [f"{one}@example.org" for one in group.members]
    mails = [message_from_bytes(content_of(one), policy=default) for one in office.taken]
    assert all(mail["To"] == envelope.rcpt_tos[0] for mail, envelope in zip(mails, office.taken, strict=True))
    files = sorted(path.name for path in (workspace.published_folder / night.dossier.run_id).glob("[!.]*"))
    assert files == ["approved.csv", f"{group.id}.ics"]
    assert [event.by for event in desk.decisions.events(night.dossier.run_id) if event.kind == "publish"] == ["otto"]


def test_what_a_busy_server_did_not_take_goes_out_later(workspace: Workspace, desk: Desk, office: Office) -> None:
    """The command says what waits, and what to do."""
    office.rcpt = "450 later"
    pair = desk.nights.night(desk.nights.live_id()).dossier.introductions[0]
    approve(desk, pair.id)
    place = ("--workspace", str(workspace.folder))
    matcher("import", "contacts", str(workspace.folder / "export" / "contacts.csv"), *place)

    refused = json.loads(matcher("publish", "--to", "smtp", "--json", *place).stdout)

    assert refused["n_sent"] == 0
    assert refused["outbox"] == {"smtp": {"waiting": 2}}
    assert {one["why"] for one in refused["waiting"]} == {
        "the mail server refused RCPT TO; found code 450; it is tried again"
    }


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        pytest.param(("--to", "eml"), "needs publish.sender", id="no-sender"),
        pytest.param(("--to", "webhook"), "needs publish.webhook_url", id="no-receiver"),
        pytest.param(("--to", "csv", "--when", "tomorrow"), "the time cannot be read", id="no-time"),
        pytest.param(("--to", "csv", "--run", "../x"), "there is no run", id="no-run"),
    ],
)
def test_what_cannot_be_is_bad_usage(workspace: Workspace, arguments: tuple[str, ...], why: str) -> None:
    """Exit code 2, and what would be right."""
    done = matcher("publish", *arguments, "--workspace", str(workspace.folder), check=False)

    assert done.returncode == 2
    assert why in done.stderr


def test_a_desk_on_the_same_workspace_sees_it(workspace: Workspace, desk: Desk, clock: Clock) -> None:
    """One database for both."""
    group = desk.nights.night(desk.nights.live_id()).dossier.groups[0].id
    approve(desk, group)
    matcher("publish", "--to", "csv", "--workspace", str(workspace.folder))

    other = Database(workspace.folder / "desk.sqlite")
    seen = desk_of(workspace, other, clock=clock, accounts=cheap_accounts(other)).outbox.entries()
    other.close()

    assert [(one.suggestion, one.channel, one.state) for one in seen] == [(group, "csv", "sent")]
