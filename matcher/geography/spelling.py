"""How a written place name is compared: folded, without case, accents and decoration."""

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\u0131": "i", "'": ""}
    | dict.fromkeys("\u2019\u2018\u02bb\u02bc", "")
)
"""Letters that carry no accent which could be taken off; apostrophes of every make."""
_INITIALS = re.compile(r"\b(\w)\.(?=\w\b|\s|$)")
_NOT_A_NAME = re.compile(r"[^\w]+|_+")
_SHORT = (
    (re.compile(r"\bst (?=\w)"), "saint "),
    (re.compile(r"\bft (?=\w)"), "fort "),
    (re.compile(r"\bmt (?=\w)"), "mount "),
    (re.compile(r"\bmc (?=\w)"), "mc"),
)


def fold(text: str) -> str:
    """Name as the gazetteer spells it: lower case, no accents, words in full and parted by single spaces.

    Example:
        >>> fold("  St.-Étienne "), fold("Łódź"), fold("Washington, D.C.")
        ('saint etienne', 'lodz', 'washington dc')
    """
    bare = text.lower().replace("'", "") if text.isascii() else _without_accents(text)
    name = _NOT_A_NAME.sub(" ", _INITIALS.sub(r"\1", bare)).strip()
    for short, full in _SHORT:
        name = short.sub(full, name)
    return name


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
