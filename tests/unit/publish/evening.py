"""A small night to publish: four members, one group, one introduction that begins online, one gathering."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from matcher.publish.channels import Channel
from matcher.publish.invitations import Edition
from matcher.publish.letters import Writer
from matcher.publish.links import LinkSigner
from matcher.publish.options import PublishOptions
from matcher.publish.parcels import CHANNELS
from matcher.publish.publisher import Publisher
from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.database import Database
from matcher.storage.decisions.outbox import Entry, Outbox
from matcher.storage.decisions.store import DecisionStore
from matcher.storage.reviewed import OtherNights
from matcher.storage.runs import RunStore
from matcher.tables.decisions import Decision
from matcher.tables.dossier import Dossier, Person
from matcher.tables.drafts import Suggestion
from matcher.tables.proposals import Account
from matcher.tables.proposed import ProposedGathering, ProposedGroup, ProposedIntroduction, Town
from matcher.units import Km, MemberId, Share
from tests.unit.arrangement.desks import friends, in_towns

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
GRAZ = Town(name="Graz, Austria", lat=47.0707, lon=15.4395, time_zone="Europe/Vienna")
ANA, BEN, CEM, DEA = (MemberId(one) for one in "abcd")
NAMES: Mapping[str, str] = {"a": "Ana", "b": "Ben", "c": "Cem", "d": "Dea"}
ADDRESSES: Mapping[str, str] = {one: f"{one}@example.org" for one in "abcd"}
HOME = "Secret Valley 7"
OPTIONS = PublishOptions(sender="organizers@example.org", answer_address="https://desk.example.org")


def account(*topics: str) -> Account:
    """What organizers are told, with more than members may know."""
    return Account(
        reasons=(f"Everyone lives in {HOME}.", "Dea talks with Eve elsewhere."),
        shared_topics=topics,
        evidence=("m1",),
        starter="You all care about tea. How about one table?",
    )


GROUP = ProposedGroup(
    id="g-1", members=(ANA, BEN, CEM), town=GRAZ, travel_km=(Km(1.0), Km(2.0), Km(3.0)),
    fit_shares=(Share(0.4321), Share(0.5), Share(0.6)), terms=({}, {}, {}), waited=(0, 0, 0), repeats=(),
    account=account("tea", "go"),
)  # fmt: skip
PAIR = ProposedIntroduction(
    id="i-1", members=(ANA, DEA), a_to_b=Share(0.1), b_to_a=Share(0.1), mutual=Share(0.1), kind="introduce", via=BEN,
    town=None, travel_km=(), waited=(0, 0), met_at=None, account=account(),
)  # fmt: skip
GATHERING = ProposedGathering(
    id="t-1", members=(ANA, BEN, CEM, DEA), hub=replace(GRAZ, name="Linz, Austria"), travel_km=(Km(1.0),) * 4,
    companies=(1.0,) * 4, efforts=(0.1,) * 4, choices=(), account=account("tea"),
)  # fmt: skip


def edition(names: Mapping[str, str] = NAMES, run_id: str = "2026-03-01-abc") -> Edition:
    """The night, with these names."""
    dossier = Dossier(
        run_id=run_id, as_of=NOW, notice="", attribution="", lead="", objective="", stranger_chance=0.01,
        people={MemberId(one): Person(name=name, place=HOME, cell=None) for one, name in names.items()},
        unknowns={}, groups=(GROUP,), introductions=(PAIR,), gatherings=(GATHERING,), left_out=(), towns=(GRAZ,),
    )  # fmt: skip
    question = in_towns(friends(4, {}), {})
    return Edition(
        dossier=dossier,
        suggestions={"g-1": ("a", "b", "c"), "i-1": ("a", "d"), "t-1": ("a", "b", "c", "d")},
        question=lambda: question,
    )


def suggestion(one: str = "g-1", members: tuple[str, ...] = ("a", "b", "c"), version: int = 2) -> Suggestion:
    """An approved one."""
    return Suggestion(id=one, members=members, version=version, is_approved=True)


@dataclass
class Recorder:
    """A channel that remembers what it was given; a test may make it fail."""

    is_repeatable: bool = False
    fails: list[BaseException] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def deliver(self, entry: Entry) -> None:
        """Remember it; then fail, where the next failure says so: what was given out may have arrived."""
        self.entries.append(entry)
        if self.fails:
            raise self.fails.pop(0)


@dataclass
class Hands:
    """What a test moves: the clock and the addresses."""

    now: datetime = NOW
    addresses: dict[str, str] = field(default_factory=lambda: dict(ADDRESSES))


@contextmanager
def publisher(
    folder: Path, channels: Mapping[str, Channel] | None = None, hands: Hands | None = None
) -> Iterator[Publisher]:
    """On a database of its own; every channel is a recorder where nothing else is said."""
    hands = hands or Hands()
    database = Database(folder / "desk.sqlite")
    decisions, answers = DecisionStore(database), AnswerStore(database)
    yield Publisher(
        writer=Writer(options=OPTIONS, links=LinkSigner(b"k" * 32)),
        decisions=decisions,
        outbox=Outbox(database),
        answers=answers,
        others=OtherNights(RunStore(folder=folder / "runs"), decisions, answers, days_apart=6),
        contacts=lambda: hands.addresses,
        channels={one: Recorder() for one in CHANNELS} if channels is None else channels,
        lacking={},
        forgotten=lambda members: set(members) & {"forgotten"},
        clock=lambda: hands.now,
    )
    database.close()


def decide(at: Publisher, kind: str, *suggestions: str, lists: Mapping[str, tuple[str, ...]] | None = None) -> None:
    """As an organizer does at the desk, each by itself."""
    night = edition()
    for one in suggestions:
        seen = at.decisions.versions(night.run_id).get(one, 0)
        decision = Decision(run_id=night.run_id, kind=kind, by="Ana", at=NOW, touched={one: seen}, lists=lists or {})
        at.decisions.append(decision, night.suggestions)
