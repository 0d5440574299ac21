"""A community of the Stack Exchange public data dump: Users.xml, Posts.xml, Comments.xml, Tags.xml."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from matcher.errors import SettingsError
from matcher.sources.imported import Imported
from matcher.sources.quarantine import AUTHOR_DELETED, NOT_A_MESSAGE, NOT_A_PERSON, Quarantine
from matcher.sources.settling import settle_members, settle_messages
from matcher.sources.stackexchange_mentions import address_mentions
from matcher.sources.stackexchange_rows import ANSWER, COMMENT, COMMUNITY, QUESTION, Dump, message_rows, user_rows
from matcher.tables.community import Blocks, Members, Messages

NOTICE = "From a public dump: nobody here was asked. For study only; invite no one from it."


@dataclass(frozen=True, kw_only=True, slots=True)
class StackExchangeOptions:
    """How to read a dump.

    Attributes:
        site_url: Where the site is, such as 'https://beer.example.com'; then messages carry their address.
    """

    site_url: str = ""

    def __post_init__(self) -> None:
        """Check the address.

        Raises:
            SettingsError: It is not an address of the web.
        """
        if self.site_url and not self.site_url.startswith(("http://", "https://")):
            raise SettingsError(
                f"site_url is not an address; found '{self.site_url}'; needs one that begins with https://, or nothing"
            )


def read_stackexchange(folder: Path, options: StackExchangeOptions, *, now: datetime) -> Imported:
    """Read one site's folder of the dump.

    A question, an answer or a comment is a message: 'p12' or 'c34'; a user is a member: 'u7'. A thread is
    a question with all its answers and comments; its tags are the topics of them all. A comment answers the
    post it stands under, or whoever it addresses with an @. Tags.xml is read to see that the dump is whole.

    Raises:
        SourceError: A file is missing, empty, not UTF-8, of another kind or cut off.
    """
    dump = Dump(folder=folder, site_url=options.site_url.rstrip("/"))
    members, of_members = settle_members(user_rows(dump), skips=[(NOT_A_PERSON, pl.col("member") == COMMUNITY)])
    messages, of_messages = settle_messages(
        message_rows(dump),
        now=now,
        members=members.get_column("member"),
        skips=[
            (NOT_A_MESSAGE, ~pl.col("kind").is_in([QUESTION, ANSWER, COMMENT])),
            (AUTHOR_DELETED, pl.col("author").is_null()),
            (NOT_A_PERSON, pl.col("author") == COMMUNITY),
        ],
    )
    for _ in dump.rows("Tags.xml", "TagName"):
        pass
    names = dict(members.select("member", "name").iter_rows())
    return Imported(
        members=Members.sorted(members),
        messages=Messages.sorted(address_mentions(messages, names)),
        blocks=Blocks(pl.DataFrame(schema=Blocks.schema())),
        quarantine=Quarantine.of([*dump.findings, *of_members, *of_messages]),
        notice=NOTICE,
        source="stackexchange",
    )
