"""The publishing job: from a workspace and its settings to what publishing works with, and one round of it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from matcher.engines.smtp_post import SmtpPost
from matcher.engines.webhook_post import WebhookPost
from matcher.publish.channels import (
    CalendarChannel,
    Channel,
    CsvChannel,
    Mailer,
    MailFileChannel,
    SmtpChannel,
    WebhookChannel,
)
from matcher.publish.letters import Writer
from matcher.publish.links import LinkSigner
from matcher.publish.mail import check_sender
from matcher.publish.options import PublishOptions
from matcher.publish.prospects import Prospect, look
from matcher.publish.publisher import Publisher
from matcher.publish.publishing import Published, PublishOrder, publish
from matcher.publish.sending import Driven
from matcher.publish.webhook import read_secret
from matcher.review.editions import edition_of
from matcher.review.nights import Nights
from matcher.storage.contacts import ContactStore
from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.outbox import Entry, Outbox
from matcher.storage.decisions.store import DecisionStore
from matcher.storage.forgotten import Forgotten
from matcher.storage.published import PublishedFiles
from matcher.storage.reviewed import OtherNights
from matcher.storage.runs import RunStore
from matcher.storage.secrets import keep_secret
from matcher.storage.workspace import Workspace
from pipelines.wiring import JobSettings

SMTP_PASSWORD, WEBHOOK_SECRET = "MATCHER_SMTP_PASSWORD", "MATCHER_WEBHOOK_SECRET"


@dataclass(frozen=True, eq=False, kw_only=True)
class PublishDone:
    """What one round of publishing came to.

    Attributes:
        run_id: The run.
        prospects: All of it that is approved or published, as it stands afterwards.
        published: What was published; None: nothing was to be.
        driven: What was sent; None: nothing was to be.
        entries: The whole outbox afterwards.
        in_doubt: Those of which nobody knows whether they arrived.
    """

    run_id: str
    prospects: tuple[Prospect, ...]
    published: Published | None
    driven: Driven | None
    entries: tuple[Entry, ...]
    in_doubt: tuple[Entry, ...]


def publisher_of(
    workspace: Workspace, settings: JobSettings, database: Database, *, clock: Callable[[], datetime]
) -> Publisher:
    """What publishing works with.

    Args:
        workspace: Whose members are told.
        settings: How, and how long a round is.
        database: Where decisions, answers and the outbox are.
        clock: Tells the instant, in UTC.

    Raises:
        InputError: The settings for mail or the webhook cannot be used.
    """
    contacts, options = ContactStore(folder=workspace.contacts_folder), settings.publish
    decisions, answers = DecisionStore(database), AnswerStore(database)
    channels, lacking = _channels(workspace, options, lambda: contacts.load().by_member(), clock)
    return Publisher(
        writer=Writer(options=options, links=LinkSigner(keep_secret(workspace.folder / "desk.secret"))),
        decisions=decisions,
        outbox=Outbox(database),
        answers=answers,
        others=OtherNights(
            RunStore(folder=workspace.runs_folder), decisions, answers, days_apart=settings.night.rotation.days_apart
        ),
        contacts=lambda: contacts.load().by_member(),
        channels=channels,
        lacking=lacking,
        forgotten=Forgotten(path=workspace.forgotten_file).among,
        clock=clock,
    )


def run_publish(
    workspace: Workspace, publisher: Publisher, order: PublishOrder, *, run_id: str = "", is_dry_run: bool = False
) -> PublishDone:
    """Publish what is approved in a run, and send what waits; without channels only send.

    Args:
        workspace: Whose runs.
        publisher: What publishing works with.
        order: What is wanted.
        run_id: The run; empty: the live one.
        is_dry_run: Whether to look only.

    Raises:
        InputError: There is no such run or channel, or a time that cannot be.
    """
    nights = Nights(RunStore(folder=workspace.runs_folder))
    edition = edition_of(nights.night(run_id or nights.live_id()))
    published, driven = None, None
    if not is_dry_run:
        published = publish(publisher, edition, order) if order.channels else None
        driven = publisher.drive()
    publisher.check(order.channels)
    return PublishDone(
        run_id=edition.run_id,
        prospects=look(publisher, edition, order.times),
        published=published,
        driven=driven,
        entries=tuple(publisher.outbox.entries()),
        in_doubt=tuple(publisher.in_doubt()),
    )


def _channels(
    workspace: Workspace,
    options: PublishOptions,
    addresses: Callable[[], Mapping[str, str]],
    clock: Callable[[], datetime],
) -> tuple[dict[str, Channel], dict[str, str]]:
    """The ways out that are set up; and what the others lack."""
    files = PublishedFiles(folder=workspace.published_folder)
    channels: dict[str, Channel] = {"csv": CsvChannel(files=files), "ics": CalendarChannel(files=files)}
    lacking: dict[str, str] = {}
    if options.sender:
        check_sender(options.sender, options.sender_name)
        mailer = Mailer(sender=options.sender, sender_name=options.sender_name, addresses=addresses)
        channels["eml"] = MailFileChannel(files=files, mailer=mailer)
        if options.smtp_host:
            channels["smtp"] = SmtpChannel(post=_smtp(options), mailer=mailer)
    for channel in ("eml", "smtp"):
        if channel not in channels:
            needed = "publish.smtp_host" if options.sender else "publish.sender"
            lacking[channel] = f"needs {needed} in matcher.toml"
    secret = os.environ.get(WEBHOOK_SECRET, "")
    if options.webhook_url and secret:
        post = WebhookPost(url=options.webhook_url)
        channels["webhook"] = WebhookChannel(post=post, secret=read_secret(secret), clock=clock)
    else:
        needed = (
            f"{WEBHOOK_SECRET} in the environment" if options.webhook_url else "publish.webhook_url in matcher.toml"
        )
        lacking["webhook"] = f"needs {needed}"
    return channels, lacking


def _smtp(options: PublishOptions) -> SmtpPost:
    return SmtpPost(
        host=options.smtp_host,
        port=options.smtp_port,
        security=options.smtp_security,
        user=options.smtp_user,
        password=os.environ.get(SMTP_PASSWORD, ""),
    )
