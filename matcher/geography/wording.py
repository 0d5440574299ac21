"""A written home, taken apart: "Greater London (UK)" is "greater london" and "uk", and is meant widely."""

import re
from dataclasses import dataclass
from typing import Final

from matcher.geography.spelling import fold

LONGEST_TEXT: Final = 120
LONGEST_PART: Final = 7
MOST_PARTS: Final = 12
_BREAKS: Final = re.compile(r"[,/|;:()\[\]\n\t•·→、，]+|\s[-–—>+&]+\s")  # noqa: RUF001 people write these dashes and commas
_OR: Final = re.compile(r"[/|;&+\n•·→]+|\s[-–—>]+\s|\s(?:or|and|und|oder|et|ou|y)\s")  # noqa: RUF001 dashes
"""What may stand between two homes; the words in small letters, as "OR" is Oregon."""
_LINK: Final = re.compile(r"https?:|www\.|@|\\|^\W*/", re.IGNORECASE)
_FLAG: Final = re.compile("([\U0001f1e6-\U0001f1ff])([\U0001f1e6-\U0001f1ff])")
_POSTCODE: Final = re.compile(r"\b[A-Za-z]{1,2}-(?=\d)")
_BETWEEN: Final = re.compile(
    r"^\W*(?:somewhere |halfway |half way |midway |in )*(?:between|zwischen|entre|tussen|mellan|mellem)\s+(.+?)"
    r"(?:\s+(?:and|und|y|et|e|en|och|og|to)\s+|\s*[&+]\s*)(.+)$",
    re.IGNORECASE,
)
_WIDE: Final = frozenset(
    {"greater", "metro", "metropolitan", "area", "near", "around", "outside", "region", "surrounding"}
)
_DIRECTIONS: Final = frozenset(
    {"north", "south", "east", "west", "northern", "southern", "eastern", "western", "central", "upstate", "rural",
     "northeast", "northwest", "southeast", "southwest", "downstate"}
)  # fmt: skip
_AREAL: Final = frozenset({"state", "province", "upstate", "rural", "republic", "downstate"})
_FILLERS: Final = frozenset(
    {"the", "downtown", "city", "of", "in", "from", "based", "living", "live", "currently", "located", "residing", "i",
     "im", "am", "somewhere", "now", "just", "sunny", "beautiful", "lovely", "suburban", "town"}
)  # fmt: skip

_LEADS: Final = frozenset({"currently", "now", "based", "living", "located", "residing", "just"})
"""What says nothing where it stands alone: "Paris (currently)"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """What somebody wrote as their home.

    Attributes:
        parts: Folded names between commas and the like, in the order written, none empty.
        capitals: Two- and three-letter words that were written in capitals, as codes are.
    """

    parts: tuple[str, ...]
    capitals: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrowing:
    """A name without the words that make it vague.

    Attributes:
        name: What is left.
        is_wide: Whether the surroundings were meant too.
        is_area: Whether no town can be meant ("Upstate New York").
    """

    name: str
    is_wide: bool = False
    is_area: bool = False


def take_apart(text: str) -> Wording:
    """Parts of a written home; none where it cannot be one (a link, a handle, an essay).

    Words with digits are house numbers and postcodes: they are dropped, and never looked at again.
    The flag of a country is read as "flag de".
    """
    if not _may_be_home(text):
        return Wording(parts=(), capitals=frozenset())
    plain = _FLAG.sub(_flag_in_letters, _POSTCODE.sub("", text))
    parts = tuple(filter(None, map(_name, _BREAKS.split(plain))))
    capitals = frozenset(fold(word) for word in re.findall(r"\b[A-Z]{2,3}\b", text))
    return Wording(parts=parts if len(parts) <= MOST_PARTS else (), capitals=capitals)


def alternatives(text: str) -> list[str]:
    """Homes of "Berlin / Paris", as written; empty where there is only one.

    A stroke parts a town from its country as often: ask this only where the whole means nothing.
    """
    pieces = [piece for piece in map(str.strip, _OR.split(text)) if piece] if _may_be_home(text) else []
    return pieces if 1 < len(pieces) <= MOST_PARTS else []


def ends_between(text: str) -> tuple[str, str] | None:
    """Both ends of "between Bonn and Cologne", as written; None where a text is no such thing."""
    found = _BETWEEN.match(text) if _may_be_home(text) else None
    return None if found is None else (found.group(1), found.group(2))


def narrowings(part: str) -> list[Narrowing]:
    """The part itself, then without words of vagueness and direction.

    Example:
        >>> [narrowing.name for narrowing in narrowings("greater denver area")]
        ['greater denver area', 'denver']
    """
    words = part.split()
    kept = list(words)
    while len(kept) > 1 and kept[0] in _WIDE | _FILLERS | _DIRECTIONS | _AREAL:
        kept.pop(0)
    while len(kept) > 1 and kept[-1] in _WIDE | _AREAL:
        kept.pop()
    if kept == words:
        return [Narrowing(name=part)]
    dropped = set(words) - set(kept)
    is_wide = not dropped.isdisjoint(_WIDE | _DIRECTIONS)
    return [
        Narrowing(name=part),
        Narrowing(name=" ".join(kept), is_wide=is_wide, is_area=not dropped.isdisjoint(_AREAL)),
    ]


def cuts(part: str) -> list[tuple[str, str]]:
    """Every way to read a part as a town and then an area without a comma, shortest area first.

    Example:
        >>> cuts("melbourne vic")
        [('melbourne', 'vic')]
    """
    words = part.split()
    return [(" ".join(words[:at]), " ".join(words[at:])) for at in range(len(words) - 1, 0, -1)]


def _may_be_home(text: str) -> bool:
    return len(text) <= LONGEST_TEXT and not _LINK.search(text)


def _name(written: str) -> str:
    """Folded, without words that have digits; empty where it is too long for a name, or says only "currently"."""
    words = [word for word in fold(written).split() if not any(map(str.isdigit, word))]
    return " ".join(words) if 0 < len(words) <= LONGEST_PART and not _LEADS.issuperset(words) else ""


def _flag_in_letters(flag: re.Match[str]) -> str:
    return ", flag " + "".join(chr(ord(letter) - 0x1F1E6 + ord("a")) for letter in flag.groups()) + ", "
