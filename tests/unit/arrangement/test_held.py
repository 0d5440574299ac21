"""What organizers keep stays; what they turned down does not come back; and every sum is still right."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.arrangement.groups import GroupOptions, form_groups
from matcher.arrangement.held import hold_places
from matcher.arrangement.introductions import IntroductionOptions, introduce
from matcher.arrangement.means import Means
from matcher.arrangement.rotation import RotationOptions, recall
from matcher.arrangement.seating import ask
from matcher.engines.highs_programs import HighsPrograms
from matcher.tables.decided import Barred, Decided, Held, HeldPlaces
from matcher.tables.pairs import Affinities
from matcher.tables.picture import Picture
from matcher.tables.proposals import Introductions, Matching, Objective, Seats
from tests.unit.arrangement.oracle import EVEN_CHANCE
from tests.unit.arrangement.worlds import (
    affinities_of,
    groups_in,
    index_of,
    meetings_of,
    one_town,
    picture_of,
    rotation_of,
    seats_of,
    ties_of,
    travel_of,
    vetoes_of,
)

Pair = tuple[str, str]
MEMBERS = "abcdefgh"
PAIRS = list(combinations(MEMBERS, 2))
TINY = GroupOptions(min_size=3, max_size=4, min_fit_lift=1 / 4, tie_lift=1 / 3, n_moves=200, n_rounds=60)
FREELY = IntroductionOptions(min_introduce_lift=0.0, min_reunite_lift=0.0)

weights = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from([0.3, 0.4, 0.55, 0.7, 0.85]), min_size=12)
parties = st.sets(st.sampled_from(MEMBERS), min_size=3, max_size=4).map(lambda some: tuple(sorted(some)))


def pictured(decided: Decided, apart: set[Pair] | None = None, members: str = MEMBERS) -> Picture:
    """Members of one town, with what was decided about them and found to break no rule."""
    index = index_of(members)
    blank = picture_of(one_town(index), ties_of(index, {}), vetoes_of(index, apart or ()))
    community = replace(blank.community, decided=decided)
    picture = replace(blank, community=community, is_open=np.ones(len(members), np.bool_))
    return replace(picture, held=hold_places(picture, TINY, FREELY))


def seated(shares: dict[Pair, float], picture: Picture, *, exact_size: int = 10) -> tuple[Seats, Objective]:
    """Groups of a night."""
    affinities, options = affinities_of(picture.index, shares), replace(TINY, exact_size=exact_size)
    rotation = rotation_of(picture, affinities)
    question = ask(affinities, picture, rotation, options, stranger_chance=EVEN_CHANCE)
    means = Means(programs=HighsPrograms(), rng=np.random.default_rng(7))
    return form_groups(question, picture, rotation, options, means, stranger_chance=EVEN_CHANCE)


def introduced(shares: dict[Pair, float], picture: Picture, **options: object) -> tuple[Introductions, Matching]:
    """Introductions of a night without groups."""
    affinities = affinities_of(picture.index, shares)
    rotation = rotation_of(picture, affinities)
    wanted = replace(FREELY, **options)  # type: ignore[arg-type]
    return introduce(affinities, seats_of(picture.index), picture, rotation, wanted)


def total(seats: Seats) -> float:
    """What all seats are worth, added up as the audit does."""
    terms = pl.col("fit_share") + pl.col("overdue_bonus") - pl.col("travel_cost") - pl.col("repeat_cost")
    return float(seats.frame.select(terms.sum()).item())


def kept(*members: str, kind: str = "group") -> Decided:
    """Organizers keep these."""
    return Decided(held=tuple(Held(kind=kind, members=tuple(one)) for one in members))


@given(shares=weights, party=parties, exact_size=st.sampled_from([0, 10]))
def test_a_held_group_stands_whatever_the_others_are_worth(
    shares: dict[Pair, float], party: tuple[str, ...], exact_size: int
) -> None:
    """To the member, once; the seats add up to the objective, which stays below its bound."""
    picture = pictured(kept("".join(party)))

    seats, objective = seated(shares, picture, exact_size=exact_size)

    groups = groups_in(seats)
    assert frozenset(party) in {frozenset(one) for one in groups}
    assert sum(len(one) for one in groups) == len({member for one in groups for member in one})
    assert objective.value == pytest.approx(total(seats))
    assert objective.upper_bound is None or objective.value <= objective.upper_bound + 1e-9


@given(shares=weights, party=parties, exact_size=st.sampled_from([0, 10]))
def test_what_was_turned_down_is_in_no_group(
    shares: dict[Pair, float], party: tuple[str, ...], exact_size: int
) -> None:
    """Nor all of it among others; and no plan is worth more than without the rejection."""
    barred = Decided(barred=(Barred(kind="group", members=party, n_same=len(party)),))

    _, best = seated(shares, pictured(Decided()), exact_size=exact_size)
    seats, objective = seated(shares, pictured(barred), exact_size=exact_size)

    assert not [group for group in groups_in(seats) if {*group} >= {*party}]
    assert objective.value == pytest.approx(total(seats))
    assert best.upper_bound is None or objective.value <= best.upper_bound + 1e-9
    assert objective.upper_bound is None or objective.value <= objective.upper_bound + 1e-9


def test_the_desk_is_told_no_bound_that_holds_only_around_what_is_kept() -> None:
    """And it may weigh the held group: its members are in the question, but are not free."""
    shares = dict.fromkeys(PAIRS, 0.6)
    picture = pictured(kept("abcd"))
    affinities = affinities_of(picture.index, shares)

    question = ask(affinities, picture, rotation_of(picture, affinities), TINY, stranger_chance=EVEN_CHANCE)

    assert question.held == ((0, 1, 2, 3),)
    assert question.free.tolist() == [4, 5, 6, 7]
    assert not question.is_whole


@pytest.mark.parametrize(
    ("decided", "apart", "places"),
    [
        pytest.param(kept("abc"), set(), HeldPlaces(groups=((0, 1, 2),)), id="whole"),
        pytest.param(kept("abc"), {("a", "c")}, HeldPlaces(), id="kept-apart"),
        pytest.param(kept("ab"), set(), HeldPlaces(), id="too-small"),
        pytest.param(kept("abcde"), set(), HeldPlaces(), id="too-large"),
        pytest.param(kept("abc", "cde"), set(), HeldPlaces(groups=((0, 1, 2),)), id="one-seat-each"),
        pytest.param(replace(kept("abc"), resting={"b": "paused"}), set(), HeldPlaces(), id="somebody-pauses"),
        pytest.param(
            replace(kept("abc"), resting={"b": "invited_lately"}), set(), HeldPlaces(groups=((0, 1, 2),)), id="invited"
        ),
        pytest.param(kept("ab", "bc", kind="introduction"), set(), HeldPlaces(introductions=((0, 1),)), id="limit"),
        pytest.param(kept("ab", kind="introduction"), {("a", "b")}, HeldPlaces(), id="pair-apart"),
    ],
)
def test_what_breaks_a_rule_is_dropped_whole(decided: Decided, apart: set[Pair], places: HeldPlaces) -> None:
    """And what breaks none is not."""
    assert pictured(decided, apart).held == places


def test_a_held_group_needs_a_town_for_all() -> None:
    """Somebody moved away."""
    index = index_of("abcd")
    towns = travel_of(index, {**{one: {"East": 1.0} for one in "abc"}, "d": {"West": 1.0}})
    blank = picture_of(towns, ties_of(index, {}), vetoes_of(index))
    picture = replace(blank, community=replace(blank.community, decided=kept("abcd")))

    assert hold_places(picture, TINY, FREELY) == HeldPlaces()
    assert hold_places(picture, replace(TINY, min_size=4), FREELY) == HeldPlaces()


@given(shares=weights, pair=st.sampled_from(PAIRS), prefer=st.sampled_from(["total", "stable"]))
def test_a_held_introduction_stands_and_counts(shares: dict[Pair, float], pair: Pair, prefer: str) -> None:
    """However weak it is, against both members' limits; the sums are those that the audit adds up."""
    shares = {**shares, pair: shares.get(pair, 0.01)}
    picture = pictured(kept("".join(pair), kind="introduction"))

    found, matching = introduced(shares, picture, prefer=prefer, min_introduce_lift=0.5)

    pairs = [tuple(row) for row in found.frame.select(pl.col("member_a", "member_b").cast(pl.String)).iter_rows()]
    named = [member for one in pairs for member in one]
    assert pair in pairs
    assert len(named) == len({*named})
    assert matching.value == pytest.approx(sum(found.frame.get_column("mutual").to_list()) + matching.owed)
    assert matching.value <= matching.upper_bound + 1e-9


def test_who_is_only_kept_gets_nothing_else() -> None:
    """A has an open invitation, and may still go where they are kept: no other group, no other introduction."""
    decided = replace(kept("ab", kind="introduction"), resting={"a": "invited_lately"})
    picture = pictured(decided)
    is_open = np.array([member != "a" for member in MEMBERS])
    picture = replace(picture, is_open=is_open)
    shares = dict.fromkeys(PAIRS, 0.6)

    seats, _ = seated(shares, picture)
    found, _ = introduced(shares, picture, max_per_member=3)

    assert not {"a", "b"} & {member for group in groups_in(seats) for member in group}
    with_a = found.frame.filter((pl.col("member_a") == "a") | (pl.col("member_b") == "a"))
    assert len(with_a) == 1


def test_two_who_both_would_meet_again_pay_no_repeat() -> None:
    """Others who met lately do."""
    index = index_of("abcd")
    affinities: Affinities = affinities_of(index, {("a", "b"): 0.5, ("c", "d"): 0.5})
    blank = picture_of(one_town(index), ties_of(index, {}), vetoes_of(index))
    past = meetings_of({blank.community.as_of.replace(year=2023): ["ab", "cd"]})
    community = replace(blank.community, meetings=past, decided=Decided(again=frozenset({("a", "b")})))

    rotation = recall(community, affinities, RotationOptions(), max_size=4)

    assert rotation.repeats[0, 1] == 0
    assert rotation.repeats[2, 3] > 0
    assert len(rotation.met) == 2
