"""A joke is no place, however it is dressed up."""

import pytest

from matcher.geography.jokes import JOKES, is_joke
from matcher.geography.readings import readings_of
from matcher.storage.gazetteer import load_gazetteer

DRESSES = ("{}", "The {}", " {} !!", "in the {}", "near {}", "downtown {}", "{} \N{GRINNING FACE}", "{}, {}", "my {}")


@pytest.mark.parametrize("dress", DRESSES)
def test_a_joke_never_gets_a_reading(dress: str) -> None:
    """Not even where some town is called Moon, or Home, or Hell."""
    texts = [dress.format(joke.title(), joke) for joke in sorted(JOKES)]

    assert readings_of(texts, load_gazetteer()) == {}


def test_a_joke_is_believed_beside_its_region() -> None:
    """People do live in Paradise, Nevada, and in Earth, Texas."""
    readings = readings_of(["Paradise, NV", "Earth, TX", "Eden, Mars"], load_gazetteer())

    assert {text: found[0].label for text, found in readings.items()} == {
        "Paradise, NV": "Paradise, NV",
        "Earth, TX": "Earth, TX",
    }


def test_a_joke_may_be_asked_for_as_written() -> None:
    """So that nobody sends one to a geocoder on the net."""
    assert is_joke("  Planet EARTH! ")
    assert not is_joke("Munich")
