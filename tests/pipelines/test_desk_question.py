"""What a night leaves behind for the organizers' desk."""

import pytest

from matcher.arrangement.changes import weigh_group
from matcher.storage.questions import read_question
from tests.pipelines.conftest import DemoNight


def test_a_night_leaves_its_question_with_the_groups_that_it_formed(demo: DemoNight) -> None:
    """The desk weighs each group as the plan tells it, to the last digit told, and finds no rule broken."""
    question = read_question(demo.run)

    told = demo.plan["groups"]
    weighed = [weigh_group(question, group) for group in question.groups]
    assert [list(group) for group in question.groups] == [group["members"] for group in told]
    for group, plan in zip(weighed, told, strict=True):
        assert not group.broken
        assert group.cohesion == pytest.approx(plan["cohesion"], abs=1e-6)
        assert group.weakest is not None
        assert group.weakest.fit_share == pytest.approx(plan["weakest_link"], abs=1e-6)
        assert group.town is not None
        assert question.towns[group.town].name == plan["meeting_area"]["name"]
        assert [seat.travel_km for seat in group.seats] == pytest.approx(list(plan["travel_km"].values()), abs=0.51)
    assert sum(group.value for group in weighed) == pytest.approx(demo.plan["objective"]["value"], abs=1e-5)
    assert question.upper_bound == pytest.approx(demo.plan["objective"]["upper_bound"], abs=1e-5)
