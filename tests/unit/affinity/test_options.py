"""Weights that cannot be meant are refused."""

import dataclasses
from typing import Any

import pytest

from matcher.affinity.options import REUNITE, AffinityOptions
from matcher.errors import SettingsError


@pytest.mark.parametrize("name", ["interests", "company", "people", "wrote", "was_answered"])
def test_what_speaks_for_a_pair_cannot_be_turned_against_it(name: str) -> None:
    """A minus that slipped in would part friends."""
    with pytest.raises(SettingsError, match=f"{name} is -1; needs a number 0 or more"):
        dataclasses.replace(REUNITE, **{name: -1})


@pytest.mark.parametrize(("name", "value"), [("hostility", 6.0), ("standing", 5.0), ("near", -3.0)])
def test_attacks_and_advertisements_never_speak_for_a_pair(name: str, value: float) -> None:
    """Nor does living near each other speak against it."""
    wrong: dict[str, Any] = {name: value}

    with pytest.raises(SettingsError, match=name):
        AffinityOptions(**wrong)


def test_strangers_are_judged_by_the_colder_of_both_uses() -> None:
    """Whichever use has the lower base; a base of 0 is an even chance."""
    even = dataclasses.replace(REUNITE, base=0.0)

    assert AffinityOptions(introduce=even, reunite=even).stranger_chance == 0.5
    assert AffinityOptions(introduce=even).stranger_chance < 0.01
