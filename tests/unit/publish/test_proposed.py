"""Proposals keep their name from night to night."""

from hypothesis import given
from hypothesis import strategies as st

from matcher.publish.proposed import lasting_id, proposed_gatherings, proposed_groups, proposed_introductions
from tests.unit.publish.worlds import a_night, a_travelled_night

ids = st.lists(st.text(min_size=1, max_size=6), min_size=2, max_size=6, unique=True)


@given(members=ids)
def test_a_name_depends_on_who_not_on_the_order(members: list[str]) -> None:
    """A decision about a group is found again tomorrow, whatever rank the group then has."""
    assert lasting_id("g", members) == lasting_id("g", members[::-1])


@given(members=ids)
def test_other_members_have_another_name(members: list[str]) -> None:
    """Gluing ids together would give ('ab', 'c') the name of ('a', 'bc')."""
    assert lasting_id("g", members) != lasting_id("g", ["".join(members[:2]), *members[2:]])


def test_each_proposal_has_its_own_account() -> None:
    """Accounts are given in the order of groups and rows."""
    night = a_night()

    groups, pairs = proposed_groups(night.plan), proposed_introductions(night.plan)

    assert [group.account for group in groups] == list(night.plan.group_accounts)
    assert [pair.account for pair in pairs] == list(night.plan.introduction_accounts)
    assert [group.town.name for group in groups] == ["Portland, Oregon", "Lyon, Auvergne-Rhône-Alpes"]


def test_cohesion_lies_between_the_weakest_link_and_the_best() -> None:
    """A mean cannot leave the range of what it averages."""
    for group in proposed_groups(a_night().plan):
        assert group.weakest_link <= group.cohesion <= max(group.fit_shares)


def test_a_gathering_knows_its_city_and_the_runners_up() -> None:
    """The city first, then the others, the best first; one way, company and effort a member."""
    (gathering,) = proposed_gatherings(a_travelled_night().plan)

    assert gathering.id == lasting_id("t", gathering.members)
    assert list(gathering.members) == sorted(gathering.members)
    assert [choice.town.name for choice in gathering.choices] == ["Denver, CO", "Chicago, IL", "Honolulu, HI"]
    assert gathering.choices[0].town == gathering.hub
    assert len(gathering.members) == len(gathering.travel_km) == len(gathering.companies) == len(gathering.efforts)


def test_a_night_may_have_no_gathering() -> None:
    """Now and then there is one; most nights there is none."""
    assert proposed_gatherings(a_night().plan) == ()
