"""What the command line says of groups that the optimizer found: lines for people, one object for programs."""

import math
from typing import Any

from matcher.publish.safe_text import clean_text
from matcher.reasons.words import counted
from pipelines.arrange import ArrangeDone


def arrangement(done: ArrangeDone) -> list[str]:
    """List the groups with their values, who is left, and how good it is."""
    n_seated = sum(len(group.members) for group in done.groups)
    lines = [
        f"{counted(len(done.groups), 'group')} with {n_seated} of {counted(n_seated + len(done.unplaced), 'member')}:",
        *(f"  {group.value:>12,.4f}  {_listed(group.members)}" for group in done.groups),
    ]
    if done.unplaced:
        lines.append(f"Unplaced: {_listed(done.unplaced)}")
    return [*lines, f"Value {done.value:,.4f} ({done.objective}): {_goodness(done)}.", _cost(done)]


def arrangement_facts(done: ArrangeDone) -> dict[str, Any]:
    """The same for programs, by the contract."""
    return {
        "objective": done.objective,
        "sizes": list(done.sizes),
        "groups": [list(group.members) for group in done.groups],
        "unplaced": list(done.unplaced),
        "value": done.value,
        "upper_bound": done.upper_bound,
        "gap": done.gap,
        "bound_scope": done.bound_scope,
        "seconds": round(done.seconds, 3),
        "seed": done.seed,
    }


def _listed(members: tuple[str, ...]) -> str:
    """Names for a terminal: whatever is in them, they cannot steer it."""
    return ", ".join(clean_text(member) for member in members)


def _goodness(done: ArrangeDone) -> str:
    """How good the value is, rounded so that the sentence stays true."""
    if done.upper_bound is None:
        return "no bound was proved"
    if done.gap == 0:
        return f"the best possible, proved over {done.bound_scope}"
    bound = f"no legal grouping is worth more than {_rounded_up(done.upper_bound, 4):,.4f}, over {done.bound_scope}"
    return bound if done.gap is None else f"within {_rounded_up(100 * done.gap, 2):.2f} % of the best possible; {bound}"


def _rounded_up(number: float, digits: int) -> float:
    scale = 10.0**digits
    return math.ceil(number * scale) / scale


def _cost(done: ArrangeDone) -> str:
    ended = ", ended by the time limit" if done.was_cut_short else ""
    return f"Took {done.seconds:.1f} s{ended}; seed {done.seed}."
