"""Numbers in words: exact enough, never more exact than what is known."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.publish.wording import amount, counted, day, level, percent, way
from matcher.reasons.words import listed


@pytest.mark.parametrize(
    ("km", "words"),
    [(0.1, "under 10 km"), (9.99, "under 10 km"), (42.4, "42 km"), (99.7, "100 km"), (1234.0, "1,230 km")],
)
def test_a_way_is_rounded_to_what_a_coarse_home_allows(km: float, words: str) -> None:
    """An exact distance to a known town would give the home away."""
    assert way(km).replace("\N{NO-BREAK SPACE}", " ") == words


CHANCES = st.floats(min_value=0, max_value=1)
STRANGERS = 1 / 3_000
WORDS = ("tentative", "fair", "good", "strong", "very strong")


@given(share=CHANCES, stranger_chance=CHANCES)
def test_every_share_has_a_word_and_a_bar(share: float, stranger_chance: float) -> None:
    """Also the least and the greatest, whatever the weights in force."""
    shown = level(share, stranger_chance)

    assert shown.word in WORDS
    assert 0 <= int(shown.percent.removesuffix("%")) <= 100


@given(shares=st.tuples(CHANCES, CHANCES), stranger_chance=CHANCES)
def test_a_better_chance_never_reads_worse(shares: tuple[float, float], stranger_chance: float) -> None:
    """Neither by its odds, nor by its bar, nor by its word."""
    worse, better = (level(share, stranger_chance) for share in sorted(shares))

    assert _read(worse.number) <= _read(better.number)
    assert int(worse.percent[:-1]) <= int(better.percent[:-1])
    assert WORDS.index(worse.word) <= WORDS.index(better.word)


def _read(number: str) -> float:
    some, every = number.removeprefix("under ").replace(",", "").split(" in ")
    return int(some) / int(every)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "under 1 in 3,000"),
        (1 / 3_000, "1 in 3,000"),
        (0.0005, "1 in 2,000"),
        (0.08, "1 in 12"),
        (0.3, "1 in 3"),
        (0.36, "4 in 10"),
        (0.5, "5 in 10"),
        (0.51, "5 in 10"),
        (0.93, "9 in 10"),
        (0.96, "9 in 10"),
        (1.0, "9 in 10"),
    ],
)
def test_a_chance_is_said_as_people_say_it(share: float, words: str) -> None:
    """Nobody knows what 0.0005 means, and nothing about people is certain."""
    assert level(share, STRANGERS).number == words


@pytest.mark.parametrize(
    ("share", "stranger_chance", "word", "percent"),
    [
        pytest.param(0.02, 1 / 3_000, "fair", "51%", id="sixty times the strangers"),
        pytest.param(0.02, 1 / 80, "tentative", "11%", id="hardly more than strangers"),
        pytest.param(0.02, 1 / 100_000, "very strong", "66%", id="where strangers never talk"),
        pytest.param(0.12, 1 / 80, "strong", "52%", id="much in itself"),
        pytest.param(0.3, 1 / 80, "very strong", "73%", id="very much in itself"),
        pytest.param(0.0, 0.0, "tentative", "0%", id="nothing of nothing"),
    ],
)
def test_a_fit_is_measured_by_the_chance_of_strangers(
    share: float, stranger_chance: float, word: str, percent: str
) -> None:
    """After tuning strangers may stand at 1 in 80: then 1 in 50 is little."""
    shown = level(share, stranger_chance)

    assert (shown.word, shown.percent) == (word, percent)


def test_lists_read_like_sentences() -> None:
    """Nobody writes 'Ana, Bo,'."""
    assert [listed(names) for names in ([], ["Ana"], ["Ana", "Bo"], ["Ana", "Bo", "Cy"])] == [
        "",
        "Ana",
        "Ana and Bo",
        "Ana, Bo and Cy",
    ]


def test_one_is_not_plural() -> None:
    """'1 groups' looks careless."""
    assert [counted(1, "group"), counted(0, "group"), counted(1, "person"), counted(1200, "person")] == [
        "1 group",
        "0 groups",
        "1 person",
        "1,200 people",
    ]


def test_days_are_those_of_utc() -> None:
    """The same instant has the same date in every organizer's report."""
    late = datetime(2024, 5, 1, 23, 30, tzinfo=timezone(timedelta(hours=-5)))

    assert day(late) == "2 May 2024"
    assert day(datetime(2024, 12, 31, tzinfo=UTC)) == "31 December 2024"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("n_pairs", 12345, "12,345"),
        ("embed_seconds", 12.345, "12.3 s"),
        ("peak_mb", 812.0, "812 MB"),
        ("seen_share", 0.0, "0.0 %"),
        ("mean_fit_share", 0.00034, "0.034 %"),
        ("odd_share", float("nan"), "unknown"),
        ("odd_km", float("inf"), "unknown"),
    ],
)
def test_figures_carry_the_unit_of_their_name(name: str, value: float, words: str) -> None:
    """The name is the only place where the unit stands."""
    assert amount(name, value) == words


def test_a_small_gap_is_not_called_none() -> None:
    """Only a proof may say 'the best possible'."""
    assert percent(0.0004) == "under 0.1 %"
    assert percent(0.0277) == "2.8 %"
    assert percent(0.31) == "31 %"
