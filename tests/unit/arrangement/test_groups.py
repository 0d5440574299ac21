"""Groups as laws, and in small worlds whose right answer is plain."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.construct import grow_groups
from matcher.arrangement.groups import GroupOptions, form_groups
from matcher.arrangement.objective import judge
from matcher.arrangement.seating import ask
from matcher.errors import SettingsError
from matcher.tables.geography import Travel
from matcher.tables.pairs import Affinities, Vetoes
from matcher.tables.proposals import Seats
from tests.unit.arrangement.oracle import EVEN_CHANCE, best_value, is_legal, worth
from tests.unit.arrangement.worlds import affinities_of, groups_in, index_of, one_town, travel_of, vetoes_of

Pair = tuple[str, str]
MEMBERS = list("abcdefgh")
PAIRS = list(combinations(MEMBERS, 2))
TINY = GroupOptions(min_size=3, max_size=4, min_fit_lift=1 / 4, tie_lift=1 / 3)
FULL = replace(TINY, min_size=4, max_size=6)
SEARCHED = replace(TINY, exact_size=0)

weights_of_a_world = st.dictionaries(
    st.sampled_from(PAIRS), st.sampled_from([0.1, 0.3, 0.4, 0.55, 0.7, 0.85, 1.0]), min_size=10, max_size=28
)
reaches = st.fixed_dictionaries(dict.fromkeys(MEMBERS, st.sets(st.sampled_from(["East", "West"]))))
vetoed_pairs = st.sets(st.sampled_from(PAIRS), max_size=4)


def seat(affinities: Affinities, travel: Travel, vetoes: Vetoes, options: GroupOptions = TINY, seed: int = 7) -> Seats:
    """A search with its own fresh dice."""
    return form_groups(affinities, travel, vetoes, options, np.random.default_rng(seed), stranger_chance=EVEN_CHANCE)


def tables(
    weights: dict[Pair, float], towns: dict[str, set[str]], vetoed: set[Pair]
) -> tuple[Affinities, Travel, Vetoes]:
    """The tables of a tiny world; East is three times as far as West."""
    index = index_of(MEMBERS)
    far = {"East": 30.0, "West": 10.0}
    ways = {member: {town: far[town] for town in reached} for member, reached in towns.items()}
    return affinities_of(index, weights), travel_of(index, ways), vetoes_of(index, vetoed)


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
    affinities, travel, vetoes = tables(weights, towns, vetoed)

    seats = seat(affinities, travel, vetoes)
    objective = judge(seats, affinities, travel, vetoes, TINY, stranger_chance=EVEN_CHANCE)

    optimum = best_value(MEMBERS, weights, towns, vetoed, TINY)
    assert objective.value == pytest.approx(sum(worth(tuple(group), weights) for group in groups_in(seats)))
    assert objective.value == pytest.approx(optimum)
    assert objective.upper_bound == pytest.approx(optimum)


@given(weights=weights_of_a_world, towns=reaches, vetoed=vetoed_pairs)
def test_search_lies_between_greedy_and_the_optimum_and_the_bound_above(
    weights: dict[Pair, float], towns: dict[str, set[str]], vetoed: set[Pair]
) -> None:
    """The promise for any size: greedy <= value <= optimum <= bound."""
    affinities, travel, vetoes = tables(weights, towns, vetoed)
    question = ask(affinities, travel, vetoes, SEARCHED, stranger_chance=EVEN_CHANCE)
    greedy = sum(question.worth(group) for group in grow_groups(question, question.seatable, {}))

    objective = judge(
        seat(affinities, travel, vetoes, SEARCHED), affinities, travel, vetoes, SEARCHED, stranger_chance=EVEN_CHANCE
    )

    assert objective.upper_bound is not None
    assert greedy - 1e-9 <= objective.value
    assert objective.value <= best_value(MEMBERS, weights, towns, vetoed, TINY) + 1e-9
    assert best_value(MEMBERS, weights, towns, vetoed, TINY) <= objective.upper_bound + 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_search_comes_close_to_the_optimum_of_a_friendly_circle(seed: int) -> None:
    """Eight who all know each other a little or a lot: at least 95 % of the best plan is found."""
    dice = np.random.default_rng(seed)
    weights = {pair: float(dice.choice([0.1, 0.3, 0.4, 0.55, 0.7, 0.85, 1.0])) for pair in PAIRS}
    towns = {member: {"West"} for member in MEMBERS}

    seats = seat(*tables(weights, towns, set()), SEARCHED)

    value = sum(worth(tuple(group), weights) for group in groups_in(seats))
    assert value >= 0.95 * best_value(MEMBERS, weights, towns, set(), TINY)


@given(weights=weights_of_a_world, towns=reaches, vetoed=vetoed_pairs, more=st.sampled_from(PAIRS))
def test_a_veto_never_raises_the_optimum_nor_the_bound(
    weights: dict[Pair, float], towns: dict[str, set[str]], vetoed: set[Pair], more: Pair
) -> None:
    """Whoever adds a veto can only take possibilities away."""
    affinities, travel, vetoes = tables(weights, towns, vetoed)
    stricter = vetoes_of(travel.index, vetoed | {more})
    seats = seat(affinities, travel, stricter)

    for options in (TINY, SEARCHED):
        free, bound = (
            judge(seats, affinities, travel, some, options, stranger_chance=EVEN_CHANCE).upper_bound
            for some in (vetoes, stricter)
        )

        assert free is not None
        assert bound is not None
        assert bound <= free + 1e-9
    assert best_value(MEMBERS, weights, towns, vetoed | {more}, TINY) <= best_value(
        MEMBERS, weights, towns, vetoed, TINY
    )


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

    seats = seat(affinities_of(index, weights), one_town(index), vetoes_of(index), FULL)

    assert groups_in(seats) == [list("efgh"), list("abcd")]


def test_a_star_whom_everybody_likes_does_not_make_a_group_of_strangers() -> None:
    """Six who like only the star have nothing to say to each other."""
    index = index_of(["star", *MEMBERS])

    seats = seat(
        affinities_of(index, {(member, "star"): 1.0 for member in MEMBERS}),
        one_town(index),
        vetoes_of(index),
        FULL,
    )

    assert len(seats) == 0


def test_nobody_sits_with_fewer_ties_than_strangers() -> None:
    """Three close friends and one who knows a single one of them: three is too few, four is too strange."""
    index = index_of("abcd")
    weights = {("a", "b"): 0.9, ("a", "c"): 0.9, ("b", "c"): 0.9, ("a", "d"): 1.0}

    alone, welcome = (
        seat(affinities_of(index, some), one_town(index), vetoes_of(index), FULL)
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

    seats = seat(affinities_of(index, weights), travel_of(index, ways), vetoes_of(index))

    assert seats.frame.get_column("town").to_list() == [1, 1, 1]
    assert seats.frame.get_column("travel_km").to_list() == [20.0, 20.0, 25.0]


def test_members_who_share_towns_only_in_pairs_cannot_meet() -> None:
    """Each two have a town in common, but no town is everyone's."""
    index = index_of("abc")
    ways = {"a": {"X": 1.0, "Y": 1.0}, "b": {"Y": 1.0, "Z": 1.0}, "c": {"X": 1.0, "Z": 1.0}}
    weights = dict.fromkeys(combinations("abc", 2), 0.8)

    seats = seat(affinities_of(index, weights), travel_of(index, ways), vetoes_of(index))

    assert len(seats) == 0


@pytest.mark.parametrize(
    "members", [pytest.param("", id="nobody"), pytest.param("a", id="one"), pytest.param("ab", id="two")]
)
def test_a_night_with_too_few_members_has_no_groups(members: str) -> None:
    """Nothing to seat is an answer, not an error, and its bound is 0."""
    index = index_of(members)
    affinities = affinities_of(index, dict.fromkeys(combinations(members, 2), 0.9))

    seats = seat(affinities, one_town(index), vetoes_of(index))
    objective = judge(seats, affinities, one_town(index), vetoes_of(index), TINY, stranger_chance=EVEN_CHANCE)

    assert len(seats) == 0
    assert (objective.value, objective.upper_bound, objective.bound_scope) == (0.0, 0.0, "candidate pairs")


def test_the_same_seed_gives_the_same_seats() -> None:
    """A night can be repeated to the byte."""
    index = index_of(f"m{number:02d}" for number in range(40))
    dice = np.random.default_rng(3)
    weights = {(str(a), str(b)): float(dice.uniform(0, 1)) for a, b in combinations(index.ids, 2)}

    once, again = (seat(affinities_of(index, weights), one_town(index), vetoes_of(index), seed=5) for _ in range(2))

    assert once.frame.equals(again.frame)
    assert len(once) > 30


def test_search_clearly_beats_greedy_where_there_is_choice() -> None:
    """With forty members and random tastes, greedy leaves at least a tenth on the table."""
    index = index_of(f"m{number:02d}" for number in range(40))
    dice = np.random.default_rng(3)
    affinities = affinities_of(index, {(a, b): float(dice.uniform(0, 1)) for a, b in combinations(index.ids, 2)})
    travel, vetoes, options = one_town(index), vetoes_of(index), FULL
    question = ask(affinities, travel, vetoes, options, stranger_chance=EVEN_CHANCE)
    greedy = sum(question.worth(group) for group in grow_groups(question, question.seatable, {}))

    objective = judge(
        seat(affinities, travel, vetoes, options), affinities, travel, vetoes, options, stranger_chance=EVEN_CHANCE
    )

    assert objective.value >= 1.1 * greedy


def test_impossible_sizes_are_refused() -> None:
    """The operator is told what would be right."""
    with pytest.raises(SettingsError, match="min_size <= max_size"):
        GroupOptions(min_size=5, max_size=4)
