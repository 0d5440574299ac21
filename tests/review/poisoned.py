"""A desk on which every text that is not ours says what a test wants: harmless words, or an attack in their place.

Two such desks differ in these words and in nothing else, and so must their pages: whatever the words are, what is built
of tags and attributes stays the same.
"""

import copy
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest

from matcher.storage.contacts import ContactStore
from matcher.storage.decisions.database import Database
from matcher.storage.dossiers import DOSSIER_FILE, dossier_bytes, read_dossier
from matcher.storage.questions import QUESTION_FILE, question_bytes, read_question
from matcher.storage.runs import RunStore
from matcher.storage.workspace import Workspace
from matcher.tables.contacts import Contacts
from matcher.tables.dossier import Dossier
from pipelines.review import desk_of
from tests.review.at_desk import add_gathering
from tests.review.conftest import Browser, Clock, a_client, cheap_accounts
from tests.review.evening import Evening

ATTACK = (
    "\"'></title></textarea><script>alert(1)</script><img src=x onerror=alert(2)>{{7*191191}}{%raw%}"
    '<svg onload=alert(3)>;=1+1;"@SUM(1)'
)
PLAIN = "w" * len(ATTACK)
"""As long, so that what is clipped or does not fit on a map is the same."""

ORGANIZER = "<img/src=x\"' onerror=alert(4)>"
HARMLESS = "0lga"
"""Names that accounts may have, both before all others."""

SENDING = """
[publish]
sender = "desk@example.org"
sender_name = "The organizers"
answer_address = "https://desk.example"
webhook_url = "http://127.0.0.1:9/hook"
"""

_TEXTS = {
    "name",
    "place",
    "notice",
    "attribution",
    "lead",
    "objective",
    "detail",
    "starter",
    "reasons",
    "shared_topics",
}
"""Fields of a dossier that hold words."""


@contextmanager
def poisoned_evening(night: Path, folder: Path, words: str) -> Iterator[Evening]:
    """An evening at a desk on a copy of a workspace with a night, in which all words are these."""
    workspace = Workspace(folder=Path(shutil.copytree(night, folder)))
    with workspace.settings_file.open("a") as settings:
        settings.write(SENDING)
    add_gathering(workspace)
    respell(RunStore(folder=workspace.runs_folder).current(), words)
    _address(workspace)
    database = Database(workspace.folder / "desk.sqlite")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MATCHER_WEBHOOK_SECRET", f"whsec_{'A' * 40}")
        desk = desk_of(workspace, database, clock=Clock(), accounts=cheap_accounts(database))
    yield Evening(desk, workspace.folder, words, ORGANIZER if words == ATTACK else HARMLESS)
    database.close()


def copied(evening: Evening, folder: Path) -> Evening:
    """The same evening on a copy of everything, the sessions too."""
    other = copy.copy(evening)
    other.folder = Path(shutil.copytree(evening.folder, folder / "workspace"))
    database = Database(other.folder / "desk.sqlite")
    other.desk = desk_of(Workspace(folder=other.folder), database, clock=Clock(), accounts=cheap_accounts(database))
    other.member = a_client(other.desk)
    for name in ("organizer", "admin"):
        there: Browser = getattr(evening, name)
        client = a_client(other.desk)
        client.cookies.update(there.client.cookies)
        setattr(other, name, Browser(client=client, name=there.name))
    return other


def respell(run: Path, words: str) -> None:
    """Put these words, with a number of their own each, in place of all that members, maps and imports say in a run."""
    numbers = count()

    def said(old: str) -> str:
        return f"{words} {next(numbers):05}" if old else old

    built = _respelt(msgspec.to_builtins(read_dossier(run)), said)
    (run / DOSSIER_FILE).write_bytes(dossier_bytes(msgspec.convert(built, Dossier)))
    question = read_question(run)
    towns = tuple(one._replace(name=said(one.name)) for one in question.towns)
    (run / QUESTION_FILE).write_bytes(question_bytes(replace(question, towns=towns)))
    quotes = pl.read_parquet(run / "tables" / "quotes.parquet")
    shown = (pl.col(name).map_elements(said, return_dtype=pl.String) for name in ("name", "channel", "text"))
    quotes.with_columns(*shown).write_parquet(run / "tables" / "quotes.parquet")
    topics = pl.read_parquet(run / "tables" / "topics.parquet")
    spelt = {one: said(one) for one in sorted(topics.get_column("topic").cast(pl.String).unique())}
    topics.with_columns(pl.col("topic").cast(pl.String).replace(spelt)).write_parquet(run / "tables" / "topics.parquet")


def _respelt(part: Any, said: Callable[[str], str], name: str = "") -> Any:  # noqa: ANN401 -- any part of a dossier
    match part:
        case str():
            return said(part) if name in _TEXTS else part
        case dict():
            return {key: _respelt(value, said, str(key)) for key, value in part.items()}
        case list() | tuple():
            return [_respelt(one, said, name) for one in part]
        case _:
            return part


def _address(workspace: Workspace) -> None:
    people = sorted(read_dossier(RunStore(folder=workspace.runs_folder).current()).people)
    emails = [f"member{at}@example.org" for at, _ in enumerate(people)]
    contacts = Contacts(pl.DataFrame({"member": people, "email": emails}))
    ContactStore(folder=workspace.contacts_folder).save(contacts, quarantine=pl.DataFrame())


class Skeleton(HTMLParser):
    """What a page is built of: its tags, with the names of their attributes; and where its links and forms lead.

    Attributes:
        tags: In order, as `<a href class>` or `</a>`.
        leads: Values of attributes that load, link or send.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.leads: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(f"<{' '.join((tag, *(name for name, _ in attrs)))}>")
        self.leads += [
            str(value) for name, value in attrs if name in {"href", "src", "action", "formaction", "xlink:href"}
        ]

    def handle_endtag(self, tag: str) -> None:
        """Note its end."""
        self.tags.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        """Note that there is one."""
        self.tags.append(f"<!--{data}")
