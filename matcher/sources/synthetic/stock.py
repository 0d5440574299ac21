"""The stock of phrases that the community is written from, as it lies in `phrases/`.

A line is either a text, or `text => answer`; `[a|b]` offers a choice, `{slot}` names a detail that
is the same throughout one thread, so that answers pick up what was asked.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PHRASES = Path(__file__).parent / "phrases"
NOT_INTERESTS = ("attacks", "general", "life", "people")

LONG_WORD = "Donaudampfschiff" * 40

Lines = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """One thing that people of an interest talk about.

    Attributes:
        is_question: Whether the opener asks; otherwise the opener tells a story and is asked.
        tags: What a thread about it is tagged with.
        slots: The choices for each detail of a thread.
        open: First messages.
        answer: What a first reader replies.
        follow: Pairs: who knows less asks, the other explains.
        aside: What a third person throws in.
        report: What the opener writes days later.
    """

    is_question: bool
    tags: Lines
    slots: Mapping[str, Lines]
    open: Lines
    answer: Lines
    follow: Lines
    aside: Lines
    report: Lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Interest:
    """One interest with its channel, what its people say of themselves, and its subjects."""

    channel: str
    name: str
    labels: Lines
    about: Lines
    outings: Lines
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Promo:
    """What one broadcaster keeps posting."""

    topic: str
    link: str
    lines: Lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Confidence:
    """What somebody trusts a friend with in private; `marker` must never be seen elsewhere."""

    marker: str
    open: str
    answer: str
    close: str


@dataclass(frozen=True, kw_only=True, slots=True)
class City:
    """A city, how people write it, the next town, and whose names are common there; the last two not for the region."""

    name: str
    home: Lines
    near: Lines
    tongues: Lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Stock:
    """Everything in `phrases/`.

    Attributes:
        interests: In the order of their files' names.
        life: Small talk, for the off-topic channel.
        phrases: What people say whatever the topic, by purpose.
        insult_slots: Details of insults.
        promos: One a broadcaster.
        confidences: Private matters of one member.
        attacks: Words meant for the software rather than for people.
        cities: Where people live.
        region: Where the friends of a far-flung circle live, a city for each; nobody else does.
        names: Given names and family names, by tongue.
    """

    interests: tuple[Interest, ...]
    life: Interest
    phrases: Mapping[str, Lines]
    insult_slots: Mapping[str, Lines]
    promos: tuple[Promo, ...]
    confidences: tuple[Confidence, ...]
    attacks: Lines
    cities: tuple[City, ...]
    region: tuple[City, ...]
    names: Mapping[str, tuple[Lines, Lines]]


@cache
def load_stock() -> Stock:
    """Read the phrases, once."""
    general = _load("general")
    people = _load("people")
    return Stock(
        interests=tuple(_interest(stem) for stem in _interest_stems()),
        life=_interest("life"),
        phrases={name: _lines(value) for name, value in general.items() if isinstance(value, str)},
        insult_slots=_slots(general["insult_slots"]),
        promos=tuple(
            Promo(topic=promo["topic"], link=promo["link"], lines=_lines(promo["lines"])) for promo in general["promo"]
        ),
        confidences=tuple(Confidence(**private) for private in general["private"]),
        attacks=(*_load("attacks")["texts"], LONG_WORD),
        cities=tuple(
            City(name=city["name"], home=tuple(city["home"]), near=tuple(city["near"]), tongues=tuple(city["tongues"]))
            for city in people["city"]
        ),
        region=tuple(
            City(name=home.partition(",")[0], home=(home,), near=(), tongues=()) for home in people["region"]["homes"]
        ),
        names={
            tongue: (_listed(names["given"]), _listed(names["family"])) for tongue, names in people["names"].items()
        },
    )


def _interest_stems() -> Iterator[str]:
    return (path.stem for path in sorted(PHRASES.glob("*.toml")) if path.stem not in NOT_INTERESTS)


def _load(stem: str) -> dict[str, Any]:
    return tomllib.loads((PHRASES / f"{stem}.toml").read_text(encoding="utf-8"))


def _interest(stem: str) -> Interest:
    entry = _load(stem)
    return Interest(
        channel=entry["name"] if stem == "life" else stem,
        name=entry["name"],
        labels=tuple(entry["labels"]),
        about=_lines(entry["about"]),
        outings=_listed(entry["outing"]),
        subjects=tuple(_subject(subject) for subject in entry["subject"]),
    )


def _subject(entry: dict[str, Any]) -> Subject:
    return Subject(
        is_question=entry["kind"] == "ask",
        tags=tuple(entry["tags"]),
        slots=_slots(entry.get("slots", {})),
        open=_lines(entry["open"]),
        answer=_lines(entry["answer"]),
        follow=_lines(entry["follow"]),
        aside=_lines(entry["aside"]),
        report=_lines(entry["report"]),
    )


def _lines(block: str) -> Lines:
    return tuple(line for line in block.split("\n") if line)


def _listed(values: str) -> Lines:
    return tuple(value.strip() for value in values.split(","))


def _slots(entry: Mapping[str, str]) -> dict[str, Lines]:
    return {name: _listed(values) for name, values in sorted(entry.items())}
