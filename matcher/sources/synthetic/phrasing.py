"""From a line of the stock to what one person would type."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCE_START = re.compile(r"(^|[.!?]\s+)(?!https?:)([^\W\d_])")
_LONG_WORD = re.compile(r"\b[a-z]{6,}\b")
_FIRST_STOP = re.compile(r"[.!?]")
_COMMON_START = re.compile(
    r"(?!I\b)(?:[A-Z][a-z]*n't\b|How|What|Whi|Whe|Who|Do|Di|Is|Are|Was|Wo|Would|Can|Could|Should|The|A|It|My|Any|Will)"
)
_SMILES = (" :)", " :-)", " haha", " 😅", " 🙂", " lol")

VOICES = ("neat", "neat", "neat", "lower", "lower", "breezy", "brief")
"""How people type, about as often as they do."""

N_TRIES = 8
TYPO_SHARE = 0.015
LED_SHARE = 0.35


@dataclass(frozen=True, eq=False, slots=True)
class Scribe:
    """Chooses words by chance, and remembers what was said so that nobody repeats themselves.

    Attributes:
        rng: The only source of chance.
        leads: What to put before a question and before a statement that somebody else made already.
        used: How often each template was used in a circle of people, or text in the whole community.
    """

    rng: np.random.Generator
    leads: tuple[Sequence[str], Sequence[str]]
    used: Counter[tuple[str, str]] = field(default_factory=Counter)

    def pick(self, options: Sequence[Item]) -> Item:
        """One of the options, each as likely as the other."""
        return options[int(self.rng.integers(len(options)))]

    def some(self, options: Sequence[Item], n: int) -> tuple[Item, ...]:
        """`n` different options, or all where there are fewer, in an order of chance."""
        return tuple(options[int(at)] for at in self.rng.permutation(len(options))[:n])

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return bool(self.rng.random() < share)

    def fresh(self, lines: Sequence[str], among: str) -> str:
        """The line that these people have used least."""
        fewest = min(self.used[among, line] for line in lines)
        line = self.pick([line for line in lines if self.used[among, line] == fewest])
        self.used[among, line] += 1
        return line

    def bind(self, slots: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Settle the details of one thread."""
        return {name: self.pick(values) for name, values in slots.items()}

    def phrase(self, line: str, details: Mapping[str, str], voice: str, *, may_lead: bool = False) -> str:
        """Write the line as somebody with this voice would, in words not used before if possible."""
        text = ""
        for attempt in range(N_TRIES):
            chosen = fill(self._chosen(line), details)
            if may_lead and attempt >= N_TRIES // 2 and self.chance(LED_SHARE):
                chosen = self._led(chosen)
            text = self._voiced(chosen, voice)
            if not self.used["", text]:
                break
        self.used["", text] += 1
        return text

    def _led(self, text: str) -> str:
        """Begin in another way: a question after a colon, a statement after a word of its own."""
        is_question = _FIRST_STOP.findall(text)[:1] == ["?"]
        lead = self.fresh(self.leads[0] if is_question else self.leads[1], "leads")
        lowers = lead.endswith((":", ",")) and _COMMON_START.match(text)
        return f"{lead} {text[0].lower() + text[1:] if lowers else text}"

    def _chosen(self, line: str) -> str:
        return _CHOICE.sub(lambda match: self.pick(match[1].split("|")), line)

    def _voiced(self, text: str, voice: str) -> str:
        text = _SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)
        if voice == "lower":
            text = text.lower().removesuffix(".")
        elif voice == "breezy":
            text = text.removesuffix(".") + (self.pick(_SMILES) if text[-1] in ".!" and self.chance(0.25) else "")
        elif voice == "brief" and self.chance(0.4):
            text = " ".join(re.split(r"(?<=[.!?])\s+", text)[:2])
        return self._mistyped(text) if self.chance(TYPO_SHARE) else text

    def _mistyped(self, text: str) -> str:
        """Swap two letters inside one longer word."""
        words = list(_LONG_WORD.finditer(text))
        if not words or "://" in text:
            return text
        at = self.pick(words).start() + 2
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def fill(text: str, details: Mapping[str, str]) -> str:
    """Put the details into their slots.

    Raises:
        KeyError: The line names a slot that its subject does not have.
    """
    return _SLOT.sub(lambda match: details[match[1]], text)
