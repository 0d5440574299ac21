"""Builds the offline map that ships with the library. Run by hand, when its shapes are to be renewed.

    npm pack world-atlas us-atlas
    python -m pipelines.basemap world-atlas-2.0.2.tgz us-atlas-3.0.1.tgz

Both packages hold public-domain shapes as TopoJSON: Natural Earth 1:50m, and states by the US Census Bureau.
"""

import json
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from shapely import box, make_valid
from shapely.affinity import translate
from shapely.geometry import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, unary_union

from matcher.publish.basemap import NORTH, SOUTH, WORLD_UNITS, project
from matcher.units import Floats

Topology: TypeAlias = dict[str, Any]

BASEMAP_PATH = Path(__file__).parents[1] / "matcher" / "publish" / "static" / "basemap.json"
TOLERANCE = 0.7
"""Corners that change the line by less than this many units (about a kilometre) are left out."""
SMALLEST_ISLAND = 3.0
"""Square units; what is smaller would not be seen."""
FRAME = box(0, project(NORTH, 0)[1], WORLD_UNITS, project(SOUTH, 0)[1])


def read_topology(tarball: Path, name: str) -> Topology:
    """One TopoJSON file out of an npm tarball."""
    with tarfile.open(tarball) as packed:
        member = packed.extractfile(f"package/{name}")
        topology: Topology = json.load(member) if member else {}
    return topology


def arcs_of(topology: Topology) -> list[Floats]:
    """Every arc in map units, undone of its deltas; x may run on beyond the date line."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        degrees = np.cumsum(np.array(deltas, dtype=np.float64), axis=0) * scale + shift
        arcs.append(np.array([project(lat, lon) for lon, lat in degrees]))
    return arcs


def ring_of(numbers: Iterable[int], arcs: list[Floats]) -> Floats:
    """A closed ring from its arcs (a negative number is an arc read backwards), in one piece over the date line."""
    points = np.concatenate([arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers])
    steps = np.diff(points[:, 0], prepend=points[0, 0])
    points[:, 0] -= WORLD_UNITS * np.cumsum(np.round(steps / WORLD_UNITS))
    return points


def land_polygons(topology: Topology) -> Iterator[BaseGeometry]:
    """Land within the frame; what crosses the date line is cut there and stands on both sides."""
    arcs = arcs_of(topology)
    for geometry in topology["objects"]["land"]["geometries"]:
        for outer, *holes in geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]:
            shape = make_valid(Polygon(ring_of(outer, arcs), [ring_of(hole, arcs) for hole in holes]))
            for worlds in (-1, 0, 1):
                piece = translate(shape, xoff=worlds * WORLD_UNITS).intersection(FRAME)
                if not piece.is_empty:
                    yield piece


def inner_lines(topology: Topology, name: str) -> BaseGeometry:
    """Arcs that two shapes of this object share: borders without coasts."""
    arcs, shared = arcs_of(topology), Counter[int]()
    for geometry in topology["objects"][name]["geometries"]:
        shared.update({number if number >= 0 else ~number for number in flat(geometry.get("arcs", []))})
    lines = [LineString(arcs[number]) for number, n_shapes in sorted(shared.items()) if n_shapes > 1]
    near = [line for line in lines if line.bounds[2] - line.bounds[0] < WORLD_UNITS / 2]
    return linemerge(MultiLineString(near)).intersection(FRAME)


def flat(numbers: Iterable[Any]) -> Iterator[int]:
    """Arc numbers out of lists in lists."""
    for number in numbers:
        if isinstance(number, int):
            yield number
        else:
            yield from flat(number)


def path_of(coordinates: Iterable[tuple[float, ...]], *, is_closed: bool) -> str:
    """SVG path of one line in whole units, each point given from the one before."""
    points = np.round(np.array(list(coordinates))[:, :2]).astype(np.int64)
    steps = np.diff(points, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    if is_closed:
        steps = steps[:-1]
    if len(steps) < (2 if is_closed else 1):
        return ""
    numbers = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
    return f"M{points[0][0]} {points[0][1]}l{numbers}" + ("z" if is_closed else "")


def land_path(topology: Topology) -> str:
    """Path of all land, islands too small to see left out."""
    land = unary_union(list(land_polygons(topology))).simplify(TOLERANCE)
    polygons = [part for part in getattr(land, "geoms", [land]) if isinstance(part, Polygon)]
    rings = [ring for part in polygons for ring in (part.exterior, *part.interiors)]
    return "".join(path_of(ring.coords, is_closed=True) for ring in rings if Polygon(ring).area >= SMALLEST_ISLAND)


def lines_path(lines: BaseGeometry) -> str:
    """Path of all lines."""
    simple = lines.simplify(TOLERANCE)
    parts = [part for part in getattr(simple, "geoms", [simple]) if isinstance(part, LineString)]
    return "".join(path_of(part.coords, is_closed=False) for part in parts)


def main(world_tarball: str, states_tarball: str) -> None:
    """Write the map beside its reader, and say how large it is."""
    countries = read_topology(Path(world_tarball), "countries-50m.json")
    states = read_topology(Path(states_tarball), "states-10m.json")
    paths = {
        "source": "Natural Earth 1:50m by way of world-atlas; US Census Bureau by way of us-atlas; public domain",
        "land": land_path(countries),
        "borders": lines_path(inner_lines(countries, "countries")),
        "states": lines_path(inner_lines(states, "states")),
    }
    BASEMAP_PATH.parent.mkdir(exist_ok=True)
    BASEMAP_PATH.write_text(json.dumps(paths, indent=0) + "\n", encoding="utf-8")
    print({name: f"{len(text):,}" for name, text in paths.items()})  # noqa: T201 a script's one line of output


if __name__ == "__main__":
    main(*sys.argv[1:])
