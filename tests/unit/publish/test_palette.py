"""Colours that the colour-blind tell apart, and letters that everybody can read, in the light and in the dark."""

import re
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest

from matcher.units import Floats

CSS = files("matcher.publish").joinpath("templates/report.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
)
SCHEMES = (pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark"))
KINDS = ("group", "introduction", "gathering")

# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, A Physiologically-based Model for Simulation of Color Vision
# Deficiency, IEEE TVCG 15 (6), 2009: severity 1.0, on linear RGB.
SIGHTS = {
    "all three cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> Floats:
    """Linear RGB in [0, 1] of '#rrggbb'."""
    coded = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def lab(rgb: Floats) -> Floats:
    """CIELAB of linear RGB, D65."""
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    x, y, z = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2, in [1, 21]."""
    darker, lighter = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_groups_introductions_and_gatherings_are_told_apart(scheme: dict[str, str], sight: str) -> None:
    """A difference of 15 in CIELAB is seen at a glance; 2.3 is the least that is seen at all."""
    seen = [lab(SIGHTS[sight] @ linear(scheme[kind])) for kind in KINDS]

    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) > 15


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_marks_stand_out_from_land_and_sea(scheme: dict[str, str], kind: str) -> None:
    """At least 3 : 1, what WCAG 2.1 asks of graphics (1.4.11)."""
    assert min(contrast(scheme[kind], scheme[ground]) for ground in ("land", "sea", "card")) >= 3


@pytest.mark.parametrize(
    ("letters", "ground"),
    [
        ("ink", "paper"),
        ("ink", "card"),
        ("ink", "halo"),
        ("ink", "land"),
        ("quiet", "paper"),
        ("quiet", "card"),
        ("quiet", "land"),
        ("quiet", "sea"),
        ("quiet", "tint"),
        ("blue", "paper"),
        ("blue", "card"),
        ("orange", "card"),
        ("green", "card"),
        ("card", "group"),
        ("card", "orange"),
        ("warn-ink", "warn"),
    ],
)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_letter_can_be_read(scheme: dict[str, str], letters: str, ground: str) -> None:
    """At least 4.5 : 1, what WCAG 2.1 asks of text (1.4.3)."""
    assert contrast(scheme[letters], scheme[ground]) >= 4.5


def test_every_kind_has_a_shape_of_its_own() -> None:
    """Round, square, star: whoever sees no colour at all reads the map too."""
    parts = files("matcher.publish").joinpath("templates/parts.html.jinja").read_text(encoding="utf-8")

    assert re.search(r"\.dot\.group \{[^}]*stroke-linecap: round", CSS)
    assert re.search(r"\.dot\.introduction \{[^}]*stroke-linecap: square", CSS)
    assert 'star(one, "gathering")' in parts
