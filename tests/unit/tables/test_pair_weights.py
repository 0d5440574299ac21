"""Holding pair weights is the proof that they were checked."""

from typing import Any

import numpy as np
import pytest

from matcher.errors import TableError
from matcher.tables.pair_weights import GroupSizes, PairWeights


def made(
    *,
    names: tuple[str, ...] = ("ana", "ben", "cleo"),
    edges: tuple[tuple[int, int], ...] = ((0, 1), (1, 2)),
    weights: tuple[float, ...] = (2.0, -0.5),
    sizes: GroupSizes | None = None,
) -> PairWeights:
    return PairWeights(names=names, edges=np.array(edges), weights=np.array(weights), sizes=sizes)


def test_the_matrix_has_each_weight_both_ways_and_zero_elsewhere() -> None:
    """A pair that was not named weighs nothing; nobody is paired with themselves."""
    matrix = made().matrix()

    assert matrix.tolist() == [[0, 2, 0], [2, 0, -0.5], [0, -0.5, 0]]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        pytest.param({"names": ("ana", "ben", "ana")}, "names stand twice", id="name-twice"),
        pytest.param({"edges": ((0, 1), (2, 1))}, "edges out of range, backwards", id="backwards"),
        pytest.param({"edges": ((1, 2), (0, 1))}, "out of order", id="out-of-order"),
        pytest.param({"edges": ((0, 1), (0, 1))}, "twice", id="pair-twice"),
        pytest.param({"edges": ((0, 1), (1, 3))}, "out of range", id="no-such-member"),
        pytest.param({"edges": ((-1, 1), (1, 2))}, "out of range", id="below-zero"),
        pytest.param({"weights": (1.0,)}, "another type or shape", id="too-few-weights"),
        pytest.param({"weights": (1, 2)}, "another type or shape", id="whole-numbers"),
        pytest.param({"weights": (1.0, float("nan"))}, "weights out of range", id="nan"),
        pytest.param({"weights": (1.0, float("inf"))}, "weights out of range", id="infinite"),
        pytest.param({"sizes": ((2, 1), (1, 2))}, "group sizes are not", id="sizes-turned"),
        pytest.param({"sizes": ((1, 1), (1, 1))}, "do not hold everyone", id="no-room"),
    ],
)
def test_what_breaks_a_promise_is_no_table(wrong: dict[str, Any], message: str) -> None:
    """The message names the promise."""
    with pytest.raises(TableError, match=message):
        made(**wrong)


def test_nobody_need_be_named_in_a_pair() -> None:
    """Then all weights are zero."""
    lonely = PairWeights(names=("0", "1"), edges=np.empty((0, 2), dtype=np.int64), weights=np.empty(0), sizes=((1, 2),))

    assert len(lonely) == 2
    assert not lonely.matrix().any()
