"""How columns of text become dates, numbers, answers and lists."""

from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.sources.values import ids, instants, listed, numbers, truths


def one(expression: pl.Expr) -> object:
    """The value of an expression of one row."""
    return pl.select(expression).item()


def text(value: str | None) -> pl.Expr:
    """One text."""
    return pl.lit(value, dtype=pl.String())


NOON = datetime(2024, 5, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spelt", "expected"),
    [
        pytest.param("2024-05-31T12:00:00Z", NOON, id="iso"),
        pytest.param("2024-05-31 14:00:00+02:00", NOON, id="another zone"),
        pytest.param("2024-05-31 06:30 -0530", NOON, id="a zone to the west"),
        pytest.param("2024-05-31T12:00:00", NOON, id="no zone is utc"),
        pytest.param("1717156800", NOON, id="seconds"),
        pytest.param("1717156800.000250", NOON.replace(microsecond=250), id="seconds with a fraction"),
        pytest.param("1717156800000", NOON, id="milliseconds"),
        pytest.param("1717156800000000", NOON, id="microseconds"),
        pytest.param("2024-05-31", NOON.replace(hour=0), id="a day"),
        pytest.param("20240531", None, id="is no second of 1970"),
        pytest.param("31/05/2024", None, id="day or month"),
        pytest.param("2024-02-30", None, id="no such day"),
        pytest.param("yesterday", None, id="words"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="missing"),
    ],
)
def test_a_date_is_read_in_its_usual_spellings(spelt: str | None, expected: datetime | None) -> None:
    """A date that could mean two days is not guessed."""
    assert one(instants(text(spelt))) == expected


@given(st.datetimes(min_value=datetime(1974, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants bounds without a zone
def test_every_instant_survives_being_written(instant: datetime) -> None:
    """ISO and microseconds since 1970 are exact."""
    micros = (instant - datetime(1970, 1, 1, tzinfo=UTC)) // (datetime.resolution)

    assert one(instants(text(instant.isoformat()))) == instant
    assert one(instants(text(str(micros)))) == instant


def test_an_id_that_a_spreadsheet_made_a_number_is_itself_again() -> None:
    """A column with gaps turns 12 into 12.0 in many tools; the link must still be found."""
    assert [one(ids(text(spelt))) for spelt in (" 12.0", "12", "v1.0", " ")] == ["12", "12", "v1.0", None]


def test_yes_and_no_are_read_and_nothing_is_guessed() -> None:
    """Consent is never read into a maybe."""
    assert [one(truths(text(spelt))) for spelt in ("TRUE", " y ", "0", "no", "maybe", None)] == [
        True,
        True,
        False,
        False,
        None,
        None,
    ]


def test_what_is_no_number_is_told_from_what_is_missing() -> None:
    """The one is mended and counted, the other is simply unknown."""
    assert [str(one(numbers(text(spelt)))) for spelt in ("48.2", "north", "", None)] == ["48.2", "nan", "None", "None"]


@pytest.mark.parametrize(
    ("spelt", "expected"),
    [
        pytest.param("a b,c", ["a", "b", "c"], id="separated"),
        pytest.param("\x1fa b\x1fc", ["a b", "c"], id="a list already"),
        pytest.param(" ,a,, a ", ["a"], id="empty and repeated"),
        pytest.param(None, [], id="missing"),
    ],
)
def test_a_list_is_read_from_a_list_or_from_text(spelt: str | None, expected: list[str]) -> None:
    """Empty elements and repeats say nothing."""
    assert list(pl.select(listed(text(spelt), between=r"[\s,]+")).item()) == expected
