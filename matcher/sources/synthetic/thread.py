"""One conversation while it is being written: who answered whom, and when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from matcher.sources.synthetic.cast import Person
from matcher.sources.synthetic.phrasing import Scribe

AS_OF = datetime(2026, 3, 1, tzinfo=UTC)
SPAN = timedelta(days=546)
LONGEST_GAP = timedelta(hours=20)
LAST_START = timedelta(days=3)
_OWN = re.compile(r"\b(my|our)\b")  # the opener's niece is not the reader's


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Draft:
    """One message of a thread.

    Attributes:
        author: Who wrote it.
        after: How long after the thread began.
        text: The words.
        answers: The message it replies to, or None.
        mentions: Ids of those it addresses by name.
    """

    author: Person
    after: timedelta
    text: str
    answers: "Draft | None"
    mentions: tuple[str, ...]


@dataclass(eq=False, kw_only=True, slots=True)
class Thread:
    """A conversation.

    Attributes:
        scribe: Who finds the words.
        channel: Where it happens.
        tags: What it is tagged with.
        details: What its slots stand for.
        among: The circle of people in which no line should come twice.
        is_public: Whether anyone may read it.
        drafts: Its messages, in order of time.
    """

    scribe: Scribe
    channel: str
    tags: tuple[str, ...]
    details: Mapping[str, str]
    among: str
    is_public: bool = True
    drafts: list[Draft] = field(default_factory=list)

    def say(
        self, author: Person, line: str, to: Draft | None = None, *, after_days: float = 0, may_lead: bool = False
    ) -> Draft:
        """Let somebody write this line of the stock, in answer to a message or to nobody."""
        details = (
            dict(self.details)
            if self._is_opener(author)
            else {name: _OWN.sub("your", value) for name, value in self.details.items()}
        )
        if to is not None:
            details |= {"you": to.author.first, "city": to.author.city.name}
        text = self.scribe.phrase(line, details, author.voice, may_lead=may_lead)
        named = to is not None and "{you}" in line
        if to is not None and not named and self.scribe.chance(0.12):
            text = f"@{to.author.first} {text}"
            named = True
        mentions = (to.author.member,) if to is not None and named else ()
        return self.add(author, text, to, mentions=mentions, after_days=after_days)

    def add(
        self,
        author: Person,
        text: str,
        to: Draft | None = None,
        *,
        mentions: tuple[str, ...] = (),
        after_days: float = 0,
    ) -> Draft:
        """Append a message in exactly these words."""
        draft = Draft(
            author=author, after=self._next(after_days), text=text, answers=to, mentions=tuple(sorted(set(mentions)))
        )
        self.drafts.append(draft)
        return draft

    def _is_opener(self, author: Person) -> bool:
        return not self.drafts or author is self.drafts[0].author

    def start(self) -> datetime:
        """When it began: any day of the span, later ones a little more often, and over before the end."""
        length = self.drafts[-1].after + LAST_START
        share = float(self.scribe.rng.random()) ** 0.8
        morning = timedelta(minutes=int(self.scribe.rng.integers(7 * 60, 22 * 60)))
        whole_days = int(share * ((SPAN - length) / timedelta(days=1) - 1))
        return AS_OF - SPAN + timedelta(days=whole_days) + morning

    def _next(self, after_days: float) -> timedelta:
        """Minutes to hours after the last message: people answer quickly, or much later."""
        if not self.drafts:
            return timedelta(0)
        seconds = int(60 * 35 * float(self.scribe.rng.lognormal(0, 1.4))) + 40
        gap = min(timedelta(seconds=seconds), LONGEST_GAP)
        return self.drafts[-1].after + gap + timedelta(seconds=round(after_days * 86_400))
