"""Hostile words become harmless words, and honest ones stay what they are."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.publish.safe_text import FORMULA_STARTS, clean_text, clip_text, safe_cell, safe_url


@given(text=st.text())
def test_clean_text_holds_nothing_invisible(text: str) -> None:
    """Direction overrides and control characters make text say what it does not say."""
    clean = clean_text(text)

    assert all(unicodedata.category(letter) not in {"Cc", "Cs"} for letter in clean)
    assert not set(clean) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
    assert clean == " ".join(clean.split())
    assert clean_text(clean) == clean


@pytest.mark.parametrize("name", ["Émile O'Neill", "李小龍", "שרה", "क्\u200dष", "👩\u200d🍳 Ana", "Søn & Co."])
def test_honest_names_are_left_alone(name: str) -> None:
    """Joiners glue letters together in scripts that are not ours."""
    assert clean_text(name) == name


@given(text=st.text(), limit=st.integers(min_value=1, max_value=40))
def test_clipped_text_is_never_too_long(text: str, limit: int) -> None:
    """A card has room for so much and no more."""
    assert len(clip_text(text, limit=limit)) <= limit


def test_text_is_cut_between_words() -> None:
    """Half a word reads like a mistake."""
    assert clip_text("one two three four", limit=12) == "one two…"
    assert clip_text("one two three four", limit=14) == "one two three…"
    assert clip_text("one two", limit=7) == "one two"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "ftp://example.org/",
        "//example.org/",
        "/t/1",
        "https://",
        "https://bank.example@evil.example/",
        'https://example.org/" onclick="x',
        "https://example.org/\n",
        "https://[broken",
        "",
    ],
)
def test_only_plain_web_addresses_are_linked(url: str) -> None:
    """A link runs nothing and deceives nobody."""
    assert safe_url(url) == ""


def test_a_plain_web_address_is_kept() -> None:
    """What may be linked is linked unchanged."""
    assert safe_url("https://example.org/t/1?a=1&b=2#c") == "https://example.org/t/1?a=1&b=2#c"


@given(text=st.text())
def test_no_cell_starts_a_formula(text: str) -> None:
    """A spreadsheet must show a name, not run it."""
    cell = safe_cell(text)

    assert not cell.startswith(FORMULA_STARTS)
    assert cell.replace("'", "") == text.replace("'", "")


@given(text=st.text(st.sampled_from("a=-@+;\t\r\n\"' ＝"), max_size=12))  # noqa: RUF001
def test_no_cell_holds_another_that_starts_a_formula(text: str) -> None:
    """In much of Europe spreadsheets cut at semicolons, and take our quotes in the middle of a cell for letters."""
    for part in re.split(r"[;\t\r\n]", safe_cell(text)):
        assert not part.lstrip(' "').startswith(FORMULA_STARTS)
