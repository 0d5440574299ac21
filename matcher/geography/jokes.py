"""What people write for fun where a home is asked for, though the name of some town may be spelled the same."""

import re
from typing import Final

from matcher.geography.spelling import fold


def _folded(names: str) -> frozenset[str]:
    return frozenset(fold(name) for name in names.replace("\n", "/").split("/")) - {""}


PLACELESS: Final = _folded(
    """
    anywhere / area 51 / asteroid / avalon / babylon / basement / bed / behind you / blockchain / cloud / couch
    cyberspace / deep space / dreamland / earth / eden / elsewhere / enterprise / ether / everywhere / global / heaven
    hell / here / home / in your head / internet / la la land / liberty city / limbo / localhost / male / matrix
    mercury / metaverse
    metropolis / mother earth / multiverse / nirvana / nowhere / null / oblivion / of / olympus / online
    outer space / pandora / paradise / planet earth / remote / shire / solar system / somewhere / space / sparta
    sun / terra / there / titan / underground / universe / utopia / void / vulcan / web / world / worldwide / zion
    """
)
"""Everywhere and nowhere: a country beside it may be meant all the same ("Home, USA")."""
FICTION: Final = _folded(
    """
    asgard / atlantis / azeroth / bag end / bikini bottom / camelot / coruscant / death star / diagon alley
    el dorado / eldorado / gaia / gallifrey / gondor / gotham / gotham city / hades / hobbiton / hogwarts / hyrule
    isengard / jupiter / kings landing / krypton / mars / middle earth / milky way / minas tirith / moon / mordor
    narnia / neptune / neverland / neverwhere / pluto / purgatory / quahog / rivendell / saturn / shangri la
    starship enterprise / tardis / tatooine / uranus / uss enterprise / valhalla / venus / vice city / wakanda
    westeros / winterfell / wonderland / xanadu
    """
)
"""Made-up places and other planets: what stands beside one is a joke too ("Hogwarts, Scotland")."""
JOKES: Final = PLACELESS | FICTION
_FICTION_WORDS: Final = re.compile(rf"\b(?:{'|'.join(sorted(FICTION))})\b")


def is_joke(name: str) -> bool:
    """Whether a name is one of a joke, or of everywhere; believed only beside the name of its region.

    Example:
        >>> is_joke("The Moon"), is_joke("Munich")
        (True, False)
    """
    return is_joke_name(fold(name))


def is_joke_name(name: str) -> bool:
    """The same for a folded name."""
    return name.removeprefix("the ").removeprefix("planet ") in JOKES


def tells_of_fiction(name: str) -> bool:
    """Whether a folded name has a made-up place in it, as whole words.

    Example:
        >>> tells_of_fiction("third moon of jupiter"), tells_of_fiction("marseille")
        (True, False)
    """
    return _FICTION_WORDS.search(name) is not None
