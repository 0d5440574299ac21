"""Proposals keep their name from night to night."""

from hypothesis import given
from hypothesis import strategies as st

from matcher.publish.proposed import lasting_id, proposed_groups, proposed_introductions
from tests.unit.publish.worlds import a_night

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
