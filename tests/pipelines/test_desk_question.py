"""What a night leaves behind for the organizers' desk."""

import polars as pl
import pytest

from matcher.arrangement.changes import weigh_group
from matcher.publish.quotes import LONGEST
from matcher.storage.dossiers import DOSSIER_FILE, read_dossier
from matcher.storage.questions import read_question
from matcher.storage.run_tables import read_run_table
from matcher.storage.workspace import Workspace
from matcher.tables.quotable import Quotable
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


def test_a_night_leaves_what_the_desk_may_show_of_it(demo: DemoNight) -> None:
    """The same groups, introductions and gatherings as the plan, in its order, and everyone left out."""
    dossier, plan = read_dossier(demo.run), demo.plan

    assert dossier.run_id == plan["run_id"]
    assert [one.id for one in dossier.groups] == [one["id"] for one in plan["groups"]]
    assert [one.id for one in dossier.introductions] == [one["id"] for one in plan["introductions"]]
    assert [one.id for one in dossier.gatherings] == [one["id"] for one in plan["gatherings"]]
    assert [one.member for one in dossier.left_out] == [one["member"] for one in plan["unplaced"]]
    assert (demo.run / DOSSIER_FILE).stat().st_size < 100_000


def test_a_night_leaves_public_messages_to_quote_and_no_others(demo: DemoNight) -> None:
    """All that its accounts quote, and more for whom organizers may put together; shortened, and never private."""
    messages = Workspace(folder=demo.workspace).load_community().messages.frame
    public = messages.filter("is_public").get_column("message").implode()

    quotes = read_run_table(demo.run, "quotes", Quotable)

    dossier = read_dossier(demo.run)
    accounts = [one.account for one in dossier.groups]
    accounts += [one.account for one in dossier.introductions]
    accounts += [one.account for one in dossier.gatherings]
    quoted = {message for account in accounts for message in account.evidence}
    assert quoted <= set(quotes.get_column("message"))
    assert not quotes.filter(~pl.col("message").is_in(public)).height
    assert quotes.filter(pl.col("text").str.len_chars() > LONGEST).is_empty()
    assert (demo.run / "tables" / "quotes.parquet").stat().st_size < 200_000
