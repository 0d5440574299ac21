"""What the command line says of a backtest: tables for people, one object for programs."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from matcher.metrics.bootstrap import Interval
from matcher.metrics.ranking import METRICS
from matcher.metrics.verdicts import Question
from pipelines.backtest import BacktestDone, CutoffResults, Difference, Result
from pipelines.replay import ABLATED, NO_EMBEDDINGS, OURS

ENOUGH_MEMBERS = 20
"""With fewer who have a positive, drawing them again shows less doubt than there is: no star is given."""


def backtest(done: BacktestDone) -> list[str]:
    """Say how ours compares, pooled over cutoffs; then exposure and what each part is worth."""
    cutoffs = ", ".join(f"{cutoff:%Y-%m-%d}" for cutoff in done.cutoffs)
    lines = [f"Replayed {done.community} at {cutoffs}; true is a two-way exchange within {done.horizon_days} days."]
    for use in ("introduce", "reunite"):
        for protocol in ("activity_matched", "all_pairs"):
            lines += ["", *_table(done, use, protocol)]
        lines += ["", *_ablation(done, use), "", *_calibration(done, use)]
    lines += ["", f"Took {done.seconds:.0f} s; peak memory {done.peak_mb:.0f} MB."]
    lines += [said for said in (done.caution, done.notice) if said]
    return [line.rstrip() for line in lines]


def backtest_facts(done: BacktestDone) -> dict[str, Any]:
    """The same for programs, by the contract; what could not be judged is null."""
    return {
        "community": done.community,
        "cutoffs": [cutoff.isoformat() for cutoff in done.cutoffs],
        "horizon_days": done.horizon_days,
        "results": _result_facts(done.results),
        "differences": _difference_facts(done.differences, is_ablation=False),
        "ablation": _difference_facts(done.differences, is_ablation=True),
        "exposure": [
            {"use": use, "method": method, "gini": _known(one.gini), "coverage_share": _known(one.coverage_share)}
            for (use, method), one in done.exposures.items()
        ],
        "calibration": [
            {
                "use": use,
                "low": one.low,
                "high": one.high,
                "n_pairs": one.n_pairs,
                "mean_score": _known(one.mean_score),
                "positive_share": _known(one.positive_share),
            }
            for use, bins in done.calibrations.items()
            for one in bins
        ],
        "by_cutoff": [_cutoff_facts(one) for one in done.by_cutoff],
        "notice": done.notice,
        "caution": done.caution,
        "seconds": done.seconds,
        "peak_mb": done.peak_mb,
    }


def _cutoff_facts(one: CutoffResults) -> dict[str, Any]:
    return {
        "cutoff": one.cutoff.isoformat(),
        "n_active": one.n_active,
        "results": _result_facts(one.results),
        "differences": _difference_facts(one.differences, is_ablation=False),
    }


def _result_facts(results: Iterable[Result]) -> list[dict[str, Any]]:
    return [
        {
            **one.asked._asdict(),
            **_figure(one.figure),
            "n_members": one.n_members,
            "n_pairs": one.n_pairs,
            "n_positives": one.n_positives,
        }
        for one in results
        if not _is_ablation(one.asked)
    ]


def _difference_facts(differences: Iterable[Difference], *, is_ablation: bool) -> list[dict[str, Any]]:
    name = "without" if is_ablation else "baseline"
    return [
        {
            "use": one.asked.use,
            "protocol": one.asked.protocol,
            "method": OURS,
            name: one.asked.method.removeprefix(ABLATED) if is_ablation else one.asked.method,
            "metric": one.asked.metric,
            **_figure(one.figure),
        }
        for one in differences
        if _is_ablation(one.asked) == is_ablation
    ]


def _is_ablation(asked: Question) -> bool:
    return asked.method.startswith(ABLATED) and asked.method != NO_EMBEDDINGS


def _figure(figure: Interval) -> dict[str, float | None]:
    return {"value": _known(figure.value), "low": _known(figure.low), "high": _known(figure.high)}


def _known(number: float) -> float | None:
    return round(number, 6) if math.isfinite(number) else None


def _table(done: BacktestDone, use: str, protocol: str) -> list[str]:
    """One row a method, ours first; a star where ours is surely better, a mark where it is surely worse."""
    rows = [one for one in done.results if (one.asked.use, one.asked.protocol) == (use, protocol)]
    if not rows or not rows[0].n_positives:
        return [f"{use}, {protocol}: nothing came true, so there is nothing to judge"]
    signs = {one.asked: _sign(one.figure) for one in done.differences}
    head = rows[0]
    judged = f"{head.n_positives} positives of {head.n_pairs} pairs, {head.n_members} members"
    legend = "* ours is better, ! ours is worse, 95 %" if _is_enough(head) else "too few to tell methods apart"
    lines = [
        f"{use}, {protocol}: {judged} ({legend})",
        f"  {'':<37}" + "".join(f"{metric:<20}" for metric in METRICS) + "gini cover",
    ]
    for method in dict.fromkeys(one.asked.method for one in rows if not _is_ablation(one.asked)):
        cells = [_cell(one, signs) for one in rows if one.asked.method == method]
        spread = done.exposures[use, method]
        lines.append(f"  {method:<37}" + "".join(cells) + f"{_short(spread.gini)} {_short(spread.coverage_share):>5}")
    return lines


def _cell(one: Result, signs: dict[Question, str]) -> str:
    figure = one.figure
    sign = signs.get(one.asked, " ") if _is_enough(one) else " "
    return f"{_short(figure.value)} {_short(figure.low)}-{_short(figure.high)}{sign}".ljust(20)


def _short(share: float) -> str:
    """A share in four signs: .512, 1.00; a dash where nothing could be judged."""
    if math.isnan(share):
        return "-"
    return f"{share:.3f}"[1:] if share < 0.9995 else f"{share:.2f}"


def _is_enough(one: Result) -> bool:
    return one.n_members >= ENOUGH_MEMBERS


def _sign(figure: Interval) -> str:
    return "*" if figure.low > 0 else "!" if figure.high < 0 else " "


def _ablation(done: BacktestDone, use: str) -> list[str]:
    """What ours loses without each part, activity-matched."""
    rows = [
        one
        for one in done.differences
        if _is_ablation(one.asked) and (one.asked.use, one.asked.protocol) == (use, "activity_matched")
    ]
    lines = [f"{use}, activity_matched: what each part adds (ours minus ours without it)"]
    lines.append(f"  {'':<14}" + "".join(f"{metric:<28}" for metric in METRICS))
    for method in dict.fromkeys(one.asked.method for one in rows):
        cells = [
            f"{one.figure.value:+.3f} ({one.figure.low:+.3f} to {one.figure.high:+.3f})"
            for one in rows
            if one.asked.method == method
        ]
        lines.append(f"  {method.removeprefix(ABLATED):<14}" + "".join(f"{cell:<28}" for cell in cells))
    return lines


def _calibration(done: BacktestDone, use: str) -> Sequence[str]:
    return [
        f"{use}: of pairs that ours scores",
        *(
            f"  {one.low:g} to {one.high:g} (mean {100 * one.mean_score:.2f} %, {one.n_pairs} pairs): "
            f"{100 * one.positive_share:.2f} % came true"
            for one in done.calibrations[use]
            if one.n_pairs
        ),
    ]
