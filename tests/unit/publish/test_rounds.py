"""What a plan says of waits and of meeting again."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import polars as pl

from matcher.publish.csv_files import groups_csv, unplaced_csv
from matcher.publish.plan_json import plan_json, plan_schema
from matcher.publish.report import report_html, report_view
from matcher.tables.community import TIME
from matcher.tables.history import PastPairs, Waits
from tests.unit.publish.worlds import Night, a_night

BEFORE = datetime(2024, 4, 3, 3, 0, tzinfo=UTC)


def a_later_night() -> Night:
    """Ana has waited a round, m13 two; Ana and m03 met before, and so did m10 and m11."""
    night = a_night()
    enum = night.community.index.enum
    waits = pl.DataFrame({"member": ["m01", "m13"], "n_rounds": [1, 2]}, schema={"member": enum, "n_rounds": pl.UInt32})
    met = pl.DataFrame(
        {"member_a": ["m01", "m10"], "member_b": ["m03", "m11"], "last_at": [BEFORE, BEFORE]},
        schema={"member_a": enum, "member_b": enum, "last_at": TIME},
    )
    return replace(night, plan=replace(night.plan, waits=Waits(waits), repeats=PastPairs(met), are_repeats_forced=True))


def test_the_plan_says_who_waited_and_who_meets_again() -> None:
    """For programs, valid by the schema."""
    night = a_later_night()

    document = json.loads(plan_json(night.plan, night.community, night.facts))

    jsonschema.validate(document, plan_schema())
    assert document["groups"][0]["waited_rounds"] == {"m01": 1}
    assert document["groups"][0]["repeats"] == [["m01", "m03", "2024-04-03T03:00:00Z"]]
    assert document["groups"][1]["repeats"] == []
    assert [pair["met_at"] for pair in document["introductions"]] == [None, None, "2024-04-03T03:00:00Z"]
    assert document["introductions"][0]["waited_rounds"] == {"m01": 1}
    assert {one["member"]: one["waited_rounds"] for one in document["unplaced"]} == {"m12": 0, "m13": 2}


def test_every_term_of_the_objective_stands_in_the_plan() -> None:
    """What a seat brings adds up to the value, seat by seat."""
    night = a_later_night()
    seats = night.plan.seats.frame.with_columns(overdue_bonus=2.0, travel_cost=0.25, repeat_cost=0.5)
    plan = replace(night.plan, seats=type(night.plan.seats)(seats))

    group = json.loads(plan_json(plan, night.community, night.facts))["groups"][0]

    assert group["terms"]["m02"] == {"fit_share": 0.64, "overdue_bonus": 2.0, "travel_cost": 0.25, "repeat_cost": 0.5}
    assert list(group["terms"]) == group["members"]


def test_the_report_tells_it_in_words() -> None:
    """On the cards, and beside the names of those left out; nothing of the kind where there is nothing to tell."""
    night, first = a_later_night(), a_night()

    report = report_view(night.plan, night.community, night.places, night.facts)
    page = report_html(night.plan, night.community, night.places, night.facts)

    assert [guest.waited for guest in report.groups[0].guests] == ["waited 1 round", "", "", ""]
    assert report.groups[0].again == ('Ana Ruiz and =HYPERLINK("http://evil.example","x"), last on 3 April 2024',)
    assert {pair.id: pair.again for pair in report.introductions if pair.again}.popitem()[1] == "3 April 2024"
    assert "Quiet Quinn (waited 2 rounds)" in page
    assert page.count("Nothing else was found that keeps the rules") == 2
    assert "Nothing else was found" not in report_html(first.plan, first.community, first.places, first.facts)


def test_a_repeat_that_was_not_forced_is_not_called_so() -> None:
    """Two meet again, and no more is said: a wish for it, or a search cut short, is no proof."""
    night = a_later_night()

    page = report_html(replace(night.plan, are_repeats_forced=False), night.community, night.places, night.facts)

    assert "last on 3 April 2024.</p>" in page
    assert "They meet again, last on 3 April 2024.</p>" in page
    assert "Nothing else was found" not in page


def test_spreadsheets_have_the_waits() -> None:
    """So that an organizer can sort by them."""
    night = a_later_night()

    seats, left = (
        list(csv.DictReader(io.StringIO(write(night.plan, night.community), newline="")))
        for write in (groups_csv, unplaced_csv)
    )

    assert [row["waited_rounds"] for row in seats] == ["1", "0", "0", "0", "0", "0", "0"]
    assert [row["waited_rounds"] for row in left] == ["0", "2"]
