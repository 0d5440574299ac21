"""Member text made safe to show: member text is hostile input.

Escaping for HTML is the template's; here is what no escaping cures.
"""

import re
import unicodedata
from urllib.parse import urlsplit

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001  # the wide forms start a formula in some spreadsheets too
"""A spreadsheet takes a cell that starts so for a formula."""

# Where the list separator is a semicolon, a spreadsheet cuts our cells at theirs, and lines wherever they end.
_MAY_START = re.compile(r'(?:^|[;\t\r\n])[\s"]*(?=[=+\-@＝＋－＠])')  # noqa: RUF001  # the same

_UNSHOWN = {"Cc", "Cf", "Cs", "Co"}
# Joiners are letters' glue in Persian, Indic scripts and emoji: harmless, and dropping them maims names.
_KEPT = {"\u200c", "\u200d"}
_SPACES = re.compile(r"\s+")
_SCHEMES = {"http", "https"}


def clean_text(text: str) -> str:
    """Drop control and direction-override characters, and make each run of white space one space."""
    spaced = _SPACES.sub(" ", text)
    shown = (character for character in spaced if character in _KEPT or unicodedata.category(character) not in _UNSHOWN)
    # Dropping one may have brought two spaces together.
    return _SPACES.sub(" ", "".join(shown)).strip()


def clip_text(text: str, *, limit: int) -> str:
    """Clean a text and cut it at a word boundary.

    Args:
        text: Anything.
        limit: Most characters of the result, the ellipsis included; at least 1.
    """
    clean = clean_text(text)
    if len(clean) <= limit:
        return clean
    head = clean[: limit - 1]
    boundary = head.rfind(" ") if clean[limit - 1] != " " else len(head)
    # A text without spaces (a long URL, Chinese) is cut where it must be.
    kept = head[:boundary] if boundary >= limit // 2 else head
    return kept.rstrip(" ,;:.–—-") + "…"  # noqa: RUF001  # an en dash is meant


def safe_url(url: str) -> str:
    """Return a web address that may be linked, or empty: only http and https, with a host, nothing odd."""
    if not url.isprintable() or any(character in url for character in " \"'<>\\`"):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in _SCHEMES and parts.hostname and "@" not in parts.netloc else ""


def safe_cell(text: str) -> str:
    """Put an apostrophe before whatever a spreadsheet would run as a formula, wherever it cuts the text into cells.

    Example:
        >>> safe_cell("=1+1"), safe_cell("Ana;=1+1"), safe_cell("Ana = Anna")
        ("'=1+1", "Ana;'=1+1", 'Ana = Anna')
    """
    defused = _MAY_START.sub(lambda found: f"{found[0]}'", text)
    return f"'{defused}" if defused.startswith(FORMULA_STARTS) else defused
