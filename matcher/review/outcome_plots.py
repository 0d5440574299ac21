"""Plots as plain numbers: where each bar and whisker stands, in the units of its picture. The template draws them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matcher.metrics.outcomes import Came
from matcher.metrics.shares import Share

WIDTH, LABELS, LINE = 480, 150, 30
"""Width of a picture, of the names at its left, and height of a line, in its units."""

_BARS = WIDTH - LABELS - 50
"""Longest bar; what is right of it holds the number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One piece of a bar.

    Attributes:
        sort: What it counts: 'yes', 'no', 'silent', 'hidden' or 'all'; its colour and pattern.
        x: Left end.
        width: Its length.
        n: What it counts.
    """

    sort: str
    x: float
    width: float
    n: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One line of a plot.

    Attributes:
        name: Beside it.
        y: Top of the line.
        pieces: From left to right.
        whisker: Left and right end of its interval, or None.
        told: Behind it.
        told_x: Where that begins.
    """

    name: str
    y: int
    pieces: tuple[Piece, ...]
    whisker: tuple[float, float] | None
    told: str
    told_x: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Plot:
    """A picture of bars below each other."""

    bars: tuple[Bar, ...]
    sorts: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """Of all lines, and what stands below them."""
        return self.foot + 26 * max(1, (len(self.sorts) + 1) // 2)

    @property
    def foot(self) -> int:
        """Where the lines end."""
        return LINE * len(self.bars)


def week_plot(weeks: Mapping[str, Came]) -> Plot:
    """Invitations by what was answered, week by week; weeks of few answers in one piece."""
    most = max((came.n_invited for came in weeks.values()), default=0)
    bars = [
        _bar(name, row, list(_answered(came)), scale=_BARS / max(most, 1), told=str(came.n_invited))
        for row, (name, came) in enumerate(weeks.items())
    ]
    sorts = [sort for sort in ("yes", "no", "silent", "hidden") if any(_has(bar, sort) for bar in bars)]
    return Plot(bars=tuple(bars), sorts=tuple(sorts))


def share_plot(shares: Mapping[str, Share]) -> Plot:
    """Shares of 0 to 1 with their intervals; those that are kept back have no bar."""
    bars = []
    for row, (name, share) in enumerate(shares.items()):
        found = share.interval
        if found is None:
            bars.append(_bar(name, row, [], scale=0.0, told="too few answers" if share.n else "no answers yet"))
            continue
        ends = LABELS + _BARS * found.low, LABELS + _BARS * found.high
        length = [("all", round(1_000 * found.value))]
        bars.append(_bar(name, row, length, scale=_BARS / 1_000, told=f"{100 * found.value:.0f} %", whisker=ends))
    return Plot(bars=tuple(bars))


def tally_plot(counts: Mapping[str, int]) -> Plot:
    """How often each."""
    most = max(counts.values(), default=0)
    bars = [
        _bar(name, row, [("all", n)], scale=_BARS / max(most, 1), told=str(n))
        for row, (name, n) in enumerate(counts.items())
    ]
    return Plot(bars=tuple(bars))


def _answered(came: Came) -> Iterator[tuple[str, int]]:
    if came.yes.is_hidden:
        yield "hidden", came.n_invited
    else:
        yield "yes", came.yes.n_yes
        yield "no", came.yes.n - came.yes.n_yes
        yield "silent", max(came.n_invited - came.yes.n, 0)


def _bar(
    name: str, row: int, counted: list[tuple[str, int]], *, scale: float, told: str,
    whisker: tuple[float, float] | None = None,
) -> Bar:  # fmt: skip
    pieces: list[Piece] = []
    x = float(LABELS)
    for sort, n in counted:
        if n:
            pieces.append(Piece(sort=sort, x=round(x, 1), width=round(n * scale, 1), n=n))
            x += n * scale
    end = max(x, whisker[1] if whisker else x)
    ends = None if whisker is None else (round(whisker[0], 1), round(whisker[1], 1))
    return Bar(name=name, y=row * LINE, pieces=tuple(pieces), whisker=ends, told=told, told_x=round(end + 8, 1))


def _has(bar: Bar, sort: str) -> bool:
    return any(piece.sort == sort for piece in bar.pieces)
