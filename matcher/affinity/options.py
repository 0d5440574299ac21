"""The weights of a direction's parts."""

from dataclasses import dataclass

from matcher.numeric.ranges import require


@dataclass(frozen=True, kw_only=True, slots=True)
class AffinityOptions:
    """Weights in log-odds. Set by hand; `matcher backtest` is to replace them by learned ones.

    Attributes:
        base: The log-odds of a pair about which nothing speaks.
        interests: For one standard deviation more shared interest than a chance pair has, both well heard.
        help: For answering exactly what the other asks.
        wrote: For each natural-log step of what they wrote to the other.
        was_answered: The same for what came back.
        depth: For each natural-log step of turns in shared threads.
        people: For each natural-log step of partners in common (Adamic-Adar).
        near: For living in the same place; halves with every `near_halves_km`.
        far: For no town within both reaches.
        near_halves_km: See `near`.
        hostility: For a tie that is nothing but hostile.
        standing: For an other who only broadcasts.
    """

    base: float = -3.0
    interests: float = 1.0
    help: float = 1.5
    wrote: float = 1.2
    was_answered: float = 0.8
    depth: float = 0.4
    people: float = 0.5
    near: float = 1.8
    far: float = -0.4
    near_halves_km: float = 25.0
    hostility: float = -6.0
    standing: float = -5.0

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A number is out of range.
        """
        require("affinity", self, positive=("near_halves_km",))
