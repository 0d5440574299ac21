"""The audit of sums: what a plan is worth, added up anew, and held against its bounds."""

from collections.abc import Iterable

import polars as pl

from matcher.tables.proposals import Plan

ROUNDING = 1e-6


def wrong_mutual(plan: Plan) -> Iterable[str]:
    """What both gain together lies between what each gains, and is no more than twice the smaller."""
    for a, b, one, other, mutual in plan.introductions.frame.select(
        "member_a", "member_b", "a_to_b", "b_to_a", "mutual"
    ).iter_rows():
        low, high = min(one, other), max(one, other)
        if not low - ROUNDING <= mutual <= min(high, 2 * low) + ROUNDING:
            yield f"introduction of {a} and {b} has mutual {mutual:.3f} of {one:.3f} and {other:.3f}"


def wrong_objective(plan: Plan) -> Iterable[str]:
    """The terms of the seats add up to the objective, and stay below its bound."""
    worth = pl.col("fit_share") + pl.col("overdue_bonus") - pl.col("travel_cost") - pl.col("repeat_cost")
    total, objective = float(plan.seats.frame.select(worth.sum()).item()), plan.objective
    if abs(total - objective.value) > ROUNDING * max(1.0, abs(total)):
        yield f"the seats add up to {total:.6f}; the objective says {objective.value:.6f}"
    if objective.upper_bound is not None and objective.value > objective.upper_bound + ROUNDING:
        yield f"the value {objective.value:.6f} exceeds its upper bound {objective.upper_bound:.6f}"


def wrong_matching(plan: Plan) -> Iterable[str]:
    """The introductions add up to the matching's value, and stay below its bound."""
    matching = plan.matching
    total = float(plan.introductions.frame.get_column("mutual").sum()) + matching.owed
    if abs(total - matching.value) > ROUNDING * max(1.0, total):
        yield f"the introductions add up to {total:.6f}; the matching says {matching.value:.6f}"
    if matching.value > matching.upper_bound + ROUNDING:
        yield f"the matching {matching.value:.6f} exceeds its upper bound {matching.upper_bound:.6f}"
