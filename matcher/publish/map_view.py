"""What the map template is given: positions in the basemap's units, as SVG attribute text."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Pill:
    """Who lives about here: guests' numbers, or how many, on a rounded plate around (x, y); `hint` is its tooltip."""

    x: str
    y: str
    left: str
    top: str
    width: str
    height: str
    radius: str
    text: str
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A name beside a point; `anchor` is SVG's text-anchor."""

    text: str
    x: str
    y: str
    anchor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """A line to where people meet, the wider the more go it: path data, and its width on screen."""

    d: str
    width: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dot:
    """A round or square mark of constant size on screen; `hint` is its tooltip."""

    x: str
    y: str
    size: str
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Star:
    """A star in a square; `hint` is its tooltip."""

    left: str
    top: str
    size: str
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupMap:
    """The region of one group.

    Attributes:
        view_box: SVG viewBox.
        worlds: By how much to shift the basemap, once for every time it is drawn.
        title: What the map is of.
        description: The map in words, for those who do not see it.
        font_size: Of every label.
        hull: Path data: the outline of the region that they come from; empty where all live in one cell.
        cells: Path data: the coarse cells that they live in.
        ways: Path data: from each home cell to the meeting town.
        town: The meeting town's star.
        town_label: Its name.
        pills: Who lives where.
        context_dots: Path data of other towns, for orientation.
        context_labels: Their names.
        caption: How wide the map is.
    """

    view_box: str
    worlds: tuple[str, ...]
    title: str
    description: str
    font_size: str
    hull: str
    cells: str
    ways: str
    town: Star
    town_label: Label
    pills: tuple[Pill, ...]
    context_dots: str
    context_labels: tuple[Label, ...]
    caption: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GatheringMap:
    """Who travels to a gathering from where.

    Attributes:
        view_box: SVG viewBox.
        worlds: By how much to shift the basemap, once for every time it is drawn.
        title: What the map is of.
        description: The map in words.
        font_size: Of every label.
        rings: Path data: what lies equally far from the city.
        ring_labels: How far.
        ways: Great circles to the city.
        hub: The city's star.
        hub_label: Its name.
        pills: How many come from where.
        pill_labels: What the places are called, where there is room.
        caption: What rings and numbers mean.
    """

    view_box: str
    worlds: tuple[str, ...]
    title: str
    description: str
    font_size: str
    rings: str
    ring_labels: tuple[Label, ...]
    ways: tuple[Way, ...]
    hub: Star
    hub_label: Label
    pills: tuple[Pill, ...]
    pill_labels: tuple[Label, ...]
    caption: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OverviewMap:
    """Where tonight's meetings are.

    Attributes:
        view_box: SVG viewBox.
        worlds: By how much to shift the basemap, once for every time it is drawn.
        description: The map in words.
        hulls: Path data: the regions of groups.
        cells: Path data: the coarse cells that members of groups live in.
        ways: Path data: from home cells to the towns of groups and introductions.
        journeys: Path data: from home cells to the cities of gatherings.
        groups: Towns in which groups meet.
        introductions: Towns in which pairs meet.
        gatherings: Cities of gatherings.
    """

    view_box: str
    worlds: tuple[str, ...]
    description: str
    hulls: str
    cells: str
    ways: str
    journeys: str
    groups: tuple[Dot, ...]
    introductions: tuple[Dot, ...]
    gatherings: tuple[Star, ...]
