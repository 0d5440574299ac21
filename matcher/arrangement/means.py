"""What the search for groups may use: work, chance, a solver, and how long."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from matcher.arrangement.program import Programs


def never() -> bool:
    """Take all the time that the work needs."""
    return False


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkOptions:
    """How much work to do; counted in steps, so that the answer is the same on any machine.

    Attributes:
        n_starts: How often each part of the pool is seated anew.
        n_moves: Moves tried for each member and start.
        n_rounds: How often seats are priced.
        n_passes: How often the plan is chosen among the groups found, each time with other windows.
        n_nodes: Steps of the search in one window.
        priced_size: Pools with more members are seated without prices, and so without a bound.
    """

    n_starts: int = 4
    n_moves: int = 20_000
    n_rounds: int = 150
    n_passes: int = 8
    n_nodes: int = 50
    priced_size: int = 10_000_000


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Means:
    """What the search may use.

    Attributes:
        programs: Solves linear and integer programs.
        rng: Chance.
        work: How much to do.
        stop: Whether to leave off, with the best so far; asked often.
    """

    programs: Programs
    rng: np.random.Generator
    work: WorkOptions = field(default_factory=WorkOptions)
    stop: Callable[[], bool] = never
