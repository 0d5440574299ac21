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
_SENTENCE_START = re.compile(r"(^|[.!?]\s+)([^\W\d_])")
_LONG_WORD = re.compile(r"\b[a-z]{6,}\b")
_SMILES = (" :)", " :-)", " haha", " 😅", " 🙂", " lol")

VOICES = ("neat", "neat", "neat", "lower", "lower", "breezy", "brief")
"""How people type, about as often as they do."""

N_TRIES = 8
TYPO_SHARE = 0.02


@dataclass(frozen=True, eq=False, slots=True)
class Scribe:
    """Chooses words by chance, and remembers what was said so that nobody repeats themselves.

    Attributes:
        rng: The only source of chance.
        used: How often each template was used in a circle of people, or text in the whole community.
    """

    rng: np.random.Generator
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

    def phrase(self, line: str, details: Mapping[str, str], voice: str) -> str:
        """Write the line as somebody with this voice would, in words not used before if possible."""
        text = ""
        for _ in range(N_TRIES):
            text = self._voiced(fill(self._chosen(line), details), voice)
            if not self.used["", text]:
                break
        self.used["", text] += 1
        return text

    def _chosen(self, line: str) -> str:
        return _CHOICE.sub(lambda match: self.pick(match[1].split("|")), line)

    def _voiced(self, text: str, voice: str) -> str:
        text = _SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)
        if voice == "lower":
            text = text.lower().removesuffix(".")
        elif voice == "breezy":
            text = text.removesuffix(".") + (self.pick(_SMILES) if self.chance(0.3) else "")
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
