"""What the report's template is given: everything chosen, counted, cleaned and put into words.

The template computes nothing. All text here is plain text; escaping it is the template's.
"""

from dataclasses import dataclass

from matcher.publish.map_view import GatheringMap, GroupMap, OverviewMap
from matcher.tables.dossier import Quote


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """A chance as a bar, a number and a word."""

    number: str
    percent: str
    word: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Guest:
    """One seat of a group; `number` is their mark on the map; `place` and `waited` may be empty."""

    number: int
    name: str
    place: str
    travel: str
    fit: Level
    waited: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Why, with what proof, and how to begin."""

    reasons: tuple[str, ...]
    topics: tuple[str, ...]
    quotes: tuple[Quote, ...]
    starter: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupCard:
    """One group; a map is missing only where organizers put people together whom no place suits."""

    id: str
    number: int
    town: str
    names: str
    guests: tuple[Guest, ...]
    fit_sentence: str
    again: tuple[str, ...]
    told: Told
    map: GroupMap | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """Those who come to a gathering from one place, and their mean way; `place` may be empty."""

    place: str
    travel: str
    count: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class HubRow:
    """One city for a gathering: how many asked have it within their reach, their mean and their longest way."""

    city: str
    within: str
    mean: str
    longest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GatheringCard:
    """One gathering; `arrivals` is one table or two; `why_here` is empty where no other city was weighed."""

    id: str
    number: int
    city: str
    summary: str
    arrivals: tuple[tuple[Arrival, ...], ...]
    closest_call: str
    choices: tuple[HubRow, ...]
    why_here: str
    told: Told
    map: GatheringMap


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One direction of an introduction: who, from where, how far, what they would gain, and how long they waited.

    `number` is their mark on the map, if there is one.
    """

    number: int
    name: str
    place: str
    travel: str
    gain: Level
    waited: str


@dataclass(frozen=True, kw_only=True, slots=True)
class IntroductionCard:
    """One introduction; `town` is empty where they begin online, `via` where nobody knows both, `again` if new.

    A map is there where one of the two has a way to go.
    """

    id: str
    sides: tuple[Side, Side]
    kind: str
    town: str
    via: str
    again: str
    told: Told
    map: GroupMap | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """Everyone left out for one reason; `n_more` names are not listed here."""

    count: str
    reason: str
    names: tuple[str, ...]
    n_more: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureTable:
    """The figures of one section: rows of meaning, name and value."""

    title: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The whole page.

    `travelling` judges the gatherings, and is empty where none were looked for; `stranger_odds` are those of two for
    whom nothing speaks, as in '1 in 2,900'; `why_again` is empty where two may meet again although something else
    could be found.
    """

    headline: str
    lead: str
    notice: str
    overview: OverviewMap | None
    groups: tuple[GroupCard, ...]
    gatherings: tuple[GatheringCard, ...]
    introductions: tuple[IntroductionCard, ...]
    left_out: tuple[LeftOut, ...]
    n_left_out: str
    figures: tuple[FigureTable, ...]
    checks: tuple[str, ...]
    objective: str
    matching: str
    travelling: str
    why_again: str
    stranger_odds: str
    colophon: tuple[tuple[str, str], ...]
    land: str
    borders: str
    states: str
