"""A written home, taken apart: "Greater London (UK)" is "london" and "uk", and is meant widely."""

import re
from dataclasses import dataclass
from typing import Final

from matcher.geography.spelling import fold

LONGEST_TEXT: Final = 120
LONGEST_PART: Final = 7
_BREAKS: Final = re.compile(r"[,/|;:()\[\]\n\t•·→、，]+|\s[-–—+&]\s")  # noqa: RUF001 people write these dashes and commas
_LINK: Final = re.compile(r"https?:|www\.|@|\\|^\W*/", re.IGNORECASE)
_WIDE: Final = frozenset({"greater", "metro", "metropolitan", "area", "near", "around", "outside", "region"})
_FILLERS: Final = frozenset({"the", "downtown", "city", "state", "province", "republic", "of", "in", "from"})
_DIRECTIONS: Final = frozenset(
    {"north", "south", "east", "west", "northern", "southern", "eastern", "western", "central", "upstate", "rural"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """What somebody wrote as their home.

    Attributes:
        parts: Folded names between commas and the like, in the order written, none empty.
        capitals: Two-letter parts that were written in capitals, as codes are.
    """

    parts: tuple[str, ...]
    capitals: frozenset[str]


def take_apart(text: str) -> Wording:
    """Parts of a written home; none where it cannot be one (a link, a handle, an essay).

    Words with digits are house numbers and postcodes: they are dropped, and never looked at again.
    """
    if len(text) > LONGEST_TEXT or _LINK.search(text):
        return Wording(parts=(), capitals=frozenset())
    words = [[word for word in fold(part).split() if not any(map(str.isdigit, word))] for part in _BREAKS.split(text)]
    parts = tuple(" ".join(part) for part in words if 0 < len(part) <= LONGEST_PART)
    capitals = frozenset(fold(word) for word in re.findall(r"\b[A-Z]{2,3}\b", text))
    return Wording(parts=parts, capitals=capitals)


def narrowings(part: str) -> list[tuple[str, bool]]:
    """The part itself, then without words of vagueness and direction, and whether that makes it wide.

    Example:
        >>> narrowings("greater denver area")
        [('greater denver area', False), ('denver', True)]
    """
    words = part.split()
    kept = list(words)
    while len(kept) > 1 and kept[0] in _WIDE | _FILLERS | _DIRECTIONS:
        kept.pop(0)
    while len(kept) > 1 and kept[-1] in _WIDE | {"province", "state"}:
        kept.pop()
    if kept == words:
        return [(part, False)]
    is_wide = bool((set(words) - set(kept)) & (_WIDE | _DIRECTIONS))
    return [(part, False), (" ".join(kept), is_wide)]


def sounds_wide(part: str) -> bool:
    """Whether a name has a word in it that means the surroundings too."""
    return not _WIDE.isdisjoint(part.split())


def cuts(part: str) -> list[tuple[str, str]]:
    """Every way to read a part as a town and then an area without a comma, shortest area first.

    Example:
        >>> cuts("melbourne vic")
        [('melbourne', 'vic')]
    """
    words = part.split()
    return [(" ".join(words[:at]), " ".join(words[at:])) for at in range(len(words) - 1, 0, -1)]
