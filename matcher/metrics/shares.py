"""A share of answers with its interval, and which shares are told: none that would give somebody's answer away."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.metrics.bootstrap import Interval

FEWEST = 5
"""A share of fewer answers than this is not told."""

Z_95 = 1.959963984540054
"""Middle 95 % of a normal distribution."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """How many of those who answered said yes.

    Attributes:
        n_yes: How many said yes.
        n: How many answered.
        is_hidden: Whether it is kept back, so that nobody's answer can be reckoned from it.
    """

    n_yes: int
    n: int
    is_hidden: bool = False

    @property
    def interval(self) -> Interval | None:
        """The share and its Wilson interval, in [0, 1]; None where nobody answered, or it is kept back."""
        return None if self.is_hidden or not self.n else wilson(self.n_yes, self.n)


def wilson(n_yes: int, n: int) -> Interval:
    """A share and its 95 % score interval (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927, 209-212).

    It stays within [0, 1] and is honest for few answers. Answers count as independent; those of one group are not
    quite, so that the true interval is a little wider.

    Args:
        n_yes: How many said yes.
        n: How many there are, at least 1.

    Example:
        >>> found = wilson(8, 10)
        >>> f"{found.value:.3f} {found.low:.3f} {found.high:.3f}"
        '0.800 0.490 0.943'
    """
    share, spread = n_yes / n, Z_95**2 / n
    middle = (share + spread / 2) / (1 + spread)
    half = Z_95 * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    # Where all or none say yes an end is the share itself, but for rounding.
    return Interval(value=share, low=max(0.0, min(share, middle - half)), high=min(1.0, max(share, middle + half)))


def hide_few(shares: Sequence[Share]) -> list[Share]:
    """Keep back shares of fewer than FEWEST answers, of parts whose sum is told elsewhere.

    What is kept back could be reckoned from the sum and the other parts. So while all that is kept back is fewer than
    FEWEST answers together, the next smallest share is kept back as well.
    """
    by_size = sorted(range(len(shares)), key=lambda at: shares[at].n)
    hidden: set[int] = set()
    n_hidden = 0
    for at in by_size:
        n = shares[at].n
        if 0 < n < FEWEST or 0 < n_hidden < FEWEST:
            hidden.add(at)
            n_hidden += n
    return [replace(one, is_hidden=one.is_hidden or at in hidden) for at, one in enumerate(shares)]
