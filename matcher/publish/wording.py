"""Numbers in an organizer's words."""

import math
from datetime import UTC, datetime

from matcher.publish.report_view import Level

LEVELS = (
    (1000, 0.3, "very strong"),
    (300, 0.1, "strong"),
    (100, 1.0, "good"),
    (30, 1.0, "fair"),
    (0, 0.0, "tentative"),
)
"""From how many times the chance of two strangers on, or from which chance on, a fit is called what."""

LEAST_CHANCE = 1e-6
"""Rarer chances are not told apart."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_UNITS = {"seconds": " s", "km": " km", "mb": " MB", "bytes": " bytes", "days": " days"}


def counted(number: int, what: str) -> str:
    """Write a number with its noun: '1 group', '2 groups', '1 person', '2 people'."""
    plural = "people" if what == "person" else f"{what}s"
    return f"{number:,} {what if number == 1 else plural}"


def day(moment: datetime) -> str:
    """Write a date in UTC: '3 May 2024'; not by strftime, whose month depends on the machine's locale."""
    there = moment.astimezone(UTC)
    return f"{there.day} {MONTHS[there.month - 1]} {there.year}"


def waited(n_rounds: int) -> str:
    """Write how long somebody was passed over, or nothing: 'waited 2 rounds'."""
    return f"waited {counted(n_rounds, 'round')}" if n_rounds else ""


def way(km: float) -> str:
    """Write a distance from a coarse home, unbroken; more exact than that would be pretence."""
    rounded = round(km) if km < 100 else 10 * round(km / 10)
    return "under\N{NO-BREAK SPACE}10\N{NO-BREAK SPACE}km" if km < 10 else f"{rounded:,}\N{NO-BREAK SPACE}km"


def level(share: float, stranger_chance: float) -> Level:
    """Show a chance in [0, 1] as a bar, a number and a word.

    The bar begins at the chance of two for whom nothing speaks; each tenth of it is as many times more likely.

    Example:
        >>> level(0.08, stranger_chance=1 / 3000)
        Level(number='1 in 12', percent='68%', word='good')
    """
    least = max(stranger_chance, LEAST_CHANCE)
    word = next(word for lift, enough, word in LEVELS if share >= min(lift * least, enough))
    if share <= least:
        return Level(number=odds(least) if share == least else f"under {odds(least)}", percent="0%", word=word)
    return Level(number=odds(share), percent=f"{100 * (1 - math.log(share) / math.log(least)):.0f}%", word=word)


def odds(chance: float) -> str:
    """Write a chance as people say it, to two digits, and never as a certainty.

    Example:
        >>> [odds(chance) for chance in (1 / 2932, 0.08, 0.34, 0.5, 0.51, 0.99)]
        ['1 in 2,900', '1 in 12', '1 in 3', '5 in 10', '5 in 10', '9 in 10']
    """
    if chance > 0.35:  # below, a third is nearer than four tenths
        return f"{min(round(10 * chance), 9)} in 10"
    return f"1 in {float(f'{1 / max(chance, LEAST_CHANCE):.2g}'):,.0f}"


def percent(share: float) -> str:
    """Write a small share: '3 %', '0.4 %', 'under 0.1 %'."""
    if share < 0.001:
        return "under 0.1 %"
    return f"{100 * share:.1f} %" if share < 0.095 else f"{100 * share:.0f} %"


def amount(name: str, value: float) -> str:
    """Write a figure with the unit that ends its name: 'embed_seconds' 12.34 is '12.3 s'."""
    ending = name.rsplit("_", 1)[-1]
    if not math.isfinite(value):
        return "unknown"
    if ending == "share":
        return f"{100 * value:.2g} %" if LEAST_CHANCE <= value < 0.01 else f"{100 * value:.1f} %"
    whole = float(value).is_integer() or abs(value) >= 1000
    number = f"{value:,.0f}" if whole else f"{value:.3g}"
    return number + _UNITS.get(ending, "")
