"""The weights of a direction's parts."""

import dataclasses
import math
from dataclasses import dataclass, field

from matcher.numeric.ranges import require


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What each signal adds, in log-odds a unit, for one use. No weight is negative.

    Only interests can count against a pair: where they are less alike than by chance.

    Attributes:
        base: The log-odds of a pair about which nothing speaks.
        interests: For one standard deviation more shared interest than a chance pair has.
        company: For each natural-log step of conversations that both took part in.
        people: For each natural-log step of one's partners keeping company with the other.
        wrote: For each natural-log step of what they wrote to the other.
        was_answered: The same for what came back.
    """

    base: float
    interests: float
    company: float
    people: float
    wrote: float
    was_answered: float

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A weight is below 0.
        """
        signals = [one.name for one in dataclasses.fields(self) if one.name != "base"]
        require("affinity weights", self, not_negative=signals)


INTRODUCE = Weights(base=-7.984, interests=0.102, company=0.751, people=0.945, wrote=0.497, was_answered=0.632)
"""Learned by `matcher tune` from a chat archive of 690,000 messages, at eight cutoffs from 2018-06-22 to 2020-10-31:
396 pairs who had never written to each other did, both ways, within 180 days. What it is worth on later history stands
in docs/figures.md, what else was tried in docs/decisions/0005. `wrote` and `was_answered` are those of REUNITE.
"""

REUNITE = Weights(base=-5.016, interests=0.130, company=0.419, people=0.441, wrote=0.497, was_answered=0.632)
"""From the same history: 856 pairs who had written to each other did so again, both ways, within 180 days."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AffinityOptions:
    """Weights in log-odds, for each use; those that no history of conversations can teach are set by hand.

    Attributes:
        introduce: For members who have not yet written to each other.
        reunite: For members who have.
        near: For living in the same place; halves with every `near_halves_km`. Set by hand.
        near_halves_km: See `near`.
        hostility: For a tie that is nothing but hostile. Set by hand.
        standing: For an other who only broadcasts. Set by hand.
    """

    introduce: Weights = field(default=INTRODUCE)
    reunite: Weights = field(default=REUNITE)
    near: float = 1.1
    near_halves_km: float = 50.0
    hostility: float = -6.0
    standing: float = -5.0

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A number is out of range.
        """
        require("affinity", self, positive=("near_halves_km",), not_negative=("near",))
        require("affinity", self, not_positive=("hostility", "standing"))

    @property
    def stranger_chance(self) -> float:
        """The share of two for whom nothing speaks: its multiples say how much speaks for a pair."""
        return 1 / (1 + math.exp(-min(self.introduce.base, self.reunite.base)))
