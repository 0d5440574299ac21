"""What came of suggestions, added up."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from matcher.metrics.outcomes import Followed, came_of, count_outcomes

flags = st.lists(st.booleans(), max_size=6).map(tuple)
followed = st.builds(
    Followed,
    kind=st.sampled_from(["introduce", "reunite", "group", "gathering"]),
    has_topic=st.sampled_from([True, False, None]),
    is_approved=st.booleans(),
    rejected_for=st.sampled_from(["", "safety", "not_now"]),
    published_on=st.none() | st.dates(date(2025, 12, 20), date(2026, 1, 20)),
    n_members=st.integers(6, 9),
    comes=flags,
    has_met=flags,
    was_good=flags,
    again=flags,
)

GROUP = Followed(
    kind="group",
    has_topic=True,
    is_approved=True,
    published_on=date(2026, 3, 4),
    n_members=6,
    comes=(True, True, True, False, True),
    has_met=(True, False),
    was_good=(True,),
)


def test_a_suggestion_is_counted_in_its_week_kind_and_topic() -> None:
    """The week is the one in which its members were told, named by its Monday."""
    found = count_outcomes([GROUP, Followed(kind="reunite", has_topic=None, rejected_for="too_far")])

    assert (found.total.n_suggested, found.total.n_approved, found.total.n_published) == (2, 1, 1)
    assert found.total.n_invited == 6
    assert list(found.weeks) == [date(2026, 3, 2)]
    assert (found.total.yes.n_yes, found.total.yes.n) == (4, 5)
    assert (found.total.met.n_yes, found.total.met.n) == (1, 1)
    assert list(found.kinds) == ["group", "reunite"]
    assert list(found.topics) == ["by_hand", "topic"]
    assert dict(found.rejections) == {"too_far": 1}


def test_what_nobody_was_told_of_has_no_answers() -> None:
    """An answer by an old link about something that is not published counts nowhere."""
    found = came_of([Followed(kind="group", has_topic=True, comes=(True,) * 9)])

    assert (found.n_invited, found.yes.n) == (0, 0)


@given(some=st.lists(followed, max_size=12))
def test_parts_add_up_to_the_whole(some: list[Followed]) -> None:
    """In each way to part them; weeks are those of what was published."""
    found = count_outcomes(some)

    for parts in (found.kinds, found.topics):
        assert sum(part.n_suggested for part in parts.values()) == found.total.n_suggested
        assert sum(part.good.n for part in parts.values()) == found.total.good.n
    assert sum(week.n_published for week in found.weeks.values()) == found.total.n_published
    assert sum(week.yes.n for week in found.weeks.values()) == found.total.yes.n


@given(some=st.lists(followed, max_size=12))
def test_no_share_of_few_answers_is_told(some: list[Followed]) -> None:
    """In no part."""
    found = count_outcomes(some)

    for came in (found.total, *found.weeks.values(), *found.kinds.values(), *found.topics.values()):
        for share in (came.yes, came.met, came.good, came.again):
            assert share.interval is None or share.n >= 5
