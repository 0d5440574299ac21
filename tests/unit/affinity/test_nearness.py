"""How near two live whose homes are known roughly, or may be one of several."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.affinity.nearness import Apart, homes_apart
from matcher.tables.community import MemberIndex
from matcher.tables.geography import HomeReadings
from matcher.units import MemberId

INDEX = MemberIndex(tuple(MemberId(member) for member in "abcd"))
Home = tuple[float, float, float, float]


def apart(homes: dict[str, list[Home]], pairs: list[tuple[str, str]]) -> Apart:
    """Homes of members (share, degrees north, degrees east, uncertainty in km) of these pairs, side by side."""
    rows = [(member, number, *home) for member, several in homes.items() for number, home in enumerate(several)]
    schema: dict[str, pl.DataType] = {"member": INDEX.enum, "reading": pl.UInt8()}
    schema |= {name: pl.Float64() for name in ("share", "lat", "lon", "uncertainty_km")}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    texts = [pl.lit("").alias(name) for name in ("label", "country", "time_zone")]
    ends = [INDEX.rows(pl.Series([pair[side] for pair in pairs], dtype=INDEX.enum)) for side in (0, 1)]
    return homes_apart(HomeReadings.sorted(frame.with_columns(texts)), INDEX, *ends)


def near(here: list[Home], there: list[Home]) -> float:
    """Nearness of two members, halved every 50 km."""
    return float(apart({"b": here, "d": there}, [("b", "d")]).nearness(50.0)[0])


def test_sure_homes_are_as_near_as_they_are() -> None:
    """0.45 degrees north is 50.04 km: half as near as next door."""
    assert near([(1, 50, 8, 0)], [(1, 50, 8, 0)]) == 1
    assert near([(1, 50, 8, 0)], [(1, 50.45, 8, 0)]) == pytest.approx(0.5, abs=1e-3)


def test_the_rougher_either_home_the_less_is_sure() -> None:
    """Two of one town are near; two of one country are neither next door nor nowhere."""
    town, land = (1.0, 50.0, 8.0, 5.0), (1.0, 50.0, 8.0, 300.0)

    assert 0.9 < near([town], [town]) < 1
    assert 0.1 > near([town], [land]) > near([land], [land]) > 0.02
    assert near([town], [land]) == pytest.approx(near([land], [town]))


def test_several_readings_count_by_their_shares() -> None:
    """One of two Portlands; what the shares leave to 1 is somewhere else."""
    east, west = (43.66, -70.25, 5.0), (45.5, -122.7, 5.0)
    sure = near([(1, *west)], [(1, *west)])

    assert near([(0.6, *west), (0.3, *east)], [(1, *west)]) == pytest.approx(0.6 * sure)
    assert near([(0.6, *west), (0.3, *east)], [(0.5, *west), (0.5, *east)]) == pytest.approx((0.3 + 0.15) * sure)


def test_pairs_are_told_apart() -> None:
    """Unequal numbers of readings, one unknown home, and pairs in any order."""
    homes: dict[str, list[Home]] = {
        "a": [(0.5, 50, 8, 0), (0.25, 52, 13, 0), (0.25, 10, 10, 0)],
        "b": [(1.0, 52, 13, 0)],
        "d": [(0.5, 50, 8, 0), (0.5, 10, 10, 0)],
    }

    found = apart(homes, [("b", "d"), ("a", "b"), ("a", "c"), ("a", "d"), ("d", "a")]).nearness(1.0)

    assert found.tolist() == pytest.approx([0, 0.25, 0, 0.375, 0.375], abs=1e-12)


@given(
    north=st.floats(0, 30), uncertainty_km=st.floats(0, 2_000), other_km=st.floats(0, 500), halves_km=st.floats(5, 500)
)
def test_leaving_out_the_hopeless_changes_nothing_to_speak_of(
    north: float, uncertainty_km: float, other_km: float, halves_km: float
) -> None:
    """Only what could not matter is skipped; and nearness is a share."""
    both = apart({"a": [(1, 0, 0, uncertainty_km)], "b": [(1, north, 0, other_km)]}, [("a", "b")])

    near = float(both.nearness(halves_km)[0])

    assert 0 <= near <= 1 + 1e-12
    assert near >= np.exp2(-(both.km[0] + both.uncertainty_km[0]) / halves_km) - 1e-5


def test_no_pairs_are_no_error() -> None:
    """An empty night is a night."""
    assert apart({}, []).nearness(50.0).shape == (0,)
