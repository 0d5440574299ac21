"""The fairest point: never worse than any point that one could name, on every part of the globe."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.numeric.distance import EARTH_RADIUS_KM, great_circle_km, unit_sphere
from matcher.numeric.fair_point import FairPoint, fair_point, mixed_km
from matcher.units import Floats

EQUATOR_DEGREE_KM = EARTH_RADIUS_KM * np.pi / 180
QUARTER_KM = EARTH_RADIUS_KM * np.pi / 2
SHARES = (0.0, 0.5, 1.0)

shares = st.sampled_from((0.0, 0.3, 0.5, 1.0))


@st.composite
def homes(draw: st.DrawFn) -> Floats:
    """Lat and lon of homes in one metro, in one half of the globe, or anywhere; some twice, shape (home, 2)."""
    width = draw(st.sampled_from((0.3, 20.0, 180.0)))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    n_homes = draw(st.integers(1, 6))
    middle = np.array([draw(st.sampled_from((0.0, 60.0, 90.0))), 179.0])
    around = middle + rng.uniform(-width, width, (n_homes, 2))
    if draw(st.booleans()):
        around[-1] = around[0]
    return _on_globe(around)


def _on_globe(points: Floats) -> Floats:
    """The same points, those beyond a pole on its other side."""
    return _degrees(unit_sphere(points[:, 0], points[:, 1]))


def _degrees(sphere: Floats) -> Floats:
    lat = np.degrees(np.arctan2(sphere[:, 2], np.hypot(sphere[:, 0], sphere[:, 1])))
    return np.column_stack([lat, np.degrees(np.arctan2(sphere[:, 1], sphere[:, 0]))])


def _fair(homes: Floats, share: float) -> FairPoint:
    return fair_point(homes[:, 0], homes[:, 1], share)


def _value(homes: Floats, points: Floats, share: float) -> Floats:
    """What the homes' ways to these points are worth, by the definition."""
    ways = great_circle_km(homes[:, :1], homes[:, 1:], points[:, 0][None], points[:, 1][None])
    return mixed_km(ways, share)


@given(homes=homes(), share=shares)
def test_no_point_is_fairer(homes: Floats, share: float) -> None:
    """No home, no middle of two homes, no point near by and none anywhere."""
    found = _fair(homes, share)
    rng = np.random.default_rng(1)
    sphere = unit_sphere(*homes.T)
    middles = (sphere[:, None] + sphere[None]).reshape(-1, 3)
    near = np.array([[found.lat, found.lon]]) + rng.normal(0, 0.01, (50, 2))
    others = np.concatenate([homes, _degrees(middles), _on_globe(near), _degrees(rng.normal(size=(500, 3)))])

    assert found.value_km <= _value(homes, others, share).min() + 1e-4


@given(homes=homes(), share=shares)
def test_the_value_is_that_of_the_point(homes: Floats, share: float) -> None:
    """What is said of the point can be measured there; it is a point on the globe."""
    found = _fair(homes, share)

    assert -90 <= found.lat <= 90
    assert -180 <= found.lon <= 180
    assert _value(homes, np.array([[found.lat, found.lon]]), share)[0] == pytest.approx(found.value_km, abs=1e-4)


@given(homes=homes(), share=shares, seed=st.integers(0, 100))
def test_the_order_of_members_does_not_matter(homes: Floats, share: float, seed: int) -> None:
    """Whose home is named first is chance."""
    shuffled = np.random.default_rng(seed).permutation(homes)

    assert _fair(shuffled, share) == _fair(homes, share)


@given(homes=homes(), share=shares, seed=st.integers(0, 1_000))
def test_turning_the_globe_turns_the_point_with_it(homes: Floats, share: float, seed: int) -> None:
    """Neither a pole nor the date line is a special place."""
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    turned = _degrees(unit_sphere(*homes.T) @ turn)

    assert _fair(turned, share).value_km == pytest.approx(_fair(homes, share).value_km, abs=1e-4)


@given(homes=homes(), seed=st.integers(0, 1_000))
def test_a_small_move_of_homes_is_a_small_change(homes: Floats, seed: int) -> None:
    """Nobody's way counts more than once: moving everybody by at most d changes the value by at most d."""
    moved = _on_globe(homes + np.random.default_rng(seed).normal(0, 0.01, homes.shape))
    most_km = great_circle_km(*homes.T, *moved.T).max()

    change = _fair(moved, 0.5).value_km - _fair(homes, 0.5).value_km

    assert abs(change) <= most_km + 1e-4


@given(homes=homes())
def test_more_weight_on_the_longest_way_never_makes_it_longer(homes: Floats) -> None:
    """The longest way falls, and the mean way rises, as the longest counts for more."""
    points = np.array([_fair(homes, share)[:2] for share in SHARES])
    ways = great_circle_km(homes[:, :1], homes[:, 1:], points[:, 0][None], points[:, 1][None])

    assert (np.diff(ways.max(axis=0)) <= 1e-3).all()
    assert (np.diff(ways.mean(axis=0)) >= -1e-3).all()


@pytest.mark.parametrize("share", SHARES)
def test_one_member_stays_at_home(share: float) -> None:
    """There is nothing to share."""
    found = fair_point(np.array([-33.9]), np.array([151.2]), share)

    assert (found.lat, found.lon, found.value_km) == pytest.approx((-33.9, 151.2, 0.0))


@pytest.mark.parametrize("share", SHARES)
def test_two_members_meet_in_the_middle(share: float) -> None:
    """Also where only the mean way counts and all points between are as good: each goes half of it."""
    found = fair_point(np.array([0.0, 0.0]), np.array([170.0, -150.0]), share)

    assert (found.lat, abs(found.lon)) == pytest.approx((0.0, 170.0), abs=1e-6)
    assert found.value_km == pytest.approx(20 * EQUATOR_DEGREE_KM)


@pytest.mark.parametrize(
    ("share", "lon", "value"),
    [
        pytest.param(0.0, 10.0, 40 / 3, id="median: at the one between, who is spared"),
        pytest.param(1.0, 20.0, 20.0, id="centre: half way between the outer two"),
        pytest.param(0.5, 20.0, (50 / 3 + 20) / 2, id="even mix: a step saves three in the longest way and costs one"),
        pytest.param(0.1, 10.0, 0.9 * 40 / 3 + 0.1 * 30, id="little of the worst: still at the one between"),
    ],
)
def test_three_on_the_equator(share: float, lon: float, value: float) -> None:
    """Homes at 0, 10 and 40 degrees east: worked out by hand, in degrees."""
    found = fair_point(np.zeros(3), np.array([0.0, 40.0, 10.0]), share)

    assert (found.lat, found.lon) == pytest.approx((0.0, lon), abs=1e-4)
    assert found.value_km == pytest.approx(value * EQUATOR_DEGREE_KM)


@pytest.mark.parametrize("share", SHARES)
def test_around_a_pole_people_meet_at_the_pole(share: float) -> None:
    """Three homes evenly around it; the mean of their longitudes would be on one side."""
    found = fair_point(np.array([-80.0, -80.0, -80.0]), np.array([0.0, 120.0, -120.0]), share)

    assert found.lat == pytest.approx(-90.0, abs=1e-4)
    assert found.value_km == pytest.approx(10 * EQUATOR_DEGREE_KM)


def test_homes_on_both_sides_of_the_date_line_meet_there() -> None:
    """In Fiji's waters, not in Africa."""
    found = fair_point(np.array([-17.0, -17.0, -18.0]), np.array([179.0, -179.0, 180.0]), 0.5)

    assert abs(found.lon) == pytest.approx(180.0, abs=0.01)


@pytest.mark.parametrize("share", SHARES)
def test_antipodes_have_half_way_round_between_them(share: float) -> None:
    """They have no middle, but a whole circle of points a quarter of the globe from both."""
    lats, lons = np.array([30.0, -30.0]), np.array([10.0, -170.0])

    found = fair_point(lats, lons, share)

    assert found.value_km == pytest.approx(QUARTER_KM)
    assert great_circle_km(lats, lons, np.array(found.lat), np.array(found.lon)).max() == pytest.approx(QUARTER_KM)


@pytest.mark.parametrize("share", SHARES)
def test_identical_homes_are_the_point(share: float) -> None:
    """Everybody in one town: the town, and no way at all."""
    found = fair_point(np.full(5, 90.0), np.array([0.0, 10.0, 20.0, 30.0, 40.0]), share)

    assert (found.lat, found.value_km) == pytest.approx((90.0, 0.0), abs=1e-6)


def test_one_outlier_moves_the_centre_and_not_the_median() -> None:
    """Five in Vienna and one in Lisbon: the median spares the five, the centre lies half way."""
    lats, lons = np.array([48.2] * 5 + [38.7]), np.array([16.4] * 5 + [-9.1])

    median, centre = fair_point(lats, lons, 0.0), fair_point(lats, lons, 1.0)

    whole_km = 2 * centre.value_km
    assert (median.lat, median.lon) == pytest.approx((48.2, 16.4), abs=1e-6)
    assert median.value_km == pytest.approx(whole_km / 6)
