"""What every channel promises: it delivers what it was given, and a file delivered twice is one file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from matcher.errors import NotSentError
from matcher.publish.channels import (
    CalendarChannel,
    Channel,
    CsvChannel,
    Mailer,
    MailFileChannel,
    SmtpChannel,
    WebhookChannel,
)
from matcher.publish.invitations import invitation_of
from matcher.publish.letters import Writer
from matcher.publish.links import LinkSigner
from matcher.publish.meeting_times import on_clocks, read_wall_time
from matcher.publish.parcels import CHANNELS, TO_MEMBERS, parcels_of
from matcher.storage.decisions.outbox import Entry, Parcel
from matcher.storage.published import PublishedFiles
from tests.unit.publish.evening import ADDRESSES, NOW, OPTIONS, edition, suggestion


@dataclass
class Post:
    """A mail server and a receiver of webhooks in one, which fail when told to."""

    fails: Exception | None = None
    got: list[bytes] = field(default_factory=list)

    def deliver(self, sender: str, recipient: str, message: bytes) -> None:
        """Take a mail."""
        assert sender == OPTIONS.sender
        self.post(message, {"to": recipient})

    def post(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Take a message."""
        assert headers
        if self.fails:
            raise self.fails
        self.got.append(body)


@pytest.fixture(name="post")
def _post() -> Post:
    return Post()


@pytest.fixture(params=list(CHANNELS), name="name")
def _name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(name="channel")
def _channel(name: str, post: Post, tmp_path: Path) -> Channel:
    """One of each kind."""
    files = PublishedFiles(folder=tmp_path)
    mailer = Mailer(sender=OPTIONS.sender, sender_name=OPTIONS.sender_name, addresses=lambda: ADDRESSES)
    make: Mapping[str, Callable[[], Channel]] = {
        "csv": lambda: CsvChannel(files=files),
        "ics": lambda: CalendarChannel(files=files),
        "eml": lambda: MailFileChannel(files=files, mailer=mailer),
        "smtp": lambda: SmtpChannel(post=post, mailer=mailer),
        "webhook": lambda: WebhookChannel(post=post, secret=b"k" * 32, clock=lambda: NOW),
    }
    return make[name]()


def parcel_by(name: str) -> Parcel:
    """The first parcel of the group by one channel, with a time."""
    night, when = edition(), on_clocks(read_wall_time("2026-12-05T18:00"), "Europe/Vienna", now=NOW)
    one = invitation_of(night, suggestion(), night.town_of(suggestion()), when)
    writer = Writer(options=OPTIONS, links=LinkSigner(b"k" * 32))
    return next(iter(parcels_of(one, (name,), writer, addressed=ADDRESSES, now=NOW)))


def entry_of(parcel: Parcel) -> Entry:
    """As the outbox gives it out."""
    return Entry(
        run_id=parcel.run_id, suggestion=parcel.suggestion, version=parcel.version, channel=parcel.channel,
        recipient=parcel.recipient, payload=parcel.payload, number=1, state="sending", attempt=1, at=NOW,
        not_before=NOW, why="", resolved_by=None,
    )  # fmt: skip


def left(folder: Path) -> dict[str, bytes]:
    """Every file with its content."""
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}


def test_an_entry_leaves_one_thing_behind(name: str, channel: Channel, post: Post, tmp_path: Path) -> None:
    """A file of a plain name, or something given away; the members' names are in it."""
    channel.deliver(entry_of(parcel_by(name)))

    things = [*left(tmp_path).values(), *post.got]
    assert len(things) == 1
    assert b"Ben" in things[0] or b"QmVu" in things[0]
    assert all(one.startswith(("g-1", "approved")) for one in left(tmp_path))


def test_a_file_delivered_twice_is_one_file(name: str, channel: Channel, post: Post, tmp_path: Path) -> None:
    """To the byte; of what leaves the machine nobody says so."""
    entry = entry_of(parcel_by(name))
    channel.deliver(entry)
    first = left(tmp_path)

    channel.deliver(entry)

    assert channel.is_repeatable == (left(tmp_path) == first and not post.got)


@pytest.mark.parametrize("name", ["smtp", "webhook"])
def test_a_failure_is_passed_on_as_it_is(name: str, channel: Channel, post: Post) -> None:
    """What was not sent for certain, and what may have been, must not be mixed up."""
    for failure in (NotSentError("busy", may_retry=True), OSError("lost")):
        post.fails = failure
        with pytest.raises(type(failure)):
            channel.deliver(entry_of(parcel_by(name)))


@pytest.mark.parametrize("name", TO_MEMBERS)
def test_whoever_has_no_address_any_more_gets_nothing(name: str, post: Post, tmp_path: Path) -> None:
    """It is found out before anything is sent."""
    mailer = Mailer(sender=OPTIONS.sender, sender_name=OPTIONS.sender_name, addresses=dict)
    files = PublishedFiles(folder=tmp_path)
    channel = SmtpChannel(post=post, mailer=mailer) if name == "smtp" else MailFileChannel(files=files, mailer=mailer)

    with pytest.raises(NotSentError, match="no address any more"):
        channel.deliver(entry_of(parcel_by(name)))

    assert not post.got
    assert not left(tmp_path)


def test_nothing_is_in_a_file_name_but_ids(tmp_path: Path) -> None:
    """A member's id may hold anything."""
    mailer = Mailer(sender=OPTIONS.sender, sender_name=OPTIONS.sender_name, addresses=lambda: {"../x": "a@example.org"})
    channel = MailFileChannel(files=PublishedFiles(folder=tmp_path / "out"), mailer=mailer)
    odd = entry_of(parcel_by("eml"))

    channel.deliver(Entry(**{**{one: getattr(odd, one) for one in Entry.__dataclass_fields__}, "recipient": "../x"}))

    assert [path.parent for path in (tmp_path).rglob("*.eml")] == [tmp_path / "out" / odd.run_id]
