"""A written home is taken apart, and hostile text is not looked at."""

import pytest

from matcher.geography.wording import cuts, narrowings, take_apart


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("Portland, OR", ("portland", "or"), id="comma"),
        pytest.param("Brasília - DF, Brasil", ("brasilia", "df", "brasil"), id="dash"),
        pytest.param("Stratford-upon-Avon", ("stratford upon avon",), id="a-hyphen-is-no-break"),
        pytest.param("Istanbul/Turkey", ("istanbul", "turkey"), id="slash"),
        pytest.param("Blois (FR)", ("blois", "fr"), id="brackets"),
        pytest.param("Atlanta GA 30342", ("atlanta ga",), id="postcode"),
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
    assert narrowings("greater denver area") == [("greater denver area", False), ("denver", True)]
    assert narrowings("denver") == [("denver", False)]


def test_the_shortest_area_is_cut_off_first() -> None:
    """What is called "Kansas City MO" must not lose its City."""
    assert cuts("kansas city mo") == [("kansas city", "mo"), ("kansas", "city mo")]
