"""Instances of the maximally diverse grouping problem, in the text format of MDGPLIB.

The first line holds the number of elements, the number of groups, `ss` (same sizes) or `ds` (different sizes), then
a lower and an upper size for each group; each further line holds two elements, counted from 0, and their weight.
"""

import math
import re
from pathlib import Path

import numpy as np

from matcher.errors import SourceError
from matcher.sources.lines import numbered_lines
from matcher.tables.pair_weights import LARGEST_WEIGHT, GroupSizes, PairWeights

MOST_ELEMENTS = 1_000_000

_HEADER = re.compile(r"\s*[0-9]{1,9}\s+[0-9]{1,9}\s+(?:ss|ds)\b", re.IGNORECASE)


def is_mdgplib(first_line: str) -> bool:
    """Whether a file that begins so is one."""
    return _HEADER.match(first_line) is not None


def read_mdgplib(path: Path) -> PairWeights:
    """Read an instance; its members are called 0, 1, 2 and so on.

    Raises:
        SourceError: A line is not what the format says.
    """
    lines = numbered_lines(path)
    _, header = next(lines)
    n_elements, sizes = _sizes(f"{path}:1", (header or "").split())
    line_of: dict[tuple[int, int], int] = {}
    weights = []
    for number, line in lines:
        fields = (line or "?").split()
        if not fields:
            continue
        pair, weight = _pair(f"{path}:{number}", fields, n_elements)
        if pair in line_of:
            raise SourceError(
                f"{path}:{number}: names a pair that line {line_of[pair]} names already; name each pair once"
            )
        line_of[pair] = number
        weights.append(weight)
    edges = np.array(list(line_of), dtype=np.int64).reshape(-1, 2)
    order = np.lexsort((edges[:, 1], edges[:, 0]))
    return PairWeights(
        names=tuple(str(element) for element in range(n_elements)),
        edges=edges[order],
        weights=np.array(weights, dtype=np.float64)[order],
        sizes=sizes,
    )


def _sizes(place: str, fields: list[str]) -> tuple[int, GroupSizes]:
    """How many elements, and the sizes of the groups that must hold them all."""
    n_elements, n_groups, bounds = int(fields[0]), int(fields[1]), fields[3:]
    if not 2 <= n_elements <= MOST_ELEMENTS:
        raise SourceError(f"{place}: {n_elements} elements cannot be grouped; needs 2 to {MOST_ELEMENTS:,}")
    if len(bounds) != 2 * n_groups or not all(
        bound.isascii() and bound.isdigit() and len(bound) < 10 for bound in bounds
    ):
        raise SourceError(
            f"{place}: the group sizes cannot be read; found {len(bounds)} fields after {fields[2].lower()}; needs "
            f"{2 * n_groups} whole numbers, a lower and an upper size for each of {n_groups} groups"
        )
    sizes = tuple((int(bounds[i]), int(bounds[i + 1])) for i in range(0, len(bounds), 2))
    for group, (fewest, most) in enumerate(sizes, start=1):
        if not 1 <= fewest <= most:
            raise SourceError(f"{place}: group {group} has sizes {fewest} to {most}; needs 1 <= lower <= upper")
    fewest, most = sum(one for one, _ in sizes), sum(one for _, one in sizes)
    if not fewest <= n_elements <= most:
        raise SourceError(
            f"{place}: the groups cannot hold everyone; found {n_elements} elements and groups for {fewest} to {most}; "
            "correct the sizes"
        )
    return n_elements, sizes


def _pair(place: str, fields: list[str], n_elements: int) -> tuple[tuple[int, int], float]:
    """Two different elements, the smaller first, and a finite weight."""
    try:
        one, other, weight = int(fields[0]), int(fields[1]), float(fields[2])
    except (ValueError, IndexError):
        weight = math.nan
        one, other = -1, -1
    if len(fields) != 3 or not abs(weight) <= LARGEST_WEIGHT:
        raise SourceError(
            f"{place}: not a pair and its weight; found {len(fields)} fields; write it like 0 1 17.5, with "
            f"a weight of at most {LARGEST_WEIGHT:g}"
        )
    if not (0 <= one < n_elements and 0 <= other < n_elements):
        raise SourceError(f"{place}: no such element; found {one} and {other}; needs 0 to {n_elements - 1}")
    if one == other:
        raise SourceError(f"{place}: pairs element {one} with itself; leave the line out")
    return (min(one, other), max(one, other)), weight
