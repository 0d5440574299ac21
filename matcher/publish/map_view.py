"""What the map template is given: positions in the basemap's units, as SVG attribute text."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Pill:
    """Who lives about here: the numbers of the guests, on a rounded plate around (x, y)."""

    x: str
    y: str
    left: str
    top: str
    width: str
    height: str
    radius: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A name beside a point; `anchor` is SVG's text-anchor."""

    text: str
    x: str
    y: str
    anchor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dot:
    """A round or square mark of constant size on screen; `hint` is its tooltip."""

    x: str
    y: str
    size: str
    hint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupMap:
    """The region of one group.

    Attributes:
        view_box: SVG viewBox.
        worlds: By how much to shift the basemap, once for every time it is drawn.
        description: The map in words, for those who do not see it.
        font_size: Of every label.
        ways: Path data: from each home cell to the meeting town.
        town: The meeting town's star, as polygon points.
        town_label: Its name.
        pills: Who lives where.
        context_dots: Path data of other towns, for orientation.
        context_labels: Their names.
        caption: How wide the map is.
    """

    view_box: str
    worlds: tuple[str, ...]
    description: str
    font_size: str
    ways: str
    town: str
    town_label: Label
    pills: tuple[Pill, ...]
    context_dots: str
    context_labels: tuple[Label, ...]
    caption: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OverviewMap:
    """Where tonight's meetings are.

    Attributes:
        view_box: SVG viewBox.
        worlds: By how much to shift the basemap, once for every time it is drawn.
        description: The map in words.
        ways: Path data: from home cells to meeting towns.
        groups: Towns in which groups meet.
        introductions: Towns in which pairs meet.
    """

    view_box: str
    worlds: tuple[str, ...]
    description: str
    ways: str
    groups: tuple[Dot, ...]
    introductions: tuple[Dot, ...]
