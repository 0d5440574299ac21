"""A group's region: who comes from about where to which town."""

from collections.abc import Sequence

from matcher.publish.map_frame import Box, frame_around, frame_km, place_in, units, worlds_in
from matcher.publish.map_labels import GLYPH_SHARE, write_below, write_beside
from matcher.publish.map_shapes import cells_path, hull_path, star_at, trace
from matcher.publish.map_view import GroupMap
from matcher.publish.plates import plate_of, plates_apart
from matcher.publish.safe_text import clip_text
from matcher.publish.town_field import TownField
from matcher.tables.dossier import Person
from matcher.tables.proposed import Town

MIN_KM = 150
ASPECT = 1.5
FONT_SHARE = 0.036
"""Height of the lettering, as a share of the map's width."""


def draw_group(town: Town, people: Sequence[Person], field: TownField) -> GroupMap:
    """Draw a group's map from coarse cells and the meeting town.

    Args:
        town: Where they meet.
        people: The guests, numbered from 1 in this order; those without a cell are not drawn.
        field: Towns for orientation.
    """
    cells = {number: person.cell for number, person in enumerate(people, start=1) if person.cell is not None}
    places = [(town.lat, town.lon), *((cell.lat, cell.lon) for cell in cells.values())]
    frame = frame_around(places, min_km=MIN_KM, aspect=ASPECT)
    homes = {number: place_in(frame, cell.lat, cell.lon) for number, cell in cells.items()}
    font = FONT_SHARE * frame.width
    spot = place_in(frame, town.lat, town.lon)
    name = clip_text(town.name.split(",")[0], limit=28)
    plates = plates_apart([plate_of(number, home, spot, font) for number, home in homes.items()], font)
    star = Box.around(spot, 1.6 * font, 1.6 * font)
    taken = [plate.box(font) for plate in plates] + [star]
    named = write_beside(name, star, frame, taken, 1.1 * font) or write_below(name, star, 1.1 * font)
    context = field.orientation(frame, [*taken, named.box], font=font, glyph_share=GLYPH_SHARE, besides=name)
    km = frame_km(frame, town.lat)
    return GroupMap(
        view_box=frame.view_box,
        worlds=worlds_in(frame),
        title=f"Map: {name}",
        description=_in_words(town, people),
        font_size=units(font),
        hull=hull_path(cells.values(), frame),
        cells=cells_path(cells.values(), frame),
        ways="".join(trace([plate.middle, spot], frame) for plate in plates if not plate.is_at_town),
        town=star_at(spot, 0.75 * font),
        town_label=named.label,
        pills=tuple(plate.pill(font) for plate in plates),
        context_dots=context.dots,
        context_labels=context.labels,
        caption=f"About {_round_km(km)} km across. Homes are rounded to about 10 km.",
    )


def _in_words(town: Town, people: Sequence[Person]) -> str:
    homes = "; ".join(f"{person.name} from {person.place or 'an unknown place'}" for person in people)
    return clip_text(f"Map of the meeting in {town.name}: {homes}.", limit=600)


def _round_km(km: float) -> str:
    step = 10 if km < 1000 else 100
    return f"{max(step, step * round(km / step)):,}"
