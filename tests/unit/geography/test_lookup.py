"""Which of several namesakes comes first."""

import pytest

from matcher.geography.lookup import places_spelled
from matcher.storage.gazetteer import load_gazetteer


def test_the_largest_namesake_comes_first() -> None:
    """Whoever says just Paris means the one in France, but the others stay possible."""
    spots = places_spelled(load_gazetteer(), ["paris"])["paris"]

    assert (spots[0].country, spots[0].name) == ("FR", "Paris")
    assert {"US", "CA"} <= {spot.country for spot in spots}


def test_a_name_of_its_own_counts_more_than_a_nickname() -> None:
    """Of two towns of one size the one that is really called so is meant."""
    spots = places_spelled(load_gazetteer(), ["munchen", "munich"])

    assert spots["munich"][0].weight == pytest.approx(10 * spots["munchen"][0].weight)
    assert spots["munich"][0].place == spots["munchen"][0].place


def test_a_short_form_stands_between() -> None:
    """LA is less than Los Angeles, but more than what only others call it; a name in another script is its own."""
    spots = places_spelled(load_gazetteer(), ["los angeles", "la", "tokyo", "東京"])
    angeles, initials = (next(s for s in spots[name] if s.name == "Los Angeles") for name in ("los angeles", "la"))

    assert initials.weight == angeles.weight / 2
    assert spots["東京"][0].weight == spots["tokyo"][0].weight


def test_a_region_contains_its_towns_and_a_country_its_regions() -> None:
    """Containment goes by code, never by distance."""
    spots = places_spelled(load_gazetteer(), ["oregon", "portland", "united states"])
    oregon, states = spots["oregon"][0], spots["united states"][0]
    western, eastern = (next(s for s in spots["portland"] if s.region == region) for region in ("OR", "ME"))

    assert oregon.contains(western)
    assert not oregon.contains(eastern)
    assert states.contains(oregon)
    assert not oregon.contains(states)


def test_an_area_without_a_border_contains_what_is_near() -> None:
    """Oakland is in the Bay Area, Portland is not, and Sweden is in Scandinavia."""
    spots = places_spelled(load_gazetteer(), ["bay area", "oakland", "portland", "scandinavia", "sweden", "spain"])
    bay, scandinavia = spots["bay area"][0], spots["scandinavia"][0]

    assert bay.contains(spots["oakland"][0])
    assert not bay.contains(spots["portland"][0])
    assert scandinavia.contains(spots["sweden"][0])
    assert not scandinavia.contains(spots["spain"][0])


def test_nearness_knows_the_date_line() -> None:
    """Fiji lies on both sides of it."""
    spots = places_spelled(load_gazetteer(), ["suva", "labasa", "sydney"])
    suva, labasa = spots["suva"][0], spots["labasa"][0]

    assert suva.is_near(labasa, 250)
    assert not suva.is_near(spots["sydney"][0], 1_000)


def test_what_nobody_is_called_is_not_there() -> None:
    """Unknown spellings have no entry, rather than an empty one."""
    assert places_spelled(load_gazetteer(), ["no such place at all"]) == {}
