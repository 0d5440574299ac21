"""What members say of where they are, held against what their homes may mean; on the real gazetteer."""

from collections.abc import Mapping, Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.geography.support import HIGHEST_SHARE, TIMES_LIKELIER, support_readings
from matcher.storage.gazetteer import load_gazetteer
from matcher.tables.community import MemberIndex
from matcher.tables.conversation import SaidPlaces
from matcher.tables.geography import HomeReadings
from matcher.units import MemberId

SPOTS = {
    "Portland, OR": ("US", 45.523, -122.676, 12.0),
    "Portland, ME": ("US", 43.657, -70.259, 8.0),
    "Georgia": ("GE", 42.0, 43.5, 150.0),
    "Georgia, United States": ("US", 32.75, -83.5, 180.0),
    "Lyon, France": ("FR", 45.748, 4.847, 10.0),
}
PHRASES = ["Portland, Oregon", "Beaverton, Oregon", "Maine", "Tbilisi", "France", "Love", "Portland"]
Home = Sequence[tuple[str, float]]
PORTLANDS: Home = [("Portland, OR", 0.6), ("Portland, ME", 0.3)]
INDEX = MemberIndex(tuple(MemberId(member) for member in ("ana", "ben", "cat")))


def _spot(name: str) -> dict[str, object]:
    return dict(zip(("country", "lat", "lon", "uncertainty_km"), SPOTS[name], strict=True))


def _readings(homes: Mapping[str, Home], index: MemberIndex = INDEX) -> HomeReadings:
    rows = [
        {"member": member, "reading": at, "label": name, "time_zone": "", "share": share, **_spot(name)}
        for member, home in homes.items()
        for at, (name, share) in enumerate(home)
    ]
    schema: dict[str, pl.DataType] = {**HomeReadings.schema(), "member": index.enum}
    return HomeReadings.sorted(pl.DataFrame(rows, schema=schema))


def _said(phrases: Mapping[str, Sequence[str]], index: MemberIndex = INDEX) -> SaidPlaces:
    rows = [(member, phrase, 1) for member, several in phrases.items() for phrase in dict.fromkeys(several)]
    schema: dict[str, pl.DataType] = {
        "member": index.enum,
        **{name: SaidPlaces.schema()[name] for name in ("phrase", "n")},
    }
    return SaidPlaces.sorted(pl.DataFrame(rows, schema=schema, orient="row"))


def _after(home: Home, *phrases: str) -> list[tuple[str, float]]:
    """HomeReadings of Ana's home, once she has said these."""
    supported = support_readings(_readings({"ana": home}), _said({"ana": phrases}), load_gazetteer())
    return list(supported.frame.select("label", "share").iter_rows())


def test_the_place_that_is_spoken_of_becomes_likelier() -> None:
    """The odds of one reading against the other rise by the stated factor; their sum stays."""
    (first, oregon), (second, maine) = _after(PORTLANDS, "Beaverton, Oregon")

    assert (first, second) == ("Portland, OR", "Portland, ME")
    assert oregon / maine == pytest.approx(TIMES_LIKELIER * 0.6 / 0.3, rel=0.01)
    assert oregon + maine == pytest.approx(0.9, abs=0.001)


def test_it_may_change_which_reading_is_the_likeliest() -> None:
    """Whoever says "here in Maine" does not live in Oregon."""
    assert [name for name, _ in _after(PORTLANDS, "Maine")] == ["Portland, ME", "Portland, OR"]


@pytest.mark.parametrize(
    "phrase", ["Portland", "Love", "Hogwarts", "Tbilisi", "United States", "\u202e" * 50, "https://example.org"]
)
def test_what_does_not_tell_readings_apart_changes_nothing(phrase: str) -> None:
    """Both Portlands are called Portland, both are American, and neither is in Georgia."""
    assert _after(PORTLANDS, phrase) == PORTLANDS


def test_a_town_supports_the_area_around_it() -> None:
    """Somebody of "Georgia" who is in Tbilisi is not of Atlanta."""
    home = [("Georgia, United States", 0.7), ("Georgia", 0.3)]

    assert _after(home, "Tbilisi")[0][0] == "Georgia"


def test_words_never_make_a_home_nor_move_a_clear_one() -> None:
    """Ben has one reading and speaks of another place; Cat has none."""
    readings = _readings({"ana": PORTLANDS, "ben": [("Lyon, France", 0.8)]})

    supported = support_readings(readings, _said({"ben": ["Tbilisi"], "cat": ["Lyon"]}), load_gazetteer())

    assert supported.frame.equals(readings.frame)


def test_words_in_passing_make_nothing_nearly_certain() -> None:
    """A share stops at the stated limit, and the rest goes to the others."""
    (_, first), (_, second) = _after([("Portland, OR", 0.9), ("Portland, ME", 0.1)], "Portland, Oregon")

    assert first == pytest.approx(HIGHEST_SHARE, abs=0.001)
    assert first + second == pytest.approx(1, abs=0.001)


shares = st.integers(1, 3_000).map(lambda number: number / 10_000)
homes = st.dictionaries(
    st.sampled_from(["ana", "ben", "cat"]),
    st.lists(
        st.tuples(st.sampled_from(sorted(SPOTS)), shares), min_size=1, max_size=3, unique_by=lambda one: one[0]
    ).map(lambda home: sorted(home, key=lambda one: -one[1])),
)
sayings = st.dictionaries(st.sampled_from(["ana", "ben", "cat"]), st.lists(st.sampled_from(PHRASES), max_size=2))


@given(homes=homes, sayings=sayings)
def test_no_reading_is_added_or_removed_and_sums_stay(homes: Mapping[str, Home], sayings: dict[str, list[str]]) -> None:
    """Words shift shares between the readings of one member, and do nothing else."""
    before = _readings(homes)

    after = support_readings(before, _said(sayings), load_gazetteer())

    what = ["member", "label", "country", "time_zone", "lat", "lon", "uncertainty_km"]
    assert after.frame.select(what).sort(what).equals(before.frame.select(what).sort(what))
    for member in homes:
        old, new = (table.frame.filter(pl.col("member") == member)["share"].to_list() for table in (before, after))
        assert sum(old) - 0.001 <= sum(new) <= sum(old) + 1e-9
        assert new == sorted(new, reverse=True)
        assert max(new) <= max(HIGHEST_SHARE, *old)


@given(homes=homes, sayings=sayings)
def test_members_do_not_touch_each_other(homes: Mapping[str, Home], sayings: dict[str, list[str]]) -> None:
    """Each member's readings are the same in whatever company and order they are read."""
    backwards = MemberIndex(tuple(reversed(INDEX.ids)))

    together = support_readings(_readings(homes), _said(sayings), load_gazetteer())
    reversed_ = support_readings(_readings(homes, backwards), _said(sayings, backwards), load_gazetteer())

    def rows_of(table: HomeReadings) -> list[tuple[object, ...]]:
        named = table.frame.with_columns(pl.col("member").cast(pl.String))
        return list(named.sort("member", "reading").iter_rows())

    assert rows_of(together) == rows_of(reversed_)
