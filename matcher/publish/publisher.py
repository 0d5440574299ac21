"""What publishing works with: the desk's memory, the ways out, and who must not be written to now."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from matcher.errors import InputError
from matcher.publish.channels import Channel
from matcher.publish.courier import Courier
from matcher.publish.letters import Writer
from matcher.publish.parcels import CHANNELS, load_of
from matcher.publish.sending import SEND_LIMIT, Driven, drive
from matcher.storage.decisions.answers import AnswerStore
from matcher.storage.decisions.forgetting import FORGOTTEN_WHY
from matcher.storage.decisions.outbox import Entry, Outbox
from matcher.storage.decisions.store import DecisionStore
from matcher.storage.reviewed import OtherNights
from matcher.tables.answered import Heard
from matcher.tables.decided import Pair

HELD = "one of its members left, pauses, or is not to be brought together with another of them"
"""Which of them, and why, is not told."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Publisher:
    """What publishing works with.

    Attributes:
        writer: Writes the letters.
        decisions: What was approved, and what was published.
        outbox: What is to be sent.
        answers: Who left, pauses, or does not want to meet whom.
        others: What the other nights say beside one.
        contacts: Tells members' addresses.
        channels: The ways out that are set up, by name.
        lacking: By name of a channel that is not, what it lacks.
        forgotten: Those of some members who had themselves forgotten.
        clock: Tells the instant, in UTC.
        courier: Sends in the background.
    """

    writer: Writer
    decisions: DecisionStore
    outbox: Outbox
    answers: AnswerStore
    others: OtherNights
    contacts: Callable[[], Mapping[str, str]]
    channels: Mapping[str, Channel]
    lacking: Mapping[str, str]
    forgotten: Callable[[Iterable[str]], Collection[str]]
    clock: Callable[[], datetime]
    courier: Courier = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "courier", Courier(lambda is_over: self.drive(is_over=is_over)))

    def check(self, channels: Collection[str]) -> None:
        """Refuse ways out that there are not.

        Raises:
            InputError: There is none of that name, or it is not set up.
        """
        for channel in channels:
            if channel not in CHANNELS:
                raise InputError(f"there is no channel {channel[:40]!r}; needs one of {', '.join(CHANNELS)}")
            if channel not in self.channels:
                raise InputError(f"{channel} is not set up; {self.lacking.get(channel, 'found no settings for it')}")

    def is_held(self, members: Collection[str], heard: Heard, apart: Collection[Pair] = ()) -> bool:
        """Whether these members must not be written to about each other now.

        Args:
            members: Of one suggestion.
            heard: What stands after all answers.
            apart: Pairs who must not meet beside those.
        """
        now, together = self.clock(), set(members)
        is_apart = any(together.issuperset(pair) for pair in (*heard.apart, *apart))
        return is_apart or any(heard.is_away(one, at=now) for one in members) or bool(self.forgotten(members))

    def drive(self, *, is_over: Callable[[], bool] = lambda: False) -> Driven:
        """Send all that is due, but for what must not be sent any more."""

        def held(entry: Entry) -> str:
            if not entry.payload:
                return f"held back: {FORGOTTEN_WHY}"
            is_held = self.is_held(load_of(entry).members, self.answers.heard())
            return f"held back: {HELD}" if is_held else ""

        return drive(self.outbox, self.channels, clock=self.clock, held=held, is_over=is_over)

    def in_doubt(self) -> Sequence[Entry]:
        """Attempts of which nothing was heard, and nothing will be."""
        return self.outbox.in_doubt(begun_before=self.clock() - SEND_LIMIT)
