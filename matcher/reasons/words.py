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


def kilometres(distance_km: float) -> str:
    """Say a distance coarsely: nobody's home follows from it."""
    return "a few km" if distance_km < 5 else f"about {5 * round(distance_km / 5)} km"
