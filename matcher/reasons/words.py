"""Small pieces of English for reasons."""

from collections.abc import Sequence


def listed(things: Sequence[str], *, most: int = 3) -> str:
    """Join things as one says them: "a", "a and b", "a, b and c"."""
    said = list(things[:most])
    if len(said) < 2:
        return "".join(said)
    return f"{', '.join(said[:-1])} and {said[-1]}"


def counted(number: int, thing: str) -> str:
    """Say how many: "once" is for one, plural for the rest.

    Example:
        >>> counted(1, "message"), counted(3, "message")
        ('1 message', '3 messages')
    """
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def sentence(words: str) -> str:
    """End with one full stop, also after a name that has its own."""
    return f"{words.removesuffix('.')}."


def within_reach(who: str, town: str, longest_km: float) -> str:
    """Say who can get where, coarsely: nobody's home follows from it."""
    if longest_km < 5:
        return f"{who} in or near {town}."
    return f"{who} within about {5 * round(longest_km / 5)} km of {town}."
