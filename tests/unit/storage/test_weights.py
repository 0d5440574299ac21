"""Learned weights: proposed, accepted, and taken back."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.storage.weights import LearnedWeights, WeightStore


def learned(base: float) -> LearnedWeights:
    """Weights that can be told apart."""
    return LearnedWeights(affinity={"introduce": {"base": base}}, provenance={"community": "test"})


def in_force(folder: Path, *bases: float) -> WeightStore:
    """A store where one after the other was accepted."""
    store = WeightStore(folder=folder)
    for base in bases:
        store.propose(learned(base))
        store.accept()
    return store


def dying_after(steps: Iterator[int], step: Callable[..., object]) -> Callable[..., object]:
    """The same step while any is left; then the process is killed."""

    def step_or_die(*arguments: object, **named: object) -> object:
        if next(steps, None) is None:
            raise KeyboardInterrupt
        return step(*arguments, **named)

    return step_or_die


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
    store = in_force(tmp_path, -1.0, -2.0, -3.0)

    assert [store.roll_back() for _ in range(3)] == [learned(-2.0), learned(-1.0), None]
    with pytest.raises(InputError, match="nothing to roll back"):
        store.roll_back()


def test_what_was_rolled_back_can_be_accepted_again(tmp_path: Path) -> None:
    """Nothing is lost."""
    store = in_force(tmp_path, -1.0)
    store.roll_back()

    assert store.accept() == learned(-1.0)


def test_going_back_leaves_a_waiting_proposal_alone(tmp_path: Path) -> None:
    """And what is withdrawn is kept beside it."""
    store = in_force(tmp_path, -1.0, -2.0)
    store.propose(learned(-3.0))

    store.roll_back()

    assert store.proposed() == learned(-3.0)
    assert '"base": -2.0' in (tmp_path / "withdrawn-0001.json").read_text()


def test_a_number_is_not_given_twice(tmp_path: Path) -> None:
    """Somebody who removes an old file does not lose a newer one."""
    store = in_force(tmp_path, -1.0, -2.0, -3.0)
    (tmp_path / "accepted-0001.json").unlink()
    store.propose(learned(-4.0))

    store.accept()

    assert [store.roll_back() for _ in range(3)] == [learned(-3.0), learned(-2.0), None]


@pytest.mark.parametrize("n_steps", range(4))
@pytest.mark.parametrize(
    ("bases", "change", "after"),
    [
        pytest.param([-1.0], WeightStore.accept, learned(-9.0), id="accept"),
        pytest.param([-1.0, -2.0], WeightStore.roll_back, learned(-1.0), id="roll-back"),
        pytest.param([-1.0], WeightStore.roll_back, None, id="roll-back-to-shipped"),
    ],
)
def test_a_killed_change_leaves_the_weights_of_before_or_after(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    bases: list[float],
    change: Callable[[WeightStore], object],
    after: LearnedWeights | None,
    n_steps: int,
) -> None:
    """However many files it had moved or removed by then; the other proposal is not lost either."""
    store = in_force(tmp_path, *bases)
    store.propose(learned(-9.0))
    steps = iter(range(n_steps))

    with monkeypatch.context() as patched:
        for name in ("replace", "unlink"):
            patched.setattr(Path, name, dying_after(steps, getattr(Path, name)))
        with suppress(KeyboardInterrupt):
            change(store)

    assert store.accepted() in (learned(bases[-1]), after)
    assert any('"base": -9.0' in path.read_text() for path in tmp_path.glob("*.json"))


def test_damaged_weights_of_before_leave_in_force_what_is(tmp_path: Path) -> None:
    """They are read before anything moves."""
    store = in_force(tmp_path, -1.0, -2.0)
    (tmp_path / "accepted-0001.json").write_text("{")

    with pytest.raises(InputError, match=r"accepted-0001\.json cannot be read"):
        store.roll_back()

    assert store.accepted() == learned(-2.0)


def test_damaged_weights_in_force_can_be_taken_back(tmp_path: Path) -> None:
    """The way out works where nothing else does."""
    store = in_force(tmp_path, -1.0, -2.0)
    (tmp_path / "accepted.json").write_text("{")

    assert store.roll_back() == learned(-1.0) == store.accepted()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"affinity": {}}', '{"affinity": 3, "provenance": 4}'],
    ids=["empty", "cut", "list", "half", "numbers"],
)
def test_a_damaged_file_says_so(tmp_path: Path, text: str) -> None:
    """With its path, and what to do."""
    (tmp_path / "accepted.json").write_text(text)

    with pytest.raises(InputError, match=r"accepted\.json cannot be read"):
        WeightStore(folder=tmp_path).accepted()
