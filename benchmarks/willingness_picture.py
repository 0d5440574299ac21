"""The picture of how willingness falls with distance: what was counted, and the curves."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
import polars as pl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from scipy.special import expit

from benchmarks.distance_curves import CURVES, count, fit
from matcher.geography.options import GeographyOptions
from matcher.geography.willingness import way_cost
from matcher.metrics.bootstrap import draw_members, interval
from matcher.units import Floats

BANDS_KM: Final = (0.3, 1, 2, 4, 8, 16, 32, 64, 110, 160, 220, 300, 400, 700)
WIDE_BANDS_KM: Final = (0.3, 1, 2, 4, 8, 40, 110, 160, 220, 300, 400, 700)
SIDES: Final = ("member", "other")
N_DRAWS: Final = 400
SEED: Final = 1
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#6E6E6E"  # of Okabe and Ito: told apart by everybody
TRUE_KM: Final = 700.0
"""Beyond this the region ends: ten invitations, and no pair."""


def draw_willingness(asked: Mapping[str, pl.DataFrame], path: Path) -> None:
    """Draw venues new to a member beside two homes, with 95 % intervals by member."""
    mpl.use("Agg")
    plt.rcParams.update({"font.size": 10.5, "axes.spines.top": False, "axes.spines.right": False})
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.8), sharex=True, layout="constrained")
    _draw_counts(left, asked["venues new to the member"], BANDS_KM)
    _draw_counts(right, asked["two homes"], WIDE_BANDS_KM)
    _draw_coming(left, asked["venues new to the member"])
    _draw_homes(right, asked["two homes"])
    left.set_title("Who comes to a place new to them", loc="left", fontweight="bold")
    right.set_title("Which two, who had not met, meet at a small event", loc="left", fontweight="bold")
    left.set_xlabel("km from where they usually go")
    right.set_xlabel("km between their homes")
    left.set_ylabel("share who said yes")
    right.set_ylabel("share who met")
    for axes, (low, high) in ((left, (3e-4, 0.4)), (right, (1e-3, 0.2))):
        _dress(axes, low, high)
    left.legend(frameon=False, loc="lower left", fontsize=9.5)
    right.legend(frameon=False, loc="lower left", fontsize=9.5)
    figure.savefig(path, dpi=130)


def _dress(axes: Axes, low: float, high: float) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(0.5, 4_000)
    axes.set_ylim(low, high)
    axes.set_xticks([1, 10, 100, 1_000], ["1", "10", "100", "1,000"])
    shares = [share for share in (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3) if low <= share <= high]
    axes.set_yticks(
        shares,
        [f"{share:.2%}" if share < 0.001 else f"{share:.1%}" if share < 0.01 else f"{share:.0%}" for share in shares],
    )
    axes.minorticks_off()
    axes.grid(color="#E4E4E4", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.axvspan(TRUE_KM, 4_000, color="#F3F3F3", zorder=0)
    axes.text(1_670, high * 0.85, "hardly counted", color=GREY, ha="center", va="top", fontsize=9.5)


def _draw_counts(axes: Axes, asked: pl.DataFrame, bands_km: Sequence[float]) -> None:
    """Shares by band; a band that fewer than 100 were asked in is left out."""
    middles, values = [], []
    for low, high in pairwise(bands_km):
        band = asked.filter(pl.col("km") >= (low if low > 1 else 0), pl.col("km") < high)
        if band.height >= 100:
            middles.append(float(np.exp(np.log(np.maximum(band.get_column("km").to_numpy(), 0.5)).mean())))
            values.append(_share(band))
    value, low_end, high_end = np.array(values).T
    axes.errorbar(
        middles, value, yerr=[value - low_end, high_end - value], fmt="o", color="black", markersize=5, capsize=3,
        linewidth=1.2, label="counted, with 95 % interval", zorder=5,
    )  # fmt: skip


def _share(band: pl.DataFrame) -> Sequence[float]:
    """Share with its interval; members are drawn, both of a pair."""
    ids = pl.concat([band.get_column(side) for side in SIDES if side in band.columns]).unique().sort()
    ends = [ids.search_sorted(band.get_column(side)).to_numpy() for side in SIDES if side in band.columns]
    came = band.get_column("came").to_numpy()
    shares = []
    for draw in draw_members(len(ids), N_DRAWS, np.random.default_rng(SEED)):
        weight = np.prod([draw[end] for end in ends], axis=0)
        shares.append((weight * came).sum() / max(weight.sum(), 1))
    found = interval(np.array(shares))
    return found.value, max(found.low, 1e-5), found.high


def _draw_coming(axes: Axes, asked: pl.DataFrame) -> None:
    km = np.geomspace(0.5, 4_000, 400)
    seen = count(asked.get_column("km").to_numpy(), asked.get_column("came").to_numpy().astype(np.float64))
    chosen = CURVES["log-logistic"]
    level = fit(chosen, seen)[0]
    axes.plot(
        km,
        expit(level - way_cost(km, GeographyOptions())),
        color=BLUE,
        linewidth=2.6,
        label="ours: half at 70 km, then as km$^{-1.7}$",
    )
    for name, shown, color, style in (
        ("shifted power, exponent 1", "power 1, as friendships on Facebook", GREEN, "-."),
        ("exponential", "exponential", ORANGE, "--"),
        ("log-logistic, floor", "best fit here: a step, then flat", GREY, ":"),
    ):
        _draw_fit(axes, km, name, seen_label=(shown, color, style), asked=asked)


def _draw_homes(axes: Axes, asked: pl.DataFrame) -> None:
    km = np.geomspace(0.5, 4_000, 400)
    for name, shown, color, style in (
        ("bonus halves (affinity)", "our form, fitted: a bonus in log-odds halves", BLUE, "-"),
        ("exponential", "exponential", ORANGE, "--"),
        ("log-logistic, floor", "best fit here: a step, then flat", GREY, ":"),
    ):
        _draw_fit(axes, km, name, seen_label=(shown, color, style), asked=asked)


def _draw_fit(axes: Axes, km: Floats, name: str, *, seen_label: tuple[str, str, str], asked: pl.DataFrame) -> None:
    shown, color, style = seen_label
    seen = count(asked.get_column("km").to_numpy(), asked.get_column("came").to_numpy().astype(np.float64))
    at = fit(CURVES[name], seen)
    width = 2.6 if shown.startswith("our") else 1.6
    axes.plot(km, expit(at[0] + CURVES[name].log_odds(km, at[1:])), style, color=color, linewidth=width, label=shown)
