"""The optimizer alone: a table of pair weights in, groups with a value and a bound out."""

import math
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matcher.arrangement.arrange import Arrangement, ArrangeOptions, arrange
from matcher.arrangement.means import WorkOptions
from matcher.engines.highs_programs import HighsPrograms
from matcher.errors import AuditError, InputError, RunError
from matcher.metrics.grouping import GroupingRules, broken_rules, value_groups
from matcher.sources.pair_weights import read_pair_weights
from matcher.tables.pair_weights import PairWeights
from pipelines.events import Stopwatch, busy, log

SIZES = (4, 6)
UNTIL_THE_LIMIT = 1 << 40
"""Moves: with groups of given sizes there is no end to what may be tried, so a time limit is used up."""

ROUNDING_SHARE = 1e-9
"""Two ways of adding up the same weights may differ by so much of the sum of their sizes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrangeOrder:
    """What is asked of the optimizer.

    Attributes:
        path: The table of pair weights.
        sizes: Fewest and most members of a group; None: SIZES, or what the file brings.
        objective: 'mean' or 'sum'; None: 'mean', or 'sum' where the file brings sizes.
        is_everyone: Whether nobody may be left out.
        time_limit_seconds: Ends the search early; None lets it do its work.
        seed: What chance is made from.
    """

    path: Path
    sizes: tuple[int, int] | None = None
    objective: str | None = None
    is_everyone: bool = False
    time_limit_seconds: float | None = None
    seed: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrangedGroup:
    """One group: its members, in natural order, and what it adds to the value."""

    members: tuple[str, ...]
    value: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrangeDone:
    """What the optimizer came to.

    Attributes:
        objective: 'mean' or 'sum'.
        sizes: Fewest and most members of any group that were allowed.
        groups: Best first; in the file's order where it brings sizes.
        unplaced: Who is in no group, in natural order.
        value: Of all groups, counted anew from the file.
        upper_bound: No legal grouping has a larger value; None where nothing was proved.
        bound_scope: Over which pairs the bound holds: 'all pairs'.
        was_cut_short: Whether the time limit ended the search.
    """

    objective: str
    sizes: tuple[int, int]
    groups: tuple[ArrangedGroup, ...]
    unplaced: tuple[str, ...]
    value: float
    upper_bound: float | None
    bound_scope: str
    was_cut_short: bool
    seconds: float
    seed: int

    @property
    def gap(self) -> float | None:
        """How far the value may be from the best possible, as a share of the bound; None where that says nothing."""
        if self.upper_bound is None:
            return None
        if self.value >= self.upper_bound - ROUNDING_SHARE * abs(self.upper_bound):
            return 0.0
        return (self.upper_bound - self.value) / self.upper_bound if self.upper_bound > 0 else None


def run_arrange(order: ArrangeOrder) -> ArrangeDone:
    """Read the weights, search for groups, and count anew what was found.

    Raises:
        InputError: The file or the order cannot be used.
        RunError: Everyone was to be placed, and that was not found.
        AuditError: The groups that were found are not what the optimizer says.
    """
    watch = Stopwatch()
    limit = _limit(order.time_limit_seconds)
    pairs = read_pair_weights(order.path)
    options = _options(order, pairs)
    rng = np.random.default_rng([order.seed, zlib.crc32(b"arrange")])
    until = "" if limit == math.inf else f", for at most {limit:g} s"
    with busy(f"arranging {len(pairs)} members by {len(pairs.weights)} pair weights{until}"):
        found = arrange(pairs, options, rng, programs=HighsPrograms(), stop=lambda: watch.total() >= limit)
    if found.was_cut_short:
        log.warning("the time limit of %g s ended the search; more time may find better groups", limit)
    if options.everyone and found.unplaced:
        raise RunError(
            f"no grouping that places everyone was found; found one without {len(found.unplaced)} of {len(pairs)} "
            "members; give more time, other --sizes, or leave --everyone away"
        )
    values = _audited_values(pairs, options, found)
    ranked = sorted(zip(found.groups, values, strict=True), key=lambda one: (-one[1], one[0]))
    groups = zip(found.groups, values, strict=True) if pairs.sizes else ranked
    value = math.fsum(values)
    return ArrangeDone(
        objective=options.objective,
        sizes=(options.min_size, options.max_size),
        groups=tuple(ArrangedGroup(members=_names(pairs, rows), value=worth) for rows, worth in groups),
        unplaced=_names(pairs, found.unplaced),
        value=value,
        upper_bound=None if found.upper_bound is None else max(found.upper_bound, value),
        bound_scope=found.bound_scope,
        was_cut_short=found.was_cut_short,
        seconds=watch.total(),
        seed=order.seed,
    )


def _names(pairs: PairWeights, rows: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(pairs.names[row] for row in rows)


def _limit(seconds: float | None) -> float:
    if seconds is None:
        return math.inf
    if not seconds > 0:
        raise InputError(f"--time-limit is {seconds:g}; needs seconds above 0")
    return seconds


def _options(order: ArrangeOrder, pairs: PairWeights) -> ArrangeOptions:
    """Choose sizes and objective, and refuse what no grouping can keep."""
    if pairs.sizes is not None:
        if order.sizes is not None:
            raise InputError(
                f"{order.path} brings its own group sizes; found --sizes {_spelt(order.sizes)} too; leave --sizes away"
            )
        low, high = min(one for one, _ in pairs.sizes), max(one for _, one in pairs.sizes)
        work = WorkOptions() if order.time_limit_seconds is None else WorkOptions(n_moves=UNTIL_THE_LIMIT)
        return ArrangeOptions(min_size=low, max_size=high, objective=order.objective or "sum", everyone=True, work=work)
    low, high = order.sizes or SIZES
    if not 2 <= low <= high:
        raise InputError(f"--sizes is {_spelt((low, high))}; needs 2 or more, the smaller first, like 4-6")
    if len(pairs) < low:
        raise InputError(
            f"{order.path} names too few members for one group; found {len(pairs)}; needs {low}, or smaller --sizes"
        )
    if order.is_everyone and not _may_hold_everyone(len(pairs), low, high):
        smaller = next(size for size in range(low, 0, -1) if _may_hold_everyone(len(pairs), size, high))
        hint = f"--sizes {_spelt((smaller, high))}, or " if smaller > 1 else ""
        raise InputError(
            f"{len(pairs)} members cannot all sit in groups of {_spelt((low, high))}; found --everyone; "
            f"give {hint}other --sizes, or leave --everyone away"
        )
    return ArrangeOptions(min_size=low, max_size=high, objective=order.objective or "mean", everyone=order.is_everyone)


def _may_hold_everyone(n_members: int, low: int, high: int) -> bool:
    """Whether some number of groups of these sizes holds exactly so many."""
    return math.ceil(n_members / high) <= n_members // low


def _spelt(sizes: tuple[int, int]) -> str:
    return str(sizes[0]) if sizes[0] == sizes[1] else f"{sizes[0]}-{sizes[1]}"


def _audited_values(pairs: PairWeights, options: ArrangeOptions, found: Arrangement) -> list[float]:
    """Count each group's value from the file's weights, and check the optimizer's word by it.

    Raises:
        AuditError: The groups break a rule, are worth something else, or more than the bound.
    """
    rules = GroupingRules(min_size=options.min_size, max_size=options.max_size, is_everyone=options.everyone)
    broken = broken_rules(pairs, found.groups, found.unplaced, rules)
    values = value_groups(pairs, found.groups, options.objective)
    sizes = PairWeights(names=pairs.names, edges=pairs.edges, weights=np.abs(pairs.weights), sizes=pairs.sizes)
    rounding = ROUNDING_SHARE * value_groups(sizes, found.groups, options.objective).sum()
    value = math.fsum(values)
    if abs(value - found.value) > rounding:
        broken.append(f"the groups are worth {value!r}, not {found.value!r}")
    if found.upper_bound is not None and value - found.upper_bound > rounding:
        broken.append(f"the bound {found.upper_bound!r} is below the value {value!r}")
    if broken:
        raise AuditError(
            f"the optimizer erred; found {broken[0]}; this is a fault of ours: please report it, with the file"
        )
    return [float(one) for one in values]
