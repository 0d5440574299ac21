"""Two ways to write a name are one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.geography.spelling import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("MÜNCHEN", "munchen", id="accents-and-case"),
        pytest.param("Łódź", "Lodz", id="letters-without-accent"),
        pytest.param("St. Louis", "Saint Louis", id="saint"),
        pytest.param("Saint-Étienne", "saint etienne", id="hyphen"),
        pytest.param("Washington D.C.", "washington dc", id="initials"),
        pytest.param("Coeur d\u2019Alene", "coeur d'alene", id="apostrophes"),
        pytest.param("Ｔｏｋｙｏ", "tokyo", id="wide-letters"),  # noqa: RUF001 the point of the case
    ],
)
def test_ways_to_write_a_name_are_one(one: str, other: str) -> None:
    """People write names as their keyboard lets them."""
    assert fold(one) == fold(other)


@given(st.text(max_size=40))
def test_what_is_folded_has_single_spaces_and_no_edges(text: str) -> None:
    """A key with stray spaces would never be found."""
    folded = fold(text)

    assert folded == " ".join(folded.split())
