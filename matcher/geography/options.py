"""What an operator may settle about places and travel."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class GeographyOptions:
    """How far people go, and how well a home must be known.

    Attributes:
        default_reach_km: How far a member who does not say will travel.
        given_uncertainty_km: How far off a home may be whose coordinates were given.
        max_uncertainty_km: Whoever is known less well than this is not placed in person.
        min_town_population: The smallest town to meet in, where there is a choice.
        town_spacing_km: Of towns nearer to each other than this only the largest is offered.
    """

    default_reach_km: float = 40.0
    given_uncertainty_km: float = 8.0
    max_uncertainty_km: float = 30.0
    min_town_population: int = 20_000
    town_spacing_km: float = 20.0
