"""Pairs whom a night seats together, beside pairs like them whom it does not: who goes somewhere together later?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations

import numpy as np

from benchmarks.meetup_history import Scene
from matcher.metrics.bootstrap import interval
from matcher.metrics.ranking import Tally
from matcher.units import Flags, Floats, Rows

BANDS_KM = (2, 10, 50, 150, 300)
ALIKE_IN = ("distance and activity", "and whether they had met", "and Meetup groups in common")


@dataclass(frozen=True, eq=False, kw_only=True)
class Seated:
    """One night's groups.

    Attributes:
        scene: The cutoff.
        tables: Rows of the members of each group, those only of whom the scene knows.
        numbers: Of the scene's members among everybody who is drawn, shape (member,).
    """

    scene: Scene
    tables: Sequence[Sequence[int]]
    numbers: Rows


@dataclass(frozen=True, eq=False, kw_only=True)
class Placed:
    """All pairs of one cutoff: who was seated together, and who went to something together afterwards.

    Attributes:
        member_a: Number of one end, shape (pair,).
        member_b: Of the other.
        was_placed: Whether they sat together, shape (pair,).
        had_met: Whether they had met before, shape (pair,).
        stratum: Pairs are compared only with pairs alike, shape (pair,).
        came_true: Whether both went to a small event afterwards, shape (pair,).
    """

    member_a: Rows
    member_b: Rows
    was_placed: Flags
    had_met: Flags
    stratum: Rows
    came_true: Flags

    def only(self, kept: Flags) -> "Placed":
        """Some of the pairs."""
        return Placed(**{one.name: getattr(self, one.name)[kept] for one in fields(self)})


def beside_controls(night: Seated, *, alike_in: int) -> Placed:
    """Set pairs of one table beside all others that are alike; `alike_in` is how many of ALIKE_IN are asked."""
    scene = night.scene
    first, second = np.triu_indices(len(scene.ids), k=1)
    together = np.zeros(scene.km.shape, dtype=bool)
    for one, other in (pair for table in night.tables for pair in combinations(sorted(table), 2)):
        together[one, other] = True
    band = np.digitize(np.nan_to_num(scene.km[first, second], nan=1e5), BANDS_KM)
    had_met = scene.met_before[first, second]
    further = [had_met.astype(np.int64), scene.n_groups[first, second]][: alike_in - 1]
    return Placed(
        member_a=night.numbers[first],
        member_b=night.numbers[second],
        was_placed=together[first, second],
        had_met=had_met,
        stratum=np.unique(
            np.stack([band, scene.activity_of_pairs(first, second), *further]), axis=1, return_inverse=True
        )[1].ravel(),
        came_true=scene.met_after[first, second],
    )


def shares(placed: Placed, draws: Floats) -> tuple[Tally, Tally]:
    """How many of the placed came together later, and how many of as many controls in the same strata would have.

    Placed pairs without a control alike are left out of both.
    """
    n_strata = placed.stratum.max(initial=0) + 1
    both = [np.empty((2, len(draws))), np.empty((2, len(draws)))]
    for number, drawn in enumerate(draws):
        weight = drawn[placed.member_a] * drawn[placed.member_b]
        counts = [
            np.bincount(placed.stratum, weight * of * come, minlength=n_strata)
            for of in (placed.was_placed, ~placed.was_placed)
            for come in (True, placed.came_true)
        ]
        n_placed, n_true, n_controls, n_controls_true = counts
        has_both = (n_placed > 0) & (n_controls > 0)
        expected = n_placed[has_both] * n_controls_true[has_both] / n_controls[has_both]
        both[0][:, number] = n_true[has_both].sum(), n_placed[has_both].sum()
        both[1][:, number] = expected.sum(), n_placed[has_both].sum()
    ours, controls = (Tally(total=one[0], weight=one[1]) for one in both)
    return ours, controls


def print_placed(nights_of: Mapping[str, Sequence[Seated]], draws: Floats) -> None:
    """Print a row for each reading, each kind of control, and all placed pairs or those that had not met.

    Args:
        nights_of: By reading, one night a cutoff.
        draws: How often each member is drawn, shape (draw, member).
    """
    print("\nPairs at one table, beside as many that are alike\n")
    print("| reading | placed pairs | controls alike in | n | with a control | went together | controls | risk ratio |")
    print(f"|{' --- |' * 8}")
    for reading, nights in nights_of.items():
        for alike_in, alike in enumerate(ALIKE_IN, start=1):
            placed = [beside_controls(night, alike_in=alike_in) for night in nights]
            _print_shares(f"{reading} | all | {alike}", placed, draws)
            if alike_in > 1:
                new = [one.only(~(one.was_placed & one.had_met)) for one in placed]
                _print_shares(f"{reading} | had not met | {alike}", new, draws)


def _print_shares(title: str, placed: Sequence[Placed], draws: Floats) -> None:
    n_pairs = sum(int(one.was_placed.sum()) for one in placed)
    if not n_pairs:
        print(f"| {title} | 0 | 0 | | | |")
        return
    pairs = [shares(one, draws) for one in placed]
    ours, controls = pairs[0]
    for more_ours, more_controls in pairs[1:]:
        ours, controls = ours + more_ours, controls + more_controls
    ratio = np.divide(ours.total, controls.total, out=np.full(len(draws), np.nan), where=controls.total > 0)
    figures = f"{cell(ours.means())} | {cell(controls.means())} | {cell(ratio)}"
    print(f"| {title} | {n_pairs} | {ours.weight[0]:.0f} | {figures} |")


def cell(values: Floats, sign: str = "") -> str:
    """A figure, shape (draw,), and its interval."""
    figure = interval(values)
    return f"{figure.value:{sign}.3f} ({figure.low:{sign}.3f} to {figure.high:{sign}.3f})"
