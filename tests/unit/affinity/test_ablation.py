"""A part set to zero after the fact is the same as a weight of zero beforehand."""

import dataclasses
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from matcher.affinity.ablation import mutual_without, parts_at_work
from matcher.affinity.options import AffinityOptions
from matcher.affinity.score import score_pairs
from matcher.plan import study_community
from matcher.settings import Settings
from matcher.tables.pairs import Candidates
from matcher.tables.picture import Picture
from tests.worlds import ENGINES, Said, talk, world

LEARNED = ("interests", "company", "people", "wrote", "was_answered")


def picture() -> Picture:
    """Three who talk in a row, one of them curtly, and one who talks to herself."""
    said = [*talk("ann", "bob", turns=5), *talk("bob", "cem", turns=2, text="ok"), Said(by="dee")]
    return study_community(world(said), ENGINES, Settings())


def all_pairs(seen: Picture) -> Candidates:
    """Everybody with everybody."""
    rows = list(combinations(seen.index.ids, 2))
    frame = pl.DataFrame(rows, schema={"member_a": seen.index.enum, "member_b": seen.index.enum}, orient="row")
    return Candidates.sorted(frame.with_columns(found_by=pl.lit("test"), n_rules=pl.lit(1, dtype=pl.UInt8)))


@pytest.mark.parametrize("part", LEARNED)
def test_leaving_a_part_out_equals_a_weight_of_zero(part: str) -> None:
    """Exactly: a direction is a sum."""
    seen = picture()
    candidates = all_pairs(seen)
    options = AffinityOptions()

    without = mutual_without(score_pairs(candidates, seen, options), part)

    silent = AffinityOptions(
        introduce=dataclasses.replace(options.introduce, **{part: 0.0}),
        reunite=dataclasses.replace(options.reunite, **{part: 0.0}),
    )
    rescored = score_pairs(candidates, seen, silent)
    np.testing.assert_array_equal(without, rescored.frame.get_column("mutual").to_numpy())


def test_only_parts_that_say_something_are_named() -> None:
    """Nobody here has a home or a quarrel, and the base is no part to leave out."""
    seen = picture()

    found = parts_at_work(score_pairs(all_pairs(seen), seen, AffinityOptions()))

    assert {"wrote", "was_answered", "company"} <= set(found)
    assert not {"base", "reach", "hostility"} & set(found)
