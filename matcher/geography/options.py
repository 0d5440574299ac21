"""What an operator may settle about places and travel."""

from dataclasses import dataclass

from matcher.errors import SettingsError
from matcher.numeric.ranges import require

HUBS = ("cities", "venues")


@dataclass(frozen=True, kw_only=True, slots=True)
class GeographyOptions:
    """How far people go, and how well a home must be known.

    Attributes:
        default_reach_km: How far a member who does not say will travel to a group.
        longest_reach_km: Nobody is sent further to a group, whatever they say: what is further is a gathering.
        default_far_km: How far a member who does not say will travel to a gathering.
        given_uncertainty_km: How far off a home may be whose coordinates were given.
        min_reach_share: How sure it must be that a true home lies within reach of a place: else its member is not
            placed there in person.
        min_town_population: The smallest town to meet in, where there is a choice.
        town_spacing_km: Of towns nearer to each other than this only the largest is offered.
        hub_population: The smallest city for a gathering.
        hub_spacing_km: Of cities nearer to each other than this only the largest is a hub.
        hubs: Where gatherings are held: in 'cities', or at the 'venues' that the organizers supplied.
        willing_km: Where the odds of coming to a gathering are half of those next door.
        willing_exponent: The power by which they fall far out.
    """

    default_reach_km: float = 40.0
    longest_reach_km: float = 200.0
    default_far_km: float = 800.0
    given_uncertainty_km: float = 8.0
    min_reach_share: float = 0.5
    min_town_population: int = 20_000
    town_spacing_km: float = 20.0
    hub_population: int = 300_000
    hub_spacing_km: float = 100.0
    hubs: str = "cities"
    willing_km: float = 70.0
    willing_exponent: float = 1.7

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            SettingsError: A number is out of range, or there are no such hubs.
        """
        distances = (
            "default_reach_km", "longest_reach_km", "default_far_km", "given_uncertainty_km", "town_spacing_km",
            "hub_spacing_km",
        )  # fmt: skip
        sizes = ("min_town_population", "hub_population")
        require("geography", self, shares=("min_reach_share",), positive=("willing_km", "willing_exponent"))
        require("geography", self, not_negative=(*distances, *sizes))
        if self.hubs not in HUBS:
            raise SettingsError(f"geography.hubs is {self.hubs!r}; needs one of {', '.join(HUBS)}")
