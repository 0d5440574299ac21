"""What clean text promises to whoever reads it."""

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.sources.clean_text import cleaned, is_id


def clean(text: str) -> str:
    """Clean one text."""
    return str(pl.select(cleaned(pl.lit(text, dtype=pl.String()))).item())


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        pytest.param("a\x00b", "ab", id="nul"),
        pytest.param("a \x07 b", "a b", id="control between spaces"),
        pytest.param("\x1b[31mred", "[31mred", id="terminal escape"),
        pytest.param("pay\u202egnp.exe", "paygnp.exe", id="bidi override"),
        pytest.param("\u2067left\u2069", "left", id="bidi isolate"),
        pytest.param("a\u200bb\ufeffc", "abc", id="no width"),
        pytest.param("  a\t\r\n\u00a0 b\u2028c ", "a b c", id="white space"),
        pytest.param("👩\u200d🔬 क्\u200dष", "👩\u200d🔬 क्\u200dष", id="joiners stay"),
    ],
)
def test_what_could_fool_a_reader_goes_and_words_stay(dirty: str, expected: str) -> None:
    """Nothing unseen survives, and no letter is lost."""
    assert clean(dirty) == expected


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    """What is clean stays as it is, and holds neither controls nor double spaces."""
    once = clean(text)

    assert clean(once) == once
    assert not any(unicodedata.category(letter) == "Cc" for letter in once)
    assert "  " not in once


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("u7", True, id="plain"),
        pytest.param("Ünal Özgür", True, id="letters of the world"),
        pytest.param("x" * 200, True, id="as long as may be"),
        pytest.param("x" * 201, False, id="too long"),
        pytest.param("", False, id="empty"),
        pytest.param(None, False, id="missing"),
        pytest.param("a\nb", False, id="line break"),
        pytest.param("a\x00", False, id="control"),
        pytest.param("a\u202eb", False, id="bidi override"),
    ],
)
def test_an_id_is_short_and_can_be_seen(text: str | None, *, expected: bool) -> None:
    """An id is printed, compared and put into addresses: it must be what it looks like."""
    assert pl.select(is_id(pl.lit(text, dtype=pl.String()))).item() is expected
