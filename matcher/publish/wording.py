"""Numbers in an organizer's words."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

from matcher.publish.report_view import Level

LEVELS = ((0.3, "very strong"), (0.1, "strong"), (0.03, "good"), (0.01, "fair"), (0.0, "tentative"))
"""From which chance on a fit is called what."""

LEAST_CHANCE = 1 / 3_000
"""About that of two for whom nothing speaks: there a bar begins."""

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


def listed(names: Sequence[str]) -> str:
    """Write names as a sentence does: 'Ana', 'Ana and Bo', 'Ana, Bo and Cy'."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def day(moment: datetime) -> str:
    """Write a date in UTC: '3 May 2024'; not by strftime, whose month depends on the machine's locale."""
    there = moment.astimezone(UTC)
    return f"{there.day} {MONTHS[there.month - 1]} {there.year}"


def way(km: float) -> str:
    """Write a distance from a coarse home, unbroken; more exact than that would be pretence."""
    rounded = round(km) if km < 100 else 10 * round(km / 10)
    return "under\N{NO-BREAK SPACE}10\N{NO-BREAK SPACE}km" if km < 10 else f"{rounded:,}\N{NO-BREAK SPACE}km"


def level(share: float) -> Level:
    """Show a chance in [0, 1] as a bar, a number and a word; each tenth of the bar is as many times more likely.

    Example:
        >>> level(0.08)
        Level(number='1 in 12', percent='68%', word='good')
    """
    word = next(word for least, word in LEVELS if share >= least)
    length = 1 - math.log(max(share, LEAST_CHANCE)) / math.log(LEAST_CHANCE)
    return Level(number=_odds(share), percent=f"{100 * length:.0f}%", word=word)


def _odds(share: float) -> str:
    if share < LEAST_CHANCE:
        return f"under 1 in {1 / LEAST_CHANCE:,.0f}"
    return f"{10 * share:.0f} in 10" if share > 0.5 else f"1 in {1 / share:,.0f}"


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
        return f"{100 * value:.1f} %"
    whole = float(value).is_integer() or abs(value) >= 1000
    number = f"{value:,.0f}" if whole else f"{value:.3g}"
    return number + _UNITS.get(ending, "")
