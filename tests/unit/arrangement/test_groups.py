"""Groups as laws, and in small worlds whose right answer is plain."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.groups import GroupOptions, form_groups
from matcher.arrangement.means import Means, never
from matcher.arrangement.seating import ask
from matcher.engines.highs_programs import HighsPrograms
from matcher.errors import SettingsError
from matcher.tables.community import PastMeetings
from matcher.tables.geography import Travel
from matcher.tables.pairs import Affinities, Vetoes
from matcher.tables.picture import Picture
from matcher.tables.proposals import Objective, Seats
from tests.unit.arrangement.oracle import EVEN_CHANCE, KM, best_value, is_legal, worth
from tests.unit.arrangement.worlds import (
    AS_OF,
    affinities_of,
    blocks_of,
    community_of,
    groups_in,
    index_of,
    meetings_of,
    members_of,
    messages_by,
    one_town,
    picture_of,
    rotation_of,
    ties_of,
    travel_of,
    vetoes_of,
)

Pair = tuple[str, str]
MEMBERS = list("abcdefgh")
PAIRS = list(combinations(MEMBERS, 2))
TINY = GroupOptions(
    min_size=3, max_size=4, min_fit_lift=1 / 4, tie_lift=1 / 3, travel_lift=0.2, n_moves=200, n_rounds=60
)
FULL = replace(TINY, min_size=4, max_size=6)
SEARCHED = replace(TINY, exact_size=0)

weights_of_a_world = st.dictionaries(
    st.sampled_from(PAIRS), st.sampled_from([0.1, 0.3, 0.4, 0.55, 0.7, 0.85, 1.0]), min_size=10, max_size=28
)
reaches = st.fixed_dictionaries(dict.fromkeys(MEMBERS, st.sets(st.sampled_from(["East", "West"]))))
vetoed_pairs = st.sets(st.sampled_from(PAIRS), max_size=4)


def night(
    affinities: Affinities,
    picture: Picture,
    options: GroupOptions = TINY,
    *,
    seed: int = 7,
    stop: Callable[[], bool] = never,
) -> tuple[Seats, Objective]:
    """Seats and how good they are, by a search with its own fresh dice."""
    rotation = rotation_of(picture, affinities)
    question = ask(affinities, picture, rotation, options, stranger_chance=EVEN_CHANCE)
    means = Means(programs=HighsPrograms(), rng=np.random.default_rng(seed), stop=stop)
    return form_groups(question, picture, rotation, options, means, stranger_chance=EVEN_CHANCE)


def seat(affinities: Affinities, picture: Picture, options: GroupOptions = TINY, *, seed: int = 7) -> Seats:
    """The seats alone."""
    return night(affinities, picture, options, seed=seed)[0]


def pictured(travel: Travel, vetoes: Vetoes) -> Picture:
    """Members who have said nothing yet."""
    return picture_of(travel, ties_of(travel.index, {}), vetoes)


def tables(weights: dict[Pair, float], towns: dict[str, set[str]], vetoed: set[Pair]) -> tuple[Affinities, Picture]:
    """The tables of a tiny world."""
    index = index_of(MEMBERS)
    ways = {member: {town: KM[town] for town in reached} for member, reached in towns.items()}
    return affinities_of(index, weights), pictured(travel_of(index, ways), vetoes_of(index, vetoed))


def villages(near: float, across: float) -> dict[Pair, float]:
    """Two circles of four; everyone also rather likes one member of the other circle."""
    inside = {pair: near for village in ("abcd", "efgh") for pair in combinations(village, 2)}
    return inside | dict.fromkeys(zip("abcd", "efgh", strict=True), across)


either_way = st.sampled_from([TINY, SEARCHED])


@given(weights=weights_of_a_world, towns=reaches, vetoed=vetoed_pairs, options=either_way)
def test_every_group_is_legal_and_nobody_sits_twice(
    weights: dict[Pair, float], towns: dict[str, set[str]], vetoed: set[Pair], options: GroupOptions
) -> None:
    """Sizes, vetoes, towns, fit and ties hold in each group, by a check that shares no code."""
    seats = seat(*tables(weights, towns, vetoed), options)

    members = seats.frame.get_column("member").cast(pl.String).to_list()
    assert len(members) == len(set(members))
    assert all(is_legal(tuple(group), weights, towns, vetoed, options) for group in groups_in(seats))


@given(weights=weights_of_a_world, towns=reaches, vetoed=vetoed_pairs)
def test_a_small_circle_is_seated_as_well_as_possible(
    weights: dict[Pair, float], towns: dict[str, set[str]], vetoed: set[Pair]
) -> None:
    """Up to `exact_size` connected members the value is the optimum, and the bound proves it."""
    seats, objective = night(*tables(weights, towns, vetoed))

    optimum = best_value(MEMBERS, weights, towns, vetoed, TINY)
    assert objective.value == pytest.approx(sum(worth(tuple(one), weights, towns, TINY) for one in groups_in(seats)))
    assert objective.value == pytest.approx(optimum)
    assert objective.upper_bound == pytest.approx(optimum)
    assert not objective.was_cut_short


@given(weights=weights_of_a_world, towns=reaches, vetoed=vetoed_pairs)
def test_the_optimum_lies_between_what_search_finds_and_the_bound(
    weights: dict[Pair, float], towns: dict[str, set[str]], vetoed: set[Pair]
) -> None:
    """The promise for any size: value <= optimum <= bound."""
    _, objective = night(*tables(weights, towns, vetoed), SEARCHED)

    optimum = best_value(MEMBERS, weights, towns, vetoed, TINY)
    assert objective.upper_bound is not None
    assert objective.value <= optimum + 1e-9
    assert optimum <= objective.upper_bound + 2e-6


@given(weights=weights_of_a_world, towns=reaches, options=either_way)
def test_the_seats_add_up_to_the_value(
    weights: dict[Pair, float], towns: dict[str, set[str]], options: GroupOptions
) -> None:
    """Every term of the objective stands beside the member who brings it."""
    seats, objective = night(*tables(weights, towns, set()), options)

    terms = pl.col("fit_share") + pl.col("overdue_bonus") - pl.col("travel_cost") - pl.col("repeat_cost")
    assert objective.value == pytest.approx(seats.frame.select(terms.sum()).item())


@pytest.mark.parametrize("seed", range(10))
def test_search_comes_close_to_the_optimum_of_a_friendly_circle(seed: int) -> None:
    """Eight who all know each other a little or a lot: at least 95 % of the best plan is found."""
    dice = np.random.default_rng(seed)
    weights = {pair: float(dice.choice([0.1, 0.3, 0.4, 0.55, 0.7, 0.85, 1.0])) for pair in PAIRS}
    towns = {member: {"West"} for member in MEMBERS}

    _, objective = night(*tables(weights, towns, set()), SEARCHED)

    assert objective.value >= 0.95 * best_value(MEMBERS, weights, towns, set(), TINY)


@given(weights=weights_of_a_world, towns=reaches, vetoed=vetoed_pairs, more=st.sampled_from(PAIRS))
def test_a_veto_never_raises_the_optimum(
    weights: dict[Pair, float], towns: dict[str, set[str]], vetoed: set[Pair], more: Pair
) -> None:
    """Whoever adds a veto can only take possibilities away."""
    free, stricter = (night(*tables(weights, towns, some))[1] for some in (vetoed, vetoed | {more}))

    assert stricter.value <= free.value + 1e-9


@given(weights=weights_of_a_world, n_calls=st.integers(0, 20))
def test_a_night_that_is_cut_short_is_legal_and_says_so(weights: dict[Pair, float], n_calls: int) -> None:
    """Whenever that is; and what it claims to be proved is."""
    towns, calls = {member: {"West"} for member in MEMBERS}, [0]

    def stop() -> bool:
        calls[0] += 1
        return calls[0] > n_calls

    seats, objective = night(*tables(weights, towns, set()), SEARCHED, stop=stop)

    assert all(is_legal(tuple(group), weights, towns, set(), SEARCHED) for group in groups_in(seats))
    assert objective.was_cut_short == (calls[0] > n_calls)
    if objective.upper_bound is not None:
        assert objective.upper_bound >= best_value(MEMBERS, weights, towns, set(), TINY) - 2e-6


@given(weights=weights_of_a_world)
def test_the_order_in_which_pairs_arrive_changes_nothing(weights: dict[Pair, float]) -> None:
    """Same community, same seed: same seats."""
    towns = {member: {"West"} for member in MEMBERS}
    backwards = dict(reversed(weights.items()))

    seats, again = (seat(*tables(some, towns, set()), SEARCHED) for some in (weights, backwards))

    assert seats.frame.equals(again.frame)


def test_two_villages_become_two_groups() -> None:
    """A strong bond across does not tear the circles apart; the closer circle comes first."""
    index = index_of(MEMBERS)
    weights = villages(near=0.6, across=0.7) | dict.fromkeys(combinations("efgh", 2), 0.65)

    seats = seat(affinities_of(index, weights), pictured(one_town(index), vetoes_of(index)), FULL)

    assert groups_in(seats) == [list("efgh"), list("abcd")]


def test_a_star_whom_everybody_likes_does_not_make_a_group_of_strangers() -> None:
    """Six who like only the star have nothing to say to each other."""
    index = index_of(["star", *MEMBERS])

    seats = seat(
        affinities_of(index, {(member, "star"): 1.0 for member in MEMBERS}),
        pictured(one_town(index), vetoes_of(index)),
        FULL,
    )

    assert len(seats) == 0


def test_nobody_sits_with_fewer_ties_than_strangers() -> None:
    """Three close friends and one who knows a single one of them: three is too few, four is too strange."""
    index = index_of("abcd")
    weights = {("a", "b"): 0.9, ("a", "c"): 0.9, ("b", "c"): 0.9, ("a", "d"): 1.0}

    alone, welcome = (
        seat(affinities_of(index, some), pictured(one_town(index), vetoes_of(index)), FULL)
        for some in (weights, weights | {("b", "d"): 0.3})
    )

    assert groups_in(alone) == []
    assert groups_in(welcome) == [list("abcd")]


def test_the_town_spares_everyone_a_long_way() -> None:
    """East is best on average, but one would pay for all; Mid costs everyone a little."""
    index = index_of("abc")
    ways = {
        "a": {"East": 1.0, "Mid": 20.0},
        "b": {"East": 1.0, "Mid": 20.0},
        "c": {"East": 60.0, "Mid": 25.0},
    }
    weights = dict.fromkeys(combinations("abc", 2), 0.8)

    seats = seat(affinities_of(index, weights), pictured(travel_of(index, ways), vetoes_of(index)))

    assert seats.frame.get_column("town").to_list() == [1, 1, 1]
    assert seats.frame.get_column("travel_km").to_list() == [20.0, 20.0, 25.0]


def test_members_who_share_towns_only_in_pairs_cannot_meet() -> None:
    """Each two have a town in common, but no town is everyone's."""
    index = index_of("abc")
    ways = {"a": {"X": 1.0, "Y": 1.0}, "b": {"Y": 1.0, "Z": 1.0}, "c": {"X": 1.0, "Z": 1.0}}
    weights = dict.fromkeys(combinations("abc", 2), 0.8)

    seats = seat(affinities_of(index, weights), pictured(travel_of(index, ways), vetoes_of(index)))

    assert len(seats) == 0


@pytest.mark.parametrize(
    "members", [pytest.param("", id="nobody"), pytest.param("a", id="one"), pytest.param("ab", id="two")]
)
def test_a_night_with_too_few_members_has_no_groups(members: str) -> None:
    """Nothing to seat is an answer, not an error, and its bound is 0."""
    index = index_of(members)
    affinities = affinities_of(index, dict.fromkeys(combinations(members, 2), 0.9))

    seats, objective = night(affinities, pictured(one_town(index), vetoes_of(index)))

    assert len(seats) == 0
    assert (objective.value, objective.upper_bound, objective.bound_scope) == (0.0, 0.0, "candidate pairs")


def test_the_same_seed_gives_the_same_seats() -> None:
    """A night can be repeated to the byte."""
    index = index_of(f"m{number:02d}" for number in range(40))
    dice = np.random.default_rng(3)
    weights = {(str(a), str(b)): float(dice.uniform(0, 1)) for a, b in combinations(index.ids, 2)}

    once, again = (
        seat(affinities_of(index, weights), pictured(one_town(index), vetoes_of(index)), seed=5) for _ in range(2)
    )

    assert once.frame.equals(again.frame)
    assert len(once) > 30


def test_forty_members_are_seated_within_two_percent_of_the_best_possible() -> None:
    """With random tastes, and many more plans than can be tried; the bound is proved, not guessed."""
    index = index_of(f"m{number:02d}" for number in range(40))
    dice = np.random.default_rng(3)
    affinities = affinities_of(index, {(a, b): float(dice.uniform(0, 1)) for a, b in combinations(index.ids, 2)})
    picture = pictured(one_town(index), vetoes_of(index))

    _, objective = night(affinities, picture, replace(FULL, n_moves=2_000))

    assert objective.gap is not None
    assert objective.gap < 0.02


def test_times_that_suit_only_two_of_three_are_no_times() -> None:
    """Each two have an evening in common, but no evening is everyone's."""
    index = index_of("abc")
    affinities = affinities_of(index, dict.fromkeys(combinations("abc", 2), 0.8))
    picture = pictured(one_town(index), vetoes_of(index))

    seats = [
        seat(affinities, replace(picture, times=np.array(times, np.uint64)), options)
        for times in ([[3], [6], [5]], [[3], [6], [7]])
        for options in (TINY, SEARCHED)
    ]

    assert [len(one) for one in seats] == [0, 0, 3, 3]


def test_whoever_was_passed_over_sits_before_better_friends() -> None:
    """A, b and c fit best, but d has waited: d sits, and what is owed is told apart from fit."""
    members, at = "abcd", AS_OF - timedelta(days=7)
    weights = {("a", "b"): 0.9, ("a", "c"): 0.9, ("b", "c"): 0.9, ("b", "d"): 0.4, ("c", "d"): 0.4}
    night_before = meetings_of({at: []}, passed_over="d")

    for options in (TINY, SEARCHED):
        seats, objective = after_rounds(members, weights, night_before, replace(options, max_size=3))

        assert groups_in(seats) == [["b", "c", "d"]]
        assert objective.owed > objective.value / 2
        assert objective.value - objective.owed == pytest.approx(0.9 + 0.4 + 0.4)


def test_who_met_last_time_meets_somebody_else() -> None:
    """A and b like each other best, but have met; c is as free as any."""
    weights = dict.fromkeys(combinations("abcdef", 2), 0.5) | {("a", "b"): 0.9}
    met = meetings_of({AS_OF - timedelta(days=7): ["ab"]})

    for options in (TINY, SEARCHED):
        seats, _ = after_rounds("abcdef", weights, met, replace(options, max_size=3))

        assert len(seats) == 6
        assert all(not {"a", "b"} <= set(group) for group in groups_in(seats))
        assert seats.frame.get_column("repeat_cost").sum() == 0


def after_rounds(
    members: str, weights: dict[Pair, float], meetings: PastMeetings, options: GroupOptions
) -> tuple[Seats, Objective]:
    """A night in one town after these rounds."""
    index = index_of(members)
    community = replace(community_of(members_of(members), messages_by({}), blocks_of()), meetings=meetings)
    travel, vetoes = one_town(index), vetoes_of(index)
    picture = picture_of(travel, ties_of(index, {}), vetoes, community=community)
    return night(affinities_of(index, weights), picture, replace(options, travel_lift=0.0))


def test_impossible_sizes_are_refused() -> None:
    """The operator is told what would be right."""
    with pytest.raises(SettingsError, match="min_size <= max_size"):
        GroupOptions(min_size=5, max_size=4)
