"""A written home is taken apart, and hostile text is not looked at."""

import pytest

from matcher.geography.wording import alternatives, cuts, ends_between, narrowings, take_apart


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("Portland, OR", ("portland", "or"), id="comma"),
        pytest.param("Brasília - DF, Brasil", ("brasilia", "df", "brasil"), id="dash"),
        pytest.param("Stratford-upon-Avon", ("stratford upon avon",), id="a-hyphen-is-no-break"),
        pytest.param("Istanbul/Turkey", ("istanbul", "turkey"), id="slash"),
        pytest.param("Blois (FR)", ("blois", "fr"), id="brackets"),
        pytest.param("Atlanta GA 30342", ("atlanta ga",), id="postcode"),
        pytest.param("London SE1", ("london",), id="district"),
        pytest.param("D-10115 Berlin", ("berlin",), id="postcode-with-country"),
        pytest.param("Berlin \U0001f1e9\U0001f1ea", ("berlin", "flag de"), id="flag"),
        pytest.param("Paris (currently)", ("paris",), id="aside"),
        pytest.param("127.0.0.1", (), id="address"),
        pytest.param("/dev/null", (), id="path"),
        pytest.param("https://example.org/paris", (), id="link"),
        pytest.param("@paris", (), id="handle"),
        pytest.param("paris " * 2_000, (), id="flood"),
        pytest.param("I used to live in Paris but then I moved away", (), id="sentence"),
        pytest.param("", (), id="empty"),
    ],
)
def test_a_text_falls_into_its_parts(text: str, parts: tuple[str, ...]) -> None:
    """Whatever is not a name of a place leaves nothing to look up."""
    assert take_apart(text).parts == parts


def test_only_capitals_are_codes() -> None:
    """Small "in" is a word and "IN" is Indiana."""
    assert take_apart("Salem, IN").capitals == {"in"}
    assert not take_apart("deep in Salem").capitals


def test_a_wide_word_is_taken_off_second() -> None:
    """Greater Noida is a town; only where no such town is known, the word is decoration."""
    whole, narrow = narrowings("greater denver area")

    assert (whole.name, whole.is_wide) == ("greater denver area", False)
    assert (narrow.name, narrow.is_wide, narrow.is_area) == ("denver", True, False)
    assert [narrowing.name for narrowing in narrowings("denver")] == ["denver"]


def test_a_state_is_no_town() -> None:
    """Washington State is not the city."""
    assert narrowings("washington state")[1].is_area


@pytest.mark.parametrize(
    ("text", "homes"),
    [
        pytest.param("Berlin / Paris", ["Berlin", "Paris"], id="stroke"),
        pytest.param("London, UK - Athens, Greece", ["London, UK", "Athens, Greece"], id="dash"),
        pytest.param("Oslo or Bergen", ["Oslo", "Bergen"], id="word"),
        pytest.param("Portland OR", [], id="oregon"),
        pytest.param("Stratford-upon-Avon", [], id="hyphen"),
        pytest.param("Lyon, France", [], id="comma"),
    ],
)
def test_a_stroke_may_part_two_homes(text: str, homes: list[str]) -> None:
    """Whether it does, only the gazetteer can tell."""
    assert alternatives(text) == homes


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("between Bonn and Köln", ("Bonn", "Köln")),
        ("Somewhere between Basel & Bern", ("Basel", "Bern")),
        ("zwischen Ulm und Augsburg", ("Ulm", "Augsburg")),
        ("entre Lyon et Genève", ("Lyon", "Genève")),
        ("Bonn and Köln", None),
        ("between jobs", None),
    ],
)
def test_a_stretch_has_two_ends(text: str, ends: tuple[str, str] | None) -> None:
    """As people say it in some languages."""
    assert ends_between(text) == ends


def test_the_shortest_area_is_cut_off_first() -> None:
    """What is called "Kansas City MO" must not lose its City."""
    assert cuts("kansas city mo") == [("kansas city", "mo"), ("kansas", "city mo")]
