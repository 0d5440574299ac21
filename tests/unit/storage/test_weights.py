"""Learned weights: proposed, accepted, and taken back."""

from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.storage.weights import LearnedWeights, WeightStore


def learned(base: float) -> LearnedWeights:
    """Weights that can be told apart."""
    return LearnedWeights(affinity={"introduce": {"base": base}}, provenance={"community": "test"})


def test_a_proposal_changes_nothing_until_it_is_accepted(tmp_path: Path) -> None:
    """A night between the two uses the old weights."""
    store = WeightStore(folder=tmp_path)

    store.propose(learned(-1.0))

    assert store.accepted() is None
    assert store.accept() == learned(-1.0) == store.accepted()


def test_a_proposal_is_accepted_once(tmp_path: Path) -> None:
    """The second time there is nothing to accept."""
    store = WeightStore(folder=tmp_path)
    store.propose(learned(-1.0))
    store.accept()

    with pytest.raises(InputError, match="no weights are proposed"):
        store.accept()


def test_each_step_back_finds_what_was_in_force_before(tmp_path: Path) -> None:
    """Down to the weights that the program brings."""
    store = WeightStore(folder=tmp_path)
    for base in (-1.0, -2.0, -3.0):
        store.propose(learned(base))
        store.accept()

    assert [store.roll_back() for _ in range(3)] == [learned(-2.0), learned(-1.0), None]
    with pytest.raises(InputError, match="nothing to roll back"):
        store.roll_back()


def test_what_was_rolled_back_can_be_accepted_again(tmp_path: Path) -> None:
    """Nothing is lost."""
    store = WeightStore(folder=tmp_path)
    store.propose(learned(-1.0))
    store.accept()
    store.roll_back()

    assert store.accept() == learned(-1.0)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"affinity": {}}'], ids=["empty", "cut", "list", "half"])
def test_a_damaged_file_says_so(tmp_path: Path, text: str) -> None:
    """With its path, and what to do."""
    (tmp_path / "accepted.json").write_text(text)

    with pytest.raises(InputError, match=r"accepted\.json cannot be read"):
        WeightStore(folder=tmp_path).accepted()
