"""What two who live by different clocks are told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.reasons.clocks import hours_in_common

WINTER = date(2026, 1, 5)
zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
)


@pytest.mark.parametrize(
    ("zone_a", "zone_b", "said"),
    [
        ("America/New_York", "Europe/Berlin", "They are 6 hours apart: 9:00-15:00 for Ana is 15:00-21:00 for Ben."),
        ("Etc/GMT", "Asia/Kathmandu",
         "They are 5 hours and 45 minutes apart: 9:00-15:15 for Ana is 14:45-21:00 for Ben."),
        ("Pacific/Kiritimati", "Pacific/Honolulu",
         "They are 24 hours apart: 9:00-21:00 for Ana is 9:00-21:00 for Ben the day before."),
        ("Etc/GMT-9", "Etc/GMT+3",
         "They are 12 hours apart: for a call, one of them has to get up early or stay up late."),
        ("Europe/London", "Europe/Berlin", "They are 1 hour apart: 9:00-20:00 for Ana is 10:00-21:00 for Ben."),
    ],
)  # fmt: skip
def test_the_hours_in_common_are_told_on_both_clocks(zone_a: str, zone_b: str, said: str) -> None:
    """Each reads their own time; no city is named."""
    assert hours_in_common("Ana", zone_a, "Ben", zone_b, seen_on=WINTER) == said


def test_who_shares_a_clock_is_told_nothing() -> None:
    """There is nothing to reckon."""
    assert hours_in_common("Ana", "Europe/Berlin", "Ben", "Europe/Paris", seen_on=WINTER) == ""


def test_the_clocks_are_read_when_the_hello_may_come_about() -> None:
    """Proposed on 3 March 2024, a week before New York's summer time, seen by the clocks of the tenth."""
    said = [
        hours_in_common("Ana", "America/New_York", "Ben", "Europe/Berlin", seen_on=day)[:23]
        for day in (date(2024, 3, 2), date(2024, 3, 3))
    ]

    assert said == ["They are 6 hours apart:", "They are 5 hours apart:"]


@given(zone_a=zones, zone_b=zones, day=st.dates(date(2024, 1, 1), date(2027, 1, 1)))
def test_any_two_clocks_can_be_told(zone_a: str, zone_b: str, day: date) -> None:
    """It is a sentence, or nothing; and it never names where anybody lives."""
    said = hours_in_common("Ana", zone_a, "Ben", zone_b, seen_on=day)

    assert said == "" or said.endswith(".")
    assert not any(place in said for zone in (zone_a, zone_b) for place in zone.split("/"))
