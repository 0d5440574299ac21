"""Instances of MDGPLIB bring their own group sizes; a wrong line is refused with its number."""

import os
from pathlib import Path

import numpy as np
import pytest

from matcher.errors import SourceError
from matcher.sources.pair_weights import read_pair_weights

INSTANCES = Path(os.environ.get("MATCHER_DATA", "../shared/data")) / "mdgplib"


def test_elements_are_numbered_and_groups_sized_as_the_file_says(tmp_path: Path) -> None:
    """Told by its first line, whatever its name; a pair that is not there weighs 0; either order of a pair will do."""
    path = tmp_path / "instance.csv"
    path.write_text("5 2 ds 1 3 2 4 \r\n0 1 74.278\n\n3 2  -1\n2\t4 1e1\n")

    pairs = read_pair_weights(path)

    assert pairs.names == ("0", "1", "2", "3", "4")
    assert pairs.sizes == ((1, 3), (2, 4))
    assert pairs.edges.tolist() == [[0, 1], [2, 3], [2, 4]]
    assert pairs.weights.tolist() == [74.278, -1.0, 10.0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("1 1 ss 1 1\n", ":1: 1 elements cannot be grouped", id="one-element"),
        pytest.param("999999999 1 ss 1 999999999\n", ":1: 999999999 elements cannot be grouped", id="a-bomb"),
        pytest.param(
            "4 2 ss 2 2\n", ":1: the group sizes cannot be read; found 2 fields after ss; needs 4", id="few-sizes"
        ),
        pytest.param("4 2 ss 2 2 2 x\n", ":1: the group sizes cannot be read", id="word-for-a-size"),
        pytest.param("4 2 ss 2 2 0 2\n", ":1: group 2 has sizes 0 to 2", id="empty-group"),
        pytest.param("4 2 ss 3 2 2 2\n", ":1: group 1 has sizes 3 to 2", id="sizes-turned"),
        pytest.param("4 2 ss 1 1 2 2\n", ":1: the groups cannot hold everyone; found 4 elements", id="no-room"),
        pytest.param("4 2 ss 2 2 2 2\n0 1\n", ":2: not a pair and its weight; found 2 fields", id="no-weight"),
        pytest.param("4 2 ss 2 2 2 2\n0 1 x\n", ":2: not a pair and its weight", id="word"),
        pytest.param("4 2 ss 2 2 2 2\n0 1 nan\n", ":2: not a pair and its weight", id="nan"),
        pytest.param(
            "4 2 ss 2 2 2 2\n0 1 2\n0 4 2\n", ":3: no such element; found 0 and 4; needs 0 to 3", id="stranger"
        ),
        pytest.param("4 2 ss 2 2 2 2\n2 2 2\n", ":2: pairs element 2 with itself", id="alone"),
        pytest.param("4 2 ss 2 2 2 2\n0 1 2\n\n1 0 2\n", ":4: names a pair that line 2 names already", id="twice"),
    ],
)
def test_a_wrong_line_is_refused(content: str, message: str, tmp_path: Path) -> None:
    """With its number."""
    path = tmp_path / "instance.txt"
    path.write_text(content)

    with pytest.raises(SourceError) as refused:
        read_pair_weights(path)

    assert str(refused.value).startswith(f"{path}{message}")


def test_all_instances_can_be_read() -> None:
    """The library's 42: complete graphs, with sizes that hold everyone."""
    if not INSTANCES.is_dir():
        pytest.skip(f"no instances at {INSTANCES}: set MATCHER_DATA to the folder that holds mdgplib/")
    paths = sorted(INSTANCES.glob("*_n*_?s_*.txt"))

    for path in paths:
        pairs = read_pair_weights(path)
        n_elements, n_groups = int(path.name.split("_n")[1][:3]), {120: 10, 240: 12, 480: 20}

        assert len(pairs) == n_elements
        assert len(pairs.weights) == n_elements * (n_elements - 1) // 2
        assert pairs.sizes is not None
        assert len(pairs.sizes) == n_groups[n_elements]
        assert ("_ss_" in path.name) == all(low == high for low, high in pairs.sizes)
        assert np.isfinite(pairs.weights).all()
    assert len(paths) == 42
