"""Two small pictures of what `benchmarks.groups` measured, readable without colour."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

LOOKS = {"geography": ("o", "-", "black"), "sparse": ("s", "--", "white"), "topics": ("^", ":", "black")}
OTHER_LOOK = ("D", "-.", "white")
NAMES = {
    "geography": "dense",
    "topics": "dense, topics alone",
    "chance": "dense, with chance",
    "sparse": "50 candidates each",
}

Row = Mapping[str, Any]


def draw_curve(points: Sequence[Row], n_members: int, seed: int, path: Path) -> None:
    """Value and bound over the seconds given, in percent of the best bound; where nothing was proved, no point."""
    best = min((point["bound"] for point in points if point["bound"]), default=points[-1]["value"])
    figure, axes = _empty()
    for name, marker, line, fill in (("bound", "v", "--", "white"), ("value", "o", "-", "black")):
        shown = [(point["seconds"], 100 * point[name] / best) for point in points if point[name]]
        axes.plot(*zip(*shown, strict=True) if shown else ((), ()), line + marker, color="black", mfc=fill, label=name)
    axes.axhline(100, color="black", linewidth=0.5)
    axes.set(
        xscale="log", xlabel="seconds, each point a run of its own", ylabel="% of the best bound",
        title=f"Value and proved bound over time\ndense synthetic pool of {n_members}, seed {seed}; groups of 4 to 6",
    )  # fmt: skip
    _save(figure, axes, path)


def draw_sizes(rows: Sequence[Row], path: Path) -> None:
    """Seconds over members, seeds as separate points, with the worst gap of each size."""
    figure, axes = _empty()
    for kind in dict.fromkeys(row["pool"] for row in rows):
        marker, line, fill = LOOKS.get(kind, OTHER_LOOK)
        mine = sorted((row for row in rows if row["pool"] == kind), key=lambda row: row["n_members"])
        axes.plot([], [], line + marker, color="black", mfc=fill, label=NAMES[kind])
        axes.plot([row["n_members"] for row in mine], [row["seconds"] for row in mine], marker, color="black", mfc=fill)
        sizes = sorted({row["n_members"] for row in mine})
        slowest = [max(row["seconds"] for row in mine if row["n_members"] == size) for size in sizes]
        axes.plot(sizes, slowest, line, color="black", linewidth=0.8)
        for size, seconds in zip(sizes, slowest, strict=True):
            gaps = [row["gap"] for row in mine if row["n_members"] == size]
            words = "no bound" if None in gaps else f"{100 * max(gaps):.1f} %"
            axes.annotate(words, (size, seconds), (0, 6), textcoords="offset points", ha="center", fontsize=8)
    axes.set(
        xscale="log", yscale="log", xlabel="members", ylabel="seconds",
        title=f"Time over size, and the largest gap left\nsynthetic pools, seeds {_seeds(rows)}; groups of 4 to 6",
    )  # fmt: skip
    axes.margins(y=0.15)
    _save(figure, axes, path)


def _seeds(rows: Sequence[Row]) -> str:
    return ", ".join(str(seed) for seed in sorted({row["seed"] for row in rows}))


def _empty() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(6, 3.8), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.grid(visible=True, linewidth=0.3)
    return figure, axes


def _save(figure: Figure, axes: Axes, path: Path) -> None:
    axes.title.set_fontsize(10)
    for axis in (axes.xaxis, axes.yaxis):
        if axis.get_scale() == "log":
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.4g}"))
            axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axis.set_minor_formatter(NullFormatter())
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})
