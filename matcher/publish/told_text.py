"""Members' words in what other members get: nothing in them may act as a header, a link or a command."""

import re

from matcher.publish.safe_text import clip_text

_ENCODED = re.compile(r"=\?|\?=")
_LINKED = re.compile(r"(?<=\w)([.:@])(?=\w{2}|/)|(?<=\w)@(?=\w)")


def told_text(text: str, *, limit: int) -> str:
    """Clean and clip a text, and take the life out of what a mail program would decode or make a link of.

    Args:
        text: Anything.
        limit: Most characters before links are broken up, which adds a space each; at least 1.

    Example:
        >>> told_text("Bobby https://evil.example =?utf-8?q?Bcc?=", limit=80)
        'Bobby https: //evil. example = ?utf-8?q?Bcc? ='
    """
    clipped = clip_text(text, limit=limit)
    plain = _ENCODED.sub(lambda found: " ".join(found[0]), clipped)
    return _LINKED.sub(lambda found: f"{found[0]} ", plain)
