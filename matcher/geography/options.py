"""What an operator may settle about places and travel."""

from dataclasses import dataclass

from matcher.numeric.ranges import require


@dataclass(frozen=True, kw_only=True, slots=True)
class GeographyOptions:
    """How far people go, and how well a home must be known.

    Attributes:
        default_reach_km: How far a member who does not say will travel to a group.
        default_far_km: How far a member who does not say will travel to a gathering.
        given_uncertainty_km: How far off a home may be whose coordinates were given.
        max_uncertainty_km: Whoever is known less well than this is not placed in person.
        min_town_population: The smallest town to meet in, where there is a choice.
        town_spacing_km: Of towns nearer to each other than this only the largest is offered.
        hub_population: The smallest city for a gathering.
        hub_spacing_km: Of cities nearer to each other than this only the largest is a hub.
    """

    default_reach_km: float = 40.0
    default_far_km: float = 800.0
    given_uncertainty_km: float = 8.0
    max_uncertainty_km: float = 30.0
    min_town_population: int = 20_000
    town_spacing_km: float = 20.0
    hub_population: int = 300_000
    hub_spacing_km: float = 100.0

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A number is out of range.
        """
        distances = (
            "default_reach_km", "default_far_km", "given_uncertainty_km", "max_uncertainty_km", "town_spacing_km",
            "hub_spacing_km",
        )  # fmt: skip
        require("geography", self, not_negative=(*distances, "min_town_population", "hub_population"))
