"""What a night saw and did, counted."""

import json
from pathlib import Path

import numpy as np

from matcher import Settings, plan_meetups
from matcher.metrics.night import count_night
from matcher.tables.pairs import Affinities, Candidates
from matcher.tables.picture import Picture
from pipelines.kept import KeptTables
from tests.golden.test_two_villages import GOLDEN, two_villages
from tests.worlds import ENGINES


def test_the_figures_of_two_villages() -> None:
    """Each number can be counted in the world's own docstring, or in its golden plan."""
    community, kept = two_villages(), KeptTables()
    plan = plan_meetups(community, ENGINES, Settings(), rng=np.random.default_rng(1), kept=kept)
    golden = json.loads(Path(GOLDEN).read_text(encoding="utf-8"))

    figures = {
        figure.name: figure.value
        for figure in count_night(
            kept.get(Picture), kept.get(Candidates), kept.get(Affinities), plan, worst_way_share=0.5
        )
    }

    assert figures["n_members"] == 13
    assert figures["n_located"] == 12  # all but Eva, who lives on the internet
    assert figures["n_loudspeakers"] == 1  # Max
    assert figures["n_vetoes"] == 2  # a block and a quarrel
    assert figures["n_two_way_ties"] == 6 + 4 + 1 + 1  # Potsdam, Lyon, Ida and Ben, the quarrel
    assert figures["n_seated"] == sum(len(group["members"]) for group in golden["groups"])
    assert figures["n_unplaced"] == len(golden["unplaced"])
    assert 0 < figures["n_fair_pairs"] < figures["n_candidates"]
    assert figures["mean_fit_share"] == round(plan.seats.frame["fit_share"].mean(), 6)  # type: ignore[arg-type]
    assert figures["n_candidates"] == sum(number for name, number in figures.items() if name.startswith("n_found_by_"))
