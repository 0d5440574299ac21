"""Refusing numbers that cannot be meant."""

from collections.abc import Iterable

from matcher.errors import SettingsError


def require(
    section: str,
    options: object,
    *,
    shares: Iterable[str] = (),
    positive: Iterable[str] = (),
    not_negative: Iterable[str] = (),
    not_positive: Iterable[str] = (),
) -> None:
    """Check named attributes of an options value.

    Args:
        section: The section of the settings, for the message.
        options: The value that holds them.
        shares: Names that must lie in [0, 1].
        positive: Names that must be above 0.
        not_negative: Names that must be 0 or more.
        not_positive: Names that must be 0 or less.

    Raises:
        SettingsError: One is outside, or not a number.
    """
    needs = [
        *((name, "from 0 to 1", 0 <= getattr(options, name) <= 1) for name in shares),
        *((name, "above 0", getattr(options, name) > 0) for name in positive),
        *((name, "0 or more", getattr(options, name) >= 0) for name in not_negative),
        *((name, "0 or less", getattr(options, name) <= 0) for name in not_positive),
    ]
    for name, need, is_kept in needs:
        if not is_kept:
            raise SettingsError(f"{section}.{name} is {getattr(options, name)}; needs a number {need}")
