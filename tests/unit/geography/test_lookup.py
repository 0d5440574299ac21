"""Which of several namesakes comes first."""

from matcher.geography.lookup import places_spelled
from matcher.storage.gazetteer import load_gazetteer


def test_the_largest_namesake_comes_first() -> None:
    """Whoever says just Paris means the one in France, but the others stay possible."""
    spots = places_spelled(load_gazetteer(), ["paris"])["paris"]

    assert (spots[0].country, spots[0].is_own_name) == ("FR", True)
    assert {"US", "CA"} <= {spot.country for spot in spots}


def test_a_name_of_its_own_counts_more_than_a_nickname() -> None:
    """Of two towns of one size the one that is really called so is meant."""
    spots = places_spelled(load_gazetteer(), ["munchen", "munich"])

    assert spots["munich"][0].weight > spots["munchen"][0].weight
    assert spots["munich"][0].place == spots["munchen"][0].place


def test_a_region_contains_its_towns_and_a_country_its_regions() -> None:
    """Containment goes by code, never by distance."""
    spots = places_spelled(load_gazetteer(), ["oregon", "portland", "united states"])
    oregon, states = spots["oregon"][0], spots["united states"][0]
    western, eastern = (next(s for s in spots["portland"] if s.region == region) for region in ("OR", "ME"))

    assert oregon.contains(western)
    assert not oregon.contains(eastern)
    assert states.contains(oregon)
    assert not oregon.contains(states)


def test_what_nobody_is_called_is_not_there() -> None:
    """Unknown spellings have no entry, rather than an empty one."""
    assert places_spelled(load_gazetteer(), ["no such place at all"]) == {}
